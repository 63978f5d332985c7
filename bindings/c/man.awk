# Makes the manual page apisig(3) of the header: its rules, and the declaration of every function.
BEGIN {
    print ".TH APISIG 3 \"\" \"apisig " version "\" \"Library functions\""
    print ".SH NAME\napisig \\- the request signatures of messaging, CRM, helpdesk and telephony APIs"
    print ".SH SYNOPSIS\n.nf\n.B #include <apisig.h>\n.sp\ncc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs apisig)\n.fi"
    print ".SH DESCRIPTION"
    rules = 1
}

function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^\./, "\\\\\\&.", text)
    return text
}

# The first comment of the header holds the rules, a number in front of each.
rules && /^ \*\// { rules = 0; print ".SH FUNCTIONS\nEvery function is explained where it is declared, in apisig.h."; next }
rules && /^ \*/ {
    line = $0
    sub(/^ \* ?/, "", line)
    if (match(line, /^[0-9]+\. /)) {
        print ".IP " substr(line, 1, RLENGTH - 1) " 4"
        line = substr(line, RLENGTH + 1)
    }
    sub(/^ +/, "", line)
    print line == "" ? ".PP" : escape(line)
    next
}

# A section of the header is a vendor or a part of one.
/^\/\* ---- [a-z_]+ ----/ { section = $3; next }
# A declaration starts at the margin and ends with a semicolon.
!declaration && /^[a-zA-Z].*apisig_[a-z_]+\(/ { declaration = 1; text = "" }
declaration {
    line = $0
    sub(/^ +/, " ", line)
    sub(/^APISIG_MUST_USE /, "", line)
    text = text line
    if (/;$/) {
        if (section != "") { print ".SS " section; section = "" }
        print ".HP 4\n" escape(text) "\n.br"
        declaration = 0
    }
}

END {
    print ".SH SEE ALSO\nThe README of apisig, and the pages of the vendors that it names."
}

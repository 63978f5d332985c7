# Makes the manual pages of the header: apisig(3) with its rules and all declarations, and one for each function, from its comment.
# Usage: awk -v version=0.1.0 -v folder=man3 -f man.awk apisig.h
BEGIN {
    main = folder "/apisig.3"
    start(main, "apisig", "the request signatures of messaging, CRM, helpdesk and telephony APIs")
    print ".B #include <apisig.h>\n.sp\ncc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs apisig)\n.fi\n.SH DESCRIPTION" >main
    rules = 1
}

function start(page, name, what) {
    print ".TH " toupper(name) " 3 \"\" \"apisig " version "\" \"Library functions\"\n.na" >page
    print ".SH NAME\n" name " \\- " what "\n.SH SYNOPSIS\n.nf" >page
}

function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}

# A line of a comment. What stands in back quotes is bold; a parameter's description has its name in front.
function prose(line,   names, bold) {
    if (line == "") return ".PP"
    if (line ~ /^Source: /) return ".PP\n" escape(line)
    if (match(line, /^(`[a-z0-9_]+`, )*`[a-z0-9_]+`: /)) {
        names = substr(line, 1, RLENGTH - 2)
        gsub(/`/, "", names)
        return ".TP\n.B " names "\n" prose(substr(line, RLENGTH + 1))
    }
    line = escape(line)
    while (sub(/`/, bold ? "\\fR" : "\\fB", line)) bold = !bold
    return line
}

function page_of(name, declaration,   page, lines, count, i, what) {
    page = folder "/" name ".3"
    count = split(comment, lines, "\n")
    for (i = 1; i < count && lines[i] != "" && what !~ /[.:;]$/; i++) what = what (i > 1 ? " " : "") lines[i]
    gsub(/`/, "", what)
    sub(/[.:;]( .*)?$/, "", what)
    start(page, name, escape(what))
    print ".B #include <apisig.h>\n.sp\n" escape(declaration) "\n.fi\n.SH DESCRIPTION" >page
    for (i = 1; i < count; i++) print prose(lines[i]) >page
    print ".SH SEE ALSO\n.BR apisig (3)" >page
    close(page)
}

# The first comment of the header has the rules, a number in front of each.
rules && /^ \*\// {
    rules = 0
    print ".SH FUNCTIONS\nEach function has a manual page of its own." >main
    next
}
rules && /^ \*/ {
    line = $0
    sub(/^ \* ?/, "", line)
    if (match(line, /^[0-9]+\. /)) {
        print ".IP " substr(line, 1, RLENGTH - 1) " 4" >main
        line = substr(line, RLENGTH + 1)
    }
    sub(/^ +/, "", line)
    print line == "" ? ".PP" : escape(line) >main
    next
}

# A section of the header is a vendor or a part of one.
/^\/\* ---- [a-z_]+ ----/ { section = $3; next }
# A comment is that of the next declaration.
/^\/\*\*/ { comment = ""; commented = 1 }
commented {
    line = $0
    sub(/^(\/\*\*| \*) ?/, "", line)
    commented = !sub(/ *\*?\/$/, "", line)
    if (line != "" || comment != "") comment = comment line "\n"
    next
}
# A declaration starts at the margin and ends with a semicolon.
!declaration && /^[a-zA-Z].*apisig_[a-z_]+\(/ { declaration = 1; text = code = "" }
declaration {
    line = $0
    sub(/^APISIG_MUST_USE /, "", line)
    code = code (code == "" ? "" : "\n") line
    sub(/^ +/, " ", line)
    text = text line
    if (/;$/) {
        if (section != "") { print ".SS " section >main; section = "" }
        print ".HP 4\n" escape(text) "\n.br" >main
        match(text, /apisig_[a-z0-9_]+\(/)
        page_of(substr(text, RSTART, RLENGTH - 1), code)
        declaration = 0
    }
}

END {
    print ".SH SEE ALSO\nThe README of apisig, and the pages of the vendors that it names." >main
}

# Prints a table of the functions of include/apisig.h: what each takes, and how to call it with the arguments of tests/c/calls.h.
# Usage: awk -f calls.awk apisig.h
function trim(text) {
    gsub(/^[ \t]+|[ \t]+$/, "", text)
    return text
}

# A letter for each parameter: h handle, s string, S secret string, n number, o text, l list of numbers, r record.
function letter(type, name) {
    if (type == "const char *") return name ~ /secret|login|password/ ? "S" : "s"
    if (type == "int64_t" || type == "int32_t" || type == "bool") return "n"
    if (type == "char *") return "o"
    if (type == "int64_t *") return "l"
    if (type in fields) return "r"
    return type ~ /^(const )?apisig_[a-z]+ \*$/ ? "h" : "?"
}

function declared(text,    open, name, result, shape, given, strings, numbers, i, n, parts, type, kind, record, vendor, verb) {
    gsub(/APISIG_MUST_USE/, "", text)
    open = index(text, "(")
    match(text, /apisig_[a-z0-9_]+\(/)
    name = substr(text, RSTART, RLENGTH - 1)
    result = trim(substr(text, 1, RSTART - 1))
    vendor = verb = substr(name, 8)
    sub(/_.*/, "", vendor)
    sub(/^[a-z0-9]+_/, "", verb)
    if (verb == "new") vendors[++vendor_count] = vendor
    if (verb == "new" || verb == "add_secret" || verb == "free") return
    n = split(substr(text, open + 1, index(text, ")") - open - 1), parts, ",")
    if (trim(parts[1]) == "void") n = 0
    strings = numbers = 0
    for (i = 1; i <= n; i++) {
        type = trim(parts[i])
        match(type, /[a-z0-9_]+$/)
        kind = letter(trim(substr(type, 1, RSTART - 1)), substr(type, RSTART))
        type = trim(substr(type, 1, RSTART - 1))
        shape = shape kind
        given = given (i > 1 ? ", " : "")
        if (kind == "h") given = given "(" type ")c->handle"
        if (kind == "s" || kind == "S") { given = given "c->strings[" strings "].at, c->strings[" strings "].len"; strings++; i++ }
        if (kind == "n") { given = given "(" type ")c->numbers[" numbers "]"; numbers++ }
        if (kind == "o") { given = given "c->out, c->out_size"; i++ }
        if (kind == "l") { given = given "(int64_t *)c->out, c->out_size / sizeof(int64_t)"; i++ }
        if (kind == "r") { given = given "(" type ")c->record"; record = substr(type, 1, length(type) - 2) }
        if (kind == "?") print "#error " name ": a parameter of the type " type
    }
    printf "static void call_%s(call *c) { c->%s = %s(%s); (void)c; }\n", name, result == "const char *" ? "text" : "number", name, given
    rows = rows sprintf("    {\"%s\", \"%s\", \"%s\", \"%s\", '%s', %s, call_%s},\n", name, vendor, verb, shape, \
        result in results ? results[result] : "?", record == "" ? "NULL" : "fields_of_" record, name)
}

BEGIN {
    print "/* Generated from include/apisig.h by tests/c/calls.awk. */"
    results["const char *"] = "t"; results["bool"] = "b"; results["int32_t"] = "i"; results["int64_t"] = "n"; results["ptrdiff_t"] = "l"
}
/^ *\/\*/ { comment = 1 }
comment { if (/\*\//) comment = 0; next }
/^typedef struct \{/ { record = ""; in_record = 1; next }
in_record && /^}/ {
    gsub(/[};]| /, "")
    print "static const size_t fields_of_" $0 "[] = {" record "0};"
    fields[$0 " *"] = record
    in_record = 0
    next
}
in_record { if (match($0, /\[[A-Z0-9_]+\]/)) record = record substr($0, RSTART + 1, RLENGTH - 2) ", "; next }
/^ *APISIG_[A-Z0-9_]+ = -?[0-9]+,/ {
    number = $3 + 0
    sub(/^APISIG_(MISTAKE_)?/, "", $1)
    names = names "    {\"" $1 "\", " number "},\n"
    next
}
/^#|^typedef|^extern|^}/ { next }
{ text = text " " $0; if (/;/) { if (text ~ /apisig_[a-z_]+\(/) declared(text); text = "" } }
END {
    print "static const prototype FUNCTIONS[] = {\n" rows "};"
    print "static const named NAMES[] = {\n" names "};"
    print "#define VENDORS(ROW)\\"
    for (i = 1; i <= vendor_count; i++) print "    ROW(" vendors[i] ")" (i < vendor_count ? "\\" : "")
}

# The header as Doxygen reads it: a section becomes a group, "`name`:" the description of a parameter, "Returns" that of the result.
/^\/\* ---- [a-z_]+ ----/ {
    if (grouped) print "/** @} */"
    print "/** @defgroup " $3 " " $3
    grouped = heading = 1
    next
}
heading && /^ \*\// { print " * @{\n */"; heading = 0; next }
/^ *\/\*\*/ { first = 1 }
/^ \* (`[a-z0-9_]+`, )*`[a-z0-9_]+`: / {
    names = substr($0, 4, index($0, ": ") - 4)
    gsub(/[` ]/, "", names)
    $0 = " * @param " names substr($0, index($0, ": ") + 1)
}
/^ \* Returns / && !first { sub(/Returns/, "@return") }
/^ \* Source: / { print " *" }
/^ \* / { first = 0 }
/^ *\* / && !/`/ { gsub(/[\\<>]/, "\\\\&") }
/^#ifdef/ && grouped { print "/** @} */"; grouped = 0 }
{ print }

#!/usr/bin/env bash
# Runs the programs of README.md, docs/diagnosing.md, docs/testing.md and docs/vendors/*.md, in PHP, Python, C and bash. All blocks of a
# language on a page are one program; PHP that starts with "<?php" once more is another. A block of text is the output of each block
# above it, up to the previous block of text or heading. C without main() is the body of main(), after the prelude of docs/c.md.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=target/readme
rm -rf "$work"
mkdir -p "$work"

# docs/vendors/mor.md becomes mor.c, mor.php and mor.python, with what each has to print in mor.c.text and so on. A line of
# its own stands between two blocks, and between what they print.
awk -v work="$work" '
    function add(file, line) { print line >file; printf "" >(file ".text") }
    BEGIN {
        cut["c"] = "puts(\"----\");"; cut["php"] = "echo \"----\\n\";"
        cut["python"] = "print(\"----\")"; cut["bash"] = "echo ----"
    }
    FNR == 1 { page = FILENAME; gsub(/.*\/|\.md$/, "", page); page = work "/" page }
    /^#/ && !block { count = 0 }
    !block && /^```(c|php|python|bash)$/ {
        block = substr($0, 4)
        starts = 1
        next
    }
    starts && $0 != "```" {
        starts = 0
        file = page (block == "php" && $0 == "<?php" && programs[page]++ ? "-" programs[page] : "") "." block
        if (file in blocks) { add(file, cut[block]); print "----" >(file ".text") }
        blocks[file]
        printing[++count] = file
    }
    !block && /^```text$/ { block = "text"; next }
    !block && /^```/ { block = "other"; next }
    /^```$/ { if (block == "text") count = 0; block = ""; next }
    block == "text" { for (i = 1; i <= count; i++) print >(printing[i] ".text") }
    block && block != "text" && block != "other" { add(file, $0) }' README.md docs/diagnosing.md docs/testing.md docs/vendors/*.md

# The programs of docs/testing.md start the command.
export PATH=$PWD/target/cli:$PATH

prelude() {
    sed -n '/^```c$/,/^```$/{/^```/d;p}' docs/c.md
}

for program in "$work"/*.c; do
    grep -q '\bmain(' "$program" && continue
    { prelude; printf '\nint main(void)\n{\n'; cat "$program"; printf 'return 0;\n}\n'; } >"$work/main" && mv "$work/main" "$program"
done

run() { # file
    case $1 in
        *.c)
            compile_c "$work/static" "$1" target/release/libapisig.a && "$work/static" &&
                compile_c "$work/shared" "$1" "${SHARED[@]}" && "$work/shared" >"$work/shared.output" &&
                diff "$1.text" "$work/shared.output"
            ;;
        *.php) php "$1" ;;
        *.python) "$PYTHON" "$1" ;;
        *.bash) bash "$1" || [ $? = 1 ] ;; # 1 is a mistake that was named
    esac
}

installed() { # file
    case $1 in
        *.c) has gcc ;;
        *.php) has_php && has composer && class_loader ;;
        *.python) has_python ;;
        *.bash) [ -x target/cli/apisig ] ;;
    esac
}

prints_its_text() { # file
    run "$1" >"$1.output" 2>&1 && diff "$1.text" "$1.output" || { cat "$1.output"; return 1; }
}

has_every_function() { # vendor
    functions | grep "^apisig_$1_" | grep -vxFf <(grep -o "\bapisig_$1_[a-z_]*" "docs/vendors/$1.md") && return 1
    return 0
}

for program in "$work"/*.c "$work"/*.php "$work"/*.python "$work"/*.bash; do
    if installed "$program"; then
        ok "$program" prints_its_text "$program"
    else
        missing "$program cannot be run here"
    fi
done
for vendor in "${VENDORS[@]}"; do
    ok "docs/vendors/$vendor.md has every function of the header" has_every_function "$vendor"
    for language in c php python; do ok "docs/vendors/$vendor.md has $language" test -s "$work/$vendor.$language.text"; done
done
[ "$failures" = 0 ]

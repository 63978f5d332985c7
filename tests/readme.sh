#!/usr/bin/env bash
# Runs every program of the README and of docs/diagnosing.md: a block of C, PHP, Python or a shell whose output is the block of text behind it.
set -u
cd "$(dirname "$0")/.."
. tests/lib.sh
work=target/readme
rm -rf "$work"
mkdir -p "$work"

# Block 3 of the language c becomes 3.c, and the text behind it 3.text.
awk -v work="$work" '
    /^```(c|php|python|bash)$/ { number++; file = work "/" number "." substr($0, 4); next }
    /^```text$/ { file = work "/" number ".text"; next }
    /^```/ { if (file) close(file); file = ""; next }
    file { print > file }' README.md docs/diagnosing.md

run() { # file
    case $1 in
        *.c)
            compile_c "$work/static" "$1" target/release/libapisig.a && "$work/static" &&
                compile_c "$work/shared" "$1" "${SHARED[@]}" && "$work/shared" >"$work/shared.output" &&
                diff "${1%.c}.text" "$work/shared.output"
            ;;
        *.php) php "$1" ;;
        *.python) "$PYTHON" "$1" ;;
        *.bash) PATH=$PWD/target/cli:$PATH bash "$1" || [ $? = 1 ] ;; # 1 is a mistake that was named
    esac
}

installed() { # file
    case $1 in
        *.c) has gcc ;;
        *.php) has_php && has composer && composer dump-autoload --no-ansi -q -d bindings/php ;;
        *.python) has_python ;;
        *.bash) [ -x target/cli/apisig ] ;;
    esac
}

prints_what_the_readme_says() { # file
    run "$1" >"$1.output" 2>&1 && diff "${1%.*}.text" "$1.output" || { cat "$1.output"; return 1; }
}

for program in "$work"/*.c "$work"/*.php "$work"/*.python "$work"/*.bash; do
    if installed "$program"; then
        ok "$program" prints_what_the_readme_says "$program"
    else
        missing "$program cannot be run here"
    fi
done
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Runs every program of the README: a block of C, PHP or Python whose output is the block of text behind it.
set -u
cd "$(dirname "$0")/.."
. tests/languages.sh
work=target/readme
rm -rf "$work"
mkdir -p "$work"

# Block 3 of the language c becomes 3.c, and the text behind it 3.text.
awk -v work="$work" '
    /^```(c|php|python)$/ { number++; file = work "/" number "." substr($0, 4); next }
    /^```text$/ { file = work "/" number ".text"; next }
    /^```/ { if (file) close(file); file = ""; next }
    file { print > file }' README.md

run() { # file
    case $1 in
        *.c) compile_c "$work/program" "$1" target/release/libapisig.a && "$work/program" ;;
        *.php) php "$1" ;;
        *.python) "$PYTHON" "$1" ;;
    esac
}

installed() { # file
    case $1 in
        *.c) has gcc ;;
        *.php) has_php && has composer && composer dump-autoload --no-ansi -q -d bindings/php ;;
        *.python) has_python ;;
    esac
}

for program in "$work"/*.c "$work"/*.php "$work"/*.python; do
    number=$(basename "${program%.*}")
    if ! installed "$program"; then
        if [ "${REQUIRE_ALL:-}" = 1 ]; then echo "FAILED: $program is not run"; else echo "SKIP: $program"; fi
    elif [ ! -e "$work/$number.text" ]; then
        echo "FAILED: $program has no output in the README"
    elif run "$program" >"$work/$number.output" 2>&1 && diff "$work/$number.text" "$work/$number.output"; then
        echo "ok: $program"
    else
        echo "FAILED: $program" && cat "$work/$number.output"
    fi
done

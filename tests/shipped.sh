#!/usr/bin/env bash
# Looks at the library that is shipped, as a file: what it exports, what it needs, its size, and that the headers are fresh.
set -u
cd "$(dirname "$0")/.."
. tests/lib.sh
library=target/release/libapisig.so
work=target/tests
mkdir -p "$work"

fresh_headers() {
    git diff --exit-code -- include bindings/php/apisig.ffi.h
}

symbols() { # defined or undefined
    nm -D "--$1-only" "$library" | awk '{ print $NF }' | LC_ALL=C sort
}

exports_the_header() {
    diff <(functions) <(symbols defined)
}

imports_the_list() {
    diff tests/abi/undefined.txt <(symbols undefined)
}

needs_libc_alone() {
    [ "$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')" = libc.so.6 ]
}

old_glibc() {
    newest=$(nm -D --undefined-only "$library" | sed -n 's/.*@GLIBC_//p' | sort -V | tail -n 1)
    [ "$(printf '%s\n2.14\n' "$newest" | sort -V | tail -n 1)" = 2.14 ]
}

small() {
    strip -o "$work/stripped.so" "$library"
    [ "$(stat -c %s "$work/stripped.so")" -le $((384 * 1024)) ]
}

has_dynamic() {
    readelf -d "$library" | grep -q "$1"
}

# Every panic ends in abort(): where it is not imported, no panic is left. tests/proof.sh proves it.
no_abort() {
    ! nm -D --undefined-only "$library" | grep -qw abort
}

musl_loads() {
    musl-gcc -std=c99 -O1 -o "$work/load-musl" tests/c/load.c && "$work/load-musl" "$library"
}

linked_wholly_static() {
    gcc -static -std=c99 -Iinclude -o "$work/demo-static" tests/demo/demo.c target/release/libapisig.a &&
        "$work/demo-static" | grep -q b93c35d5c6183288322122561a3da7e09abb63b7
}

fresh_notices() {
    "$PYTHON" tests/notices.py | diff THIRD-PARTY -
}

if git rev-parse --git-dir >/dev/null 2>&1; then
    ok 'the committed headers are what the build makes' fresh_headers
else
    echo 'SKIP: no git repository, the headers cannot be compared'
fi
if has_python; then
    ok 'THIRD-PARTY has the licenses of what is linked: make notices' fresh_notices
else
    missing 'python3 is not installed'
fi
ok 'exported are the functions of the header' exports_the_header
ok 'imported are the symbols of the list' imports_the_list
ok 'it needs libc.so.6 alone' needs_libc_alone
ok 'it needs nothing newer than GLIBC_2.14' old_glibc
ok 'stripped it has at most 384 KB' small
ok 'it has a SONAME' has_dynamic 'SONAME.*\[libapisig.so.0\]'
ok 'it stays loaded' has_dynamic 'NODELETE'
ok 'it imports no abort' no_abort
ok 'a program can be linked with -static' linked_wholly_static
if has musl-gcc; then
    ok 'it loads and signs in a musl process' musl_loads
else
    missing 'musl-gcc is not installed'
fi
[ "$failures" = 0 ]

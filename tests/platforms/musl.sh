#!/usr/bin/env bash
# The library in processes of musl, and the command, which is linked with it, on x86-64. Usage: musl.sh FOLDER; in it are libapisig.so and apisig
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/lib/elf.sh
. tests/platforms/lib.sh
needs musl-gcc musl-tools
built=$(realpath "$1")
tests=$work/musl
mkdir -p "$tests"
ln -sfn "$built/libapisig.so" "$tests/libapisig.so.0"

in_c() { # test
    calls_of_the_header && musl-gcc -std=c99 -D_DEFAULT_SOURCE -O1 "${INCLUDE[@]}" -o "$tests/$1" "tests/c/$1.c" "$built/libapisig.so" \
        "-Wl,-rpath,$tests" && "$tests/$1"
}

wholly_static() {
    readelf -h "$built/apisig" >/dev/null && ! readelf -d "$built/apisig" | grep -q NEEDED
}

a_good_elf "$built/libapisig.so" "$built/libapisig.so" x86_64
ok 'C: every vector' in_c vectors
ok 'C: mistakes of the caller' in_c hostile
ok 'the command needs no library' wholly_static
ok 'the command' the_command "$built/apisig"
[ "$failures" = 0 ]

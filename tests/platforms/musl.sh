#!/usr/bin/env bash
# The library in processes of musl, by C, PHP and Python, and the command, which is linked with it, on x86-64. Usage: musl.sh FOLDER; in it are libapisig.so and apisig
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

# Every call of tests/vectors, by FFI and by the library in PHP.
in_php() {
    class_loader
    ldd_is_musl "$runtimes/bin/php" && APISIG_LIBRARY=$built/libapisig.so "$runtimes/bin/php" -d error_reporting=-1 -d display_errors=1 \
        tests/trust/portable.php "${COUNT:-20000}" "$RANDOM"
}

# shellcheck disable=SC2046
in_python() {
    ldd_is_musl "$runtimes/bin/python3" && APISIG_LIBRARY=$built/libapisig.so PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 \
        PYTHONPATH=bindings/python:$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
        "$runtimes/bin/python3" -m pytest -q -p no:cacheprovider tests/python/test_{classes,binding,threads}.py $(printf 'tests/python/test_%s.py ' "${VENDORS[@]}")
}

ldd_is_musl() { # program
    readelf -l "$1" | grep -q 'interpreter: /lib/ld-musl-x86_64'
}

a_good_elf "$built/libapisig.so" "$built/libapisig.so" x86_64
ok 'C: every vector' in_c vectors
ok 'C: mistakes of the caller' in_c hostile
ok 'the command needs no library' wholly_static
ok 'the command' the_command "$built/apisig"
runtimes=$work/musl-runtimes
if tests/platforms/musl-runtimes.sh "$runtimes" >"$work/musl-runtimes.log" 2>&1; then
    ok 'PHP: every vector' in_php
    ok 'Python: every vector, and the vendors' in_python
else
    tail -n 3 "$work/musl-runtimes.log"
    echo 'SKIP: PHP and Python linked with musl cannot be built here'
fi
[ "$failures" = 0 ]

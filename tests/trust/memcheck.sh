#!/usr/bin/env bash
# valgrind's memcheck over the C tests, and over every vector in PHP and in Python, where only what happens in the library or in
# Python's _call, or was allocated there, counts: both languages have findings of their own. valgrind sees the portable hashes alone, since it
# hides the processor's instructions for them. Usage: memcheck.sh [tests/c/NAME|misuse|php|python]
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=target/trust
name=${1:-all}
log=$work/memcheck-${name##*/}.log
mkdir -p "$work" target/tests

valgrind=(valgrind -q --leak-check=full --errors-for-leak-kinds=definite --log-file="$log")

memcheck() { # program, arguments
    "${valgrind[@]}" --error-exitcode=9 "$@" || { head -n 40 "$log"; false; }
}

in_c() { # source, arguments
    local program
    program=$work/$(basename "$1" .c)
    compile_c "$program" "$1" -g -pthread "${SHARED[@]}" && memcheck "$program" "${@:2}"
}

php_on() { # arguments of PHP
    USE_ZEND_ALLOC=0 "${valgrind[@]}" php -d opcache.enable_cli=0 -d pcre.jit=0 -d ffi.enable=1 "$@"
}

python_on() { # arguments of Python
    PYTHONMALLOC=malloc PYTHONPATH=$PYTHONPATH:$PWD/tests/python "${valgrind[@]}" "$PYTHON" "$@"
}

ours='libapisig\|_call\.abi3'

nothing_in_the_library() { # what runs it, arguments
    "$@" && ! grep -q "$ours" "$log"
}

reported() { # what runs it, arguments
    "$@"
    grep -q "$ours" "$log"
}

control_fails() { # misuse, words of the report
    ! memcheck "$work/misuse" "$1" >/dev/null && grep -q "$2" "$log"
}

every_vector_in_python='
import test_classes
for name in test_classes.CALLS:
    test_classes.test_classes(name)
'
leak_in_python='
from ctypes import *
make = CDLL("'$APISIG_LIBRARY'").apisig_kommo_new
make.restype = c_void_p
for _ in range(100): make(b"secret", c_size_t(6), None)
'
over_read_in_python='
from ctypes import *
from apisig import _native
libc = CDLL(None)
libc.malloc.restype = c_void_p
text = libc.malloc(c_size_t(8))
memset(text, 65, 8)
give = PYFUNCTYPE(c_void_p)(lambda: text)
_native._call.function(cast(give, c_void_p).value, "s", "")()
'
library_in_php='$library = FFI::cdef("void *apisig_kommo_new(const char *, size_t, int *);
const char *apisig_kommo_sign_webhook(const void *, const char *, size_t, char *, size_t);", "'$APISIG_LIBRARY'");'
leak_in_php=$library_in_php'
for ($i = 0; $i < 100; $i++) { $library->apisig_kommo_new("secret", 6, null); }'
over_read_in_php=$library_in_php'
$body = FFI::new("char[64]", false); $out = FFI::new("char[64]");
$library->apisig_kommo_sign_webhook($library->apisig_kommo_new("secret", 6, null), $body, 1000, $out, 64);'

misuse() {
    ok 'control: nothing wrong' in_c tests/trust/misuse.c
    ok 'control: an over-read in the library is reported' control_fails over-read 'Invalid read'
    ok 'control: a leaked handle is reported' control_fails leak 'definitely lost'
}

php_vectors() {
    if has_php && has phpunit && has composer; then
        class_loader
        ok 'every vector in PHP' nothing_in_the_library php_on "$(command -v phpunit)" -c tests/php/phpunit.xml --filter 'ClassesTest'
        ok 'control in PHP: leaked handles are reported' reported php_on -r "$leak_in_php"
        ok 'control in PHP: an over-read is reported' reported php_on -r "$over_read_in_php"
    else
        missing 'php with FFI, phpunit or composer is not installed'
    fi
}

python_vectors() {
    if [ -x .venv/bin/pytest ]; then
        ok 'every vector in Python' nothing_in_the_library python_on -c "$every_vector_in_python"
        ok 'control in Python: leaked handles are reported' reported python_on -c "$leak_in_python"
        ok 'whatever objects are given to _call' nothing_in_the_library python_on -m pytest -q -p no:cacheprovider tests/python/test_call.py
        ok 'control in Python: an over-read by _call is reported' reported python_on -c "$over_read_in_python"
    else
        missing '.venv with the Python tools'
    fi
}

needs valgrind
if [ $# = 0 ]; then
    parts=(tests/c/vectors php tests/c/hostile tests/c/presented python tests/trust/lengths misuse)
    for part in "${parts[@]}"; do
        "$0" "$part" >"$work/memcheck-${part##*/}.out" 2>&1 || touch "$work/memcheck-failed" &
        two_at_a_time
    done
    wait
    for part in "${parts[@]}"; do cat "$work/memcheck-${part##*/}.out"; done
    ! rm "$work/memcheck-failed" 2>/dev/null || failures=1
else
    case $1 in
    */*) ok "$1.c" in_c "$1.c" ;;
    misuse) misuse ;;
    php) php_vectors ;;
    python) python_vectors ;;
    esac
fi
[ "$failures" = 0 ]

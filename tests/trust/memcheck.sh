#!/usr/bin/env bash
# valgrind's memcheck over the C tests, and over every vector in PHP and in Python, where only what happens in the library, or
# was allocated there, counts: both languages have findings of their own. valgrind sees the portable hashes alone, since it
# hides the processor's instructions for them.
set -u
cd "$(dirname "$0")/../.."
. tests/lib.sh
work=target/trust
mkdir -p "$work"

memcheck() { # program, arguments
    valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --log-file="$work/memcheck.log" "$@" ||
        { head -n 40 "$work/memcheck.log"; false; }
}

in_c() { # source, arguments
    local program
    program=$work/$(basename "$1" .c)
    compile_c "$program" "$1" -g -pthread "${SHARED[@]}" && memcheck "$program" "${@:2}"
}

php_on() { # arguments of PHP
    USE_ZEND_ALLOC=0 valgrind -q --leak-check=full --errors-for-leak-kinds=definite --log-file="$work/memcheck.log" \
        php -d opcache.enable_cli=0 -d pcre.jit=0 -d ffi.enable=1 "$@"
}

python_on() { # arguments of Python
    PYTHONMALLOC=malloc PYTHONPATH=$PYTHONPATH:$PWD/tests/python valgrind -q --leak-check=full \
        --errors-for-leak-kinds=definite --log-file="$work/memcheck.log" "$PYTHON" "$@"
}

nothing_in_the_library() { # what runs it, arguments
    "$@" && ! grep -q libapisig "$work/memcheck.log"
}

reported() { # what runs it, arguments
    "$@"
    grep -q libapisig "$work/memcheck.log"
}

control_fails() { # misuse, words of the report
    ! memcheck "$work/misuse" "$1" >/dev/null && grep -q "$2" "$work/memcheck.log"
}

every_vector_in_python='
import test_vectors
for room in ("kommo", "imbachat", "retailcrm", "kayako", "mor"):
    for call in test_vectors.calls(room):
        getattr(test_vectors, f"test_{room}")(call)
'
leak_in_python='
from ctypes import *
make = CDLL("'$APISIG_LIBRARY'").apisig_kommo_new
make.restype = c_void_p
for _ in range(100): make(b"secret", c_size_t(6), None)
'
leak_in_php='$library = FFI::cdef("void *apisig_kommo_new(const char *, size_t, int *);", "'$APISIG_LIBRARY'");
for ($i = 0; $i < 100; $i++) { $library->apisig_kommo_new("secret", 6, null); }'
over_read_in_php='$library = FFI::cdef("void *apisig_kommo_new(const char *, size_t, int *);
const char *apisig_kommo_sign_webhook(const void *, const char *, size_t, char *, size_t);", "'$APISIG_LIBRARY'");
$body = FFI::new("char[64]", false); $out = FFI::new("char[64]");
$library->apisig_kommo_sign_webhook($library->apisig_kommo_new("secret", 6, null), $body, 1000, $out, 64);'

if ! has valgrind; then
    missing 'valgrind is not installed'
    [ "$failures" = 0 ]
    exit
fi
for source in tests/c/{vectors,hostile,kommo,imbachat,retailcrm,kayako,mor}.c tests/trust/lengths.c; do
    [ ! -f "$source" ] || ok "$source" in_c "$source"
done
ok 'control: nothing wrong' in_c tests/trust/misuse.c
ok 'control: an over-read in the library is reported' control_fails over-read 'Invalid read'
ok 'control: a leaked handle is reported' control_fails leak 'definitely lost'
if has_php && has phpunit; then
    ok 'every vector in PHP' nothing_in_the_library php_on "$(command -v phpunit)" -c tests/php/phpunit.xml --filter VectorsTest
    ok 'control in PHP: leaked handles are reported' reported php_on -r "$leak_in_php"
    ok 'control in PHP: an over-read is reported' reported php_on -r "$over_read_in_php"
else
    missing 'php with FFI or phpunit is not installed'
fi
if [ -x .venv/bin/pytest ]; then
    ok 'every vector in Python' nothing_in_the_library python_on -c "$every_vector_in_python"
    ok 'control in Python: leaked handles are reported' reported python_on -c "$leak_in_python"
else
    missing '.venv with the Python tools'
fi
[ "$failures" = 0 ]

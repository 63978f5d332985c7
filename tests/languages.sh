# How each language is compiled or run against the release library. Sourced by tests/run.sh and tests/demo/run.sh.
export APISIG_LIBRARY=$PWD/target/release/libapisig.so
export PYTHONPATH=$PWD/bindings/python PYTHONDONTWRITEBYTECODE=1
PYTHON=python3
[ -x .venv/bin/python ] && PYTHON=$PWD/.venv/bin/python

# A program that is linked with the shared library asks for it by its SONAME.
ln -sfn libapisig.so target/release/libapisig.so.0
SHARED=(-Ltarget/release -lapisig "-Wl,-rpath,$PWD/target/release")
WARNINGS=(-Wall -Wextra -Wpedantic -Werror)

compile_c() { # program, source, what to link with
    gcc -std=c99 -D_DEFAULT_SOURCE "${WARNINGS[@]}" -O1 -Iinclude -o "$1" "$2" "${@:3}"
}

compile_cxx() {
    g++ -std=c++11 "${WARNINGS[@]}" -O1 -Iinclude -o "$1" -x c++ "$2" -x none "${@:3}"
}

has() {
    command -v "$1" >/dev/null
}

has_php() {
    php -r 'exit(PHP_VERSION_ID >= 80100 && extension_loaded("ffi") ? 0 : 1);' 2>/dev/null
}

has_python() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null
}

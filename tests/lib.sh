# What the test scripts share: one line for each check, and the way that each language is compiled or run against the release
# library. Sourced from the project's folder.
export APISIG_LIBRARY=$PWD/target/release/libapisig.so
export PYTHONPATH=$PWD/bindings/python PYTHONDONTWRITEBYTECODE=1
PYTHON=python3
[ -x .venv/bin/python ] && PYTHON=$PWD/.venv/bin/python
SHARED=(-Ltarget/release -lapisig "-Wl,-rpath,$PWD/target/release" -Wl,-z,lazy)
WARNINGS=(-Wall -Wextra -Wpedantic -Werror)
ROOMS=(kommo imbachat retailcrm kayako mor)
failures=0

ok() { # what, command
    if "${@:2}"; then
        echo "ok: $1"
    else
        echo "FAILED: $1"
        failures=$((failures + 1))
    fi
}

# Something cannot be tested here: a failure where everything must be.
missing() { # what
    if [ "${REQUIRE_ALL:-}" = 1 ]; then ok "$1" false; else echo "SKIP: $1"; fi
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

compile_c() { # program, source, what to link with
    gcc -std=c99 -D_DEFAULT_SOURCE "${WARNINGS[@]}" -O1 -Iinclude -o "$1" "$2" "${@:3}"
}

compile_cxx() {
    g++ -std=c++11 "${WARNINGS[@]}" -O1 -Iinclude -o "$1" -x c++ "$2" -x none "${@:3}"
}

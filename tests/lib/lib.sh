# What the test scripts share: one line for each check, and the way that each language is compiled or run against the release
# library. Sourced from the project's folder.
export APISIG_LIBRARY=$PWD/target/release/libapisig.so
export PYTHONPATH=$PWD/bindings/python PYTHONDONTWRITEBYTECODE=1
PYTHON=python3
[ -x .venv/bin/python ] && PYTHON=$PWD/.venv/bin/python
SHARED=(-Ltarget/release -lapisig "-Wl,-rpath,$PWD/target/release" -Wl,-z,lazy)
# For php -S: under a web server PHP allows FFI only in preloaded files.
PRELOADED=(-d opcache.preload="$PWD/bindings/php/preload.php" -d opcache.preload_user="$(id -un 2>/dev/null || :)")
WARNINGS=(-Wall -Wextra -Wpedantic -Werror)
INCLUDE=(-Iinclude -Itarget/tests)
VENDORS=(tests/vectors/*.tsv)
VENDORS=("${VENDORS[@]##*/}")
VENDORS=("${VENDORS[@]%.tsv}")
# What every archive has to bring.
LICENSES=(LICENSE-MIT LICENSE-APACHE THIRD-PARTY)
# The crates whose tests are built together: features of others would compile them anew.
CRATES=(-p apisig-core -p apisig-messages -p apisig-diagnosis -p apisig-request)
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

# Starts what is in the background only if less than two are running.
two_at_a_time() {
    while [ "$(jobs -r | wc -l)" -ge 2 ]; do wait -n; done
}

# The sources that the library is built from, for a script that changes them.
copy_of_sources() { # folder
    rm -rf "$1"
    mkdir -p "$1"
    cp -r Cargo.toml Cargo.lock build.rs build src include $(dirname -- */Cargo.toml) "$1"
}

# A target folder in which what the library is built with is compiled already, and nothing of its own.
with_compiled_crates() { # folder
    rm -rf "$1"
    mkdir -p "$1"
    cp -a target/release "$1"
    rm -rf "$1"/release/{,.fingerprint/,build/,deps/}*apisig*
}

# Prints a free port of loopback.
free_port() {
    "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Waits until a command succeeds, ten seconds at most.
wait_until() { # command
    for _ in {1..200}; do
        if "$@" 2>/dev/null; then return; fi
        sleep 0.05
    done
    return 1
}

listens() { # port
    (: <"/dev/tcp/127.0.0.1/$1")
}

# Starts a server that ends with this shell, and waits until it listens. What it prints goes to the log.
serve() { # log, port, command
    "${@:3}" >"$1" 2>&1 &
    servers+=($!)
    wait_until listens "$2" || { cat "$1"; return 1; }
}
servers=()
trap '[ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null' EXIT

# Starts the server of a vendor's examples, or ends the script. Sets url, the server's; log, what it prints; work, a folder for the script.
vendor_server() { # vendor
    local port
    needs php php-cli
    needs composer
    class_loader
    port=$(free_port)
    url=http://127.0.0.1:$port work=target/tests/packages/examples log=target/tests/packages/examples/$1.log
    mkdir -p "$work"
    serve "$log" "$port" php -S "127.0.0.1:$port" "tests/packages/examples/$1_server.php" || exit 1
}

has() {
    command -v "$1" >/dev/null
}

# Ends a script that cannot do anything without this command.
needs() { # command, its package
    if has "$1"; then return; fi
    missing "$1 (${2:-$1}) is not installed"
    [ "$failures" = 0 ]
    exit
}

# Makes bindings/php/vendor/autoload.php, which no checkout has.
class_loader() { composer dump-autoload --no-ansi -q -d bindings/php; }

has_php() {
    php -r 'exit(PHP_VERSION_ID >= 80100 && extension_loaded("ffi") ? 0 : 1);' 2>/dev/null
}

has_python() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null
}

# The functions of the header, one a line.
functions() {
    awk '/\/\*/ { comment = 1 } !comment; /\*\// { comment = 0 }' include/apisig.h | grep -oE '\bapisig_[a-z0-9_]+\(' |
        tr -d '(' | LC_ALL=C sort
}

# Likewise as a table, for tests/c/calls.h.
calls_of_the_header() {
    local printed=target/tests/calls.$BASHPID
    mkdir -p target/tests
    awk -f tests/c/calls.awk include/apisig.h >"$printed" && mv "$printed" target/tests/calls.generated.h
}

compile_c() { # program, source, what to link with
    calls_of_the_header && gcc -std=c99 -D_DEFAULT_SOURCE "${WARNINGS[@]}" -O1 "${INCLUDE[@]}" -o "$1" "$2" "${@:3}"
}

compile_cxx() {
    calls_of_the_header && g++ -std=c++11 "${WARNINGS[@]}" -O1 "${INCLUDE[@]}" -o "$1" -x c++ "$2" -x none "${@:3}"
}

#!/usr/bin/env bash
# Runs every test. A tool that is missing is a loud SKIP; with REQUIRE_ALL=1 that is a failure. Ends with the sums.
set -u
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
. tests/lib/suite.sh
. tests/trust/quick.sh

in_c() { # compiler function, source, library
    "$1" "target/tests/$2" "tests/c/$2.c" "${@:3}" && "target/tests/$2"
}

# cargo fmt does not see the files that a macro declares.
formatted() {
    find . -path ./target -prune -o -path ./.venv -prune -o -name '*.rs' -print0 | xargs -0 rustfmt --check --edition 2024
}

style_of_rust() {
    if rustfmt --version && cargo clippy --version; then
        ok 'rustfmt, every file' formatted
        ok 'cargo clippy in fuzz' cargo clippy --locked -q --manifest-path fuzz/differential/Cargo.toml --target-dir target/fuzz/clippy -- -D warnings
        # Each crate by the profile that has compiled what its build needs.
        ok 'cargo clippy' cargo clippy --locked -q "${CRATES[@]}" --all-targets -- -D warnings
        ok 'cargo clippy of what has no tests' cargo clippy --locked -q --release -p apisig -p apisig-page -- -D warnings
        ok 'cargo clippy of the command' cargo clippy --locked -q --profile cli -p apisig-cli --all-targets -- -D warnings
    else
        missing 'rustfmt and clippy are not installed'
    fi
}

style_of_php() {
    ok 'PSR-12' phpcs --standard=PSR12 bindings/php/src bindings/php/preload.php
    ok 'PSR-12 in the tests' phpcs -n --standard=PSR12 tests/php tests/packages/demo tests/packages/fpm fuzz benches/bench.php examples/php bindings/php/bin site
}

style_of_python() {
    ok 'ruff check' .venv/bin/ruff check --no-cache bindings/python examples tests benches fuzz page site
    ok 'ruff format' .venv/bin/ruff format --no-cache --check bindings/python examples tests benches fuzz page site
    ok 'mypy --strict' env MYPYPATH=bindings/python:tests/python .venv/bin/mypy --cache-dir=/dev/null \
        --config-file bindings/python/pyproject.toml bindings/python/apisig bindings/python/pytest_apisig.py tests/python
}

# The release with overflow checks and debug assertions: one that fails ends the process.
checked() {
    local host
    host=$(rustc --print host-tuple)
    rm -rf target/checked
    mkdir -p target/checked
    CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true \
        cargo rustc --locked -q --release --target "$host" -p apisig --lib --crate-type staticlib &&
        cp "target/$host/release/libapisig.a" target/checked &&
        compile_c target/checked/vectors tests/c/vectors.c target/checked/libapisig.a || return
    ok 'it has the checks' grep -q panic_const_add_overflow <(nm target/checked/vectors)
    target/checked/vectors
}

# Compiles more than all others together.
suites_of_rust() {
    suite 'Rust' cargo test --locked -q "${CRATES[@]}"
    suite 'Rust style' style_of_rust
    suite 'command' cargo test --locked -q --profile cli -p apisig-cli
    when gcc 'C99, with overflow checks' checked
    suite 'MOR: the rule' env COUNT=20000 tests/mor/run.sh
    suite 'no panic path' tests/packages/proof.sh
}

suites_of_python() {
    if [ -x .venv/bin/pytest ]; then
        suite 'Python' .venv/bin/pytest -q -p no:cacheprovider tests/python
        # As where there is no _call.abi3.so.
        suite 'Python, through ctypes' env APISIG_CALL=ctypes \
            .venv/bin/pytest -q -p no:cacheprovider tests/python/test_{binding,classes,threads}.py
        suite 'Python style' style_of_python
        suite 'packages' tests/packages/dist.sh
    else
        skip 'Python' '.venv with the Python tools'
        skip 'packages' '.venv with the Python tools'
    fi
}

# Each takes one processor at its end. Other builds of the command take the page too.
make -s -j2 all cli || exit 1
[ ! -e target/page/apisig.html ] || export APISIG_PAGE=$PWD/target/page/apisig.html
has composer && class_loader
gcc -shared -fPIC -o target/tests/other_version.so tests/c/other_version.c
start arm64 suite '64-bit ARM' tests/platforms/arm64.sh
start trigger suite 'command: trigger' tests/packages/trigger.sh
start serve suite 'command: serve' tests/packages/serve.sh
start rust suites_of_rust
start python suites_of_python
beside seeds "PHP's own functions stand in for the vendors' code"
beside vectors/json_parsing 'serde_json alone judges the JSON reader'
suite 'set-up' tests/packages/setup.sh
suite 'shipped library' tests/packages/shipped.sh
suite 'command line' tests/packages/cli.sh
suite 'pasted requests' tests/packages/read.sh
suite 'the page' tests/packages/page.sh
when pkg-config 'installed for C' tests/packages/install.sh
# A million calls, which no compiler and no way to link changes.
when gcc 'C99, shared: presented' in_c compile_c presented "${SHARED[@]}"
for source in tests/c/{vectors,hostile,wipe*}.c; do
    source=$(basename "$source" .c)
    when gcc "C99, static: $source" in_c compile_c $source target/release/libapisig.a
    when gcc "C99, shared: $source" in_c compile_c $source "${SHARED[@]}"
done
when g++ 'C++11, static: vectors' in_c compile_cxx vectors target/release/libapisig.a
when g++ 'C++11, shared: vectors' in_c compile_cxx vectors "${SHARED[@]}"
if has_php; then
    if has phpunit && has composer; then
        suite 'PHP' phpunit -c tests/php/phpunit.xml
        suite 'PHP without FFI' env APISIG_ENGINE=php phpunit -c tests/php/phpunit.xml --exclude-group native
    else
        skip 'PHP' 'phpunit or composer'
    fi
    when composer 'PHP package' ok 'composer validate' composer validate --no-ansi --strict -d bindings/php
    when phpcs 'PHP style' style_of_php
    suite 'forms, as PHP reads them' env COUNT=20000 tests/trust/forms.sh
    suite 'PHP without FFI alike' env COUNT=20000 tests/trust/portable.sh
    if has nginx || [ -x /usr/sbin/nginx ]; then
        suite 'php-fpm and nginx' tests/packages/fpm.sh
        suite 'hosts without FFI' tests/packages/hosts.sh
    else
        skip 'php-fpm and nginx' nginx
    fi
else
    skip 'PHP' 'php with FFI'
fi
for vendor in "${VENDORS[@]}"; do
    suite "examples: $vendor" "tests/packages/examples/$vendor.sh"
done
quick_suites
suite 'README' tests/packages/readme.sh
suite 'demo' ok 'the documented values' tests/packages/demo/run.sh
sums

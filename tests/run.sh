#!/usr/bin/env bash
# Runs every test. A tool that is missing is a loud SKIP; with REQUIRE_ALL=1 that is a failure. Ends with the sums.
set -u
cd "$(dirname "$0")/.."
. tests/lib.sh
passed=0 failed=0 skipped=0
logs=target/tests
mkdir -p "$logs"

# What each runner says at its end, and the "ok:" and "FAILED:" lines of our own scripts, as three sums.
count() {
    awk '
        function number_before(word) {
            return match($0, "[0-9]+ " word) ? substr($0, RSTART, RLENGTH) + 0 : 0
        }
        function number_after(word) {
            return match($0, word "[ :]*[0-9]+") ? substr($0, RSTART + length(word) + 1, RLENGTH) + 0 : 0
        }
        /^ok: / { passed++ }
        /^FAILED: / { failed++ }
        /^SKIP: / { skipped++ }
        /^test result: / || /^[0-9]+ passed, [0-9]+ failed$/ || /^(=+ )?[0-9]+ (passed|failed|skipped|error).* in [0-9.]+s/ {
            passed += number_before("passed"); failed += number_before("failed") + number_before("error")
            skipped += number_before("skipped")
        }
        /^OK \([0-9]+ test/ { passed += number_before("test") }
        /^Tests: [0-9]+, / {
            bad = number_after("Errors") + number_after("Failures") + number_after("Warnings")
            skips = number_after("Skipped") + number_after("Incomplete") + number_after("Risky")
            passed += number_after("Tests") - bad - skips; failed += bad; skipped += skips
        }
        END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

suite() { # name, command
    local name=$1 log sums
    log="$logs/${name// /-}.log"
    shift
    "$@" >"$log" 2>&1
    local status=$?
    read -r -a sums < <(count "$log")
    # A runner that fails without a word, or tests nothing, has failed.
    if { [ $status != 0 ] && [ "${sums[1]}" = 0 ]; } || [ $((sums[0] + sums[1] + sums[2])) = 0 ]; then
        sums[1]=$((sums[1] + 1))
    fi
    printf '%-34s %5d passed, %d failed, %d skipped\n' "$name" "${sums[@]}"
    [ "${sums[1]}" = 0 ] || tail -n 60 "$log"
    [ "${sums[2]}" = 0 ] || grep -i skip "$log"
    passed=$((passed + sums[0])) failed=$((failed + sums[1])) skipped=$((skipped + sums[2]))
}

skip() { # name, what is missing
    if [ "${REQUIRE_ALL:-}" = 1 ]; then
        printf '%-34s FAILED: %s is not installed\n' "$1" "$2"
        failed=$((failed + 1))
    else
        printf '%-34s SKIPPED: %s IS NOT INSTALLED\n' "$1" "$2"
        skipped=$((skipped + 1))
    fi
}

when() { # command that must exist, name, command
    if has "$1"; then suite "${@:2}"; else skip "$2" "$1"; fi
}

in_c() { # compiler function, source, library
    "$1" "target/tests/$2" "tests/c/$2.c" "${@:3}" && "target/tests/$2"
}

style_of_rust() {
    if cargo fmt --version && cargo clippy --version; then
        ok 'cargo fmt' cargo fmt --all --check
        ok 'cargo clippy' cargo clippy -q --workspace --all-targets -- -D warnings
    else
        missing 'rustfmt and clippy are not installed'
    fi
}

style_of_php() {
    ok 'PSR-12' phpcs --standard=PSR12 bindings/php/src bindings/php/preload.php
    ok 'PSR-12 in the tests' phpcs -n --standard=PSR12 tests/php tests/demo tests/fpm benches/bench.php examples/php bindings/php/bin
}

package_of_php() {
    ok 'composer validate' composer validate --no-ansi --strict -d bindings/php
}

style_of_python() {
    ok 'ruff check' .venv/bin/ruff check --no-cache bindings/python examples tests benches
    ok 'ruff format' .venv/bin/ruff format --no-cache --check bindings/python examples tests benches
    ok 'mypy --strict' env MYPYPATH=bindings/python:tests/python .venv/bin/mypy --cache-dir=/dev/null \
        --config-file bindings/python/pyproject.toml bindings/python/apisig tests/python
}

unit_tests_of_php() {
    composer dump-autoload --no-ansi -q -d bindings/php
    gcc -shared -fPIC -o target/tests/other_version.so tests/c/other_version.c
    phpunit -c tests/php/phpunit.xml
}

unit_tests_of_python() {
    gcc -shared -fPIC -o target/tests/other_version.so tests/c/other_version.c
    .venv/bin/pytest -q -p no:cacheprovider tests/python
}

demo() {
    ok 'the documented values' tests/demo/run.sh
}

# Public material that the tests compare with where it lies beside the project, and nowhere else.
beside() { # folder, what stands in for it
    if [ -d "../shared/$1" ]; then return; fi
    printf '%-34s SKIPPED: NOT BESIDE THE PROJECT; %s\n' "$1" "$2"
    skipped=$((skipped + 1))
}

make -s all cli || exit 1
beside seeds "PHP's own functions stand in for the vendors' code"
beside vectors/json_parsing 'serde_json alone judges the JSON reader'
suite 'Rust' cargo test -q -p apisig-core
suite 'Rust style' style_of_rust
suite 'shipped library' tests/shipped.sh
suite 'command' cargo test -q -p apisig-cli
suite 'command line' tests/cli.sh
suite 'no panic path' tests/proof.sh
when pkg-config 'installed for C' tests/install.sh
for source in vectors hostile wipe "${ROOMS[@]}"; do
    [ -f "tests/c/$source.c" ] || continue
    when gcc "C99, static: $source" in_c compile_c $source target/release/libapisig.a
    when gcc "C99, shared: $source" in_c compile_c $source "${SHARED[@]}"
    when g++ "C++11, static: $source" in_c compile_cxx $source target/release/libapisig.a
    when g++ "C++11, shared: $source" in_c compile_cxx $source "${SHARED[@]}"
done
when gcc 'C99, static: heap' in_c compile_c heap target/release/libapisig.a \
    -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free
if has_php; then
    if has phpunit && has composer; then suite 'PHP' unit_tests_of_php; else skip 'PHP' 'phpunit or composer'; fi
    when composer 'PHP package' package_of_php
    when phpcs 'PHP style' style_of_php
    if has nginx || [ -x /usr/sbin/nginx ]; then suite 'php-fpm and nginx' tests/fpm.sh; else skip 'php-fpm and nginx' nginx; fi
else
    skip 'PHP' 'php with FFI'
fi
if [ -x .venv/bin/pytest ]; then
    suite 'Python' unit_tests_of_python
    suite 'Python style' style_of_python
else
    skip 'Python' '.venv with the Python tools'
fi
for room in "${ROOMS[@]}"; do
    [ ! -f "tests/examples/$room.sh" ] || suite "examples: $room" "tests/examples/$room.sh"
done
if [ -x .venv/bin/pytest ]; then suite 'packages' tests/dist.sh; else skip 'packages' '.venv with the Python tools'; fi
suite 'README' tests/readme.sh
suite 'demo' demo

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]

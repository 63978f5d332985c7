#!/usr/bin/env bash
# Runs every bench, prints one table, and writes it to benches/RESULTS.md and benches/results.svg. What a row needs and this
# machine lacks is left out aloud. Times are of this machine and this minute; the ratios are measured side by side.
set -u
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
rows=target/bench.tsv
pin=()
has taskset && [ "$(nproc)" -gt 1 ] && pin=(taskset -c 1)

left_out() {
    echo "LEFT OUT: $1" >&2
}

php_benches() {
    local jit=(-dopcache.enable_cli=1 -dopcache.jit=tracing -dopcache.jit_buffer_size=64M)
    php -r 'exit(function_exists("opcache_get_status") ? 0 : 1);' || left_out 'OPcache (php-opcache): PHP runs without its JIT'
    class_loader
    "${pin[@]}" php "${jit[@]}" benches/bench.php
}

c_benches() {
    if gcc -O2 -std=c99 -D_DEFAULT_SOURCE -Iinclude -o target/bench-c benches/bench.c target/release/libapisig.a -lcrypto; then
        "${pin[@]}" target/bench-c
    else
        left_out 'OpenSSL (libssl-dev)'
    fi
    gcc -O2 -std=c99 -D_DEFAULT_SOURCE -o target/bench-dlopen benches/dlopen.c && gcc -shared -o target/empty.so -x c /dev/null &&
        target/bench-dlopen "$APISIG_LIBRARY" "$PWD/target/empty.so"
}

rust_benches() {
    cargo build --locked -q --release --manifest-path benches/Cargo.toml --target-dir target/benches &&
        target/benches/release/apisig-benches
}

fpm_benches() {
    local fpm
    fpm=$(command -v php-fpm php-fpm8.2 php-fpm8.3 php-fpm8.4 | head -n 1)
    if [ -n "$fpm" ]; then "$PYTHON" benches/fpm.py "$fpm"; else left_out 'php-fpm'; fi
}

{
    if has_php; then php_benches && fpm_benches; else left_out 'PHP'; fi
    if [ -x .venv/bin/python ]; then .venv/bin/python -W ignore benches/bench.py; else left_out 'Python'; fi
    rust_benches
    c_benches
} >"$rows"
"$PYTHON" benches/report.py "$rows"
echo 'Instructions of a call outside of the compression functions, and in them:'
benches/instructions.sh write

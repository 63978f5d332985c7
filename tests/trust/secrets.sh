#!/usr/bin/env bash
# Nothing of a secret stays in memory: C and PHP programs are dumped from outside, and searched, while their handles live and when
# they are freed; registers after each call too. In a library that wipes nothing the traces must be found. Python has no such
# check: its bytes cannot be overwritten by who made them.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=$PWD/target/trust/secrets
mkdir -p "$work"

leaves_nothing() { # program, arguments
    "$PYTHON" tests/trust/dumps.py "$work" "$@"
}

traces() { # what must be among them, program, arguments
    ! leaves_nothing "${@:2}" >"$work/report" && grep -q "^trace: $1" "$work/report" || { cat "$work/report"; false; }
}

program() { # path, library
    compile_c "$1" tests/trust/secrets.c "$2"
}

# A copy of the sources in which nothing is wiped.
unwiped_library() {
    local copy=$work/unwiped
    copy_of_sources "$copy"
    sed -i '/^    wipe::<STACK>();$/d;s/^        registers::wipe();$//' "$copy/src/wipe.rs"
    sed -i '/write_volatile(0);/d' "$copy/src/handle.rs"
    ! cmp -s src/wipe.rs "$copy/src/wipe.rs" && ! cmp -s src/handle.rs "$copy/src/handle.rs" &&
        (cd "$copy" && cargo rustc --locked -q --release -p apisig --lib --target-dir "$work/target" --crate-type staticlib) 2>"$work/log"
}

needs gcore gdb
ok 'C: compiled' program "$work/program" target/release/libapisig.a
ok 'C: nothing is left' leaves_nothing "$work/program" "$work/registers"
# The C library has more than one way to copy; this one leaves the upper halves of AVX's registers as they are.
ok 'C: nothing is left by another way to copy' \
    env GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512VL,Prefer_No_VZEROUPPER "$PYTHON" tests/trust/dumps.py "$work" "$work/program" "$work/registers"
ok "control in C: a program's own copy is found" traces 'freed: the secret' "$work/program" "$work/registers" keep
ok 'control: a library that wipes nothing' unwiped_library
ok 'control: compiled' program "$work/unwiped-program" "$work/target/release/libapisig.a"
leaves_nothing "$work/unwiped-program" "$work/registers" >"$work/report"
for trace in 'new: the secret' 'new: the outer pad of sha1,' 'new: the outer pad of sha256' 'new: the sha256 of the secret' \
    'used: the outer state of sha256' 'freed: the inner state of sha1,' 'registers: the secret' \
    'registers: an expected MAC'; do
    ok "control in C: found is ${trace%,}" grep -q "^trace: $trace" "$work/report"
done
if has_php && has composer && php -r 'exit(function_exists("sodium_memzero") ? 0 : 1);'; then
    class_loader
    ok 'PHP: nothing is left' leaves_nothing php -d ffi.enable=1 tests/trust/secrets.php
    ok "control in PHP: PHP's own copy is found" traces 'freed: the secret' php -d ffi.enable=1 tests/trust/secrets.php keep
else
    missing 'php with FFI and sodium is not installed'
fi
[ "$failures" = 0 ]

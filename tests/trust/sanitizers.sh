#!/usr/bin/env bash
# The C tests with the library built for AddressSanitizer (with LeakSanitizer, and UndefinedBehaviorSanitizer on the side of
# C), and threads with ThreadSanitizer. What the header forbids must be reported by each. Usage: sanitizers.sh [address|thread]
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=target/trust
triple=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p "$work"
export ASAN_OPTIONS=abort_on_error=0:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
# A race is reported only if the other access is still remembered.
export TSAN_OPTIONS=history_size=7

# Stable Rust takes these options if it is told so.
library_for() { # sanitizer, other options of rustc
    RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1 ${*:2}" cargo rustc --locked -q --release -p apisig --lib --crate-type staticlib \
        --target "$triple" && cp "target/$triple/release/libapisig.a" "$work/$1.a"
}

is_in() { # sanitizer, its function for a byte that is read
    nm "$work/$1.a" 2>/dev/null | grep -q "U $2"
}

build() { # sanitizer, source, other options of clang
    calls_of_the_header && clang -std=c99 -D_DEFAULT_SOURCE "${WARNINGS[@]}" -g -O1 -fno-omit-frame-pointer "-fsanitize=$1" -fno-sanitize-recover=all \
        -pthread "${INCLUDE[@]}" -o "$work/$(basename "$2" .c)-$1" "$2" "${@:3}"
}

under_asan() { # source, arguments
    local name
    name=$(basename "$1" .c)
    build address,undefined "$1" "$work/address.a" && "$work/$name-address,undefined" "${@:2}"
}

reported() { # words of the report, program, arguments
    "${@:2}" >"$work/report" 2>&1
    [ $? != 0 ] && grep -q "$1" "$work/report"
}

under_tsan() { # threads and their arguments
    build thread "tests/trust/threads.c" tests/trust/tsan.c "$work/thread.a" && "$work/threads-thread" "$@"
}

needs clang

address() {
    ok 'the library builds with AddressSanitizer' library_for address
    ok 'AddressSanitizer is in it' is_in address __asan_report_load1
    for source in tests/c/vectors tests/c/hostile tests/c/presented tests/trust/lengths; do
        ok "$source.c" under_asan "$source.c"
    done
    ok 'control: built' build address,undefined tests/trust/misuse.c "$work/address.a"
    control="$work/misuse-address,undefined"
    ok 'control: nothing wrong' "$control"
    ok 'control: an over-read in the library is reported' reported 'AddressSanitizer: heap-buffer-overflow' "$control" over-read
    ok 'control: a leaked handle is reported' reported 'LeakSanitizer: detected memory leaks' "$control" leak
    ok 'control: undefined behaviour in C is reported' reported 'signed integer overflow' "$control" undefined
}

thread() {
    ok 'the library builds with ThreadSanitizer' library_for thread -Cunsafe-allow-abi-mismatch=sanitizer
    ok 'ThreadSanitizer is in it' is_in thread __tsan_read1
    ok 'threads' under_tsan 200000 0
    ok 'control: built' build thread tests/trust/misuse.c tests/trust/tsan.c "$work/thread.a"
    ok 'control: nothing wrong' "$work/misuse-thread"
    ok 'control: a race on a handle is reported' reported 'ThreadSanitizer: data race' "$work/misuse-thread" race
}

if [ $# = 0 ]; then set -- address thread; fi
for one in "$@"; do "$one"; done
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Constant time: no branch and no address depends on a secret, but where the answer itself is given out. Once by memcheck, which
# follows the secrets' bytes through every call, and once by the clock. Usage: constant_time.sh [ctgrind|dudect]...
#
# The library that memcheck runs is the shipped one with line numbers: instruction by instruction the same. What it reports must
# lie right below a comment "Declassified by sign" or "Declassified by check" in the sources, and in a call that does that. valgrind
# hides the processor's instructions for SHA, and so sees the portable compressions; of the others, the code is looked at.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=target/trust
lines=$work/lines/release
mkdir -p "$work"

library_with_lines() {
    CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo build --locked -q --release --target-dir "$work/lines" &&
        ln -sfn libapisig.so "$lines/libapisig.so.0"
}

# Without names' hashes and addresses, which differ by the order of the functions. Of the registers that calls preserve the compiler
# may take others where it writes line numbers.
instructions() { # library
    objdump -d --no-show-raw-insn "$1" | grep -P '^ +[0-9a-f]+:\t' |
        sed -E 's/^ +[0-9a-f]+:\t//; s/17h[0-9a-f]{16}E//g; s/ *#.*//; s/\b[0-9a-f]{4,}\b//g; s/-?(0x[0-9a-f]*)?\(%rip\)/(%rip)/; s/\+0x[0-9a-f]+>/>/; s/%([er]?bx|bl|[er]?bp|bpl|r1[2-5][dwb]?)\b/%preserved/g' |
        LC_ALL=C sort
}

is_the_shipped_one() {
    [ "$(instructions "$APISIG_LIBRARY" | wc -l)" -gt 10000 ] && cmp <(instructions "$lines/libapisig.so") <(instructions "$APISIG_LIBRARY")
}

compressions() { # instruction of a compression
    objdump -d --no-show-raw-insn "$APISIG_LIBRARY" | awk -v wanted="$1" '
        /^[0-9a-f]+ <.*>:$/ { if (found) print text; found = 0; text = "" }
        { text = text $0 "\n"; found = found || index($0, wanted) }
        END { if (found) print text }'
}

# Two jumps, whether there is a block and whether there is another, no call and no index.
is_straight() { # instruction of a compression
    local code
    code=$(compressions "$1")
    [ "$(grep -c "$1" <<<"$code")" -ge 16 ] && [ "$(grep -cE '\sj[a-z]+ ' <<<"$code")" = 2 ] &&
        ! grep -E '\scall|\([^)]*,[^)]*\)' <<<"$(grep -v nop <<<"$code")"
}

memcheck() { # log, arguments of ctgrind
    valgrind -q --error-limit=no --num-callers=20 "--fullpath-after=$PWD/" --log-file="$1" "$work/ctgrind" "${@:2}"
}

# What memcheck reported: the call, the line of our sources, what depends on a secret.
reports() { # log
    awk '
        function report() { if (kind != "") print call ? call : "-", place ? place : "-", kind }
        / at 0x/ { report(); kind = said; place = call = "" }
        match($0, /\(([a-z]+\/)?src\/[a-z_\/]+\.rs:[0-9]+\)$/) && !place { place = substr($0, RSTART + 1, RLENGTH - 2) }
        match($0, /: apisig_[a-z_]+ \(/) && !call { call = substr($0, RSTART + 2, RLENGTH - 4) }
        / Conditional jump/ { said = "branch" }
        / Use of / { said = "address" }
        !/ Conditional jump| Use of | at 0x| by 0x|== *$/ { said = $0 }
        END { report() }' "$1" | LC_ALL=C sort -u
}

is_published() { # call, file:line
    local verb
    case $1 in
        apisig_*_sign | apisig_*_sign_*) verb=sign ;;
        apisig_*_check | apisig_*_check_* | apisig_*_verify | apisig_*_verify_*) verb=check ;;
        *) return 1 ;;
    esac
    [ -f "${2%:*}" ] && sed -n "$((${2#*:} - 1))p" "${2%:*}" | grep -q "// Declassified by $verb: " && asks_once "$2"
}

# A line that asks twice, or makes something on the way, would hide one branch behind the other.
asks_once() { # file:line
    ! sed -n "${1#*:}p" "${1%:*}" | grep -Eq '&&|bool::from|equal'
}

not_published() {
    while read -r call place what; do
        is_published "$call" "$place" || echo "a secret shows: $what at $place in $call"
    done <"$work/ctgrind.reports"
}

nothing_else_shows() {
    not_published | tee "$work/ctgrind.shown"
    [ ! -s "$work/ctgrind.shown" ]
}

# Else its secret did not get there.
every_verdict() {
    grep -E '_check(_|$)' <(functions) | while read -r name; do
        grep -q "^$name .* branch$" "$work/ctgrind.reports" || echo "$name: its verdict is not seen"
    done | tee "$work/ctgrind.shown"
    [ ! -s "$work/ctgrind.shown" ]
}

control_passes() {
    memcheck "$work/ctgrind-control.log" nothing && ! grep -q uninitialised "$work/ctgrind-control.log"
}

control_fails() { # control, words of the report
    memcheck "$work/ctgrind-control.log" "$1" && grep -q "$2" "$work/ctgrind-control.log"
}

ctgrind() {
    if ! has valgrind; then
        missing 'valgrind is not installed'
        return
    fi
    ok 'the library with line numbers' library_with_lines
    ok 'it is the shipped one, instruction by instruction' is_the_shipped_one
    ok 'ctgrind' compile_c "$work/ctgrind" tests/trust/ctgrind.c "-L$lines" -lapisig "-Wl,-rpath,$PWD/$lines"
    ok 'every answer is right' memcheck "$work/ctgrind.log"
    reports "$work/ctgrind.log" >"$work/ctgrind.reports"
    ok 'no branch and no address depends on a secret' nothing_else_shows
    ok 'control: every verdict does' every_verdict
    ok 'control: nothing secret' control_passes
    ok 'control: a comparison that stops early is reported' control_fails compare 'Conditional jump'
    ok 'control: a branch is reported' control_fails branch 'Conditional jump'
    ok 'control: a table is reported' control_fails table 'Use of uninitialised value'
    ok "SHA-1 by the processor's instructions has no other branch than of blocks" is_straight sha1rnds4
    ok "SHA-256 by the processor's instructions likewise" is_straight sha256rnds2
}

dudect() {
    ok 'dudect' compile_c "$work/dudect" tests/trust/dudect.c target/release/libapisig.a -lm
    ok 'no time tells where a signature is wrong' "$work/dudect"
}

if [ $# = 0 ]; then set -- ctgrind dudect; fi
for one in "$@"; do "$one"; done
[ "$failures" = 0 ]

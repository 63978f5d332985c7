#!/usr/bin/env bash
# Fuzzes everything that reads untrusted input: `make fuzz`. Every target starts from its kept corpus, and what it finds on the
# way is left in target/fuzz. A finding is printed with the command that shows it again, and is tried again by every run until
# it is mended. A machine that is too slow for the number of runs makes as many as it can in the time, and says so. Usage: run.sh [RUNS
# of all targets together [WORD: only targets whose name has it]]
set -u
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
. fuzz/build.sh
runs=${1:-${FUZZ_RUNS:-4100000}} only=${2:-}
# Two targets run at a time, and none longer than this.
seconds=${FUZZ_SECONDS:-180}
began=$SECONDS

# How many of the runs are a target's: so that each can make all of them. A diagnosis signs ten thousand times.
weight() { # target
    case $1 in
    kommo_diagnosis) echo 4 ;;
    mor_diagnosis) echo 10 ;;
    kayako_diagnosis) echo 20 ;;
    *_diagnosis) echo 60 ;;
    *pasted_request) echo 100 ;;
    *kayako_request | *_token) echo 900 ;;
    *user_ids | kommo_answer) echo 6000 ;;
    differential_*_date | differential_*_answer | differential_*_authorization) echo 4000 ;;
    *) echo 1500 ;;
    esac
}

weights() {
    local sum=0 target
    for target in "${targets[@]}"; do sum=$((sum + $(weight "$target"))); done
    echo "$sum"
}

# What ended it is in its log.
fuzz() { # target
    local options corpus
    options_of "$1"
    rm -rf "$work/new/$1"
    mkdir -p "$work/new/$1"
    "$work/$1" "${options[@]}" "-runs=$((runs * $(weight "$1") / all + 1))" "-max_total_time=$seconds" -print_final_stats=1 \
        "$work/new/$1" "$corpus" >"$work/$1.log" 2>&1
}

executed() { # target
    sed -n 's/^stat::number_of_executed_units: *//p' "$work/$1.log" | grep . || echo 0
}

# Earlier findings, which no run may forget: what is mended is no finding any more.
replay() { # target
    local found
    for found in "$work/findings/$1-"*; do
        [ -e "$found" ] && "$work/$1" "$found" >"$work/$1.log" 2>&1 && rm "$found"
    done
    return 0
}

# Whether a target ended without a finding, of which there would be a file.
is_clean() { # target
    local found
    for found in "$work/findings/$1-"*; do
        [ -e "$found" ] || break
        grep -aE 'not so|panicked|ERROR|SUMMARY' -A2 "$work/$1.log"
        echo "to see it again: $work/$1 $found"
        return 1
    done
    [ "$(executed "$1")" -gt 0 ] || { tail -n 20 "$work/$1.log"; false; }
}

control_found() { # program, word of the report, options
    mkdir -p "$work/new/control"
    "$work/$1" -seed=1 -max_len=12 -only_ascii=1 -runs=2000000 "-max_total_time=$seconds" "-artifact_prefix=$work/control-" \
        >"$work/report" 2>&1
    [ $? != 0 ] && grep -q "$2" "$work/report"
}

controls() {
    ok 'control: an over-read is built' link_c "$work/control-over-read" fuzz/control-over-read.c
    ok 'control: what coverage leads to is built' link_c "$work/control-coverage" fuzz/control-coverage.c
    ok 'control: an over-read in the library is found' control_found control-over-read 'AddressSanitizer: heap-buffer-overflow'
    ok 'control: what only coverage leads to is found' control_found control-coverage 'not so: '
}

needs clang
[ -z "$only" ] || mapfile -t targets < <(printf '%s\n' "${targets[@]}" | grep -e "$only")
mkdir -p "$work"
mkdir -p "$work/findings"
unpack_corpora
build_library & library=$!
build_differential & differential=$!
wait "$library"
ok 'the library is built for fuzzing' test $? = 0
wait "$differential"
ok 'the oracles are built' test $? = 0
ok 'ASan and coverage are in the library' is_instrumented "$built/libapisig.a"
for target in "${targets[@]}"; do
    build_target "$target" || ok "$target is built" false
    replay "$target"
done
[ -n "$only" ] || controls

all=$(weights)
for target in "${targets[@]}"; do
    fuzz "$target" &
    two_at_a_time
done
wait
sum=0
for target in "${targets[@]}"; do
    count=$(executed "$target")
    sum=$((sum + count))
    ok "$target: $count executions without a finding" is_clean "$target"
done
findings=$(find "$work/findings" -type f | wc -l)
echo "figure: $sum executions of ${#targets[@]} targets in $((SECONDS - began)) s, $findings findings"
[ "$sum" -ge "$runs" ] || missing "this machine made only $sum of $runs executions in the time"
[ "$failures" = 0 ]

#!/usr/bin/env bash
# How many instructions a call of each function executes, by callgrind: a count, which is the same on a busy machine. In the
# library alone, without memcpy and its like, which differ from one processor to the next; first outside of the compression
# functions, then in them, the portable ones: valgrind hides the processor's own instructions for hashes.
# Compares with benches/instructions.tsv: none may grow by more than 3 %. Counts of another rustc are not comparable.
# Usage: instructions.sh [write]
set -u
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
committed=benches/instructions.tsv
work=target/instructions
needs valgrind

counts() {
    rm -rf "$work" && mkdir -p "$work" || return
    compile_c "$work/calls" benches/instructions.c target/release/libapisig.a &&
        valgrind -q --tool=callgrind --callgrind-out-file="$work/out" --dump-line=no --compress-strings=no --compress-pos=no \
            "$work/calls" >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
    LC_ALL=C awk '
        FNR == 1 { next_call = 0; name = "" }
        /^desc: Trigger: Client Request: / { name = $NF }
        /^ob=/ { ours = /instructions\/calls$/ }
        /^fn=/ { compresses = /compress/ }
        /^calls=/ { next_call = 1; next }
        /^[0-9]/ && next_call { next_call = 0; next }
        /^[0-9]/ && name != "" && ours { count[name, compresses] += $2; seen[name] }
        END { for (name in seen) printf "%s\t%d\t%d\n", name, count[name, 0], count[name, 1] }' "$work"/out.* |
        LC_ALL=C sort >"$work/counts" && [ -s "$work/counts" ]
}

compare() {
    awk -F '\t' -v OFS='\t' '
        FNR == NR { before[$1] = $2; compressed[$1] = $3; next }
        !/^#/ {
            grows = $1 in before && ($2 > 1.03 * before[$1] || $3 > 1.03 * compressed[$1])
            print (grows ? "FAILED" : "ok") ": " $1, $2 " (" ($1 in before ? before[$1] : "new") ")", $3 " (" compressed[$1] + 0 ")"
            failures += grows
        }
        END { exit failures > 0 }' "$committed" "$work/counts"
}

rustc=$(rustc --version)
counts || { echo 'FAILED: callgrind counts'; exit 1; }
if [ "${1:-}" = write ]; then
    { echo "# $rustc: benches/instructions.sh"; cat "$work/counts"; } >"$committed"
    column -t <"$work/counts"
elif grep -qF "# $rustc:" "$committed"; then
    compare
else
    echo "SKIP: the counts of $committed are of another rustc than $rustc"
fi

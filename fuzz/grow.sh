#!/usr/bin/env bash
# Grows the kept corpora, for when there is a new reader: seeds of the vectors, and what the targets find in some time, reduced
# to as little as reaches every place that all of it reaches. Usage: grow.sh [SECONDS for each target]
set -u
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
. fuzz/build.sh

# A target and its differential one have one corpus.
in_every_corpus() { # command
    for target in "${targets[@]}"; do
        options_of "$target"
        name=${corpus##*/}
        "$@" >"$work/$target.log" 2>&1 || { tail -n 20 "$work/$target.log"; exit 1; }
    done
}

grow() { # seconds
    build_target "$target" && mkdir -p "$work/grown/$name" "$corpus" &&
        "$work/$target" "${options[@]}" "-max_total_time=$1" "$work/grown/$name" "$corpus" "$work/seeds/$name"
}

# How often a place is reached makes no input worth keeping.
reduce() {
    mkdir -p "$work/reduced/$name" &&
        "$work/$target" "${options[@]}" -set_cover_merge=1 -use_counters=0 "$work/reduced/$name" "$work/grown/$name" "$corpus" \
            "$work/seeds/$name"
}

mkdir -p "$work/findings"
unpack_corpora
rm -rf "$work/reduced" "$work/seeds"
build_library && build_differential && python3 fuzz/seeds.py "$work/seeds" "${targets[@]#differential_}" || exit 1
in_every_corpus grow "${1:-60}"
in_every_corpus reduce
for corpus in "$work/reduced"/*; do
    pack_corpus "$corpus"
    echo "${corpus##*/}: $(find "$corpus" -type f | wc -l) files, $(du -sb "$corpus" | cut -f1) bytes"
done

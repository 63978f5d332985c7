#!/usr/bin/env bash
# Changes the code that reads untrusted input, a place at a time, and runs the unit tests of that file: `make
# mutants`. Nine of ten changes must be seen. Takes half an hour, and so is not in `make trust`. Usage: mutants.sh [FILE...]
set -u
cd "$(dirname "$0")/../.."
out=$PWD/target/mutants
files=("$@")
[ $# -gt 0 ] || files=(core/src/crypto/constant_time core/src/text/{encoding,date,json,form,basic} messages/src/json_string)
# Compiling takes longer than the tests; and what is compiled for one file serves the next.
export CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$out/build

cargo mutants --version >/dev/null 2>&1 || { echo 'please install it: cargo install cargo-mutants --locked'; exit 1; }
caught=0 missed=0
for file in "${files[@]}"; do
    mkdir -p "$out/$file"
    module=${file#*/src/}
    cargo mutants --cargo-arg=--locked -p "apisig-${file%%/*}" -f "$file.rs" -o "$out/$file" --timeout 60 --colors never -- \
        --lib "${module/\//::}::" >"$out/$file/log" 2>&1
    results=$out/$file/mutants.out
    seen=$(cat "$results/caught.txt" "$results/timeout.txt" | grep -c .)
    unseen=$(grep -c . "$results/missed.txt")
    echo "$file: $seen of $((seen + unseen)) caught"
    cat "$results/missed.txt"
    [ $((seen + unseen)) -gt 0 ] || { tail -n 20 "$out/$file/log"; exit 1; }
    caught=$((caught + seen)) missed=$((missed + unseen))
done
echo "$caught caught, $missed missed: $((100 * caught / (caught + missed))) %"
[ $((100 * caught / (caught + missed))) -ge 90 ]

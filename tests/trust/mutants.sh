#!/usr/bin/env bash
# Changes the code that reads what strangers send, a place at a time, and runs the tests of core: `make mutants`. Takes long: not
# in `make trust`. At least nine of ten changes must be seen.
set -u
cd "$(dirname "$0")/../.."
out=target/mutants
files=()
for file in encoding date json json_string form basic; do files+=(-f "core/src/primitives/$file.rs"); done

cargo mutants --version >/dev/null 2>&1 || { echo 'please install it: cargo install cargo-mutants --locked'; exit 1; }
mkdir -p "$out"
cargo mutants -p apisig-core "${files[@]}" -o "$out" --timeout 60 "$@" -- --lib --test vectors
caught=$(cat "$out"/mutants.out/{caught,timeout}.txt | grep -c .)
missed=$(grep -c . "$out/mutants.out/missed.txt")
echo "$caught caught, $missed missed: $((100 * caught / (caught + missed))) %"
[ $((100 * caught / (caught + missed))) -ge 90 ]

#!/usr/bin/env bash
# Proves that no panic path is left: none is linked in. In a build whose panic handler calls a function that does not exist,
# the shared library links, and so does a program that pulls every function out of the static one. With a panic planted,
# both must fail.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
target=$PWD/target/proof
sources=$target-source

build() { # crate types
    (cd "$sources" && cargo rustc --locked -q --release -p apisig --features proof --lib --target-dir "$target" --crate-type "$1") 2>"$target.log"
}

# Links a program with every function of the static library.
links() {
    local wanted=()
    while read -r name; do wanted+=("-Wl,-u,$name"); done < <(functions)
    echo 'int main(void) { return 0; }' >"$target/main.c"
    gcc -o "$target/main" "$target/main.c" -Wl,--gc-sections "${wanted[@]}" "$target/release/libapisig.a" 2>"$target.log"
}

# The link must fail for this reason and no other.
fails_for_the_panic() { # command that links
    ! "$@" && grep -q a_panic_path_is_left_in_apisig "$target.log"
}

with_compiled_crates "$target"
copy_of_sources "$sources"
ok 'no panic path in the .so' build cdylib,staticlib
ok 'no panic path in a program linked with the .a' links

# One function divides by what it is given.
sed -i 's|    let reason = Error::ALL|    let status = status / (status + 7);\n    let reason = Error::ALL|' "$sources/src/status.rs"
ok 'a panic path is planted' grep -q 'status + 7' "$sources/src/status.rs"
ok 'and is found in the .so' fails_for_the_panic build cdylib
ok 'the .a is built' build staticlib
ok 'and is found in the .a' fails_for_the_panic links
[ "$failures" = 0 ]

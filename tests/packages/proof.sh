#!/usr/bin/env bash
# Proves that no panic path is left: none is linked in. In a build whose panic handler calls a function that does not exist,
# the shared library links, and so does a program that pulls every function out of the static one. With a panic planted,
# both must fail.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
target=target/proof

build() { # a folder with the sources, a target directory, a crate type
    (cd "$1" && cargo rustc --locked -q --release -p apisig --features proof --lib --target-dir "$2" --crate-type "$3") 2>"$2.log"
}

links() { # likewise; a static library is pulled whole into a program
    build "$@" || return 1
    [ "$3" = staticlib ] || return 0
    local wanted=()
    while read -r name; do wanted+=("-Wl,-u,$name"); done < <(functions)
    echo 'int main(void) { return 0; }' >"$2/main.c"
    gcc -o "$2/main" "$2/main.c" -Wl,--gc-sections "${wanted[@]}" "$2/release/libapisig.a" 2>"$2.log"
}

# The link must fail for this reason and no other.
fails_for_the_panic() {
    ! links "$@" && grep -q a_panic_path_is_left_in_apisig "$2.log"
}

root=$PWD
with_compiled_crates "$target/clean"
with_compiled_crates "$target/planted"
ok 'no panic path in the .so' links "$root" "$root/$target/clean" cdylib
ok 'no panic path in a program linked with the .a' links "$root" "$root/$target/clean" staticlib

# A copy of the sources in which one function divides by what it is given.
planted=$root/$target/planted-source
copy_of_sources "$planted"
sed -i 's|    let reason = Error::ALL|    let status = status / (status + 7);\n    let reason = Error::ALL|' "$planted/src/status.rs"
ok 'a panic path is planted' grep -q 'status + 7' "$planted/src/status.rs"
ok 'and is found in the .so' fails_for_the_panic "$planted" "$root/$target/planted" cdylib
ok 'and is found in the .a' fails_for_the_panic "$planted" "$root/$target/planted" staticlib
[ "$failures" = 0 ]

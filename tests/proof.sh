#!/usr/bin/env bash
# Proves that no panic path is left: none is linked in. In a build whose panic handler calls a function that does not exist,
# the shared library links, and so does a program that pulls every function out of the static one. With a panic planted,
# both must fail.
set -u
cd "$(dirname "$0")/.."
target=target/proof
failed=0

say() { # what, 0 if it holds
    if [ "$2" = 0 ]; then echo "ok: $1"; else echo "FAILED: $1"; failed=1; fi
}

build() { # a folder with the sources, a target directory, a crate type
    (cd "$1" && cargo rustc -q --release -p apisig --features proof --lib --target-dir "$2" --crate-type "$3") 2>"$2.log"
}

links() { # likewise; a static library is pulled whole into a program
    build "$@" || return 1
    [ "$3" = staticlib ] || return 0
    local wanted=()
    while read -r name; do wanted+=("-Wl,-u,$name"); done <tests/abi/exported.txt
    echo 'int main(void) { return 0; }' >"$2/main.c"
    gcc -o "$2/main" "$2/main.c" -Wl,--gc-sections "${wanted[@]}" "$2/release/libapisig.a" 2>"$2.log"
}

# The link must fail for this reason and no other.
fails_for_the_panic() {
    ! links "$@" && grep -q a_panic_path_is_left_in_apisig "$2.log"
}

mkdir -p "$target"
root=$PWD
links "$root" "$root/$target/clean" cdylib
say 'no panic path in the .so' $?
links "$root" "$root/$target/clean" staticlib
say 'no panic path in a program linked with the .a' $?

# A copy of the sources in which one function divides by what it is given.
planted=$root/$target/planted-source
rm -rf "$planted"
mkdir -p "$planted"
cp -r Cargo.toml Cargo.lock build.rs src core include "$planted"
mkdir -p "$planted/bindings/php"
sed -i 's|    let reason = Error::ALL|    let status = status / (status + 7);\n    let reason = Error::ALL|' "$planted/src/status.rs"
! cmp -s src/status.rs "$planted/src/status.rs"
say 'a panic path is planted' $?
fails_for_the_panic "$planted" "$root/$target/planted" cdylib
say 'and is found in the .so' $?
fails_for_the_panic "$planted" "$root/$target/planted" staticlib
say 'and is found in the .a' $?
exit $failed

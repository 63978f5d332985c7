#!/usr/bin/env bash
# Builds the library and the command for every platform on this machine, and for Linux Python's extension module, into
# target/platforms/<platform>/, and prints their checksums:
# `make platforms`. A platform is named as PHP's php_uname() has it, in lower case. zig links, from the package index by
# bindings/platforms.txt; the standard libraries of Rust come by rustup, or where it has none from Debian's cargo-web and rust-web-src.
# The same sources give the same bytes in every folder. Usage: platforms.sh [platform...]; without: all
set -eu
cd "$(dirname "$0")/.."
work=$PWD/target/platforms

# platform, target of the library, its file, target of the command. Whom zig shall link for an older glibc has the version at its end.
platforms() {
    cat <<'TABLE'
linux-x86_64   x86_64-unknown-linux-gnu.2.17        libapisig.so    x86_64-unknown-linux-musl
linux-aarch64  aarch64-unknown-linux-gnu.2.17       libapisig.so    aarch64-unknown-linux-musl
linux-armv7l   armv7-unknown-linux-gnueabihf.2.17   libapisig.so    -
linux-riscv64  riscv64gc-unknown-linux-gnu.2.31     libapisig.so    -
windows-amd64  x86_64-pc-windows-gnu                apisig.dll      x86_64-pc-windows-gnu
windows-arm64  aarch64-pc-windows-gnullvm           apisig.dll      aarch64-pc-windows-gnullvm
darwin-arm64   aarch64-apple-darwin                 libapisig.dylib aarch64-apple-darwin
darwin-x86_64  x86_64-apple-darwin                  libapisig.dylib x86_64-apple-darwin
wasm32         wasm32-unknown-unknown               apisig.wasm     -
TABLE
}

tools() {
    local tools=$work/tools
    if ! cmp -s bindings/platforms.txt "$tools/installed"; then
        echo 'platforms: installing zig and cargo-zigbuild into target/platforms/tools'
        python3 -m venv "$tools"
        "$tools/bin/pip" install -q --no-compile --disable-pip-version-check --require-hashes -r bindings/platforms.txt
        cp bindings/platforms.txt "$tools/installed"
    fi
    export PATH=$tools/bin:$PATH CARGO_ZIGBUILD_PYTHON_PATH=$tools/bin/python
}

has_standard_library() { # target
    compgen -G "$(rustc --print target-libdir --target "$1")/libcore-*.rlib" >/dev/null
}

# Debian's compiler and the sources of its standard library are always of one version. Its `cargo` is asked to build that library too,
# which only RUSTC_BOOTSTRAP allows.
by_debian() {
    # Once.
    [ -z "${RUSTC_BOOTSTRAP:-}" ] || return 0
    local bin=$work/debian version
    [ -x /usr/bin/cargo ] && version=$(/usr/bin/rustc -V | awk '{ print $2 }') && [ -d "/usr/src/rustc-$version/library" ] || return
    mkdir -p "$bin" && ln -sf /usr/bin/cargo /usr/bin/rustc "$bin"
    # The linker of WebAssembly, which rustup brings too: zig has it, without the name that rustc puts in front.
    printf '#!/bin/sh\nshift 2\nexec "%s" -m ziglang wasm-ld "$@"\n' "$work/tools/bin/python" >"$bin/rust-lld" && chmod +x "$bin/rust-lld"
    export PATH=$bin:$PATH RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT=/usr/src/rustc-$version/library
}

# Only where it was asked for; rustup's own are compiled already.
build_std() { # crates
    [ -z "${RUSTC_BOOTSTRAP:-}" ] || echo "-Zbuild-std=$1"
}

get_standard_library() { # targets
    local target
    for target in "$@"; do
        has_standard_library "$target" || timeout 300 rustup -q target add "$target" >/dev/null 2>&1 || has_standard_library "$target" ||
            { by_debian && return || return 1; }
    done
}

# No path of this machine, and no time, gets into what is built.
reproducible() {
    local cargo=${CARGO_HOME:-$HOME/.cargo} source
    source=$(rustc --print sysroot)/lib/rustlib/src/rust
    export RUSTFLAGS="--remap-path-prefix=$PWD=apisig --remap-path-prefix=$cargo/registry/src=crates --remap-path-prefix=$source=rust --remap-path-prefix=/usr/src=rust"
    export MACOSX_DEPLOYMENT_TARGET=11.0 CARGO_TARGET_DIR=$work/cargo
}

library() { # platform, target, file
    local options=()
    [ "$1" != wasm32 ] || options=(--config 'profile.release.opt-level="s"')
    # shellcheck disable=SC2046
    cargo zigbuild -q --release --locked -p apisig --target "$2" $(build_std core) --config 'profile.release.strip=true' "${options[@]}"
    mkdir -p "$work/$1"
    local release=$CARGO_TARGET_DIR/${2%%.*}/release file
    cp "$release/$3" "$work/$1/$3"
    # For C: the static library, and on Windows the one that stands for the DLL.
    for file in libapisig.a libapisig.dll.a; do [ "$1" = wasm32 ] || [ ! -e "$release/$file" ] || cp "$release/$file" "$work/$1"; done
}

# Through which CPython calls the library. This machine's Python.h serves for every 64-bit Linux: the stable ABI has no type that differs.
extension() { # platform, target
    case $1 in linux-x86_64 | linux-aarch64) ;; *) return 0 ;; esac
    printf '#!/bin/sh\nexec "%s" -m ziglang cc -target "%s" "$@"\n' "$work/tools/bin/python" "${2/-unknown-/-}" >"$work/cc"
    chmod +x "$work/cc"
    CC=$work/cc bindings/python/call.sh "$work/tools/bin/python" "$work/$1/_call.abi3.so"
}

command_for() { # platform, target
    local file=apisig
    case $1 in windows-*) file=apisig.exe ;; esac
    # rustup brings musl's crt1.o. Where Debian's sources are compiled, zig has it.
    [[ -z "${RUSTC_BOOTSTRAP:-}" || $2 != *-musl ]] || local -x RUSTFLAGS="$RUSTFLAGS -Clink-self-contained=no"
    # shellcheck disable=SC2046
    cargo zigbuild -q --profile cli --locked -p apisig-cli --target "$2" $(build_std std,panic_unwind) --config 'profile.cli.strip=true' \
        --config 'profile.cli.opt-level=3'
    cp "$CARGO_TARGET_DIR/${2%%.*}/cli/$file" "$work/$1/$file"
}

build() { # platform, target, file, target of the command
    local started=$SECONDS targets=("${2%%.*}")
    [ "$4" = - ] || targets+=("$4")
    get_standard_library "${targets[@]}" || { echo "platforms: no standard library of Rust for $1, by rustup nor by Debian's rust-web-src"; return 1; }
    rm -rf "${work:?}/$1"
    library "$1" "$2" "$3"
    extension "$1" "$2"
    [ "$4" = - ] || [ -n "${WITHOUT_COMMAND:-}" ] || command_for "$1" "$4"
    echo "$1: $((SECONDS - started)) s"
}

mkdir -p "$work"
tools
reproducible
wanted=" $* "
while read -r platform target file command; do
    [ $# = 0 ] || [[ $wanted == *" $platform "* ]] || continue
    build "$platform" "$target" "$file" "$command" </dev/null
done < <(platforms)
cd "$work" && find $(platforms | cut -d' ' -f1) -type f 2>/dev/null | LC_ALL=C sort | xargs sha256sum | tee SHA256SUMS

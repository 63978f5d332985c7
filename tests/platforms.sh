#!/usr/bin/env bash
# The libraries that `make platforms` builds, on the platforms they are for: 64-bit ARM by qemu, Windows by wine, musl; the machine code of
# macOS and WebAssembly in emulators. Builds what is missing. Called by `make trust`. Usage: platforms.sh [arm64|windows|musl|darwin|wasm]
set -u
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
. tests/lib/suite.sh
. tests/platforms/lib.sh
only=${1:-}

built() { # its files are newer than the sources
    local platform
    for platform in "$@"; do
        [ -d "$work/$platform" ] && [ -z "$(find Cargo.toml Cargo.lock build.rs build src core/src diagnosis/src cli/src -newer "$work/$platform" -print -quit)" ] ||
            bindings/platforms.sh "$platform" >"$work/$platform.log" 2>&1 || { tail -n 5 "$work/$platform.log"; return 1; }
    done
}

on() { # name, platforms, command
    [[ $1 == *"$only"* ]] || return 0
    # shellcheck disable=SC2086
    if built $2; then suite "platforms: $1" "${@:3}"; else skip "platforms: $1" "$2 cannot be built; a standard library of Rust"; fi
}

on arm64 linux-aarch64 tests/platforms/arm64.sh "$work/linux-aarch64/libapisig.so"
on windows windows-amd64 tests/platforms/windows.sh "$work/windows-amd64"
on musl 'linux-x86_64' tests/platforms/musl.sh "$work/linux-x86_64/libapisig.so"
on darwin 'darwin-arm64 darwin-x86_64' tests/platforms/darwin.sh "$work"/darwin-*/libapisig.dylib
on wasm wasm32 node tests/platforms/wasm.mjs "$work/wasm32/apisig.wasm"
sums

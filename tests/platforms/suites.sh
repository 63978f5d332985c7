# The libraries that `make platforms` builds, on the platforms they are for: 64-bit ARM by qemu, Windows by wine, musl; the machine code of
# macOS and WebAssembly in emulators. What is missing or older than the sources is built. Sourced behind suite.sh.
. tests/platforms/lib.sh

built() { # platforms
    local platform
    for platform in "$@"; do
        [ -d "$work/$platform" ] && [ -z "$(find Cargo.toml Cargo.lock build.rs build src core/src messages/src diagnosis/src request/src cli/src -newer "$work/$platform" -print -quit)" ] ||
            bindings/platforms.sh "$platform" >"$work/build.log" 2>&1 || { tail -n 5 "$work/build.log"; return 1; }
    done
}

on() { # name, platforms, command
    [[ "platforms: $1" == *"${only:-}"* ]] || return 0
    # shellcheck disable=SC2086
    if built $2; then suite "platforms: $1" "${@:3}"; else skip "platforms: $1" "what builds $2"; fi
}

PACKAGED=(linux-x86_64 linux-aarch64 darwin-arm64 darwin-x86_64 windows-amd64 windows-arm64)

packages_alone() {
    ok 'make dist-all' bindings/dist.sh all && tests/platforms/packages.sh dist
}

platform_suites() {
    on '64-bit ARM' linux-aarch64 tests/platforms/arm64.sh "$work/linux-aarch64/libapisig.so"
    on 'Windows' windows-amd64 tests/platforms/windows.sh "$work/windows-amd64"
    on 'musl' linux-x86_64 tests/platforms/musl.sh "$work/linux-x86_64"
    on 'macOS' 'darwin-arm64 darwin-x86_64' tests/platforms/darwin.sh "$work"/darwin-{arm64,x86_64}/libapisig.dylib
    on 'WebAssembly' wasm32 node tests/platforms/wasm.mjs "$work/wasm32/apisig.wasm"
    on 'packages' "${PACKAGED[*]}" packages_alone
    on 'reproducible' 'linux-x86_64 wasm32' tests/platforms/reproducible.sh linux-x86_64 wasm32
}

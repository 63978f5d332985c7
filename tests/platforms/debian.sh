#!/usr/bin/env bash
# A Debian that has no rustup: its own cargo-web builds the library as README says, and `make platforms` takes the standard libraries of
# other platforms from its rust-web-src. Each in a folder that mmdebstrap makes, as root; nothing stays mounted, since all is in a mount
# namespace of its own. Usage: debian.sh [SUITE]...
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/platforms/lib.sh
# Behind platforms/lib.sh: both set $work, and this one is removed at the end.
. tests/lib/debian.sh
needs qemu-aarch64-static qemu-user-static
needs node nodejs

# The packages that README names, and python3-venv, with which make platforms fetches its tools.
made() { # suite
    mmdebstrap --quiet --variant=minbase --aptopt='Apt::Install-Recommends "false"' \
        --include=cargo-web,rust-web-src,make,gcc,libc6-dev,ca-certificates,python3-venv "$1" "$root" \
        "deb $mirror $1 main" "deb $mirror-security $1-security main" >"$work/log" 2>&1 || { tail -n 5 "$work/log"; return 1; }
}

inside() { # command
    unshare -m --propagation private sh -c '
        mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" && mount --bind /etc/resolv.conf "$1/etc/resolv.conf" &&
        mount --bind /etc/ssl/certs "$1/etc/ssl/certs" && root=$1 && shift &&
        exec chroot "$root" env -C /apisig -u CARGO_HOME -u RUSTUP_HOME HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"' - "$root" "$@"
}

has_no_rustup() {
    ! inside sh -c 'command -v rustup' && inside cargo --version | grep -q '^cargo 1\.'
}

signs() {
    gcc -std=c99 -O1 -o "$work/load" tests/c/load.c && "$work/load" "$root/apisig/target/release/libapisig.so"
}

for suite in bookworm trixie; do
    [[ $# = 0 || " $* " == *" $suite "* ]] || continue
    root=$work/$suite
    made "$suite" || { echo "SKIP: Debian $suite with cargo-web cannot be had"; continue; }
    touch "$root/etc/resolv.conf"
    copy_of_sources "$root/apisig"
    cp -r Makefile LICENSE* THIRD-PARTY bindings "$root/apisig"
    ok "$suite: there is no rustup" has_no_rustup
    ok "$suite: make" inside make -s
    ok "$suite: the library signs" signs
    ok "$suite: make platforms" inside bindings/platforms.sh wasm32 linux-aarch64
    built=$root/apisig/target/platforms
    ok "$suite: WebAssembly, every vector" node tests/platforms/wasm.mjs "$built/wasm32/apisig.wasm"
    ok "$suite: the command of 64-bit ARM" the_command qemu-aarch64-static "$built/linux-aarch64/apisig"
    rm -rf "$root"
done
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Two builds of the same sources, in two folders, are the same bytes. Usage: reproducible.sh PLATFORM...
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/platforms/lib.sh
other=$(mktemp -d)
trap 'rm -rf "$other"' EXIT

again() { # platforms
    copy_of_sources "$other/there" && mkdir -p "$other/there/target/platforms" && cp -r bindings "$other/there" &&
        ln -s "$work/tools" "$other/there/target/platforms/tools" &&
        WITHOUT_COMMAND=1 "$other/there/bindings/platforms.sh" "$@" >"$other/log" 2>&1 || { tail -n 5 "$other/log"; return 1; }
}

same_bytes() { # platform
    local file
    for file in "$other/there/target/platforms/$1"/*; do cmp "$file" "$work/$1/${file##*/}" || return; done
}

names_no_folder() { # platform
    ! grep -aq -e "$PWD" -e "${CARGO_HOME:-$HOME/.cargo}" "$work/$1"/*apisig.*
}

ok 'it is built again' again "$@"
for platform in "$@"; do
    ok "$platform: the same bytes" same_bytes "$platform"
    ok "$platform: it names no folder of this machine" names_no_folder "$platform"
done
[ "$failures" = 0 ]

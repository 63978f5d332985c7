#!/usr/bin/env bash
# How the shared library, and Python's extension module, are linked: what an attacker who found a fault elsewhere in the process could use of it. Each check must
# fail on a library that is linked carelessly. There is no stack protector: stable Rust has none.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=target/trust
mkdir -p "$work"

full_relro() {
    readelf -lW "$1" | grep -q GNU_RELRO && readelf -d "$1" | grep -Eq '\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW'
}

# The stack is not executable.
nx() {
    readelf -lW "$1" | grep GNU_STACK | grep -q 'RW ' && ! readelf -lW "$1" | grep GNU_STACK | grep -q 'RWE'
}

no_segment_is_writable_code() {
    ! readelf -lW "$1" | grep -E '^ *LOAD' | grep -q 'RWE'
}

no_rpath() {
    ! readelf -d "$1" | grep -Eq '\((RPATH|RUNPATH)\)'
}

no_text_relocations() {
    ! readelf -d "$1" | grep -Eq 'TEXTREL'
}

for library in target/release/libapisig.so bindings/python/apisig/_call.abi3.so; do
    [ -e "$library" ] || { missing "$library is not built" && continue; }
    for check in full_relro nx no_segment_is_writable_code no_rpath no_text_relocations; do
        ok "${check//_/ }: ${library##*/}" "$check" "$library"
    done
done

# Code in which the loader has to write an address, in a library that allows all of this, and in one whose code is not writable.
careless=$work/careless.so relocated=$work/relocated.so
cat >"$work/careless.s" <<'ASSEMBLER'
    .text
    .globl careless
careless:
    .quad careless
ASSEMBLER
links() { # path, options of the linker
    gcc -shared -nostdlib -o "$1" "$work/careless.s" "${@:2}" 2>/dev/null
}
finds() { # check, library
    ! "$1" "$2"
}
ok 'control: a careless library is linked' links "$careless" -Wl,-z,norelro,-z,lazy,-z,execstack,-N,-rpath,/tmp
ok 'control: another one is linked' links "$relocated" -Wl,-z,notext
for check in full_relro nx no_segment_is_writable_code no_rpath; do
    ok "control: ${check//_/ }" finds "$check" "$careless"
done
ok 'control: no text relocations' finds no_text_relocations "$relocated"
[ "$failures" = 0 ]

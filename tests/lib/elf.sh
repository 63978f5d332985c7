# What every shared library for Linux has to be, whatever processor it is for. Sourced behind lib.sh.

exports_the_header() { # library
    diff <(functions) <(nm -D --defined-only "$1" | awk '{ print $NF }' | LC_ALL=C sort)
}

# Weak ones are the linker's own, and another linker's are others.
imports_the_list() { # library, processor
    diff "tests/trust/abi/undefined-$2.txt" <(nm -D --undefined-only "$1" | awk '$1 != "w" { print $NF }' | LC_ALL=C sort)
}

needs_libc_alone() { # library
    [ "$(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')" = libc.so.6 ]
}

# Of memcpy on x86-64; of everything on aarch64, which no older glibc knew.
oldest_glibc() { # processor
    case $1 in x86_64) echo 2.14 ;; *) echo 2.17 ;; esac
}

needs_nothing_newer() { # library, version of glibc
    local newest
    newest=$(nm -D --undefined-only "$1" | sed -n 's/.*@GLIBC_//p' | sort -V | tail -n 1)
    [ "$(printf '%s\n%s\n' "$newest" "$2" | sort -V | tail -n 1)" = "$2" ]
}

has_dynamic() { # library, pattern
    readelf -d "$1" | grep -q "$2"
}

# Every panic ends in abort(): where it is not imported, no panic is left. tests/packages/proof.sh proves it.
no_abort() { # library
    ! nm -D --undefined-only "$1" | grep -qw abort
}

# On aarch64 pages may have 64 KB, and the file has a hole of as much.
small() { # stripped library, processor
    local hole=0
    [ "$2" != aarch64 ] || hole=64
    [ "$(stat -c %s "$1")" -le $(((334 + 10 * ${#VENDORS[@]} + hole) * 1024)) ]
}

a_good_elf() { # library, stripped, processor
    ok "$3: exported are the functions of the header" exports_the_header "$1"
    ok "$3: imported are the symbols of the list" imports_the_list "$1" "$3"
    ok "$3: it needs libc.so.6 alone" needs_libc_alone "$1"
    ok "$3: it needs nothing newer than GLIBC_$(oldest_glibc "$3")" needs_nothing_newer "$1" "$(oldest_glibc "$3")"
    ok "$3: stripped it is small, 384 KB" small "$2" "$3"
    ok "$3: it has a SONAME" has_dynamic "$1" 'SONAME.*\[libapisig.so.0\]'
    ok "$3: it stays loaded" has_dynamic "$1" 'NODELETE'
    ok "$3: it imports no abort" no_abort "$1"
}

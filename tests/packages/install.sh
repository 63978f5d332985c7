#!/usr/bin/env bash
# Installs into an empty folder and builds a small program in every way that its users do: by pkg-config, against the static
# library and wholly static, and by CMake. Then likewise with DESTDIR, as packagers do.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=$PWD/target/tests/install
prefix=$work/prefix
rm -rf "$work"
mkdir -p "$work"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig

right() { # program
    LD_LIBRARY_PATH="${2:-}" "$1" | grep -q '^mor sign.b93c35d5c6183288322122561a3da7e09abb63b7$'
}

by_pkg_config() {
    # shellcheck disable=SC2046
    gcc -std=c99 -o "$work/shared" tests/packages/demo/demo.c $(pkg-config --cflags --libs apisig) && right "$work/shared" "$prefix/lib" &&
        readelf -d "$work/shared" | grep -q 'NEEDED.*libapisig.so.0'
}

against_the_archive() {
    gcc -std=c99 "$@" -o "$work/static" tests/packages/demo/demo.c -I"$prefix/include" "$prefix/lib/libapisig.a" && right "$work/static"
}

by_cmake() {
    mkdir -p "$work/cmake"
    cat >"$work/cmake/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.13)
project(demo C)
find_package(apisig 0.1 CONFIG REQUIRED)
foreach(kind apisig apisig_static)
  add_executable(${kind} demo.c)
  target_link_libraries(${kind} apisig::${kind})
endforeach()
CMAKE
    cp tests/packages/demo/demo.c "$work/cmake"
    cmake -S "$work/cmake" -B "$work/cmake/build" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log" &&
        cmake --build "$work/cmake/build" >>"$work/cmake.log" &&
        right "$work/cmake/build/apisig" && right "$work/cmake/build/apisig_static"
}

as_packagers_do() {
    make -s install DESTDIR="$work/package" PREFIX=/usr LIBDIR=/usr/lib/x86_64-linux-gnu || return
    local lib=$work/package/usr/lib/x86_64-linux-gnu
    [ -L "$lib/libapisig.so.0" ] && [ -f "$lib/libapisig.so" ] && [ -f "$work/package/usr/include/apisig.h" ] &&
        grep -qx 'libdir=/usr/lib/x86_64-linux-gnu' "$lib/pkgconfig/apisig.pc" &&
        grep -q '../../include"' "$lib/cmake/apisig/apisig-config.cmake"
}

licenses() { # folder
    local file
    for file in "${LICENSES[@]}"; do cmp "$file" "$1/share/doc/apisig/$file" || return; done
}

# One for each function, and apisig(3), which names all of them.
manual_pages() {
    local function page
    while read -r function; do
        grep -q "$function(" "$prefix/share/man/man3/apisig.3" || { echo "$function is not in apisig(3)"; return 1; }
        page=$prefix/share/man/man3/$function.3
        man --warnings -E UTF-8 -l -Tutf8 "$page" >"$work/man" 2>"$work/man.log" && [ ! -s "$work/man.log" ] && lexgrog "$page" >/dev/null &&
            grep -q "$function(" "$page" && grep -A 1 DESCRIPTION "$page" | grep -q '[a-z]' || { echo "$page"; cat "$work/man.log"; return 1; }
    done < <(functions)
    man --warnings -E UTF-8 -l -Tutf8 "$prefix/share/man/man3/apisig.3" 2>&1 >/dev/null | ( ! grep . )
}

the_command() {
    local completion=$prefix/share/bash-completion/completions/apisig
    [ -x target/cli/apisig ] || { echo 'make cli has not built it'; return 1; }
    APISIG_SECRET=secret "$prefix/bin/apisig" sign retailcrm --api-key api_key | grep -Eqx '[0-9a-f]{64}' &&
        [ -f "$prefix/share/man/man1/apisig-read.1" ] && bash -c '. "$1" && complete -p apisig' - "$completion" >/dev/null
}

ok 'make install' make -s install PREFIX="$prefix"
ok 'a program by pkg-config' by_pkg_config
ok 'a program against the static library' against_the_archive
ok 'a wholly static program' against_the_archive -static
if has cmake; then ok 'two programs by CMake' by_cmake; else missing 'cmake is not installed'; fi
ok 'DESTDIR and LIBDIR' as_packagers_do
ok 'the command, its manual pages and completions' the_command
ok 'the licenses are installed' licenses "$prefix"
ok 'and below DESTDIR' licenses "$work/package/usr"
if has man; then ok 'a manual page for every function' manual_pages; else missing 'man is not installed'; fi
[ "$failures" = 0 ]

#!/usr/bin/env bash
# PHP with FFI and CPython with ctypes, linked with musl, from Debian's sources: what is nearest to Alpine on a Debian. Takes some
# minutes, once. Usage: musl-runtimes.sh FOLDER; in it are then bin/php and bin/python3
set -eu
mkdir -p "$1"
cd "$1"
[ ! -x bin/php ] || [ ! -x bin/python3 ] || exit 0
prefix=$PWD
mkdir -p sources/kernel sources/lists/partial
cd sources

# Debian's sources, without changing this machine's own lists.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm main" >list
apt() {
    apt-get -qq -o Dir::Etc::SourceList="$PWD/list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$PWD/lists" -o APT::Sandbox::User=root "$@"
}
apt update
apt source --download-only libffi php8.2 python3.11
for archive in *.orig.tar.*; do [[ $archive == *.asc ]] || tar xf "$archive"; done

# musl-gcc has no headers of the kernel, and Debian's gcc names glibc's folder for whatever it compiles.
ln -sfn /usr/include/linux /usr/include/asm-generic /usr/include/x86_64-linux-gnu/asm kernel
printf '#!/bin/sh\ncase $1 in -print-multiarch | --print-multiarch) echo x86_64-linux-musl ;; *) exec musl-gcc "$@" ;; esac\n' >cc
chmod +x cc
export CC="$PWD/cc" CFLAGS="-O1 -fPIC -w -idirafter $PWD/kernel" PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
(
    cd libffi-*/
    ./configure -q --prefix="$prefix" --libdir="$prefix/lib" --disable-docs --disable-builddir --disable-multi-os-directory --disable-shared
    make -s -j2
    make -s install
)
(
    cd php*/
    [ -x configure ] || ./buildconf --force
    ./configure -q --prefix="$prefix" --disable-all --with-ffi --disable-cgi --disable-phpdbg --disable-opcache
    make -s -j2
    make -s install-cli
)
(
    cd Python-*/
    ./configure -q --prefix="$prefix" --without-ensurepip --disable-test-modules LDFLAGS="-L$prefix/lib" CPPFLAGS="-I$prefix/include"
    make -s -j2
    make -s install
)
rm -rf "$prefix/sources"

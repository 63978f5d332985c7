#!/usr/bin/env bash
# Makes the archives that are published, in dist/: a wheel and a source archive for Python, a package for Composer, and a
# folder tree for C. Called by `make dist`.
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh
version=$(sed -n 's/^#define APISIG_VERSION "\(.*\)"/\1/p' include/apisig.h)
platform=linux-$(uname -m)
work=target/dist
rm -rf dist "$work"
mkdir -p dist "$work"
strip -o "$work/libapisig.so" target/release/libapisig.so

# Python: without the network, since .venv has what builds it.
APISIG_LIBRARY=$PWD/$work/libapisig.so "$PYTHON" -m build -q --no-isolation --wheel --sdist -o dist bindings/python >"$work/python.log" ||
    { cat "$work/python.log"; exit 1; }

# Composer: one folder, with the library in it; an artifact repository reads the version from composer.json.
php=$work/apisig
mkdir -p "$php/lib/$platform"
cp -r docs bindings/php/src bindings/php/bin bindings/php/apisig.ffi.h bindings/php/preload.php README.md SECURITY.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$php"
sed "s|^    \"type\": \"library\",|    \"version\": \"$version\",\n&|" bindings/php/composer.json >"$php/composer.json"
cp "$work/libapisig.so" "$php/lib/$platform/libapisig.so"
"$PYTHON" -c 'import shutil, sys; shutil.make_archive(*sys.argv[1:])' "dist/apisig-php-$version-$platform" zip "$work" apisig

# C: what `make install` puts below the prefix.
DESTDIR=$work/c PREFIX=/apisig-$version bindings/c/install.sh
strip --strip-unneeded "$work/c/apisig-$version/lib/libapisig.so.$version"
strip --strip-debug "$work/c/apisig-$version/lib/libapisig.a"
sed -i 's|^prefix=.*|prefix=${pcfiledir}/../..|; s|^libdir=.*|libdir=${prefix}/lib|; s|^includedir=.*|includedir=${prefix}/include|' \
    "$work/c/apisig-$version/lib/pkgconfig/apisig.pc"
tar -C "$work/c" --owner=0 --group=0 -czf "dist/apisig-c-$version-$platform.tar.gz" "apisig-$version"
ls -l dist | awk 'NR > 1 { print $5 "\tdist/" $9 }'

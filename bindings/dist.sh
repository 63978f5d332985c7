#!/usr/bin/env bash
# Makes the archives that are published, in dist/: a wheel and a source archive for Python, a package for Composer, and a
# folder tree for C. Called by `make dist`. The same sources give the same bytes: times in the archives are SOURCE_DATE_EPOCH, or
# that of the last commit. An archive whose tool is missing is skipped; with REQUIRE_ALL=1 that is a failure.
set -eu
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
version=$(sed -n 's/^#define APISIG_VERSION "\(.*\)"/\1/p' include/apisig.h)
platform=linux-$(uname -m)
work=target/dist
[ -n "${SOURCE_DATE_EPOCH:-}" ] || SOURCE_DATE_EPOCH=$([ -e .git ] && git log -1 --format=%ct || echo 1767225600)
export SOURCE_DATE_EPOCH TZ=UTC
rm -rf dist "$work"
mkdir -p dist "$work"
strip -o "$work/libapisig.so" target/release/libapisig.so

# Copies what is tracked, and no link: the folders may have files of one's own beside it. Without git, everything.
copy_of_tracked() { # target, files and folders
    local file
    while read -r file; do
        [ -f "$file" ] && [ ! -L "$file" ] || continue
        mkdir -p "$1/$(dirname "$file")"
        cp "$file" "$1/$file"
    done < <(if [ -e .git ]; then git ls-files "${@:2}"; else find "${@:2}" -type f; fi)
}

# Sets what differs from one run to the next: times, and modes as of the umask.
normalize() { # folder
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    chmod -R u=rwX,go=rX "$1"
}

# Without the network, since .venv has what builds it.
python_archives() {
    APISIG_LIBRARY=$PWD/$work/libapisig.so "$PYTHON" -m build -q --no-isolation --wheel --sdist -o dist bindings/python \
        >"$work/python.log" 2>&1 || { cat "$work/python.log"; return 1; }
    if "$PYTHON" -m zipfile -l dist/*.whl | grep _call.abi3.so >/dev/null; then
        echo 'the wheel has _call.abi3.so, through which CPython calls the library'
    else
        echo 'note: the wheel has no _call.abi3.so: Python calls the library through ctypes, in three times the time'
    fi
}

# One folder, with the library in it; an artifact repository reads the version from composer.json.
composer_archive() {
    local php=$work/apisig
    mkdir -p "$php/lib/$platform"
    copy_of_tracked "$php" docs examples benches/RESULTS.md {README,SECURITY,CONTRIBUTING,CHANGELOG}.md "${LICENSES[@]}" bindings/php/{src,bin,apisig.ffi.h,preload.php}
    mv "$php"/bindings/php/* "$php" && rm -r "$php/bindings"
    sed "s|^    \"type\": \"library\",|    \"version\": \"$version\",\n&|" bindings/php/composer.json >"$php/composer.json"
    cp "$work/libapisig.so" "$php/lib/$platform/libapisig.so"
    normalize "$php"
    (cd "$work" && find apisig | LC_ALL=C sort | zip -X -q -@ "../../dist/apisig-php-$version-$platform.zip")
}

# What `make install` puts below the prefix.
c_archive() {
    local tree=$work/c/apisig-$version
    COMMAND= DESTDIR=$work/c PREFIX=/apisig-$version bindings/c/install.sh
    strip --strip-unneeded "$tree/lib/libapisig.so.$version"
    strip --strip-debug "$tree/lib/libapisig.a"
    sed -i 's|^prefix=.*|prefix=${pcfiledir}/../..|; s|^libdir=.*|libdir=${prefix}/lib|; s|^includedir=.*|includedir=${prefix}/include|' \
        "$tree/lib/pkgconfig/apisig.pc"
    normalize "$tree"
    tar -C "$work/c" --sort=name --owner=0 --group=0 --numeric-owner -I 'gzip -n' -cf "dist/apisig-c-$version-$platform.tar.gz" \
        "apisig-$version"
}

if "$PYTHON" -c 'import build, hatchling' 2>/dev/null; then
    python_archives
else
    missing "the wheel and the source archive: $PYTHON has no build and hatchling (bindings/python/dist.txt)"
fi
if has zip; then composer_archive; else missing 'the package for Composer: zip is not installed'; fi
c_archive
ls -l dist | awk 'NR > 1 { print $5 "\tdist/" $9 }'
[ "$failures" = 0 ]

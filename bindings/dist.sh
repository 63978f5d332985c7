#!/usr/bin/env bash
# Makes the archives that are published, in dist/: `make dist` those of this machine's platform, a wheel and a source archive for Python, a
# package for Composer, and a folder tree for C; `make dist-all` those of every platform in target/platforms, the command and checksums
# too. The same sources give the same bytes: times in the archives are SOURCE_DATE_EPOCH, or that of the last commit. An archive whose
# tool is missing is skipped; with REQUIRE_ALL=1 that is a failure. Usage: dist.sh [all]
set -eu
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
version=$(sed -n 's/^#define APISIG_VERSION "\(.*\)"/\1/p' include/apisig.h)
here=linux-$(uname -m)
work=target/dist
built=$(realpath -m "${APISIG_BUILT:-target/platforms}")
[ -n "${SOURCE_DATE_EPOCH:-}" ] || SOURCE_DATE_EPOCH=$([ -e .git ] && git log -1 --format=%ct || echo 1767225600)
export SOURCE_DATE_EPOCH TZ=UTC
rm -rf dist "$work"
mkdir -p dist "$work"

# The library of each platform, a folder each. Only here is it not stripped yet.
libraries=$work/libraries
if [ "${1:-}" = all ]; then
    platforms=(linux-x86_64 linux-aarch64 darwin-arm64 darwin-x86_64 windows-amd64 windows-arm64)
    mkdir -p "$libraries"
    for platform in "${platforms[@]}"; do
        mkdir "$libraries/$platform"
        cp "$built/$platform/"{libapisig.so,libapisig.dylib,apisig.dll} "$libraries/$platform" 2>/dev/null || true
    done
    suffix=
else
    platforms=("$here")
    mkdir -p "$libraries/$here"
    strip -o "$libraries/$here/libapisig.so" target/release/libapisig.so
    suffix=-$here
fi

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

archive() { # folder, the archive without its suffix, its suffix
    local parent=${1%/*} name=${1##*/} to=$PWD/dist/$2.$3
    normalize "$1"
    case $3 in
        zip) (cd "$parent" && find "$name" | LC_ALL=C sort | zip -X -y -q -@ "$to") ;;
        tar.gz) tar -C "$parent" --sort=name --owner=0 --group=0 --numeric-owner -I 'gzip -n' -cf "$to" "$name" ;;
    esac
}

# Whether it needs no libc of the system, and so fits every tag of a wheel.
is_static() { # program
    [ -x "$1" ] && LC_ALL=C readelf -lW "$1" | awk '/LOAD/ { loads = 1 } /INTERP/ { needs = 1 } END { exit !loads || needs }'
}

# The command for the wheel of a platform: what `make platforms` has built, or here `make cli`. None if it would not run everywhere.
command_of() { # platform
    local file files=("$built/$1/"apisig{,.exe})
    [ "$1" != "$here" ] || files+=("$PWD/target/cli/apisig")
    for file in "${files[@]}"; do
        if [[ $1 == linux-* ]]; then is_static "$file"; else [ -x "$file" ]; fi && echo "$file" && return
    done
    return 0
}

# Without the network, since .venv has what builds it.
python_archives() {
    local platform command extension kind=--sdist
    for platform in "${platforms[@]}"; do
        command=$(command_of "$platform")
        [ -n "$command" ] || echo "note: the wheel for $platform has no command: make platforms builds one that fits"
        extension=$built/$platform/_call.abi3.so
        [ -e "$extension" ] || extension=
        APISIG_PLATFORM=$platform APISIG_COMMAND=$command APISIG_EXTENSION=$extension APISIG_LIBRARY=$(echo "$PWD/$libraries/$platform/"*) \
            "$PYTHON" -m build -q --no-isolation --wheel $kind -o dist bindings/python >"$work/python.log" 2>&1 || { cat "$work/python.log"; return 1; }
        kind=
    done
    if "$PYTHON" -m zipfile -l dist/*linux*"${here#linux-}".whl | grep _call.abi3.so >/dev/null; then
        echo 'the wheel for this machine has _call.abi3.so, through which CPython calls the library'
    else
        echo 'note: the wheel has no _call.abi3.so: Python calls the library through ctypes, 0.3 us more a call'
    fi
}

# One folder, with the libraries in it, since Composer knows no platforms; an artifact repository reads the version from composer.json.
# The keywords have the vendors' names, as README's table has them.
composer_archive() {
    local php=$work/apisig vendors
    vendors=$(awk -F'|' '/^\|.*\(docs\/vendors\// { print tolower($2) }' README.md | tr -d '()')
    copy_of_tracked "$php" docs examples benches/RESULTS.md {README,SECURITY,CONTRIBUTING,RELEASING,CHANGELOG}.md "${LICENSES[@]}" bindings/php/{src,bin,apisig.ffi.h,preload.php}
    mv "$php"/bindings/php/* "$php" && rm -r "$php/bindings"
    # shellcheck disable=SC2086
    sed -e "s|^    \"type\": \"library\",|    \"version\": \"$version\",\n&|" -e "s|^    \"keywords\": .*\"|&$(printf ', "%s"' $vendors)|" \
        bindings/php/composer.json >"$php/composer.json"
    cp -r "$libraries" "$php/lib"
    archive "$php" "apisig-php-$version$suffix" zip
}

# What `make install` puts below the prefix.
c_archive() { # platform, folder of both libraries
    local tree=$work/c/$1/apisig-$version
    # It says that the command is missing.
    COMMAND= DESTDIR=$work/c/$1 PREFIX=/apisig-$version BUILT=$2 bindings/c/install.sh >"$work/installed"
    if [ "$1" = "$here" ]; then
        strip --strip-unneeded "$tree/lib/libapisig.so.$version"
        strip --strip-debug "$tree/lib/libapisig.a"
    fi
    sed -i 's|^prefix=.*|prefix=${pcfiledir}/../..|; s|^libdir=.*|libdir=${prefix}/lib|; s|^includedir=.*|includedir=${prefix}/include|' \
        "$tree/lib/pkgconfig/apisig.pc"
    archive "$tree" "apisig-c-$version-$1" tar.gz
}

# Where there is no pkg-config: the header, and the libraries as the linker wants them.
plain_c_archive() { # platform
    local tree=$work/c/$1/apisig-$version
    mkdir -p "$tree/include" "$tree/lib" "$tree/share/doc/apisig"
    cp include/apisig.h "$tree/include"
    cp "$built/$1/libapisig.a" "$tree/lib"
    cp "${LICENSES[@]}" "$tree/share/doc/apisig"
    case $1 in
        darwin-*)
            cp "$built/$1/libapisig.dylib" "$tree/lib/libapisig.0.dylib"
            ln -s libapisig.0.dylib "$tree/lib/libapisig.dylib"
            archive "$tree" "apisig-c-$version-$1" tar.gz
            ;;
        windows-*)
            mkdir "$tree/bin"
            cp "$built/$1/apisig.dll" "$tree/bin"
            cp "$built/$1/libapisig.dll.a" "$tree/lib"
            archive "$tree" "apisig-c-$version-$1" zip
            ;;
    esac
}

# With its manual pages and completions, which the command prints itself; that of this machine does for all.
command_archive() { # platform
    local tree=$work/command/$1/apisig-$version
    mkdir -p "$tree"
    cp "$built/$1"/apisig{,.exe} "$tree" 2>/dev/null || [ -e "$tree/apisig" ] || [ -e "$tree/apisig.exe" ] || return
    cp -r "$work/printed/"* "${LICENSES[@]}" "$tree"
    case $1 in windows-*) archive "$tree" "apisig-command-$version-$1" zip ;; *) archive "$tree" "apisig-command-$version-$1" tar.gz ;; esac
}

printed_by_the_command() {
    local shell
    mkdir -p "$work/printed/completions"
    "$built/$here/apisig" man "$work/printed/man/man1"
    for shell in bash zsh fish; do "$built/$here/apisig" completions "$shell" >"$work/printed/completions/apisig.$shell"; done
}

debian_package() { # platform, Debian's name of the processor
    local tree=$work/deb/$2
    install -D -m 755 "$built/$1/apisig" "$tree/usr/bin/apisig"
    mkdir -p "$tree/usr/share/man/man1" "$tree/usr/share/doc/apisig" "$tree/DEBIAN"
    cp "$work/printed/man/man1/"* "$tree/usr/share/man/man1" && gzip -n -9 "$tree/usr/share/man/man1/"*
    install -D -m 644 "$work/printed/completions/apisig.bash" "$tree/usr/share/bash-completion/completions/apisig"
    cat "${LICENSES[@]}" >"$tree/usr/share/doc/apisig/copyright"
    printf '%s\n' 'Package: apisig' "Version: $version" "Architecture: $2" 'Section: utils' 'Priority: optional' \
        'Maintainer: apisig maintainers <apisig@example.invalid>' "Installed-Size: $(du -sk "$tree/usr" | cut -f1)" \
        'Description: signs, verifies and explains request signatures of messaging, CRM, helpdesk and telephony vendors' ' One static program, without dependencies.' >"$tree/DEBIAN/control"
    normalize "$tree"
    dpkg-deb --root-owner-group -b "$tree" "dist/apisig_${version}_$2.deb" >/dev/null
}

# For a tap of one's own. It was never run on a Mac.
homebrew_formula() {
    local platform
    sum() { sha256sum "dist/apisig-command-$version-$1.tar.gz" | cut -d' ' -f1; }
    sed -e "s|@VERSION@|$version|g; s|@ARM64@|$(sum darwin-arm64)|; s|@X86_64@|$(sum darwin-x86_64)|" bindings/apisig.rb.in >dist/apisig.rb
}

if "$PYTHON" -c 'import build, hatchling' 2>/dev/null; then
    python_archives
else
    missing "the wheel and the source archive: $PYTHON has no build and hatchling (bindings/python/dist.txt)"
fi
if has zip; then composer_archive; else missing 'the package for Composer: zip is not installed'; fi
if [ "${1:-}" != all ]; then
    c_archive "$here" target/release
else
    printed_by_the_command
    for platform in "${platforms[@]}"; do
        case $platform in linux-*) c_archive "$platform" "$built/$platform" ;; *) plain_c_archive "$platform" ;; esac
        command_archive "$platform"
    done
    debian_package linux-x86_64 amd64
    debian_package linux-aarch64 arm64
    homebrew_formula
    "$PYTHON" bindings/sbom.py "$version" >"dist/apisig-$version.cdx.json"
    (cd dist && sha256sum -- * >"$OLDPWD/$work/sums") && mv "$work/sums" dist/SHA256SUMS
fi
ls -l dist | awk 'NR > 1 { print $5 "\tdist/" $9 }'
[ "$failures" = 0 ]

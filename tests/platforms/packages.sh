#!/usr/bin/env bash
# The archives of `make dist-all`, each used alone: README's programs by PHP and Python on 64-bit ARM, by Python on Windows; the command of
# each package; what is in them. Usage: packages.sh FOLDER
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/platforms/lib.sh
. tests/platforms/wine.sh
needs qemu-aarch64-static qemu-user-static
dist=$(realpath "$1")
root=$work/debian-arm64
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT

# The first program of a language in README.md, and what it prints.
program() { # language
    awk -v language="$1" '$0 == "```" language && !found { found = inside = 1; next } /^```/ { inside = 0 } inside' README.md
}

documented() { # language
    awk -v language="$1" '$0 == "```" language { found = 1 } $0 == "```text" && found { inside = 1; next } /^```/ && inside { exit } inside' README.md
}

checksums() {
    (cd "$dist" && sha256sum -c --quiet SHA256SUMS) && [ "$(wc -l <"$dist/SHA256SUMS")" = "$(($(find "$dist" -type f | wc -l) - 1))" ]
}

# One package, since Composer knows no platforms.
composers_package() {
    unzip -q "$dist"/apisig-php-*.zip -d "$empty" && [ "$(stat -c %s "$dist"/apisig-php-*.zip)" -le 1500000 ] &&
        [ "$(cd "$empty/apisig/lib" && echo *)" = 'darwin-arm64 darwin-x86_64 linux-aarch64 linux-x86_64 windows-amd64 windows-arm64' ]
}

is_for() { # platform, what `file` says of it
    file -b "$empty/apisig/lib/$1/"* | grep -q "$2"
}

# What tests/platforms tests is what the archives have.
same_as_tested() {
    local platform library
    for library in "$empty"/apisig/lib/*/*; do
        platform=$(basename "$(dirname "$library")")
        cmp "$library" "$work/$platform/${library##*/}" || return
    done
    unzip -q "$dist"/apisig-*-win_amd64.whl -d "$empty/windows" && cmp "$empty/windows/apisig/apisig.dll" "$work/windows-amd64/apisig.dll" &&
        cmp "$empty/windows/apisig/_bin/apisig.exe" "$work/windows-amd64/apisig.exe" &&
        unzip -q "$dist"/apisig-*manylinux*x86_64*.whl -d "$empty/linux" && cmp "$empty/linux/apisig/_bin/apisig" "$work/linux-x86_64/apisig" &&
        unzip -q "$dist"/apisig-command-*-windows-amd64.zip -d "$empty/windows" && cmp "$empty"/windows/apisig-*/apisig.exe "$work/windows-amd64/apisig.exe"
}

prints_what_is_documented() { # language, command
    "${@:2}" 2>&1 | tr -d '\r' | diff <(documented "$1") -
}

in_php() {
    program php | sed "s|bindings/php/vendor/autoload.php|autoload.php|" >"$empty/program.php"
    # What Composer makes of the package's composer.json.
    cat >"$empty/autoload.php" <<'PHP'
<?php
spl_autoload_register(function (string $class): void {
    require __DIR__ . '/apisig/src/' . strtr(substr($class, strlen('Apisig\\')), '\\', '/') . '.php';
});
PHP
    prints_what_is_documented php qemu-aarch64-static -L "$root" -E PHP_INI_SCAN_DIR="$root/etc/php/8.4/cli/conf.d" "$root/usr/bin/php8.4" \
        -d extension_dir="$root/usr/lib/php/20240924" "$empty/program.php"
}

in_python() {
    unzip -q "$dist"/apisig-*manylinux*aarch64*.whl -d "$empty/site" && program python >"$empty/program.py" &&
        PYTHONPATH=$empty/site prints_what_is_documented python qemu-aarch64-static -L "$root" -E PYTHONHOME=/usr "$root/usr/bin/python3.13" "$empty/program.py"
}

# The extension module, by which it calls the library faster than through ctypes.
calls_fast() {
    PYTHONPATH=$empty/site qemu-aarch64-static -L "$root" -E PYTHONHOME=/usr "$root/usr/bin/python3.13" -c 'from apisig import _call'
}

# Its wheel stands before everything else that this Python finds.
on_windows() {
    rm -rf "$tests/dist" && mkdir -p "$tests/dist" && unzip -q "$dist"/apisig-*-win_amd64.whl -d "$tests/dist/wheel" &&
        unzip -q "$dist"/apisig-command-*-windows-amd64.zip -d "$tests/dist" && program python >"$tests/dist/program.py" &&
        cat >"$tests/dist/with_the_wheel.py" <<'PYTHON'
import runpy, sys
wheel = r"Z:\work\target\platforms\windows\dist\wheel"
sys.path.insert(0, wheel)
import apisig
assert apisig.__file__.startswith(wheel), apisig.__file__
del sys.argv[0]
runpy.run_path(sys.argv[0]) if sys.argv[0].endswith(".py") else runpy.run_module(sys.argv[0], run_name="__main__")
PYTHON
}

with_the_wheel() { # a program, or a module with its arguments
    windows_python target/platforms/windows/dist/with_the_wheel.py "$@"
}

by_debian() { # of this machine, unpacked; of 64-bit ARM
    dpkg-deb -x "$dist"/apisig_*_amd64.deb "$empty/amd64" && dpkg-deb -x "$dist"/apisig_*_arm64.deb "$empty/arm64" &&
        the_command "$empty/amd64/usr/bin/apisig" && the_command qemu-aarch64-static "$empty/arm64/usr/bin/apisig"
}

installed_in_a_chroot() {
    local machine=$empty/machine
    mmdebstrap --quiet --variant=extract --include=dpkg,dash,bash,coreutils,diffutils,tar,libc6,libc-bin trixie "$machine" >"$empty/log" 2>&1 || cannot_be_had 'Debian cannot be fetched'
    cp "$dist"/apisig_*_amd64.deb "$machine/tmp" && ln -sf bash "$machine/usr/bin/sh" &&
        PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$machine" bash -c 'dpkg -i /tmp/apisig_*.deb >/dev/null' &&
        the_command chroot "$machine" /usr/bin/apisig
}

unset APISIG_LIBRARY PYTHONPATH
unpacked_debian "$root" arm64 "${RUNTIMES[@]}" || cannot_be_had 'Debian for arm64 cannot be fetched'
ok 'SHA256SUMS has every archive' checksums
ok "Composer's package has six libraries, 1.5 MB at most" composers_package
if has file; then
    for one in 'darwin-arm64 Mach-O 64-bit arm64' 'darwin-x86_64 Mach-O 64-bit x86_64' 'linux-aarch64 ELF 64-bit.*ARM aarch64' \
        'linux-x86_64 ELF 64-bit.*x86-64' 'windows-amd64 PE32+.*DLL.*x86-64' 'windows-arm64 PE32+.*DLL.*Aarch64'; do
        ok "$one" is_for "${one%% *}" "${one#* }"
    done
fi
ok 'what is tested is what they have' same_as_tested
ok 'README by PHP on 64-bit ARM' in_php
ok 'README by Python on 64-bit ARM' in_python
ok 'with its extension module' calls_fast
if unpacked_wine && python_for_windows; then
    ok 'the archives for Windows are unpacked' on_windows
    ok 'README by Python on Windows' prints_what_is_documented python with_the_wheel target/platforms/windows/dist/program.py
    ok 'the command in the wheel for Windows' the_command with_the_wheel apisig
    ok 'the command in the archive for Windows' the_command windows "$(realpath --relative-to="$PWD" "$tests"/dist/apisig-*/apisig.exe)"
else
    echo 'SKIP: wine 10 or Python for Windows cannot be fetched'
fi
ok 'the command of both .deb' by_debian
if [ "$(id -u)" = 0 ]; then ok 'the .deb is installed in a chroot' installed_in_a_chroot; fi
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Installs the packages of dist/ into an empty folder and signs with each: for the systems that no emulator stands for. Needs Python, PHP
# and Composer; leaves out an archive that is not there, such as the command's after `make dist`. Usage: installed.sh PLATFORM
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
platform=$1
dist=$(pwd -W 2>/dev/null || pwd)/dist # -W: as Windows names it
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset APISIG_LIBRARY PYTHONPATH
cd "$work" || exit 1
signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=

in_python() {
    python -m pip install -q --no-index --find-links "$dist" --target python apisig &&
        [ "$(PYTHONPATH=python python -c 'import apisig; print(apisig.Kayako("secretkey").sign("1234567890"))' | tr -d '\r')" = $signature ]
}

in_php() {
    composer init -q -n --name=a/b --repository '{"packagist.org": false}' --repository '{"type": "artifact", "url": "'"$dist"'"}' --require 'apisig/apisig:*' &&
        composer update -q -n --no-ansi &&
        echo '<?php require "vendor/autoload.php"; echo (new Apisig\Kayako("secretkey"))->sign("1234567890"), Apisig\Native::engine()->name;' >script.php &&
        [ "$(php script.php)" = ${signature}Native ]
}

the_command() { # archive
    case $1 in *.zip) python -m zipfile -e "$1" . ;; *) tar -xzf "$1" ;; esac &&
        [ "$(APISIG_SECRET=secretkey apisig-*/apisig sign kayako --salt 1234567890 | tr -d '\r')" = $signature ]
}

ok "$platform: the wheel" in_python
ok "$platform: the package for Composer, with FFI" in_php
for archive in "$dist"/apisig-command-*-"$platform".*; do
    if [ -e "$archive" ]; then ok "$platform: the command" the_command "$archive"; else missing 'the command is not in dist/'; fi
done
[ "$failures" = 0 ]

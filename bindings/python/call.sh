#!/bin/sh
# Builds apisig/_call.abi3.so, through which Python calls the library faster than through ctypes: one file for every CPython that has
# the stable ABI. Without cc, Python.h or such a Python there is none, which is said, and ctypes is used. Usage: call.sh [PYTHON [FILE]]
cd "$(dirname "$0")" || exit 1
python=${1:-python3}
made=${2:-apisig/_call.abi3.so}

without() { # what is missing
    rm -f "$made"
    echo "note: Python calls the library through ctypes, 0.3 us more a call: $1"
    exit 0
}

# Free-threaded builds, PyPy and Windows do not take such a file.
include=$("$python" -c 'if 1:
    import importlib.machinery, sysconfig
    print(sysconfig.get_path("include") if ".abi3.so" in importlib.machinery.EXTENSION_SUFFIXES else "")' 2>/dev/null)
[ -n "$include" ] || without "$python is no CPython with the stable ABI"
[ -f "$include/Python.h" ] || without "there is no Python.h (python3-dev)"
command -v "${CC:-cc}" >/dev/null || without "there is no C compiler"
# Each call keeps its frame, for debuggers. It names its libc, by which auditwheel knows what it runs on.
"${CC:-cc}" -std=c99 -O2 -Wall -Wextra -shared -fPIC -fno-optimize-sibling-calls -s -Wl,-z,now -I"$include" -o "$made.$$" _call.c -Wl,--no-as-needed -lc && mv "$made.$$" "$made" && exit
rm -f "$made.$$"
without "_call.c does not compile"

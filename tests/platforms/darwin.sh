#!/usr/bin/env bash
# The libraries for macOS, as files and as machine code: an emulator of the processor runs every call of tests/vectors. No Mac, no dyld and
# no libSystem is here. Usage: darwin.sh LIBRARY...
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/platforms/lib.sh
emulator=$work/emulator

if ! cmp -s tests/platforms/darwin.txt "$emulator/installed"; then
    python3 -m venv "$emulator" && "$emulator/bin/pip" install -q --disable-pip-version-check --require-hashes -r tests/platforms/darwin.txt &&
        cp tests/platforms/darwin.txt "$emulator/installed" || cannot_be_had 'lief and unicorn cannot be fetched'
fi
for library in "$@"; do ok "$library" "$emulator/bin/python" tests/platforms/darwin.py "$library"; done
[ "$failures" = 0 ]

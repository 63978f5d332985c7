#!/usr/bin/env bash
# Uses the page that says why a request was refused: in Chromium, opened from the disk.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
wasm=target/wasm32-unknown-unknown/page/apisig_page.wasm

if ! [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
    missing 'the target wasm32-unknown-unknown is not installed'
    [ "$failures" = 0 ]
    exit
fi
ok 'the page is made' make -s page
ok 'of less than 450 KB' bash -c '[ "$(stat -c %s target/page/apisig.html)" -lt 450000 ]'
ok 'the same each time' bash -c 'python3 page/make.py "$1" target/page/again.html && cmp target/page/apisig.html target/page/again.html' - "$wasm"
# What is between the quotes of src, href and url() would come from elsewhere.
ok 'it has no file beside it' bash -c '! grep -oE "(src|href)=|url\(|@import|https?://" page/page.html page/page.css page/page.js'
if has chromium; then
    ok 'every sample has its verdict there' "$PYTHON" tests/packages/page.py "$wasm" tests/vectors/pasted.txt
else
    missing 'chromium is not installed'
fi
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Random requests to MOR in Rust, PHP and Python, against the rule as it is written apart from the library. COUNT and SEED change them.
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh
folder=target/tests/mor_rule
mkdir -p "$folder"
"$PYTHON" tests/mor/rule.py "${COUNT:-100000}" "${SEED:-1}" >"$folder/mor.tsv"
ok 'Rust' env APISIG_VECTORS="$PWD/$folder" cargo test -q --locked -p apisig-diagnosis --test vectors mor
"$PYTHON" tests/mor/check.py "$folder/mor.tsv" || failures=$((failures + 1))
if has_php && has composer; then
    composer dump-autoload --no-ansi -q -d bindings/php
    php tests/mor/check.php "$folder/mor.tsv" || failures=$((failures + 1))
else
    missing 'php with FFI, or composer'
fi
[ "$failures" = 0 ]

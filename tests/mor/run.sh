#!/usr/bin/env bash
# Random requests to MOR in every language, against the rule as it is written apart from the library. COUNT and SEED change them.
set -eu
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
folder=target/tests/mor_rule
mkdir -p "$folder"
"$PYTHON" tests/mor/rule.py "${COUNT:-100000}" "${SEED:-1}" >"$folder/mor.tsv"
export APISIG_VECTORS=$PWD/$folder
compile_c "$folder/vectors" tests/c/vectors.c target/release/libapisig.a
ok 'C' "$folder/vectors"
# As tests/run.sh builds it.
if [ -e target/checked/libapisig.a ]; then
    compile_c "$folder/vectors" tests/c/vectors.c target/checked/libapisig.a
    ok 'C, with overflow checks' "$folder/vectors"
fi
if has_php && has phpunit && has composer; then
    class_loader
    ok 'PHP' phpunit -c tests/php/phpunit.xml --filter ClassesTest
else
    missing 'php with FFI, phpunit or composer is not installed'
fi
if [ -x .venv/bin/pytest ]; then
    ok 'Python' .venv/bin/pytest -q -p no:cacheprovider tests/python/test_classes.py
else
    missing '.venv with the Python tools'
fi
[ "$failures" = 0 ]

#!/usr/bin/env bash
# The demo: the vendors' documented values, and what C, PHP and Python make of the same input. Exits with 1 on any
# difference. A language that is not installed is skipped; with REQUIRE_ALL=1 that is a difference too.
set -u
cd "$(dirname "$0")/../../.."
. tests/lib/lib.sh
out=target/demo
mkdir -p "$out"
rm -f "$out"/*.tsv

c_demo() { # what to link with
    compile_c "$out/demo" tests/packages/demo/demo.c "$@" && "$out/demo"
}
has gcc && c_demo target/release/libapisig.a >"$out/C static.tsv"
has gcc && c_demo "${SHARED[@]}" >"$out/C shared.tsv"
has_php && php tests/packages/demo/demo.php >"$out/PHP.tsv"
has_python && "$PYTHON" tests/packages/demo/demo.py >"$out/Python.tsv"

status=0
printf '%-18s %-10s %-9s %s\n' scheme language result value
while IFS=$'\t' read -r name documented source; do
    [[ $name == \#* ]] && continue
    printf '%-18s %-10s %-9s %s\n' "$name" documented '' "$documented"
    printf '%-18s %-10s %-9s %s\n' '' '' '' "($source)"
    for language in 'C static' 'C shared' PHP Python; do
        if [ ! -e "$out/$language.tsv" ]; then
            result=SKIPPED value='(not installed)'
            [ "${REQUIRE_ALL:-}" = 1 ] && status=1
        else
            value=$(awk -F'\t' -v name="$name" '$1 == name { print $2 }' "$out/$language.tsv")
            result=equal
            [ "$value" = "$documented" ] || { result=DIFFERENT status=1; }
        fi
        printf '%-18s %-10s %-9s %s\n' "$name" "$language" "$result" "$value"
    done
done <tests/packages/demo/documented.tsv
exit $status

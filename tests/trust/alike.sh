#!/usr/bin/env bash
# PHP and Python say the same about random forms: values, statuses and messages. COUNT of them, made from SEED.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
has_php || { missing 'PHP and Python alike: php with FFI'; [ "$failures" = 0 ]; exit; }
has_python || { missing 'PHP and Python alike: python3'; [ "$failures" = 0 ]; exit; }
needs composer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=${COUNT:-100000}
seed=${SEED:-$RANDOM}

alike() { # engine
    "$PYTHON" tests/trust/alike.py inputs "$count" "$seed" >"$work/inputs" &&
        "$PYTHON" tests/trust/alike.py answers "$work/inputs" >"$work/python" &&
        APISIG_ENGINE=$1 php -d ffi.enable=1 tests/trust/alike.php "$work/inputs" >"$work/php" &&
        cmp -s "$work/python" "$work/php" && return
    diff "$work/python" "$work/php" | head -n 6 | cut -c 1-600
    return 1
}

# Of each function there is a value, not only a refusal.
says_yes() {
    local words='malformed|mismatch|argument|method|url'
    local refusals=$(sed 's/|/\n/g' <<<"$words" | while read -r word; do printf %s "$word" | od -An -tx1 | tr -d ' \n'; echo; done | paste -sd'|')
    [ "$(cut -f 2,3 "$work/python" | grep -vE "	($refusals) " | cut -f 1 | sort -u)" = "$(cut -f 2 "$work/python" | sort -u)" ]
}

class_loader
ok "PHP and Python say the same of $count forms (seed $seed)" alike native
ok 'and PHP without FFI' alike php
ok 'and not only no' says_yes
[ "$failures" = 0 ]

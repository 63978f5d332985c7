#!/usr/bin/env bash
# Every function in the native library and in the one in PHP: COUNT calls, or 500,000, from SEED, and a tenth of them without PCRE's
# compiler: the rows of tests/vectors as they are and changed. Results, statuses and what is written are the same.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
has_php || { missing 'native and PHP alike: php with FFI'; [ "$failures" = 0 ]; exit; }
needs composer
count=${COUNT:-500000}
seed=${SEED:-$RANDOM}
public=()
[ ! -d ../shared/vectors ] || public=(../shared/vectors)

class_loader
ok "the library in PHP does as the native one in $count calls (seed $seed)" php -d memory_limit=128M tests/trust/portable.php "$count" "$seed" "${public[@]}"
ok 'and with PCRE interpreted' php -d memory_limit=128M -d pcre.jit=0 tests/trust/portable.php $((count / 10)) "$seed"
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Every function that reads a form against PHP, which gets the form as a POST: COUNT bodies, or 500,000.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/packages/fpm/server.sh

[ -n "$fpm" ] || needs php-fpm
count=${COUNT:-500000}
ok 'php-fpm starts' start_fpm max_input_vars=1000 display_errors=0 log_errors=0
ok "the library reads what PHP reads of $count bodies" "$PYTHON" tests/trust/forms.py "$work/socket" "$count"
stop
[ "$failures" = 0 ]

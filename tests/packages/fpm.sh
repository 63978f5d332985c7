#!/usr/bin/env bash
# Starts php-fpm behind nginx on loopback, as a server has them, with PHP's default ffi.enable=preload: signed and checked
# requests through the preloaded classes, then without preloading, where PHP has to do without FFI, and what a user reads whose
# library is missing.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/packages/fpm/server.sh

signed_request_is_accepted() {
    local path='/v2/origin/custom/1/connect?x=%2F' body='{"title":"MyKommo"}' headers
    headers=$("$PYTHON" -c 'import apisig, sys
for header in apisig.Kommo("channel secret").sign("POST", sys.argv[1], sys.argv[2]).items(): print(": ".join(header))' "$path" "$body")
    printf '%s\n' "$headers" >"$work/headers"
    [ "$(curl -s -H "@$work/headers" -d "$body" "$url$path")" = accepted ] &&
        [ "$(curl -s -H "@$work/headers" -d "$body " "$url$path" -w ' %{http_code}')" = 'refused 401' ]
}

salt_is_signed() {
    [ "$(curl -s "$url/salt/1234567890")" = 'VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=' ]
}

says() { # words of the error
    curl -s -w ' %{http_code}' "$url/salt/1" >"$work/error" && grep -q "$1" "$work/error" && grep -q ' 503$' "$work/error" || { cat "$work/error"; false; }
}

library=$APISIG_LIBRARY
ok 'php-fpm and nginx start, the classes preloaded' start "${preloaded[@]}"
ok 'a signed request is accepted, a changed one is refused' signed_request_is_accepted
ok 'a salt is signed' salt_is_signed
stop

library=
bindings/php/bin/apisig-header "$APISIG_LIBRARY" >"$work/apisig.h"
ok 'and with ffi.preload, without APISIG_LIBRARY' start "${preloaded[@]}" "ffi.preload=$work/apisig.h"
ok 'a signed request is accepted, a changed one is refused' signed_request_is_accepted
ok 'a salt is signed' salt_is_signed
stop

library=/nowhere/libapisig.so
ok 'nothing preloaded, and PHP does without FFI' start
ok 'a signed request is accepted, a changed one is refused' signed_request_is_accepted
ok 'a salt is signed' salt_is_signed
stop

engine=native
ok 'nothing preloaded, but the native library asked for' start
ok 'the error says what to set' says 'set opcache.preload to the preload.php of this package'
stop

engine=
ok 'the classes preloaded, but the library is missing' start "${preloaded[@]}"
ok 'the error names both remedies: nothing is taken instead' says 'Set APISIG_LIBRARY .* set APISIG_ENGINE=php'
stop
[ "$failures" = 0 ]

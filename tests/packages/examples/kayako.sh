#!/usr/bin/env bash
# Runs Kayako's examples against a helpdesk on this machine that authenticates as the vendor's server does.
set -u
cd "$(dirname "$0")/../../.."
. tests/lib/lib.sh
export KAYAKO_API_KEY=f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10 KAYAKO_SECRET=ZWY4ZjNhNGM1MDM4N2I5OTY4MDg3MWQxMjU
vendor_server kayako # sets url, work and log

sent=0
all_four_requests_are_read() { # how the base ends, command
    sent=$((sent + 4))
    "${@:2}" "$url$1" | diff - <(cat <<'TEXT'
POST /Base/User {"fullname":"Zoë Smith & Sons","usergroupid":"2","password":"a+b=c%","email":["zoe@example.com"]}
GET /Base/User/Filter {"marker":"0","maxitems":"10"}
PUT /Base/User/1 {"fullname":"Zoë Jones"}
DELETE /Base/User/1 []
TEXT
    )
}

a_wrong_secret_is_refused() {
    [ "$(KAYAKO_SECRET=other php examples/php/kayako.php "$url")" = "$(yes 'FAILED TO AUTHENTICATE' | head -n 4)" ]
}

signed_as_on_the_page() {
    [ "$sent" -gt 0 ] && [ "$(grep -c "signed as on the vendor's page" "$log")" = "$sent" ]
}

if has_php; then
    ok 'PHP: POST, GET, PUT and DELETE' all_four_requests_are_read '' php examples/php/kayako.php
    ok 'PHP: a base that ends in /api/' all_four_requests_are_read /api/ php examples/php/kayako.php
    ok 'PHP: a wrong secret is refused' a_wrong_secret_is_refused
else
    missing 'php with FFI is not installed'
fi
if has_python; then
    ok 'Python: POST, GET, PUT and DELETE' all_four_requests_are_read '' "$PYTHON" examples/python/kayako.py
else
    missing 'Python 3.9 is not installed'
fi
[ ! -d ../shared/seeds ] || ok "signed as on the vendor's page" signed_as_on_the_page

in_c() { # expected, secret
    [ "$(KAYAKO_SECRET=$2 "$work/kayako" "$url" /Base/User/1)" = "$1" ]
}

if has gcc && pkg-config --exists libcurl; then
    ok 'C: it compiles' compile_c "$work/kayako" examples/c/kayako.c target/release/libapisig.a -lcurl
    ok 'C: a user is read' in_c 'GET /Base/User/1 []' "$KAYAKO_SECRET"
    ok 'C: a wrong secret is refused' in_c 'FAILED TO AUTHENTICATE' other
else
    missing 'gcc or libcurl is not installed'
fi
[ "$failures" = 0 ]

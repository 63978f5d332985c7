#!/usr/bin/env bash
# Uses `apisig serve` as an integration does in place of a vendor, and as one who means ill would. Usage: serve.sh [COUNT of random
# requests a vendor]
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
apisig=$PWD/${APISIG_COMMAND:-target/cli/apisig}
work=$PWD/target/tests/serve
rm -rf "$work"
mkdir -p "$work"
export no_proxy=127.0.0.1
# One for all, and of a word that no output may have.
export SECRET=fb50586ff7b68cd831fe0ef356345903f644c0d2 KAYAKO_API_KEY=hiddenkey
export KOMMO_SECRET=$SECRET KAYAKO_SECRET=$SECRET MOR_SECRET=$SECRET MOR_USER=admin KOMMO_ACCOUNT=account KOMMO_CHANNEL=channel
printf '%s\n' "$SECRET" >"$work/secret"

port=$(free_port)
at=http://127.0.0.1:$port
secrets=()
for vendor in "${VENDORS[@]}"; do secrets+=(--secret "$vendor=$work/secret"); done
serve "$work/log" "$port" "$apisig" serve --port "$port" "${secrets[@]}" \
    --host demo.retailcrm.ru --record "$work/record.har"
server=${servers[-1]}

prints() { # expected, command
    diff <(printf '%s\n' "$1") <("${@:2}" 2>&1)
}

is_status() { # expected, curl's arguments
    local status
    status=$(curl -s --max-time 30 -o "$work/body" -w '%{http_code}' "${@:2}")
    [ "$status" = "$1" ] || { echo "status $status"; false; }
}

key=$(sed -n "s|^What comes in: $at/?key=||p" "$work/log")

# The last event, as JSON, must have these words.
shows() { # words
    curl -sN --max-time 1 -b "apisig=$key" "$at/apisig/events" | tail -n 2 >"$work/event"
    grep -qF "$1" "$work/event" || { cut -c 1-2000 "$work/event"; false; }
}

kommo_example() { printf '{}' | "$@" "$KOMMO_CHANNEL" "$KOMMO_ACCOUNT" "$at"; }
for language in php python; do
    has_$language || { missing "$language cannot run the examples here"; continue; }
    if [ $language = php ]; then command=(php) end=php; class_loader; else command=("$PYTHON") end=py; fi
    example() { echo "${command[@]}" "examples/$language/$1.$end"; }
    ok "$language: Kommo's example" prints $'connected: channel_account\nsent: conversation-1\ndisconnected\nwebhook: 401' kommo_example $(example kommo)
    ok "$language: and with another secret" env KOMMO_SECRET=x bash -c '"$@" </dev/null 2>&1 | grep -q "refused: 403 ORIGIN_INVALID_SIGNATURE"' - \
        $(example kommo) channel account "$at"
    ok "$language: Kayako's example" bash -c '[ "$("$@" | grep -c "<users></users>")" = 4 ]' - $(example kayako) "$at"
    ok "$language: and with another secret" env KAYAKO_SECRET=x bash -c '[ "$("$@" | grep -c "FAILED TO AUTHENTICATE")" = 4 ]' - $(example kayako) "$at"
    ok "$language: MOR's example" prints $'Balance: 12.50 EUR\nPayment 1: 10.50' $(example mor) "$at"
    ok "$language: and with another secret" env MOR_SECRET=x bash -c '[ "$("$@" 2>&1)" = "Refused: Incorrect hash" ]' - $(example mor) "$at"
done
ok 'what comes without a salt' is_status 401 "$at/api/index.php?e=/Base/User&apikey=hiddenkey&signature=x"
ok 'is told so' grep -qx 'NO SALT PROVIDED!' "$work/body"

edit=(-H 'Host: demo.retailcrm.ru' --data-urlencode 'integrationModule={"code":"x","clientId":"hiddenid"}' "$at/api/v5/integration-modules/x/edit")
ok "RetailCRM takes a module's registration" is_status 200 -H "X-API-KEY: $SECRET" "${edit[@]}"
ok 'with its API key alone' is_status 403 -H 'X-API-KEY: other' "${edit[@]}"

token=$(APISIG_SECRET=$SECRET "$apisig" sign imbachat --user-id 1 --ttl 60)
ok "ImbaChat's widget has a script" is_status 200 "$at/imbachat/v1/15/widget"
ok 'whose token is checked' is_status 204 -d "token=$token" "$at/imbachat/v1/15/user"
ok 'a wrong one is refused' is_status 403 -d "token=${token}x" "$at/imbachat/v1/15/user"
ok 'and shown with what is wrong' shows '"valid":false'

ok 'a path of nobody' is_status 404 "$at/x?p=hiddenvalue"
ok 'a vendor without a secret' bash -c '
    . tests/lib/lib.sh; port=$(free_port)
    serve "$2/one.log" "$port" env APISIG_SECRET_KOMMO=x "$1" serve --port "$port"
    [ "$(curl -s -o "$2/body" -w "%{http_code}" "http://127.0.0.1:$port/billing/api/x")" = 503 ] && grep -q "no secret of mor" "$2/body"' \
    - "$apisig" "$work"
ok 'no secret at all' bash -c '"$1" serve 2>&1 | grep -q "no secret: pass --secret"' - "$apisig"
ok 'a port that is taken' bash -c '"$1" serve --port "$2" --secret kommo="$3" 2>&1 | grep -q "apisig: port"; [ "${PIPESTATUS[0]}" = 2 ]' - "$apisig" "$port" "$work/secret"
ok 'a record that exists is not overwritten' bash -c '! "$1" serve --port 0 --secret kommo="$2/secret" --record "$2/record.har" 2>/dev/null' - "$apisig" "$work"

# The page.
if has chromium; then
    ok 'a browser opens the page' bash -c '"$1" tests/packages/serve_browser.py "$2" "$4" >"$3/page"' - "$PYTHON" "$at" "$work" "$key"
    ok 'which shows what was taken' grep -q 'class="right"' "$work/page"
    ok 'and how it is signed' grep -q '^string to sign: ' "$work/page"
    ok 'markup in a request does not run there' bash -c '
        . tests/lib/lib.sh; port=$(free_port)
        serve "$3/one.log" "$port" "$1" serve --port "$port" --secret kommo="$3/secret"
        curl -s -o /dev/null -d "<script>alert(1)</script>" "http://127.0.0.1:$port/v2/origin/custom/x"
        key=$(sed -n "s|^What comes in: .*key=||p" "$3/one.log")
        "$2" tests/packages/serve_browser.py "http://127.0.0.1:$port" "$key" >"$3/page"
        grep -qF "&lt;script&gt;alert(1)&lt;/script&gt;" "$3/page" && grep -q "class=.wrong" "$3/page"' - "$apisig" "$PYTHON" "$work"
else
    missing 'chromium, for the page, is not installed'
fi

# The record.
ok 'the record is HAR 1.2' "$PYTHON" tests/packages/serve_har.py "$work/record.har"
ok 'which the command reads: some are wrong' bash -c '"$1" read --secret-file "$2/secret" --vendor mor "$2/record.har" >"$2/read"; [ $? = 1 ]' - "$apisig" "$work"
ok 'and some are right' grep -q 'Nothing is wrong' "$work/read"
ok 'no credential is in any output' bash -c '! grep -rE "hiddenkey|hiddenid|hiddenvalue|$SECRET" "$1/log" "$1/record.har"' - "$work"

# The same verdicts as the vendors' own code.
count=${1:-200}
if has_php; then
    stands=()
    for code in tests/packages/examples/*_server.php; do
        vendor=$(basename "$code" _server.php)
        stand=$(free_port)
        serve "$work/$vendor.log" "$stand" php -S "127.0.0.1:$stand" "$code"
        stands+=("$vendor=http://127.0.0.1:$stand")
    done
    ok "$count random requests a vendor: no verdict differs from the vendors' code" \
        "$PYTHON" tests/packages/serve_random.py "$at" "$count" "${stands[@]}"
else
    missing "PHP, for the vendors' code, is not installed"
fi

# Others.
ok 'another name in Host is refused' is_status 421 -H 'Host: evil.example' "$at/"
ok 'and the loopback address on which nothing listens' is_status 421 -H 'Host: [::1]' "$at/"
ok 'and for the events' is_status 421 -H 'Host: evil.example:80' "$at/apisig/events"
ok 'a name that was given does not open the page' is_status 404 -b "apisig=$key" -H 'Host: demo.retailcrm.ru' "$at/"
ok 'no answer allows another site to read it' bash -c '! curl -sI -X GET -H "Origin: https://evil.example" "$1/" | grep -i access-control' - "$at"
ok 'the page asks for its key' is_status 403 "$at/"
ok 'so do its events, which have right signatures' is_status 403 "$at/apisig/events"
ok 'a wrong key is none' is_status 403 -b "apisig=${key}0" "$at/apisig/events"
ok 'the printed address gives it to the browser' bash -c 'curl -s -D - "$1/?key=$2" | grep -qi "^set-cookie: apisig=$2; HttpOnly; SameSite=Strict"' - "$at" "$key"
ok 'what a page of another site sends is no request' is_status 403 -H 'Sec-Fetch-Site: cross-site' -d '{}' "$at/v2/origin/custom/x"
ok 'two names in Host are refused' bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n" >&3 && head -n 1 <&3 | grep -q " 421 "' - "$port"
ok 'the name in any case is taken' is_status 403 -H 'Host: LOCALHOST.:80' "$at/"
ok 'the page allows nothing from elsewhere' bash -c 'curl -s -D - -o /dev/null "$1/" | grep -i "^content-security-policy: default-src .none.; .*connect-src .self."' - "$at"
head -c 1100000 /dev/zero >"$work/long"
ok 'the page that reads a paste is there, by its own policy' bash -c '
    curl -s -D "$2/head" "$1/read" | grep -q "script-src .sha256-" && grep -qi "^content-security-policy: frame-ancestors" "$2/head"' - "$at" "$work"
ok 'a body of more than 1 MiB' is_status 413 --data-binary "@$work/long" "$at/v2/origin/custom/x"
ok 'a head of more than 64 KiB' is_status 431 -H "X: $(head -c 120000 /dev/zero | tr '\0' x)" -H "Y: $(head -c 120000 /dev/zero | tr '\0' x)" "$at/"
ok 'markup that was sent is text' is_status 403 -d '<script>alert(1)</script>' "$at/v2/origin/custom/x"
ok 'and kept as it was sent' shows '<script>alert(1)</script>'

escapes() {
    printf 'username=\xe2\x80\xae\x1b[31m&hash=%040d' 0 | curl -s -o "$work/body" --data-binary @- "$at/billing/api/user_balance_get"
    shows 'x1b[31m' && ! LC_ALL=C grep -aP '\x1b|\xe2\x80\xae' "$work/event" "$work/log"
}
ok 'what cannot be seen is escaped, on the terminal and for the page' escapes

# Right, but for what is missing beside the signature.
salted=$(APISIG_SECRET=$SECRET "$apisig" sign kayako --salt 1 --json | "$PYTHON" -c 'import json, sys, urllib.parse as u; print(u.quote(json.load(sys.stdin)["signature"], safe=""))')
ok 'a request without its API key is refused' is_status 401 "$at/api/index.php?e=/x&salt=1&signature=$salted"
ok 'and shown as such' shows 'there is no apikey; the vendor'
ok 'a registration without a module is refused' is_status 400 -H 'Host: demo.retailcrm.ru' -H "X-API-KEY: $SECRET" -d x=1 "$at/api/v5/integration-modules/x/edit"

memory() { awk '/^VmRSS/ { print $2 }' "/proc/$server/status"; }
junk() {
    "$PYTHON" - "$port" <<'PYTHON'
import socket, sys
# On one connection, a thousand at a time; every body is kept.
body = b"\0" * 60_000
long = b"username=" + b"\1" * 900_000 + b"&hash=" + b"0" * 40
for path, body in ((b"/v2/origin/custom/x", body), (b"/x", body), (b"/billing/api/user_balance_get", long)):
    for _ in range(1 if body == long else 5):
        connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        for _ in range(20 if body == long else 100):
            head = b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
            connection.sendall(head + body)
            answer = connection.recv(65536)
            assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 200")), answer
        connection.close()
PYTHON
}
flat() {
    junk || return
    local before after
    before=$(memory)
    junk || return
    after=$(memory)
    echo "memory: $before KiB, then $after"
    [ "$after" -lt $((before + 16384)) ] && [ "$after" -lt 65536 ]
}
ok 'junk leaves it at flat memory' flat
hold() {
    "$PYTHON" - "$port" <<'PYTHON'
import socket, sys
# 64 that say nothing, and one more: it waits for them, and is answered when they are gone.
address = ("127.0.0.1", int(sys.argv[1]))
silent = [socket.create_connection(address) for _ in range(64)]
more = socket.create_connection(address)
more.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
more.settimeout(1)
try:
    sys.exit(f"it was answered: {more.recv(100)!r}")
except TimeoutError:
    pass
more.settimeout(60)
assert more.recv(100).startswith(b"HTTP/1.1 403")
PYTHON
}
ok '64 connections at once, and those that say nothing are ended' hold

# https
secure=$(free_port)
serve "$work/tls.log" "$secure" "$apisig" serve --port "$secure" --secret kommo="$work/secret" --tls "$work/certificate.pem"
ok 'https, by a certificate that the client trusts' is_status 200 --cacert "$work/certificate.pem" "https://localhost:$secure/read"
ok 'and by no other' bash -c '! curl -s --max-time 10 "https://localhost:$1/"' - "$secure"
if has openssl; then
    ends_within() { ! openssl x509 -in "$work/certificate.pem" -noout -checkend $(($1 * 86400)) >/dev/null; }
    ok 'it is valid for a year: clients refuse one of more than 398 days' ends_within 366
    ok 'and not for less' openssl x509 -in "$work/certificate.pem" -noout -checkend $((364 * 86400))
else
    missing 'openssl is not installed'
fi
ok 'a certificate that exists is not overwritten' bash -c '! "$1" serve --port 0 --secret kommo="$2/secret" --tls "$2/certificate.pem" 2>/dev/null' - "$apisig" "$work"
full_disk() {
    local at port
    port=$(free_port)
    at=http://127.0.0.1:$port
    # A file of 8 KiB at most; the write that would go beyond it fails, as on a full disk.
    serve "$work/full.log" "$port" bash -c 'trap "" XFSZ; ulimit -f 8; exec "$@"' - "$apisig" serve --port "$port" \
        --secret kommo="$work/secret" --record "$work/full.har" || return
    for _ in 1 2 3 4; do curl -s -o "$work/body" -d "$(head -c 3000 /dev/zero | tr '\0' x)" "$at/v2/origin/custom/x"; done
    "$PYTHON" -m json.tool "$work/full.har" "$work/full.json" && grep -q 'The record is full' "$work/full.log"
}
ok 'a full disk ends the record, which is whole' full_disk
ok 'only its owner reads the record' test "$(stat -c %a "$work/record.har")" = 600
ok 'the key is not in the file' bash -c '! grep -q PRIVATE "$1"' - "$work/certificate.pem"
[ "$failures" = 0 ]

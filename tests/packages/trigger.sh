#!/usr/bin/env bash
# Sends what the vendors send, right and wrong, to an integration on this machine.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
apisig=$PWD/${APISIG_COMMAND:-target/cli/apisig}
work=target/tests/trigger
mkdir -p "$work"
# As for ImbaChat: a login and a password.
export APISIG_SECRET=root:abC

port=$(free_port)
at=http://127.0.0.1:$port
serve "$work/log" "$port" "$PYTHON" tests/packages/trigger_receiver.py "$port" "$APISIG_SECRET"

says() { # status, words, vendor, event, path, further options
    local printed status
    printed=$("$apisig" trigger "$3" "$4" --to "$at/$5" "${@:6}" 2>&1)
    status=$?
    [ "$status" = "$1" ] && [[ $printed == *"$2"* ]] || { printf '%s\nstatus %s\n' "$printed" "$status"; false; }
}

right='The answer is as the vendor wants it.'
for event in message typing reaction; do ok "Kommo's webhook: $event" says 0 "$right" kommo "$event" kommo; done
ok "ImbaChat's question about users" says 0 "$right" imbachat users users
ok 'and a query stays' says 0 "$right" imbachat users 'users?a=b'
ok "RetailCRM's configuration request" says 0 "$right" retailcrm config config
ok 'which needs no secret' env -u APISIG_SECRET "$apisig" trigger retailcrm config --to "http://127.0.0.1:$port/config"
ok "RetailCRM's registration" says 0 "$right" retailcrm register register
ok "RetailCRM's activity" says 0 "$right" retailcrm activity activity
ok "RetailCRM's transition" says 0 "$right" retailcrm transition account

printf 'message\n' >"$work/text"
printf ' 7, 8 \n' >"$work/ids"
ok 'a payload of your own' says 0 '"user_id": 8' imbachat users users --data "$work/ids"
ok 'which is sent as it is' says 1 'Kommo expects the status 200' kommo message elsewhere --data "$work/text"
ok 'one that cannot be sent' says 2 'list of user ids' imbachat users users --data "$work/text"
ok 'likewise' says 2 'not a JSON object' retailcrm register register --data "$work/ids"

# A receiver whose certificate nobody else trusts.
if has openssl; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=receiver -addext subjectAltName=IP:127.0.0.1 \
        -addext basicConstraints=critical,CA:FALSE -keyout "$work/key.pem" -out "$work/certificate.pem" 2>"$work/openssl.log"
    secure=$(free_port)
    serve "$work/secure.log" "$secure" "$PYTHON" tests/packages/trigger_receiver.py "$secure" "$APISIG_SECRET" "$work/certificate.pem" "$work/key.pem"
    secure_receiver() { at=https://127.0.0.1:$secure says "$1" "$2" kommo message kommo "${@:3}"; }
    ok 'one that is given by --ca is trusted' secure_receiver 0 "$right" --ca "$work/certificate.pem"
    ok 'no other is' secure_receiver 2 UnknownIssuer
    ok 'what is no certificate' secure_receiver 2 'it has no certificate in PEM' --ca "$work/text"
    ok 'nor is a key' secure_receiver 2 'it has no certificate in PEM' --ca "$work/key.pem"
else
    missing 'openssl is not installed'
fi

for mistake in SECRET_NEWLINE SECRET_SPACE SECRET_BOM SECRET_CASE BASE64 BODY_OTHER; do
    ok "Kommo, $mistake: it is refused" says 0 'status 403' kommo message kommo --broken "$mistake"
    ok 'and seen if it is not' says 1 'This request is wrong: answer with' kommo message everything --broken "$mistake"
done
for mistake in secret_newline secret_space secret_bom secret_case; do
    ok "ImbaChat, $mistake: it is refused" says 0 'status 401' imbachat users users --broken "$mistake"
    ok "RetailCRM, $mistake: it is refused" says 0 '"success": false' retailcrm register register --broken "$mistake"
done
ok 'an answer is shown with its control characters escaped' says 0 '\x1b[31mWelcome' retailcrm transition account
ok 'a mistake that it cannot have' says 2 'one of: SECRET_NEWLINE, SECRET_SPACE' imbachat users users --broken BASE64
ok 'what is no mistake' says 2 'one of: SECRET_NEWLINE' kommo message kommo --broken X
ok 'an event that the vendor has not' says 2 'imbachat sends: users' imbachat message users

ok 'a status that the vendor refuses' says 1 'expects the status 200' kommo message elsewhere
ok 'an answer that comes late' says 1 'Kommo waits for 5 seconds' kommo message slow
ok 'users without a name' says 1 'each with user_id and name' imbachat users nameless
ok 'an answer without what it must have' says 1 'accountUrl' retailcrm register everything
ok 'an answer that has no end' says 2 'apisig: ' kommo message huge
ok 'JSON' says 0 '"valid":true' kommo message kommo --json
ok 'the secret is in no output' bash -c '! grep -rF abC "$1"' - "$work/log"
ok 'nobody listens' bash -c '"$1" trigger kommo message --to http://127.0.0.1:1/ 2>"$2"; [ $? = 2 ]' - "$apisig" "$work/error"
ok 'a path that is not there refuses nothing' says 1 'answer with 401 or 403' kommo message missing --broken BASE64
ok 'a login in the URL' bash -c '"$1" trigger kommo message --to http://u:hidden@127.0.0.1:1/ 2>"$2"; [ $? = 2 ] && ! grep -q hidden "$2"' - "$apisig" "$work/error"
ok 'no URL' bash -c '"$1" trigger kommo message --to x 2>"$2"; [ $? = 2 ]' - "$apisig" "$work/error"
[ "$failures" = 0 ]

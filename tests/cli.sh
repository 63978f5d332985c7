#!/usr/bin/env bash
# Uses the apisig command as a person and a script do: what it prints, its exit status, where it takes a secret from.
set -u
cd "$(dirname "$0")/.."
. tests/lib.sh
apisig=target/cli/apisig
work=target/tests/cli
mkdir -p "$work"
export APISIG_SECRET=fb50586ff7b68cd831fe0ef356345903f644c0d2
url=https://amojo.kommo.com/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect
body='{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","title":"MyKommo","hook_api_version":"v2"}'
date='Wed, 23 Nov 2022 19:25:21 +0000'

prints() { # status, expected, command
    local printed status
    printed=$("${@:3}" 2>&1)
    status=$?
    [ "$status" = "$1" ] && [ "$printed" = "$2" ] || { printf '%s\nstatus %s\n' "$printed" "$status"; false; }
}

says() { # status, words, command
    local printed status
    printed=$("${@:3}" 2>&1)
    status=$?
    [ "$status" = "$1" ] && [[ $printed == *"$2"* ]] || { printf '%s\nstatus %s\n' "$printed" "$status"; false; }
}

verify_kommo() { # signature
    "$apisig" verify kommo --url "$url" --body "$body" --now 1669231600 -H "Date: $date" -H 'content-type: application/json' \
        -H 'Content-MD5: a3c0e73dc69f8cf3941418999fd019da' -H "X-Signature: $1"
}

curl_sends_what_was_signed() {
    local command
    command=$("$apisig" sign kommo --url http://127.0.0.1:9/x --body "it's {\"a\": \"\$b\"}" --curl) || return
    curl() { printf '%s|' "$@"; }
    [[ $(eval "$command") == *"|--data-raw|it's {\"a\": \"\$b\"}|" ]]
}

fits_80_columns() {
    local vendor verb
    for verb in sign verify explain diagnose; do
        for vendor in kommo imbachat retailcrm kayako mor; do
            "$apisig" "$verb" "$vendor" --help || return
        done
    done >"$work/help"
    ! grep -nE '^.{81}' "$work/help"
}

secret_on_the_command_line() {
    ! "$apisig" sign mor --help | grep -qE -- '--secret[ =]'
}

ok 'sign' says 0 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c' "$apisig" sign kommo --url "$url" --body "$body" --now 1669231521
ok 'sign, as JSON' says 0 '"X-Signature":"865fe065129ef6c0240decadbd674d29919ef91c"' \
    "$apisig" --json sign kommo --url "$url" --body "$body" --now 1669231521
ok 'sign, as a curl command' curl_sends_what_was_signed
ok 'verify: 0 if it holds' prints 0 'It holds.' verify_kommo 865fe065129ef6c0240decadbd674d29919ef91c
ok 'verify: 1 if it does not' says 1 'The signature is missing, or not the one' verify_kommo 965fe065129ef6c0240decadbd674d29919ef91c
ok 'a hash without its method is wrong use' says 2 'method is needed' "$apisig" sign mor --form a=1
ok 'wrong use is 2' says 2 'required' "$apisig" verify kommo
ok 'a secret that is not there is 2' says 2 'no secret' env -u APISIG_SECRET "$apisig" sign retailcrm --api-key x
printf 'secret\n' >"$work/secret"
token=016ab397889c59a1f61a07d69857880a0d867aa1b0edb1014971757cf7a25bb1
ok 'a secret from a file, without its line end' prints 0 "$token" "$apisig" sign retailcrm --api-key api_key --secret-file "$work/secret"
ok 'a secret from standard input' prints 0 "$token" "$apisig" sign retailcrm --api-key api_key --secret-file - <"$work/secret"
ok 'a secret with its line end is another' says 1 'line feed at its end' "$apisig" diagnose retailcrm --api-key api_key --token "$token" \
    --secret-file "$work/secret" --secret-verbatim
ok 'no option takes the secret itself' secret_on_the_command_line
ok 'diagnose names the mistake, as JSON' says 1 '"mistake":"SECRET_SWAPPED"' env APISIG_SECRET=secret "$apisig" --json diagnose retailcrm \
    --api-key api_key --token a6323d39441a8431100c237db614d47d801d68ed64d18902b76ef1bd8995fd82
ok 'diagnose: nothing is wrong' prints 0 'Nothing is wrong.' env APISIG_SECRET=secret "$apisig" diagnose retailcrm --api-key api_key --token "$token"
ok 'mor hash shows the order' says 0 'b93c35d5c6183288322122561a3da7e09abb63b7' env APISIG_SECRET='Very Sercet Key' \
    "$apisig" mor hash '/billing/api/user_calls_get?period_start=1252454580&user_id=123&calltype=answered'
ok 'explain shows no secret' bash -c "! APISIG_SECRET=topsecretvalue $apisig explain mor --form a=1 | grep -q topsecretvalue"
printf 'POST\na\n/x' >"$work/one"
printf 'POST\nb\n/x' >"$work/other"
ok 'diff marks the line that differs, without colours in a pipe' says 1 'a\n    | b\n' "$apisig" diff "$work/one" "$work/other"
ok 'diff of two equal ones is 0' says 0 'POST\n' "$apisig" diff "$work/one" "$work/one"
ok 'the help fits 80 columns' fits_80_columns
ok 'a manual page' says 0 '.TH apisig' "$apisig" man
ok 'completions' says 0 'apisig' "$apisig" completions bash
[ "$failures" = 0 ]

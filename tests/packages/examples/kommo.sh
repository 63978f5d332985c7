#!/usr/bin/env bash
# Runs Kommo's examples against a server on this machine that checks every request with the code of the vendor's page.
set -u
cd "$(dirname "$0")/../../.."
. tests/lib/lib.sh
export no_proxy=127.0.0.1
export KOMMO_CHANNEL=f62a0162-46a7-430e-b06c-0ef798d56b21 KOMMO_ACCOUNT=52fd2a28-d2eb-4bd8-b862-b57934927b38
secret=fb50586ff7b68cd831fe0ef356345903f644c0d2
webhook='{"message":{"message":{"type":"text","text":"Hi"}}}'

if ! has_php || ! has_python; then
    missing 'PHP with FFI or Python is not installed'
    exit "$failures"
fi
KOMMO_SECRET=$secret vendor_server kommo # sets url, work and log

# What Kommo sends: its line end is not signed.
signature=$(php -r 'echo hash_hmac("sha1", $argv[1], $argv[2]);' "$webhook" "$secret")

example() { # language, secret, channel, signature of the webhook
    local program=("$PYTHON" examples/python/kommo.py)
    [ "$1" = PHP ] && program=(php examples/php/kommo.php)
    printf '%s\n' "$webhook" | KOMMO_SECRET=$2 HTTP_X_SIGNATURE=$4 \
        "${program[@]}" "$3" "$KOMMO_ACCOUNT" "$url" 2>&1
}

prints() { # expected, language, secret, channel, signature of the webhook
    diff <(printf '%s\n' "$1") <(example "${@:2}")
}

requests="connected: ${KOMMO_CHANNEL}_$KOMMO_ACCOUNT
sent: conversation-1
disconnected"
for language in PHP Python; do
    ok "$language: the vendor's code accepts every request, and the webhook" \
        prints "$requests"$'\nreceived: "Hi"\nwebhook: 200' "$language" "$secret" "$KOMMO_CHANNEL" "$signature"
    ok "$language: a webhook that is not signed is refused" \
        prints "$requests"$'\nwebhook: 401' "$language" "$secret" "$KOMMO_CHANNEL" ''
    ok "$language: a webhook with another signature is refused" \
        prints "$requests"$'\nwebhook: 401' "$language" "$secret" "$KOMMO_CHANNEL" "${signature/[0-8]/9}"
    ok "$language: another secret is refused, and the vendor's reason read" \
        prints 'refused: 403 ORIGIN_INVALID_SIGNATURE' "$language" "another" "$KOMMO_CHANNEL" "$signature"
    ok "$language: another channel is not found, and the vendor's reason read" \
        prints 'refused: 404 ORIGIN_NOT_REGISTERED' "$language" "$secret" another "$signature"
done

in_c() { # expected, secret, channel
    diff <(printf '%s\n' "$1") <(KOMMO_SECRET=$2 "$work/kommo" "$3" "$KOMMO_ACCOUNT" "$url" 2>&1)
}

if has gcc && pkg-config --exists libcurl; then
    ok 'C: it compiles' compile_c "$work/kommo" examples/c/kommo.c target/release/libapisig.a -lcurl
    ok "C: the vendor's code accepts the request" in_c "${requests%%$'\n'*}" "$secret" "$KOMMO_CHANNEL"
    ok "C: another secret is refused, and the vendor's reason read" \
        in_c 'refused: 403 ORIGIN_INVALID_SIGNATURE' another "$KOMMO_CHANNEL"
else
    missing 'gcc or libcurl is not installed'
fi
[ "$failures" = 0 ] || tail -n 20 "$log"
[ "$failures" = 0 ]

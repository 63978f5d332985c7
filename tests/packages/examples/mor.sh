#!/usr/bin/env bash
# Runs MOR's examples against a server on this machine that hashes as the vendor's page prints it.
set -u
cd "$(dirname "$0")/../../.."
. tests/lib/lib.sh
export MOR_USER=admin MOR_SECRET='Very Sercet Key'
vendor_server mor # sets url and log

both_requests_are_taken() { # command
    [ "$("$@" "$url")" = $'Balance: 12.50 EUR\nPayment 7: 10.50' ]
}

a_wrong_secret_is_refused() { # command
    [ "$(MOR_SECRET='Very Secret Key' "$@" "$url" 2>&1)" = 'Refused: Incorrect hash' ]
}

# The one error is the root of its answer, the other lies below one.
another_user_is_refused() { # command
    [ "$(MOR_USER=nobody "$@" "$url" 2>&1)" = 'Refused: Access Denied' ]
}

for language in php python; do
    if [ $language = php ]; then command=(php examples/php/mor.php); else command=("$PYTHON" examples/python/mor.py); fi
    if ! has_$language; then
        missing "$language cannot run the example here"
        continue
    fi
    ok "$language: a balance and a payment" both_requests_are_taken "${command[@]}"
    ok "$language: a wrong secret is refused" a_wrong_secret_is_refused "${command[@]}"
    ok "$language: another user is refused" another_user_is_refused "${command[@]}"
done
[ ! -d ../shared/seeds ] || ok "hashed by the line of the vendor's page" grep -q "the console line of the vendor's page" "$log"
[ "$failures" = 0 ]

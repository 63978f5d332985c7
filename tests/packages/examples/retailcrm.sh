#!/usr/bin/env bash
# Connects RetailCRM's example modules to a system on this machine. VendorPagesTest compares its tokens with those of the vendor's page.
set -u
cd "$(dirname "$0")/../../.."
. tests/lib/lib.sh
export RETAILCRM_SECRET=0b5f7c3e9d MODULE_URL=https://module.example no_proxy=127.0.0.1
api_key=Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E
work=$PWD/target/examples/retailcrm
mkdir -p "$work"
step() { # step, port of the module, port of the system
    "$PYTHON" tests/packages/examples/retailcrm_crm.py "$1" "http://127.0.0.1:$2" "$3" "$api_key" "$token"
}

# What the module writes to its log; the API key never.
log_is_clean() { # language
    ! grep -F "$api_key" "$work/$1.log" && grep -iq 'refused: mismatch' "$work/$1.log" && grep -iq 'refused: url' "$work/$1.log"
}

check_module() { # language, port, command
    local language=$1 port=$2 system
    system=$(free_port)
    export CRM_ORIGIN=http://127.0.0.1:$system MODULE_ACCOUNTS=$work/$language.json
    rm -f "$MODULE_ACCOUNTS"
    ok "$language: the module runs" serve "$work/$language.log" "$port" "${@:3}"
    ok "$language: it is connected by JSON, and the user finds the account" step connect-by-json "$port" "$system"
    ok "$language: it is connected by the fields of the page, too" step connect-by-fields "$port" "$system"
    ok "$language: it hears of its activity" step tell-of-activity "$port" "$system"
    ok "$language: it refuses what is forged" step forge "$port" "$system"
    ok "$language: it sends the API key to no other system" step send-elsewhere "$port" "$system"
    ok "$language: it tells the user when the system refuses it" step refuse-the-edit "$port" "$system"
    ok "$language: its log says why, and not the API key" log_is_clean "$language"
}

if ! has_python; then
    missing 'Python is not installed'
    exit "$failures"
fi
token=$("$PYTHON" -c 'import hmac, sys; print(hmac.new(sys.argv[2].encode(), sys.argv[1].encode(), "sha256").hexdigest())' \
    "$api_key" "$RETAILCRM_SECRET")
if has_php && has composer && class_loader; then
    port=$(free_port)
    check_module PHP "$port" php "${PRELOADED[@]}" -S "127.0.0.1:$port" tests/packages/examples/retailcrm_module.php
else
    missing 'PHP with FFI or composer is not installed'
fi
port=$(free_port)
check_module Python "$port" "$PYTHON" tests/packages/examples/retailcrm_module.py "$port"
[ "$failures" = 0 ]

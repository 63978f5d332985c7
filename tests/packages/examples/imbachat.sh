#!/usr/bin/env bash
# Runs the example sites of ImbaChat: asks them for users as ImbaChat does, compares the answers with those of the vendor
# page's own code, and looks at their pages, and at hostile ones, in a real browser.
set -u
cd "$(dirname "$0")/../../.."
. tests/lib/lib.sh
export IMBACHAT_DEV_ID=15 IMBACHAT_LOGIN=root IMBACHAT_PASSWORD=abc
export IMBACHAT_SECRET=lPXBFPqNg3f661JcegBY0N0dPXqUBdHXqj2cHf04PZgLHxT6z55e20ozojvMRvB8
work=target/examples/imbachat
mkdir -p "$work"

start() { # port, command
    serve "$work/$1.log" "$@"
}

# Status, WWW-Authenticate and body of an answer.
answer() { # curl's arguments
    curl -si --max-time 10 "$@" | tr -d '\r' |
        sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p; /^WWW-Authenticate:/Ip; /^$/,$p'
}

same_answer() { # two sites' addresses, path, curl's further arguments
    local expected
    expected=$(answer "$2$3" "${@:4}")
    [ -n "$expected" ] && [ "$(answer "$1$3" "${@:4}")" = "$expected" ]
}

same_json() { # likewise
    "$PYTHON" -c 'import json, sys; sys.exit(json.loads(sys.argv[1]) != json.loads(sys.argv[2]) or sys.argv[1] in ("", "[]"))' \
        "$(curl -s --max-time 10 "$1$3" "${@:4}")" "$(curl -s --max-time 10 "$2$3" "${@:4}")"
}

is_status() { # expected, curl's arguments
    [ "$(curl -s --max-time 10 -o "$work/body" -w '%{http_code}' "${@:2}")" = "$1" ]
}

says() { # expected body, curl's arguments
    [ "$(curl -s --max-time 10 "${@:2}")" = "$1" ]
}

requests() { # language, its site
    local users='/users?user_ids=1,2' login=(-u root:abc)
    ok "$1: without a login, the answer is the page's" same_answer "$2" "$page" "$users"
    ok "$1: with a wrong password, too" same_answer "$2" "$page" "$users" -u root:abd
    ok "$1: with another scheme, too" same_answer "$2" "$page" "$users" -H 'Authorization: Bearer cm9vdDphYmM='
    ok "$1: that answer is a 401" is_status 401 "$2$users"
    ok "$1: the users are the page's" same_json "$2" "$page" "$users" "${login[@]}"
    ok "$1: the login may be in upper case" same_json "$2" "$page" "$users" -u ROOT:abc
    ok "$1: one user is an array" same_json "$2" "$page" '/users?user_ids=2' "${login[@]}"
    ok "$1: so are none" says '[]' "$2/users?user_ids=3" "${login[@]}"
    ok "$1: so is no question" says '[]' "$2/users" "${login[@]}"
    ok "$1: what is no list of ids is a 400" is_status 400 "$2/users?user_ids=P11-A" "${login[@]}"
}

in_browser() { # what, address
    "$PYTHON" tests/packages/examples/imbachat_browser.py "$@"
}

page=http://127.0.0.1:$(free_port)
vendor=http://127.0.0.1:$(free_port)
php_site=http://127.0.0.1:$(free_port)
python_site=http://127.0.0.1:$(free_port)
export IMBACHAT_ORIGIN=$vendor

sites=()
if has_python; then
    ok 'the stand-in of imbachat.com runs' start "${vendor##*:}" "$PYTHON" tests/packages/examples/imbachat_vendor.py "${vendor##*:}"
    ok 'the Python site runs' start "${python_site##*:}" "$PYTHON" examples/python/imbachat.py "${python_site##*:}"
    sites+=("Python $python_site")
else
    missing 'Python is not installed'
fi
if has_php && has composer && class_loader; then
    ok "the page's site runs" start "${page##*:}" php -S "127.0.0.1:${page##*:}" tests/packages/examples/imbachat_page.php
    ok 'the PHP site runs' start "${php_site##*:}" php "${PRELOADED[@]}" -S "127.0.0.1:${php_site##*:}" examples/php/imbachat.php
    sites+=("PHP $php_site")
else
    missing 'PHP with FFI or composer is not installed'
fi
for site in "${sites[@]}"; do
    read -r language address <<<"$site"
    if has curl && has_php; then requests "$language" "$address"; else missing 'curl or PHP is not installed'; fi
    if has chromium; then
        ok "$language: the widget loads with user and token, the button opens the dialog" in_browser site "$address/"
    fi
done
if has chromium; then
    ok 'hostile tokens can run as scripts' in_browser naive "$vendor/naive"
    ok 'but none does in the widget, which loads with each of them' in_browser safe "$vendor/safe"
else
    missing 'CHROMIUM IS NOT INSTALLED: no page was looked at in a browser'
fi
[ "$failures" = 0 ]

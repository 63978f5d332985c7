#!/usr/bin/env bash
# Under load on loopback: PHP's binding behind nginx and php-fpm, Python's in a WSGI server with threads. Every request is
# answered with 200, by the same processes, whose memory does not grow once they are warm. A machine that is too slow for the
# number of requests makes as many as it can in the time, and says so.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/packages/fpm/server.sh
php_requests=${LOAD_REQUESTS:-300000} python_requests=${LOAD_REQUESTS:-50000} seconds=${LOAD_SECONDS:-90}
growth_max=512

# The four headers of a request that is signed now, a line each.
sign() {
    "$PYTHON" -c 'import apisig, sys
request = ("POST", "/v2/origin/custom/1/connect?x=%2F", "{\"title\":\"MyKommo\"}")
print(*dict(apisig.Kommo("channel secret").sign(*request)).values(), sep="\n")'
}

# Sends requests for a while; adds to `requests`, `refused` and `broken`.
load() { # seconds, address, signature instead of the right one
    local headers said
    readarray -t headers < <(sign)
    said=$(wrk -t1 -c4 "-d$1s" -s tests/trust/load.lua "$2" -- "${headers[0]}" "${headers[2]}" "${3:-${headers[3]}}")
    requests=$((requests + $(sed -n 's/^ *\([0-9]*\) requests in .*/\1/p' <<<"$said")))
    refused=$((refused + $(sed -n 's/^ *Non-2xx or 3xx responses: \([0-9]*\)/\1/p' <<<"$said" | grep . || echo 0)))
    grep -q 'Socket errors' <<<"$said" && broken="$broken $(grep 'Socket errors' <<<"$said")"
    return 0
}

# Memory that is no file's, of all processes together, in KiB.
memory() { # process ids
    local pid sum=0
    for pid in "$@"; do
        sum=$((sum + $(sed -n 's/^Anonymous: *\([0-9]*\) kB/\1/p' "/proc/$pid/smaps_rollup")))
    done
    echo "$sum"
}

children() {
    pgrep -P "$1" | sort -n | tr '\n' ' '
}

# Warms up, then loads until the requests are made or the time is over.
loaded() { # name, requests, seconds, address, what lists the process ids
    local before after grown began
    requests=0 refused=0 broken=
    load 3 "$4"
    workers=$("${@:5}")
    read -r -a pids_before <<<"$workers"
    before=$(memory "${pids_before[@]}") requests=0 began=$SECONDS
    while [ "$requests" -lt "$2" ] && [ $((SECONDS - began)) -lt "$3" ]; do load 5 "$4"; done
    after=$(memory "${pids_before[@]}")
    grown=$((after - before))
    echo "figure: $1: $requests requests in $((SECONDS - began)) s, $refused not 2xx, $grown KiB more in ${#pids_before[@]} processes"
    [ "$requests" -ge "$2" ] || missing "$1: this machine made only $requests of $2 requests in the time"
    ok "$1: there are workers, and requests" test "${#pids_before[@]}" -gt 0 -a "$requests" -gt 0
    ok "$1: every answer is 2xx" test "$refused" = 0
    ok "$1: no connection broke" test -z "$broken"
    ok "$1: the processes are the same" test "$workers" = "$("${@:5}")"
    ok "$1: memory is flat" test "$before" -gt 0 -a "$after" -gt 0 -a "$grown" -le "$growth_max"
}

dies_and_is_missed() { # what lists the process ids
    local before after
    before=$("$@")
    kill -KILL "${before%% *}"
    sleep 0.5
    after=$("$@")
    [ -n "$after" ] && [ "$before" != "$after" ]
}

alive() { # process id
    kill -0 "$1" && echo "$1"
}

refuses() { # address
    requests=0 refused=0 broken=
    load 1 "$1" 0000000000000000000000000000000000000000
    [ "$refused" -gt 0 ]
}

needs wrk
if has_php && [ -n "$fpm" ] && { has nginx || [ -x "$nginx" ]; }; then
    library=$APISIG_LIBRARY
    ok 'php-fpm and nginx start' start "${preloaded[@]}"
    loaded PHP "$php_requests" "$seconds" "$url" children "${servers[0]}"
    ok 'control: PHP: a wrong signature is not 2xx' refuses "$url"
    ok 'control: PHP: a worker that dies is missed' dies_and_is_missed children "${servers[0]}"
    stop
else
    missing 'php-fpm or nginx is not installed'
fi
if "$PYTHON" -c 'import waitress' 2>/dev/null; then
    ok 'a WSGI server in threads starts' serve "$work/python.log" "$port" "$PYTHON" tests/trust/server.py "$port"
    loaded Python "$python_requests" "$seconds" "$url" alive "${servers[0]}"
    ok 'control: Python: a wrong signature is not 2xx' refuses "$url"
    stop
else
    missing '.venv with waitress'
fi
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Starts php-fpm behind nginx on loopback, as a server has them, with PHP's default ffi.enable=preload: signed and checked
# requests through the preloaded classes, then what a user sees who has not set up preloading.
set -u
cd "$(dirname "$0")/.."
. tests/lib.sh
root=$PWD
fpm=$(command -v php-fpm php-fpm8.2 php-fpm8.3 php-fpm8.4 | head -n 1)
nginx=$(command -v nginx || echo /usr/sbin/nginx)
work=$(mktemp -d)
chmod 755 "$work"
port=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
pids=()

stop() {
    [ ${#pids[@]} = 0 ] || { kill "${pids[@]}" && wait "${pids[@]}"; } 2>/dev/null
    pids=()
}
trap 'stop; rm -rf "$work"' EXIT

start() { # settings of PHP
    rm -f "$work/socket"
    local user=() settings=()
    [ "$(id -u)" != 0 ] || user=('user = www-data' 'group = www-data' 'listen.mode = 0666')
    printf '%s\n' '[global]' "error_log = $work/fpm.log" '[www]' "listen = $work/socket" 'pm = static' 'pm.max_children = 2' \
        "env[APISIG_CLASSES] = $root/bindings/php/src" ${library:+"env[APISIG_LIBRARY] = $library"} "${user[@]}" >"$work/fpm.conf"
    for setting in opcache.enable=1 "$@"; do settings+=("-d$setting"); done
    "$fpm" --nodaemonize --allow-to-run-as-root -y "$work/fpm.conf" "${settings[@]}" 2>>"$work/fpm.log" &
    pids+=($!)
    cat >"$work/nginx.conf" <<NGINX
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
$([ "$(id -u)" != 0 ] || echo 'user www-data;')
events { }
http {
    access_log off;
    client_body_temp_path $work/body;
    fastcgi_temp_path $work/fastcgi;
    proxy_temp_path $work/proxy;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    server {
        listen 127.0.0.1:$port;
        location / {
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME $root/tests/fpm/app.php;
            fastcgi_pass unix:$work/socket;
        }
    }
}
NGINX
    "$nginx" -c "$work/nginx.conf" 2>>"$work/nginx.log" &
    pids+=($!)
    for _ in $(seq 100); do
        [ -S "$work/socket" ] && curl -s -o "$work/up" "$url/salt/1" && return
        sleep 0.05
    done
    cat "$work/fpm.log" "$work/nginx.log"
    return 1
}

signed_request_holds() {
    local path='/v2/origin/custom/1/connect?x=%2F' body='{"title":"MyKommo"}' headers
    headers=$("$PYTHON" -c 'import apisig, sys
for header in apisig.Kommo("channel secret").sign("POST", sys.argv[1], sys.argv[2]).items(): print(": ".join(header))' "$path" "$body")
    printf '%s\n' "$headers" >"$work/headers"
    [ "$(curl -s -H "@$work/headers" -d "$body" "$url$path")" = holds ] &&
        [ "$(curl -s -H "@$work/headers" -d "$body " "$url$path" -w ' %{http_code}')" = 'does not hold 401' ]
}

salt_is_signed() {
    [ "$(curl -s "$url/salt/1234567890")" = 'VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=' ]
}

says() { # words of the error
    curl -s -w ' %{http_code}' "$url/salt/1" >"$work/error" && grep -q "$1" "$work/error" && grep -q ' 503$' "$work/error" || { cat "$work/error"; false; }
}

preloaded=("opcache.preload=$root/bindings/php/preload.php")
[ "$(id -u)" != 0 ] || preloaded+=(opcache.preload_user=www-data)

library=$APISIG_LIBRARY
ok 'php-fpm and nginx start, the classes preloaded' start "${preloaded[@]}"
ok 'a signed request holds, a changed one does not' signed_request_holds
ok 'a salt is signed' salt_is_signed
stop

library=
bindings/php/bin/apisig-header "$APISIG_LIBRARY" >"$work/apisig.h"
ok 'and with ffi.preload, without APISIG_LIBRARY' start "${preloaded[@]}" "ffi.preload=$work/apisig.h"
ok 'a signed request holds, a changed one does not' signed_request_holds
ok 'a salt is signed' salt_is_signed
stop

library=$APISIG_LIBRARY
ok 'nothing preloaded' start
ok 'the error says what to set' says 'set opcache.preload to the preload.php of this package'
stop
[ "$failures" = 0 ]

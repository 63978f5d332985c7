# php-fpm with two workers on a socket, `start_fpm`, and behind nginx on a free port of loopback, `start`; `stop`, and stopped at
# exit. Sourced behind lib.sh.
root=$PWD
fpm=$(command -v php-fpm php-fpm8.2 php-fpm8.3 php-fpm8.4 | head -n 1)
nginx=$(command -v nginx || echo /usr/sbin/nginx)
work=$(mktemp -d)
chmod 755 "$work"
port=$(free_port)
url=http://127.0.0.1:$port
script=$root/tests/packages/fpm/app.php
# Settings by which the classes are preloaded.
preloaded=("opcache.preload=$root/bindings/php/preload.php")
[ "$(id -u)" != 0 ] || preloaded+=(opcache.preload_user=www-data)

stop() {
    [ ${#servers[@]} = 0 ] || { kill "${servers[@]}" && wait "${servers[@]}"; } 2>/dev/null
    servers=()
}
trap 'stop; rm -rf "$work"' EXIT

start_fpm() { # settings of PHP
    rm -f "$work/socket"
    local user=() settings=()
    [ "$(id -u)" != 0 ] || user=('user = www-data' 'group = www-data' 'listen.mode = 0666')
    printf '%s\n' '[global]' "error_log = $work/fpm.log" '[www]' "listen = $work/socket" 'pm = static' 'pm.max_children = 2' \
        "env[APISIG_CLASSES] = $root/bindings/php/src" ${library:+"env[APISIG_LIBRARY] = $library"} \
        ${engine:+"env[APISIG_ENGINE] = $engine"} "${user[@]}" >"$work/fpm.conf"
    for setting in opcache.enable=1 "$@"; do settings+=("-d$setting"); done
    "$fpm" --nodaemonize --allow-to-run-as-root -y "$work/fpm.conf" "${settings[@]}" 2>>"$work/fpm.log" &
    servers+=($!)
    wait_until test -S "$work/socket" || { cat "$work/fpm.log"; return 1; }
}

start() { # settings of PHP
    start_fpm "$@" || return
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
            fastcgi_param SCRIPT_FILENAME $script;
            fastcgi_pass unix:$work/socket;
        }
    }
}
NGINX
    "$nginx" -c "$work/nginx.conf" 2>>"$work/nginx.log" &
    servers+=($!)
    wait_until curl -s -o "$work/up" "$url/salt/1" || { cat "$work/fpm.log" "$work/nginx.log"; return 1; }
}

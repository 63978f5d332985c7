#!/usr/bin/env bash
# README's PHP program prints its text where PHP does not allow FFI, without one line of php.ini: php -S and php-fpm behind nginx with
# the settings that they come with, and PHP with nothing but its own extensions. There is no native library to be found.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/packages/fpm/server.sh
needs php php-cli
needs composer
unset APISIG_LIBRARY
library=
site=$work/site

# The program as a site, readable by the server's user.
mkdir "$site"
class_loader
cp -r --parents bindings/php/{src,vendor} "$site"
chmod -R a+rX "$site"
awk '/^```php$/ { isIt = 1; next } /^```$/ && isIt { exit } isIt' README.md >"$site/program.php"
awk '/^```text$/ { isIt = 1; next } /^```$/ && isIt { exit } isIt' README.md >"$work/text"
# What it has to be there, and the remedy for the native library.
cat >"$site/engine.php" <<'PHP'
<?php
require 'bindings/php/vendor/autoload.php';
echo Apisig\Native::engine()->name, ': ', Apisig\Native::reason();
PHP

prints_the_text() { # command
    "$@" >"$work/output" 2>&1 && diff "$work/text" "$work/output"
}

by_php_alone() { # what, words of the reason, command
    ok "$1: README's program" prints_the_text "${@:3}" "${get}program.php"
    "${@:3}" "${get}engine.php" >"$work/reason" 2>&1
    ok "$1: PHP signs, and says why" grep -q "^Portable: .*$2" "$work/reason"
}

built_in() { # name, words of the reason, options of PHP
    local port
    port=$(free_port)
    (cd "$site" && exec php "${@:3}" -S "127.0.0.1:$port") >"$work/built-in.log" 2>&1 &
    servers+=($!)
    wait_until listens "$port"
    get=http://127.0.0.1:$port/ by_php_alone "$1" "$2" curl -s
}

in_the_site() {
    (cd "$site" && "$@")
}

# As SELinux and hardened kernels do. PHP warns of it at the first pattern that it wants to compile, with what it was matched against.
without_executable_memory() {
    cat >"$site/register.php" <<'PHP'
<?php
require 'bindings/php/vendor/autoload.php';
set_error_handler(fn (int $number, string $text) => throw new ErrorException($text));
$retailCrm = new Apisig\RetailCrm('the secret');
$register = ['token' => $retailCrm->sign('api-key'), 'apiKey' => 'api-key', 'systemUrl' => 'https://a.example'];
try {
    $form = http_build_query(['register' => json_encode($register)]);
    echo $retailCrm->register($form, [])->systemUrl;
} catch (Apisig\VerificationFailed $failed) {
    echo $failed->getMessage();
}
PHP
    local deny='import ctypes, os, sys; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); os.execvp(sys.argv[1], sys.argv[1:])'
    in_the_site python3 -c "$deny" php -n register.php >"$work/output" 2>&1
    ok 'no executable memory: a form is checked without a warning' [ "$(cat "$work/output")" = https://a.example ]
}

get='' by_php_alone 'php -n' 'enable it with extension=ffi' in_the_site php -n
get='' by_php_alone 'functions that hosts disable' 'enable it with extension=ffi' in_the_site php -n -d disable_functions=getenv,ini_get,php_uname
without_executable_memory
built_in 'php -n -S' 'enable it with extension=ffi' -n
if has_php; then built_in 'php -S' 'ffi.enable is "preload"'; else missing 'php -S with FFI'; fi
stop

if [ -n "$fpm" ] && { has nginx || [ -x "$nginx" ]; }; then
    for program in program engine; do
        script=$site/$program.php
        start && curl -s "$url" >"$work/$program"
        stop
    done
    ok "php-fpm: README's program" cmp "$work/text" "$work/program"
    ok 'php-fpm: PHP signs, and says why' grep -q '^Portable: .*opcache.preload' "$work/engine"
else
    missing 'php-fpm and nginx'
fi
[ "$failures" = 0 ]

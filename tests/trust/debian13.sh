#!/usr/bin/env bash
# PHP 8.4 as Debian 13 has it, in a folder that debootstrap makes: README's PHP program with and without FFI, every vector's call in
# both libraries, and nothing that 8.4 calls deprecated. As root; nothing stays mounted, since all is in a mount namespace of its own.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
[ "$(id -u)" = 0 ] || { missing 'Debian 13: only root can make it'; [ "$failures" = 0 ]; exit; }
needs debootstrap
needs composer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/debian
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)

alone() { # command, whose mounts end with it
    unshare -m --propagation private "$@"
}

made() {
    alone debootstrap --variant=minbase --include=php-cli trixie "$root" "$mirror" >"$work/log" 2>&1 || { tail -n 5 "$work/log"; return 1; }
}

inside() { # command
    alone chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin "${@}"
}

php84() { # options, program
    inside php -d error_reporting=-1 -d display_errors=1 "$@"
}

prints_the_text() { # options of PHP
    php84 "$@" /apisig/program.php >"$work/output" 2>&1
    diff "$work/text" "$work/output"
}

ok 'Debian 13 is made' made
[ "$failures" = 0 ] || exit 1
composer dump-autoload --no-ansi -q -d bindings/php
mkdir "$root/apisig"
cp -r --parents bindings/php tests/php/Calls.php tests/trust/portable.php tests/vectors target/release/libapisig.so "$root/apisig"
awk '/^```php$/ { isIt = 1; next } /^```$/ && isIt { exit } isIt' README.md | sed "s|'bindings|'/apisig/bindings|" >"$root/apisig/program.php"
awk '/^```text$/ { isIt = 1; next } /^```$/ && isIt { exit } isIt' README.md >"$work/text"

ok 'it is PHP 8.4' inside php -r 'exit(PHP_VERSION_ID >= 80400 && PHP_VERSION_ID < 80500 ? 0 : 1);'
ok "README's program by the library in PHP" prints_the_text -n
ok "README's program, FFI forbidden" prints_the_text -d ffi.enable=0
ok 'both libraries do the same' inside env APISIG_LIBRARY=/apisig/target/release/libapisig.so php -d error_reporting=-1 \
    -d display_errors=1 /apisig/tests/trust/portable.php "${COUNT:-20000}" "$RANDOM"
ok 'nothing is mounted there' sh -c '! grep -q "$1" /proc/mounts' - "$root"
[ "$failures" = 0 ]

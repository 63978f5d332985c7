#!/usr/bin/env bash
# The applications of docs/laravel.md and docs/symfony.md, in a folder each, with Laravel 10 and Symfony 6.4 as Debian 13 has them, and
# PHP 8.4: their own tests pass, and those of tests/trust/frameworks. Every deprecation is an error. As root; nothing stays mounted.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
[ "$(id -u)" = 0 ] || { missing 'Debian 13: only root can make it'; [ "$failures" = 0 ]; exit; }
needs mmdebstrap
needs composer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/debian
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
packages=(
    php-cli phpunit php-mbstring php-sqlite3 php-laravel-framework php-guzzlehttp-guzzle php-nyholm-psr7
    php-symfony-{framework-bundle,webhook,remote-event,messenger,http-client,browser-kit,yaml,css-selector}
)

made() {
    unshare -m --propagation private mmdebstrap --variant=apt --include="$(IFS=,; echo "${packages[*]}")" trixie "$root" "$mirror" >"$work/log" 2>&1 ||
        { tail -n 5 "$work/log"; return 1; }
}

tests_pass() { # framework, variables
    unshare -m --propagation private chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin "APPLICATION=/$1" KOMMO_SECRET=secret IMBACHAT_LOGIN=root \
        IMBACHAT_PASSWORD=abc APISIG_LIBRARY=/apisig/target/release/libapisig.so "${@:2}" sh -c 'cd "$APPLICATION" && phpunit \
        --bootstrap /apisig/tests/trust/frameworks/bootstrap.php --do-not-cache-result --fail-on-warning \
        --display-deprecations tests' >"$work/$1.log" 2>&1 || { tail -n 60 "$work/$1.log"; return 1; }
    grep -E '^OK|^Tests:' "$work/$1.log"
}

# A mistake in the middleware is seen.
is_seen() { # framework, variables
    local gate=$root/apisig/bindings/php/src/Framework/Listeners.php
    sed -i 's/return \$admitted;/return true;/' "$gate"
    ! tests_pass "$@" >"$work/seen.log"
}

ok 'Debian 13 is made' made
[ "$failures" = 0 ] || exit 1
composer dump-autoload --no-ansi -q -d bindings/php
mkdir "$root/apisig"
cp -rL --parents bindings/php tests/trust/frameworks target/release/libapisig.so "$root/apisig"
for framework in laravel symfony; do
    cp -r "tests/trust/frameworks/$framework" "$root/$framework"
    ok "docs/$framework.md has an application" php tests/trust/frameworks/pieces.php "docs/$framework.md" "$root/$framework"
done
mkdir -p "$root"/laravel/{bootstrap/cache,vendor/composer,storage} "$root/symfony/var"
# As Composer writes it.
printf '{"packages": [%s]}' "$(cat bindings/php/composer.json)" >"$root/laravel/vendor/composer/installed.json"
echo '{}' >"$root/symfony/composer.json"

laravel=(laravel APP_ENV=testing 'AUTOLOAD=Illuminate GuzzleHttp')
symfony=(symfony APP_ENV=test KERNEL_CLASS='App\Kernel' 'AUTOLOAD=Symfony/Bundle/FrameworkBundle Symfony/Component/Webhook Symfony/Component/RemoteEvent Symfony/Component/Messenger Symfony/Component/HttpClient Symfony/Component/BrowserKit Symfony/Component/Yaml Symfony/Component/Console Nyholm/Psr7')
ok 'Laravel 10' tests_pass "${laravel[@]}"
ok 'Symfony 6.4' tests_pass "${symfony[@]}"
ok 'Laravel 10, without FFI' tests_pass "${laravel[@]}" APISIG_ENGINE=php
ok 'Symfony 6.4, without FFI' tests_pass "${symfony[@]}" APISIG_ENGINE=php
ok 'a middleware that admits all is seen in Laravel' is_seen "${laravel[@]}"
ok 'a parser that admits all is seen in Symfony' is_seen "${symfony[@]}"
ok 'nothing is mounted there' sh -c '! grep -q "$1" /proc/mounts' - "$root"
[ "$failures" = 0 ]

#!/usr/bin/env bash
# The applications of docs/laravel.md and docs/symfony.md, in an empty folder each, with the archive of `make dist` by Composer: their own
# tests pass, and those of tests/trust/frameworks, with Laravel 10 and Symfony 6.4 of Debian 13 and with Laravel 13 and Symfony 7.4 of
# unstable. As root; nothing stays mounted, since all is in a mount namespace of its own. Usage: frameworks.sh [trixie|sid]...
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
needs zip
. tests/lib/debian.sh
needs composer
packages=(
    php-cli phpunit php-mbstring php-sqlite3 php-laravel-framework php-guzzlehttp-guzzle php-nyholm-psr7
    php-symfony-{framework-bundle,webhook,remote-event,messenger,http-client,browser-kit,yaml,css-selector}
)

alone() { # command, whose mounts end with it
    unshare -m --propagation private "$@"
}

made() {
    # A mirror may lag behind: signed it is still.
    alone mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include="$(IFS=,; echo "${packages[*]}")" "$suite" "$root" \
        "$mirror" >"$work/log" 2>&1 ||
        { tail -n 5 "$work/log"; return 1; }
}

# Beside the project's own dist/.
archive() {
    mkdir "$work/sources" && git ls-files -z | xargs -0 cp --parents -t "$work/sources" && mkdir -p "$work/sources/target/release" &&
        cp target/release/libapisig.{so,a} "$work/sources/target/release" &&
        (cd "$work/sources" && REQUIRE_ALL='' bindings/dist.sh) >"$work/log" 2>&1 || { tail -n 5 "$work/log"; return 1; }
}

application() { # framework
    cp -r "tests/trust/frameworks/$1" "$work/$1" && php tests/trust/frameworks/pieces.php "docs/$1.md" "$work/$1" &&
        (cd "$work/$1" && composer install --no-ansi -q --no-interaction)
}

tests_pass() { # framework, variables
    alone chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin KOMMO_SECRET=secret IMBACHAT_LOGIN=root IMBACHAT_PASSWORD=abc "${@:2}" sh -c "
        cd /$1 && phpunit --bootstrap /bootstrap.php --do-not-cache-result --fail-on-warning --display-deprecations tests" \
        >"$work/log" 2>&1 || { tail -n 60 "$work/log"; return 1; }
}

# Control: whatever is decided, the request is admitted.
is_seen() { # framework, variables
    sed -i 's/return \$admitted;/return true;/' "$root/$1/vendor/apisig/apisig/src/Framework/Listeners.php"
    ! tests_pass "$@" >"$work/seen" && grep -q '^FAILURES!' "$work/seen"
}

laravel=(laravel APP_ENV=testing 'AUTOLOAD=Illuminate GuzzleHttp')
symfony=(symfony APP_ENV=test 'KERNEL_CLASS=App\Kernel' "AUTOLOAD=Symfony/Bundle/FrameworkBundle Nyholm/Psr7 $(
    printf 'Symfony/Component/%s ' Webhook RemoteEvent Messenger HttpClient BrowserKit Yaml)Symfony/Component/Console")

both() { # version of Laravel, of Symfony
    cp -r "$work"/{laravel,symfony} tests/trust/frameworks/bootstrap.php "$root"
    mkdir -p "$root"/laravel/{bootstrap/cache,storage} "$root/symfony/var"
    ok "$suite has Laravel $1 and Symfony $2" has_versions "$@"
    ok "Laravel $1" tests_pass "${laravel[@]}"
    ok "Symfony $2" tests_pass "${symfony[@]}"
    ok "Laravel $1, the library in PHP" tests_pass "${laravel[@]}" APISIG_ENGINE=php
    ok "Symfony $2, the library in PHP" tests_pass "${symfony[@]}" APISIG_ENGINE=php
    ok "control: Laravel $1 admits all" is_seen "${laravel[@]}"
    ok "control: Symfony $2 admits all" is_seen "${symfony[@]}"
    ok 'nothing is mounted there' sh -c '! grep -q "$1" /proc/mounts' - "$root"
}

has_versions() {
    alone chroot "$root" dpkg-query -W -f '${Version} ' php-laravel-framework php-symfony-webhook | grep -E "^$1\.[^ ]* $2\."
}

ok 'the archive is made' archive
for framework in laravel symfony; do ok "docs/$framework.md has an application" application $framework; done
[ "$failures" = 0 ] || exit 1
for release in 'trixie 10 6.4' 'sid 13 7.4'; do
    read -r suite versions <<<"$release"
    [[ $# = 0 || " $* " == *" $suite "* ]] || continue
    root=$work/$suite
    # shellcheck disable=SC2086
    if made; then both $versions; else echo "SKIP: Debian $suite cannot be had"; fi
done
[ "$failures" = 0 ]

#!/usr/bin/env bash
# PHP and Python as newer Debians have them, each in a folder that mmdebstrap makes: README's PHP program with and without FFI, every
# vector's call in both libraries, the tests of PHP and of Python, and nothing that a newer runtime calls deprecated. As root; nothing
# stays mounted, since all is in a mount namespace of its own. Usage: newer.sh [SUITE]...
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/lib/debian.sh
needs composer
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

# What each has: suites, versions of PHP, of PHPUnit, of Python.
RUNTIMES=(
    'trixie|8.4|11|3.13'
    'sid experimental|8.5 8.6|13|3.14 3.15'
)

made() { # suites
    local suite php sources=() wanted=(phpunit php-guzzlehttp-guzzle php-nyholm-psr7 php-psr-log php-symfony-http-client php-illuminate-http)
    for suite in $1; do sources+=("deb $mirror $suite main"); done
    for version in $phps; do wanted+=("php$version-cli" "php$version-mbstring" "php$version-xml" "php$version-curl" "php$version-zip" "php$version-sqlite3"); done
    for version in $pythons; do wanted+=("python$version"); done
    # A mirror may lag behind: signed it is still.
    mmdebstrap --quiet --variant=minbase --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' --include="${wanted[*]}" "${1%% *}" "$root" \
        "${sources[@]}" >"$work/log" 2>&1 || { tail -n 5 "$work/log"; return 1; }
}

# The tree of the tests, and the pure Python of the test tools.
inside() { # command
    unshare -m --propagation private sh -c '
        mount --bind "$1" "$2/apisig" && mount --bind "$3" "$2/packages" && mount -t proc proc "$2/proc" && mount -t tmpfs none "$2/tmp" &&
        root=$2 && shift 3 && exec chroot "$root" /usr/bin/env -i -C /apisig PATH=/usr/bin:/bin "$@"' - "$PWD" "$root" "$packages" "$@"
}

php_here() { # options, program
    inside APISIG_LIBRARY=/apisig/target/release/libapisig.so "php$php" -d error_reporting=-1 -d display_errors=1 "$@"
}

prints_the_text() { # options of PHP
    php_here "$@" target/tests/program.php >"$work/output" 2>&1
    diff "$work/text" "$work/output"
}

is_phpunit() {
    inside phpunit --version | grep "^PHPUnit $phpunit\."
}

suite_of_php() { # environment
    inside "$1" APISIG_LIBRARY=/apisig/target/release/libapisig.so "php$php" /usr/bin/phpunit --do-not-cache-result --fail-on-deprecation --fail-on-warning -c tests/php/phpunit.xml "${@:2}"
}

suite_of_python() {
    inside APISIG_LIBRARY=/apisig/target/release/libapisig.so PYTHONPATH=/apisig/bindings/python:/packages PYTHONDONTWRITEBYTECODE=1 \
        PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 "python$python" -W error -m pytest -q -p no:cacheprovider tests/python/test_{classes,binding,threads}.py \
        $(printf 'tests/python/test_%s.py ' "${VENDORS[@]}")
}

class_loader
mkdir -p target/tests
gcc -shared -fPIC -o target/tests/other_version.so tests/c/other_version.c
awk '/^```php$/ { isIt = 1; next } /^```$/ && isIt { exit } isIt' README.md | sed "s|'bindings|'/apisig/bindings|" >target/tests/program.php
awk '/^```text$/ { isIt = 1; next } /^```$/ && isIt { exit } isIt' README.md >"$work/text"
for row in "${RUNTIMES[@]}"; do
    IFS='|' read -r suites phps phpunit pythons <<<"$row"
    [[ $# = 0 || " $* " == *" ${suites%% *} "* ]] || continue
    root=$work/${suites%% *}
    made "$suites" || { echo "SKIP: Debian $suites cannot be had, or lacks one of these versions"; continue; }
    mkdir "$root/apisig" "$root/packages"
    ok "PHPUnit $phpunit" is_phpunit
    for php in $phps; do
        ok "PHP $php: README's program by the library in PHP" prints_the_text -n
        ok "PHP $php: README's program, FFI forbidden" prints_the_text -d ffi.enable=0
        ok "PHP $php: both libraries do the same" php_here tests/trust/portable.php "${COUNT:-20000}" "$RANDOM"
        ok "PHP $php: the tests" suite_of_php APISIG_ENGINE=auto
        ok "PHP $php: the tests without FFI" suite_of_php APISIG_ENGINE=php --exclude-group native
    done
    for python in $pythons; do ok "Python $python: the tests" suite_of_python; done
    ok 'nothing is mounted there' sh -c '! grep -q "$1" /proc/mounts' - "$root"
done
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Installs what a target of the Makefile needs and this machine lacks: Debian packages as root or through sudo, and the Python tools
# into the project's own .venv. Prints what it installs; touches nothing where all is there. NO_INSTALL=1 skips it.
# Usage: deps.sh demo|test|trust|fuzz|bench|dist|platforms|site
set -u
cd "$(dirname "$0")/../.."
[ $# = 1 ] || { echo 'deps: name one target' >&2; exit 2; }
[ "${NO_INSTALL:-}" = 1 ] && exit 0
target=$1

packages=()
need() { # package, targets, command that succeeds where it is there
    [[ " $2 " == *" $target "* ]] || return 0
    eval "$3" >/dev/null 2>&1 || packages+=("$1")
}
need php-cli 'demo test trust fuzz bench' 'php -r "exit(PHP_VERSION_ID >= 80100 && extension_loaded(\"ffi\") ? 0 : 1);"'
need php-cli site 'php --version'
need python3 'demo test trust fuzz bench dist platforms site' 'python3 --version'
need python3-venv 'test trust bench dist platforms site' 'python3 -c "import ensurepip, venv"'
need python3-dev 'test trust bench dist' 'python3 -c "import os, sysconfig; os.stat(sysconfig.get_path(\"include\") + \"/Python.h\")"'
need zip 'test trust dist' 'zip --version'
need g++ test 'g++ --version'
need binutils 'test trust fuzz bench' 'nm --version'
need composer 'test trust bench' 'composer --version --no-ansi'
need php-fpm 'test trust bench' 'command -v php-fpm php-fpm8.2 php-fpm8.3 php-fpm8.4'
need php-opcache 'test trust bench' 'php -r "exit(function_exists(\"opcache_get_status\") ? 0 : 1);"'
need nginx-light 'test trust' 'command -v nginx || test -x /usr/sbin/nginx'
need curl 'test trust' 'curl --version'
need openssl test 'openssl version'
need libssl-dev bench 'echo "#include <openssl/evp.h>" | cc -E -'
need phpunit test 'phpunit --version'
need php-codesniffer test 'phpcs --version'
for extension in zip curl redis apcu sqlite3:pdo_sqlite pgsql:pdo_pgsql mysql:pdo_mysql; do
    need "php-${extension%:*}" test "php -r 'exit(extension_loaded(\"${extension#*:}\") ? 0 : 1);'"
done
# The Debian package without php-, and the folder of its autoload.php.
while read -r package folder; do
    need "php-$package" test "php -r 'require \"$folder/autoload.php\";'"
done <tests/lib/php_libraries.txt
need postgresql test 'ls /usr/lib/postgresql/*/bin/postgres'
need mariadb-server-core test 'test -x /usr/sbin/mariadbd'
need redis-server test 'command -v redis-server'
need libcurl4-openssl-dev test 'pkg-config --exists libcurl'
need chromium 'test trust' 'chromium --version'
need musl-tools test 'command -v musl-gcc'
need cmake test 'cmake --version'
need pkg-config test 'pkg-config --version'
need man-db test 'man --version'
need groff test 'groff --version'
need abigail-tools 'test trust' 'abidiff --version'
need clang 'trust fuzz' 'clang --version'
need libclang-rt-dev 'trust fuzz' 'echo "int LLVMFuzzerTestOneInput(void) { return 0; }" | clang -fsanitize=fuzzer,address -x c -o /dev/null -'
need llvm 'trust fuzz' 'llvm-symbolizer --version'
need valgrind 'trust bench' 'valgrind --version'
need gdb trust 'gcore 2>&1 | grep pid'
need wrk trust 'command -v wrk'
need procps trust 'pgrep --version'
need qemu-user-static 'test trust' 'command -v qemu-aarch64-static'
need nodejs trust 'node --version'
need mmdebstrap trust 'command -v mmdebstrap'
need gcc-aarch64-linux-gnu 'test trust' 'command -v aarch64-linux-gnu-gcc'
need libc6-dev-arm64-cross 'test trust' 'echo "#include <stdio.h>" | aarch64-linux-gnu-gcc -E -'
need doxygen 'trust site' 'doxygen --version'
need php-parser 'trust site' 'php -r "require \"PhpParser/autoload.php\";"'
need php-phpstan-phpdoc-parser 'trust site' 'php -r "require \"PHPStan/PhpDocParser/autoload.php\";"'
need cargo-web platforms 'command -v rustup || test -x /usr/bin/cargo'
need rust-web-src platforms 'command -v rustup || test -d /usr/src/rustc-*/library'

if [ ${#packages[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "deps: please install ${packages[*]}; what needs them is skipped"
    elif [ "$(id -u)" = 0 ]; then
        tests/lib/apt.sh "${packages[@]}"
    elif command -v sudo >/dev/null; then
        sudo tests/lib/apt.sh "${packages[@]}"
    else
        echo "deps: please install ${packages[*]}; what needs them is skipped"
    fi
fi

# For the crate that a page uses, too.
wasm=wasm32-unknown-unknown
if [ "$target" = test ] && command -v rustup >/dev/null && ! [ -d "$(rustc --print target-libdir --target $wasm)" ]; then
    echo "deps: installing Rust's target $wasm"
    rustup -q target add $wasm || echo 'deps: it could not be installed; what needs it is skipped'
fi

venv=.venv
case $target in
    test | trust | bench) tools=(tests/python/requirements.txt) ;;
    dist) tools=(bindings/python/dist.txt tests/python/requirements.txt) ;; # the latter have what is in the former
    site) tools=(site/requirements.txt) venv=.venv/site ;;
    *) exit 0 ;;
esac
for installed in "${tools[@]}"; do
    if cmp -s "$installed" $venv/installed; then exit 0; fi
done
if python3 -c 'import ensurepip, venv' 2>/dev/null; then
    echo "deps: installing the Python tools of $tools into $venv"
    python3 -m venv $venv && $venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "$tools" && cp "$tools" $venv/installed ||
        echo "deps: the Python tools could not be installed; what needs them is skipped"
fi
exit 0

#!/usr/bin/env bash
# Installs what `make demo`, `make test` and `make trust` need and this machine lacks: Debian packages as root or through sudo, and the
# Python tools into the project's own .venv. Prints nothing and touches nothing where all is there. NO_INSTALL=1 skips it.
set -u
cd "$(dirname "$0")/.."
[ "${NO_INSTALL:-}" = 1 ] && exit 0

# All at once; where one cannot be had, each by itself.
install_packages() { # packages
    local options=(-y -qq --no-install-recommends) package
    "${as_root[@]}" apt-get install "${options[@]}" "$@" >/dev/null && return
    for package in "$@"; do
        "${as_root[@]}" apt-get install "${options[@]}" "$package" >/dev/null ||
            echo "deps: apt-get failed; what needs this package is skipped: $package"
    done
}

packages=()
need() { # package, command that succeeds where it is there
    eval "$2" >/dev/null 2>&1 || packages+=("$1")
}
need g++ 'g++ --version'
need binutils 'nm --version'
need php-cli 'php -r "exit(PHP_VERSION_ID >= 80100 && extension_loaded(\"ffi\") ? 0 : 1);"'
need phpunit 'phpunit --version'
need composer 'composer --version --no-ansi'
need php-zip 'php -r "exit(extension_loaded(\"zip\") ? 0 : 1);"'
need php-codesniffer 'phpcs --version'
need php-curl 'php -r "exit(extension_loaded(\"curl\") ? 0 : 1);"'
need php-guzzlehttp-guzzle 'php -r "require \"GuzzleHttp/autoload.php\";"'
need php-nyholm-psr7 'php -r "require \"Nyholm/Psr7/autoload.php\";"'
need php-symfony-http-client 'php -r "require \"Symfony/Component/HttpClient/autoload.php\";"'
need php-illuminate-http 'php -r "require \"Illuminate/Http/autoload.php\";"'
need php-illuminate-container 'php -r "require \"Illuminate/Container/autoload.php\";"'
need php-redis 'php -r "exit(extension_loaded(\"redis\") ? 0 : 1);"'
need php-apcu 'php -r "exit(extension_loaded(\"apcu\") ? 0 : 1);"'
need redis-server 'command -v redis-server'
need php-fpm 'command -v php-fpm8.2 php-fpm8.3 php-fpm8.4'
need php-opcache 'php -r "exit(function_exists(\"opcache_get_status\") ? 0 : 1);"'
need nginx-light 'command -v nginx || test -x /usr/sbin/nginx'
need curl 'curl --version'
need libcurl4-openssl-dev 'pkg-config --exists libcurl'
need chromium 'chromium --version'
need musl-tools 'command -v musl-gcc'
need cmake 'cmake --version'
need pkg-config 'pkg-config --version'
need man-db 'man --version'
need groff 'groff --version'
need clang 'clang --version'
need libclang-rt-dev 'echo "int LLVMFuzzerTestOneInput(void) { return 0; }" | clang -fsanitize=fuzzer,address -x c -o /dev/null -'
need llvm 'llvm-symbolizer --version'
need valgrind 'valgrind --version'
need gdb 'gcore 2>&1 | grep pid'
need abigail-tools 'abidiff --version'
need wrk 'command -v wrk'
need procps 'pgrep --version'
need python3 'python3 --version'
need python3-venv 'python3 -c "import ensurepip, venv"'

if [ ${#packages[@]} -gt 0 ]; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }; then
        echo "deps: installing ${packages[*]}"
        export DEBIAN_FRONTEND=noninteractive
        "${as_root[@]}" apt-get update -qq &&
            install_packages "${packages[@]}"
    else
        echo "deps: please install ${packages[*]}; what needs them is skipped"
    fi
fi

wanted=tests/python/requirements.txt
if python3 -c 'import ensurepip, venv' 2>/dev/null && ! cmp -s "$wanted" .venv/installed; then
    echo "deps: installing the Python tools into .venv"
    python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check -r "$wanted" && cp "$wanted" .venv/installed ||
        echo "deps: the Python tools could not be installed; what needs them is skipped"
fi
exit 0

#!/usr/bin/env bash
# The library on 64-bit ARM: by C, PHP 8.4 under PHPUnit 11, Python 3.13 and musl, in qemu-user and a Debian that is only unpacked.
# Nothing is installed for that processor but a compiler. Usage: arm64.sh [LIBRARY]; the command is beside it. Without LIBRARY it builds the
# library with gcc and runs C alone, with that compiler's libc: `make trust` has the rest.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/lib/elf.sh
. tests/platforms/lib.sh
needs qemu-aarch64-static qemu-user-static
needs aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
tests=$work/arm64
mkdir -p "$tests"

builds() {
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc CARGO_PROFILE_RELEASE_STRIP=true \
        cargo build -q --release --locked -p apisig --target aarch64-unknown-linux-gnu
}

emulated() {
    qemu-aarch64-static -L "$root" -E LD_LIBRARY_PATH="$tests" "$@"
}

in_c() { # test
    calls_of_the_header
    aarch64-linux-gnu-gcc -std=c99 -D_DEFAULT_SOURCE "${WARNINGS[@]}" -O1 "${INCLUDE[@]}" -o "$tests/$1" "tests/c/$1.c" \
        "$library" -Wl,-z,lazy && emulated "$tests/$1"
}

# A library that wipes no register must be found out.
registers_that_are_not_wiped() {
    copy_of_sources "$tests/unwiped" && sed -i 's/^        registers::wipe();$//' "$tests/unwiped/src/wipe.rs" &&
        (cd "$tests/unwiped" && CARGO_TARGET_DIR=$PWD/../target builds) &&
        mkdir -p "$tests/unwiped/lib" && cp "$tests/target/aarch64-unknown-linux-gnu/release/libapisig.so" "$tests/unwiped/lib/libapisig.so.0" &&
        ! qemu-aarch64-static -L "$root" -E LD_LIBRARY_PATH="$tests/unwiped/lib" "$tests/wipe" >"$tests/unwiped.log" &&
        grep -q "leaves the key's state" "$tests/unwiped.log"
}

# The classes with every vector, and each vendor's own tests; what starts \PHP_BINARY cannot run without binfmt_misc.
in_php() {
    [ -e bindings/php/vendor/autoload.php ] || class_loader
    APISIG_LIBRARY=$library emulated -E PHP_INI_SCAN_DIR="$root/etc/php/8.4/cli/conf.d" "$root/usr/bin/php8.4" \
        -d extension_dir="$root/usr/lib/php/20240924" -d include_path="$root/usr/share/php" -d opcache.enable_cli=0 \
        "$root/usr/bin/phpunit" -c tests/php/phpunit.xml --exclude-filter ThePreloadedHeader --filter "$1"
}

in_python() { # tests
    local packages
    packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') || return
    APISIG_LIBRARY=$library PYTHONDONTWRITEBYTECODE='' PYTHONPYCACHEPREFIX=$tests/compiled PYTHONPATH=$PYTHONPATH:$packages \
        PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 emulated -E PYTHONHOME=/usr "$root/usr/bin/python3.13" -m pytest -q -p no:cacheprovider "$@"
}

under_musl() {
    "$work/tools/bin/python" -m ziglang cc -target aarch64-linux-musl -dynamic -std=c99 -O1 -o "$tests/load-musl" tests/c/load.c &&
        emulated "$tests/load-musl" "$library"
}

if [ $# = 0 ]; then
    root=/usr/aarch64-linux-gnu
    # Where rustup has nothing, the library was not built.
    [ -d "$(rustc --print target-libdir --target aarch64-unknown-linux-gnu)" ] ||
        timeout 60 rustup -q target add aarch64-unknown-linux-gnu >/dev/null 2>&1 || cannot_be_had 'the standard library of Rust for arm64 cannot be fetched'
    ok 'it is built' builds
    library=target/aarch64-unknown-linux-gnu/release/libapisig.so
else
    library=$1 root=$work/debian-arm64
    needs mmdebstrap
    unpacked_debian "$root" arm64 "${RUNTIMES[@]}" || cannot_be_had 'Debian for arm64 cannot be fetched'
fi
library=$(realpath "$library")
mkdir -p "${library%/*/*}/tests"
ln -sfn "$library" "$tests/libapisig.so.0"
a_good_elf "$library" "$library" aarch64
ok 'C: every vector' in_c vectors
ok 'C: nothing is left on the stack and in registers' in_c wipe
if [ $# != 0 ]; then
    vendors=$(IFS='|'; echo "${VENDORS[*]}")
    ok 'C: mistakes of the caller' in_c hostile
    ok 'C: untrusted input' in_c presented
    ok 'control: registers that are not wiped' registers_that_are_not_wiped
    ok 'PHP 8.4: every vector, and the vendors' in_php "(Classes|Binding|$vendors)Test"
    # shellcheck disable=SC2046
    ok 'Python 3.13: every vector, and the vendors' in_python tests/python/test_{classes,binding}.py $(printf 'tests/python/test_%s.py ' "${VENDORS[@]}")
    ok 'it loads and signs in a musl process' under_musl
    ok 'the command' the_command emulated "${library%/*}/apisig"
fi
[ "$failures" = 0 ]

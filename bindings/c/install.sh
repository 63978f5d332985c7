#!/usr/bin/env bash
# Installs the header, both libraries, what pkg-config, CMake and man find them by, and the licenses; and the command, if `make cli`
# has built it: called by `make install`. Takes PREFIX, BINDIR, LIBDIR, INCLUDEDIR, MANDIR, DESTDIR and BUILT, the
# folder of the libraries, from the environment.
set -eu
cd "$(dirname "$0")/../.."
: "${PREFIX:=/usr/local}" "${DESTDIR:=}"
: "${BINDIR:=$PREFIX/bin}" "${LIBDIR:=$PREFIX/lib}" "${INCLUDEDIR:=$PREFIX/include}" "${MANDIR:=$PREFIX/share/man}"
version=$(sed -n 's/^#define APISIG_VERSION "\(.*\)"/\1/p' include/apisig.h)
abi=$(sed -n 's/^const SONAME: &str = "libapisig\.so\.\(.*\)";/\1/p' build.rs)
built=${BUILT:-target/release}

for file in "$built/libapisig.so" "$built/libapisig.a"; do
    [ -f "$file" ] || { echo "$file is not there yet: run make first" >&2; exit 1; }
done

fill() { # template, what it becomes
    sed -e "s|@PREFIX@|$PREFIX|; s|@LIBDIR@|$LIBDIR|; s|@INCLUDEDIR@|$INCLUDEDIR|; s|@VERSION@|$version|; s|@ABI@|$abi|" \
        -e "s|@INCLUDEDIR_FROM_LIBDIR@|$(realpath -ms --relative-to="$LIBDIR" "$INCLUDEDIR")|" "$1" >"$2"
}

lib=$DESTDIR$LIBDIR
doc=$DESTDIR$PREFIX/share/doc/apisig
install -d "$DESTDIR$INCLUDEDIR" "$lib/pkgconfig" "$lib/cmake/apisig" "$DESTDIR$MANDIR/man3" "$doc"
install -m 644 include/apisig.h "$DESTDIR$INCLUDEDIR/apisig.h"
install -m 644 "$built/libapisig.a" "$lib/libapisig.a"
install -m 755 "$built/libapisig.so" "$lib/libapisig.so.$version"
ln -sfn "libapisig.so.$version" "$lib/libapisig.so.$abi"
ln -sfn "libapisig.so.$abi" "$lib/libapisig.so"
fill bindings/c/apisig.pc.in "$lib/pkgconfig/apisig.pc"
fill bindings/c/apisig-config.cmake.in "$lib/cmake/apisig/apisig-config.cmake"
fill bindings/c/apisig-config-version.cmake.in "$lib/cmake/apisig/apisig-config-version.cmake"
awk -v version="$version" -v folder="$DESTDIR$MANDIR/man3" -f bindings/c/man.awk include/apisig.h
install -m 644 LICENSE-MIT LICENSE-APACHE THIRD-PARTY "$doc"

# COMMAND is empty where it is not wanted.
command=${COMMAND-target/cli/apisig}
if [ ! -x "$command" ]; then
    echo "installed into $DESTDIR$PREFIX, without the command: make cli builds it"
    exit
fi
completions=$DESTDIR$PREFIX/share
install -d "$DESTDIR$BINDIR" "$DESTDIR$MANDIR/man1" "$completions"/{bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
install -m 755 "$command" "$DESTDIR$BINDIR/apisig"
install -m 644 target/cli/man/man1/*.1 "$DESTDIR$MANDIR/man1"
"$command" completions bash >"$completions/bash-completion/completions/apisig"
"$command" completions zsh >"$completions/zsh/site-functions/_apisig"
"$command" completions fish >"$completions/fish/vendor_completions.d/apisig.fish"
echo "installed into $DESTDIR$PREFIX, with the command"

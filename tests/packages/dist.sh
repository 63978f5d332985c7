#!/usr/bin/env bash
# Makes the archives that are published, twice with the same bytes, and uses them alone, in an empty folder: composer and pip install
# them, a script of each language signs and checks, a C program links; each has the licenses, the wheel says what it is and runs on, and
# its library loads under musl.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^#define APISIG_VERSION "\(.*\)"/\1/p' include/apisig.h)
sdist=$root/dist/apisig-$version.tar.gz
unset APISIG_LIBRARY PYTHONPATH

by_composer() { # folder, where Composer looks
    mkdir "$work/$1" && cd "$work/$1" || return
    cat >composer.json <<JSON
{
    "repositories": [$2, {"packagist.org": false}],
    "require": {"apisig/apisig": "*"}
}
JSON
    composer install --no-ansi -q --no-interaction || return
    cat >script.php <<'PHP'
<?php
require 'vendor/autoload.php';
$kayako = new Apisig\Kayako('secretkey');
echo $kayako->sign('1234567890'), $kayako->verify('1234567890', $kayako->sign('1234567890')) ? ' is right' : ' is wrong';
PHP
    [ "$(php script.php)" = 'VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0= is right' ] &&
        [ "$(php -n script.php)" = "$(php script.php)" ] # without FFI
}

# Packagist reads a git repository in the same way.
by_composer_from_git() (
    GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com \
        bindings/php/split.sh "dist/apisig-php-$version-linux-$(uname -m).zip" "$work/split" &&
        by_composer from-git '{"type": "vcs", "url": "'"$work/split"'"}' && grep -q "\"version\": \"v$version\"" composer.lock
)

# A package that was made for another processor names those it has libraries for.
for_another_processor() {
    local here=$work/php/vendor/apisig/apisig/lib/linux-$(uname -m) other=$work/php/vendor/apisig/apisig/lib/linux-other status
    mv "$here" "$other"
    (cd "$work/php" && php script.php 2>&1) | grep -q "has no library for linux-$(uname -m), only for linux-other"
    status=$?
    mv "$other" "$here"
    return $status
}

pip_install() { # environment, what pip installs: without an index
    "$work/$1/bin/pip" install -q --disable-pip-version-check --no-index "${@:2}"
}

# What builds the package is the pinned one, and must be what the package asks for.
with_build_tools() { # environment, what pip builds and installs
    "$work/$1/bin/pip" install -q --disable-pip-version-check --require-hashes -r bindings/python/dist.txt &&
        pip_install "$1" --no-build-isolation --check-build-dependencies "${@:2}"
}

in_python() { # environment, command that installs, what it installs
    python3 -m venv "$work/$1" && "$2" "$1" "${@:3}" || return
    cat >"$work/script.py" <<'PY'
import apisig
kayako = apisig.Kayako("secretkey")
print(kayako.sign("1234567890"), kayako.verify("1234567890", kayako.sign("1234567890")))
PY
    (cd "$work" && [ "$("$1/bin/python" script.py)" = 'VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0= True' ])
}

# With the frameworks of .venv beside it, and nothing of this folder.
runs_the_docs() { # environment
    local packages='import sysconfig; print(sysconfig.get_path("purelib"))'
    .venv/bin/python -c "$packages" >"$("$work/$1/bin/python" -c "$packages")/frameworks.pth" &&
        PYTHONPATH=$root/bindings/python APISIG_LIBRARY=$root/target/release/libapisig.so APISIG_INSTALLED=$work/$1/bin/python \
            .venv/bin/pytest -q -p no:cacheprovider tests/python/test_docs.py
}

# Through _call, if it could be built.
calls_fast() { # environment
    (cd "$work" && "$1/bin/python" -c 'from apisig import _call')
}

without_cargo() { # says what is missing
    local tools=$work/tools
    mkdir -p "$tools" && ln -sf "$(command -v python3)" "$tools/python3" &&
        python3 -m venv "$work/bare" &&
        "$work/bare/bin/pip" install -q --disable-pip-version-check --require-hashes -r bindings/python/dist.txt &&
        ! PATH=$tools pip_install bare --no-build-isolation "$sdist" >"$work/log" 2>&1 &&
        grep -q 'needs cargo (Rust' "$work/log"
}

editable() {
    cp -rL bindings/python "$work/editable-source" && APISIG_LIBRARY=$root/target/release/libapisig.so \
        in_python editable with_build_tools -e "$work/editable-source"
}

# Of this project's own command only a static one fits: without it the package says how to get one.
without_the_command() {
    local status
    (cd "$work" && wheel/bin/python -m apisig --version) >"$work/log" 2>&1
    status=$?
    [ $status = 2 ] && grep -q 'built without the command: build it with `make cli`' "$work/log"
}

# A static program stands in for the command that make platforms builds: it prints its arguments, and exits with 1.
with_a_command() {
    local built
    built=$work/built/linux-$(uname -m)
    mkdir -p "$built" && cat >"$work/command.c" <<'C' && gcc -static -o "$built/apisig" "$work/command.c" && make_dist >/dev/null || return
#include <stdio.h>
int main(int count, char **arguments)
{
    while (*++arguments != NULL)
        printf("[%s]", *arguments);
    return count > 1;
}
C
    python3 -m venv "$work/brings" && pip_install brings dist/*.whl &&
        (cd "$work" && [ "$(brings/bin/python -m apisig 'a b' --json; echo $?)" = '[a b][--json]1' ]) && says_what_it_runs_on && pip_takes_it
}

only_a_static_command() {
    gcc -o "$work/built/linux-$(uname -m)/apisig" "$work/command.c" && make_dist | grep '^note: the wheel for .* has no command' >/dev/null &&
        ! "$PYTHON" -m zipfile -l dist/*.whl | grep _bin
}

says_what_it_runs_on() {
    .venv/bin/auditwheel show dist/*.whl | tr '\n' ' ' | grep -q 'consistent with the following platform tag: "manylinux_2_17_'
}

# A wheel for glibc and musl at once: what its name says is sorted and what is in it, and pip takes it on both.
pip_takes_it() {
    .venv/bin/python - dist/*.whl <<'PY'
import sys
import zipfile
from packaging import _manylinux, _musllinux, utils
name = sys.argv[1].rpartition("/")[2]
wanted = {tag.platform for tag in utils.parse_wheel_filename(name)[3]}
in_name = name.removesuffix(".whl").rpartition("-")[2].split(".")
assert in_name == sorted(wanted), in_name
with zipfile.ZipFile(sys.argv[1]) as wheel:
    (about,) = [entry for entry in wheel.namelist() if entry.endswith(".dist-info/WHEEL")]
    tags = [line[5:] for line in wheel.read(about).decode().splitlines() if line.startswith("Tag: ")]
assert sorted(tags) == [f"py3-none-{platform}" for platform in in_name], tags
machine = in_name[0].removeprefix("manylinux2014_")
def glibc(minor):
    _manylinux._get_glibc_version = lambda: (2, minor)
    return wanted & set(_manylinux.platform_tags([machine]))
def musl(minor):
    _musllinux._get_musl_version = lambda executable: _musllinux._MuslVersion(1, minor)
    return wanted & set(_musllinux.platform_tags([machine]))
assert glibc(17) and glibc(28) and glibc(41) and not glibc(16)
assert musl(1) and musl(2) and not musl(0)
PY
}

loads_under_musl() {
    python3 -m zipfile -e dist/*.whl "$work/wheel" && musl-gcc -std=c99 -O1 -o "$work/musl" tests/c/load.c &&
        "$work/musl" "$work/wheel/apisig/libapisig.so"
}

in_c() {
    tar -C "$work" -xzf dist/apisig-c-*.tar.gz && cd "$work/apisig-$version" || return
    export PKG_CONFIG_PATH=$PWD/lib/pkgconfig
    # shellcheck disable=SC2046
    gcc -std=c99 -o ../demo "$root/tests/packages/demo/demo.c" $(pkg-config --cflags --libs apisig) "-Wl,-rpath,$PWD/lib" &&
        ../demo | grep -q b93c35d5c6183288322122561a3da7e09abb63b7
}

# Without the command that this machine may have built.
make_dist() {
    APISIG_BUILT=$work/built APISIG_LIBRARY=$root/target/release/libapisig.so bindings/dist.sh
}

# Some seconds later, with another umask, and with sources of other times.
same_bytes_again() {
    (cd dist && sha256sum -- *) >"$work/sums" && sleep 2 && touch README.md THIRD-PARTY bindings/php/src/*.php &&
        (umask 077 && make_dist >/dev/null) && (cd dist && sha256sum -c --quiet "$work/sums")
}

another_time_other_bytes() {
    (SOURCE_DATE_EPOCH=1600000000 make_dist >/dev/null) && ! (cd dist && sha256sum -c --quiet "$work/sums" >/dev/null 2>&1) && make_dist >/dev/null
}

# Without Python's tools and zip: the archive for C is made, the others are named.
what_it_can() {
    local tools=$work/few tool
    mkdir -p "$tools"
    for tool in bash sed uname git rm mkdir strip find touch chmod tar gzip ls awk install ln realpath dirname cp cat; do
        ln -sf "$(command -v $tool)" "$tools/$tool"
    done
    mkdir -p "$work/few-sources/"{target/release,tests/lib} &&
        cp -r bindings include build.rs "${LICENSES[@]}" "$work/few-sources" && cp tests/lib/lib.sh "$work/few-sources/tests/lib" &&
        cp target/release/libapisig.so target/release/libapisig.a "$work/few-sources/target/release" &&
        (cd "$work/few-sources" && PATH=$tools REQUIRE_ALL='' bindings/dist.sh) >"$work/log" &&
        grep -q '^SKIP: the wheel and the source archive' "$work/log" && grep -q '^SKIP: the package for Composer' "$work/log" &&
        [ "$(ls "$work/few-sources/dist")" = "$(basename dist/apisig-c-*)" ]
}

# Where each archive has them.
licenses() {
    "$PYTHON" - dist/*.whl "$sdist" dist/apisig-php-*.zip dist/apisig-c-*.tar.gz <<'PY'
import pathlib
import sys
import tarfile
import zipfile
NAMES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY"]
for path, folder in zip(sys.argv[1:], [".dist-info/licenses/", "", "apisig/", "share/doc/apisig/"], strict=True):
    if path.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            files = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
    else:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    for name in NAMES:
        (found,) = [text for file, text in files.items() if file.endswith(folder + name)]
        assert found == pathlib.Path(name).read_bytes(), (path, name)
    assert b"subtle" in found and b"Isis Agora Lovecruft" in found
PY
}

about_the_wheel() {
    "$PYTHON" - dist/*.whl dist/apisig-php-*.zip <<'PY'
import email
import json
import pathlib
import sys
import zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    (name,) = [entry for entry in wheel.namelist() if entry.endswith(".dist-info/METADATA")]
    about = email.message_from_bytes(wheel.read(name))
    assert b"apisig = pytest_apisig" in wheel.read(name.replace("METADATA", "entry_points.txt"))
    assert {"apisig/django/apps.py", "pytest_apisig.py"} <= set(wheel.namelist())
assert about["License-Expression"] == "MIT OR Apache-2.0", about["License-Expression"]
vendors = {path.stem for path in pathlib.Path("tests/vectors").glob("*.tsv")}
keywords = set(about["Keywords"].split(","))
assert vendors and vendors | {"amocrm", "simla", "kolmisoft", "hmac"} <= keywords, keywords
with zipfile.ZipFile(sys.argv[2]) as composer:
    assert set(json.loads(composer.read("apisig/composer.json"))["keywords"]) == keywords, keywords
assert sorted(about.get_all("License-File")) == ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY"]
assert about["Description-Content-Type"] == "text/markdown"
assert about.get_payload(decode=True).decode().strip() == pathlib.Path("README.md").read_text().strip()
assert {"Typing :: Typed", "Operating System :: POSIX :: Linux"} <= set(about.get_all("Classifier"))
PY
}

# What lies beside the sources is nobody else's business. No name is one that a suite that runs meanwhile reads.
only_what_is_tracked() {
    local file=docs/.env link=bindings/php/src/link.txt module=bindings/python/apisig/.env status
    [ -e .git ] || { echo 'no git here'; return; }
    echo TOKEN=1 | tee "$file" >"$module"
    ln -s /etc/hostname "$link"
    bindings/dist.sh >/dev/null
    status=$?
    rm -f "$file" "$link" "$module"
    [ $status = 0 ] && ! { unzip -l dist/apisig-php-*.zip; unzip -l dist/*.whl; tar tf dist/apisig-*.tar.gz; } 2>/dev/null | grep -E '\.env|link\.txt'
}

ok 'make dist' make_dist
ok 'again, and the same bytes' same_bytes_again
ok 'control: other bytes with another SOURCE_DATE_EPOCH' another_time_other_bytes
ok 'without the tools of some archives it makes the others' what_it_can
ok 'every archive has tracked files alone' only_what_is_tracked
ok 'every archive has the licenses' licenses
ok 'the wheel has README, licenses and classifiers, Composer has the same keywords' about_the_wheel
ok 'composer installs the package, and a script signs and checks' by_composer php '{"type": "artifact", "url": "'"$root/dist"'"}'
ok 'for another processor it says so' for_another_processor
cd "$root" || exit 1
ok 'composer installs it from a git repository, as Packagist reads it' by_composer_from_git
ok 'pip installs the wheel, and a script signs and checks' in_python wheel pip_install dist/*.whl
if [ -e bindings/python/apisig/_call.abi3.so ]; then ok 'with _call' calls_fast wheel; else missing 'there is no Python.h'; fi
ok 'the programs of the pages for Python run with the wheel, from empty folders' runs_the_docs wheel
# The files in the archive are all of one time, so that cargo would take changed ones for fresh.
export CARGO_TARGET_DIR=$root/target/sdist
with_compiled_crates "$CARGO_TARGET_DIR"
ok 'the source archive builds' in_python sdist with_build_tools "$sdist"
[ ! -e bindings/python/apisig/_call.abi3.so ] || ok 'with _call too' calls_fast sdist
unset CARGO_TARGET_DIR
ok 'without cargo the source archive says what is missing' without_cargo
ok 'an editable install' editable
ok 'auditwheel: manylinux' says_what_it_runs_on
ok 'python -m apisig says how to get the command' without_the_command
ok 'or runs it where the wheel brings one, and fits as before' with_a_command
ok 'one that needs the libc of this machine is left out' only_a_static_command
ok 'pip takes the wheel with glibc from 2.17 and musl from 1.1 on' pip_takes_it
if has musl-gcc; then ok 'the library of the wheel loads under musl' loads_under_musl; else missing 'musl-gcc is not installed'; fi
ok 'the archive for C' in_c
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Puts the package for Composer into a git repository of its own: Packagist reads the composer.json at a repository's root, and takes
# no archives. A release is one commit and one tag there. Pushes nothing. Usage: split.sh ARCHIVE REPOSITORY
set -eu
archive=$(realpath "$1")
mkdir -p "$2"
cd "$2"
[ -e .git ] || git init -q -b main
git rm -rfq --ignore-unmatch .
python3 -m zipfile -e "$archive" .
mv apisig/* . && rmdir apisig
chmod 755 bin/*
# There the tag is the version.
version=$(sed -n 's/^    "version": "\(.*\)",$/\1/p' composer.json)
sed -i '/^    "version": /d' composer.json
git add -Af .
git commit -qm "Release $version"
git tag "v$version"

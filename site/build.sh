#!/usr/bin/env bash
# Makes the site in target/site/html: README, docs/ and a reference of C, PHP and Python from the comments of the code, with one
# search. It needs no network, neither here nor where it is read.
set -eu
cd "$(dirname "$0")/.."
built=target/site
rm -rf "$built"
mkdir -p "$built/reference"
doxygen site/Doxyfile
python3 site/c.py "$built/reference/c"
git ls-files -z --cached --others --exclude-standard 'bindings/php/src/*.php' ':!bindings/php/src/Portable' |
    xargs -0 php site/php.php "$built/reference/php"
# griffe does not look for docstrings.py's own imports in its folder.
PYTHONPATH=site NO_MKDOCS_2_WARNING=1 .venv/site/bin/mkdocs build -f site/mkdocs.yml
echo "Look at it by: python3 -m http.server -d $built/html"

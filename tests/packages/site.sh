#!/usr/bin/env bash
# Makes the site and reads it: what must be in it, every link and anchor, and the search in Chromium.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
html=target/site/html
needs doxygen
[ -x .venv/site/bin/mkdocs ] || { missing '.venv/site has no mkdocs (make deps-site)'; [ "$failures" = 0 ]; exit; }

# It is not if mkdocs, Doxygen or PHPStan's parser finds a mistake: a link, an anchor, a parameter, a type.
ok 'the site is made' site/build.sh

links() { # folder
    .venv/site/bin/lychee -qq --no-progress --offline --include-fragments=full --index-files index.html --root-dir "$PWD/$1" "$1/**/*.html"
}

broken_link_is_found() {
    mkdir -p target/site/control
    echo '<a href="#here" id="here"></a><a href="#nowhere"></a>' >target/site/control/index.html
    ! links target/site/control >/dev/null
}

has_every_page() {
    local path
    for path in $(git ls-files 'docs/*.md'); do
        [ -f "$html/${path%.md}/index.html" ] || { echo "$path has no page"; return 1; }
    done
}

has_every_function() {
    local function
    for function in $(functions); do
        grep -q "id=\"$function\"" "$html"/reference/c/*/index.html || { echo "$function is not in the reference"; return 1; }
    done
}

has_every_class() {
    local file page
    for file in $(grep -LE '^ \* @internal' $(git ls-files 'bindings/php/src/*.php' ':!bindings/php/src/Portable')); do
        grep -qE '^(final |abstract |readonly )*(class|interface|enum|trait) ' "$file" || continue
        page=${file#bindings/php/src/}
        [ -f "$html/reference/php/${page%.php}/index.html" ] || { echo "$file has no page"; return 1; }
    done
}

has_every_module() {
    local file module
    for file in $(git ls-files 'bindings/python/apisig/*.py' | grep -vE '/_([a-z]|_main)'); do
        module=${file#bindings/python/}
        module=$(sed 's|/__init__.py||; s|.py$||; s|/|.|g' <<<"$module")
        grep -q "id=\"$module\"" "$html/reference/python/$module/index.html" || { echo "$module has no page"; return 1; }
    done
}

has_every_name() {
    local name names
    names=$(sed -n 's/^from .* as //p' bindings/python/apisig/__init__.py)
    [ -n "$names" ] || { echo 'no name was found'; return 1; }
    for name in $names; do
        grep -q "id=\"apisig.$name\"" "$html/reference/python/apisig/index.html" || { echo "$name is not on the page of apisig"; return 1; }
    done
}

ok 'every page of docs/ is there' has_every_page
ok 'every function of the header' has_every_function
ok 'every class of PHP that is not internal' has_every_class
ok 'every public module of Python' has_every_module
ok 'every name of the package' has_every_name
ok 'a link or an anchor that leads nowhere is found' broken_link_is_found
ok 'there is none' links "$html"
if has chromium; then
    ok 'the search finds all of it, and nothing is loaded from elsewhere' "$PYTHON" tests/packages/site_search.py
else
    missing 'chromium is not installed'
fi
[ "$failures" = 0 ]

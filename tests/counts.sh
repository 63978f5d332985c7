#!/usr/bin/env bash
# Prints what the tree costs to read and to extend, beside the goals. Reads tracked files only. Usage: tests/counts.sh [vendor]
# With "vendor": the files that name every vendor, and in how many lines, to which one more vendor would be added.
set -eu
cd "$(dirname "$0")/.."
vendors=$(ls tests/vectors/*.tsv | sed 's|.*/||; s|\.tsv$||')

# Tracked text that a person writes: no corpus, no lock file, no released header, nothing that a program prints.
typed() { # folders
    git ls-files -s -- "$@" | awk -F'\t' '!/^120000/ { print $2 }' |
        grep -vE '^fuzz/corpus/|\.lock$|/released/|^include/|\.ffi\.h$|^tests/vectors/|^THIRD-PARTY|requirements\.txt$|results' |
        while read -r file; do head -n 3 "$file" | grep -qi 'generated' || echo "$file"; done
}

# Files that name every vendor, behind how many lines name the one that needs fewest: a vendor's name is a word or a part of one
# written in CamelCase. Files that are named for a vendor would be new ones. Not counted, since a vendor need not be in them:
# - tests and benches, which use all of them as examples: a vendor that was added as a trial needed samples in pasted.txt alone;
# - the pieces for frameworks and their pages: they have what a framework can do with a vendor;
# - apisig-messages: it has what a request says beside its signature, if anything;
# - the list of changes, to which any change adds.
sixth_vendor() {
    typed . | grep -vE '^(benches|tests|fuzz|messages)/|^bindings/php/src/Framework/|^docs/(migrating|laravel|symfony|django|fastapi|flask)|^CHANGELOG' | grep -viE "$(tr ' \n' '||' <<<"$vendors" | sed 's/|*$//')" | tr '\n' '\0' | xargs -0 awk -v vendors="$vendors" '
        BEGIN { n = split(vendors, vendor) }
        FNR == 1 { files[FILENAME] }
        { lower = tolower($0)
          for (i = 1; i <= n; i++)
              for (from = 1; at = index(substr(lower, from), vendor[i]); from = at + 1) {
                  at += from - 1
                  if (substr($0, at - 1, at > 1) !~ /[a-z]/ && substr($0, at + length(vendor[i]), 1) !~ /[a-z]/) {
                      lines[FILENAME, i]++
                      break
                  }
              } }
        END { for (file in files) {
                  fewest = lines[file, 1]
                  for (i = 2; i <= n; i++) if (lines[file, i] < fewest) fewest = lines[file, i]
                  if (fewest > 0) print fewest "\t" file
              } }' | sort -k 2
}

[ "${1:-}" != vendor ] || { sixth_vendor; exit; }

new_files() {
    for vendor in $vendors; do git ls-files | grep -v '^fuzz/corpus/' | grep -ciE "(^|[^a-z])$vendor([^a-z]|\$|[a-z]*(test)?\.)"; done |
        sort -n | sed -n '1p;$p' | paste -sd- | sed 's/-/–/'
}

# Where a mistake gets its name and number: the one that is typed least often.
mistake() {
    typed core/src diagnosis src bindings/php/src bindings/python/apisig >target/counts.txt
    grep -oE 'APISIG_MISTAKE_[A-Z0-9_]+' include/apisig.h | sort -u | sed 's/APISIG_MISTAKE_//' | while read -r name; do
        camel=$(tr A-Z a-z <<<"$name" | sed -E 's/(^|_)([a-z0-9])/\U\2/g')
        xargs grep -cE "\b($name|$camel) = [0-9]" <target/counts.txt | awk -F: '$NF > 0 { files++; lines += $NF } END { print lines + 0, files + 0 }'
    done | sort -n | head -n 1 | awk '{ print $2 " files, " $1 " lines" }'
}

# Neither blank, nor a comment, nor below the tests of the file.
rust_code() {
    git ls-files 'core/src/*.rs' | xargs awk '
        FNR == 1 { is_test = 0 } /^#\[cfg\(test\)\]/ { is_test = 1 }
        !is_test && NF && !/^[ \t]*\/\// { n++ } END { print n + 0 }'
}

# Neither blank, nor a comment, nor a docstring.
binding_code() { # files
    typed "$@" | grep -E '\.(php|py)$' | xargs awk '
        FILENAME ~ /php$/ { n += NF && !/^[ \t]*(\/\/|\/?\*)/; next }
        { quotes = gsub(/"""/, "\"\"\""); was_open = open; if (quotes % 2) open = !open
          n += NF && !was_open && !quotes && !/^[ \t]*#/ }
        END { print n + 0 }'
}

tests_but() { # what is left out, for git
    git ls-files tests ':!tests/vectors' ':!*/released/*' "$@"
}

lines_of() { # files
    cat "$@" | wc -l
}

# What is for frameworks, HTTP clients, replays and users' tests.
pieces=(bindings/php/src/{Framework,Laravel,Symfony,Psr,Testing} bindings/php/src/*Replay*.php
    bindings/python/apisig/{django,fastapi,flask,testing,requests,httpx,asgi,wsgi,*replay,*_check,checked,_incoming,_outgoing,_settings}*)
# The tests of these and of their pages; of the command, its page and the site; of other platforms; of the library in PHP; of mistakes
# drawn at random. DocsTest.php stays counted, since it has the page on migrating too.
tests_of_pieces=(
    tests/php/{Laravel,Psr,Replay,Testing,psr,replay,lossy}*
    tests/python/{databases,django_site,local_server,test_{docs,http_clients,middleware,replay,settings,testing}}.py
    tests/trust/frameworks*
    tests/packages/{cli,page,read,serve,site,trigger}{.,_}* tests/pasted
    tests/platforms
    tests/trust/portable* tests/packages/hosts.sh
    tests/trust/mistakes.py
)
drivers=$(git ls-files tests/c/vectors.c 'tests/c/calls.*' tests/php/{Calls,ClassesTest}.php tests/python/{prototypes,test_classes}.py)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
mkdir -p target
cat <<END
| count | today | goal |
|---|---|---|
| existing files / lines that a sixth vendor touches | $(sixth_vendor | awk '{ lines += $1 } END { print NR " / " lines }') | 8 / 8 |
| new files for it | $(new_files) | 11 |
| places where a mistake is typed | $(mistake) | 1 row |
| code to audit for signing (core, without tests) | $(rust_code) | ≤ 2500 |
| PHP classes + Python modules, code lines | $(binding_code bindings/php/src bindings/python/apisig "${pieces[@]/#/:!}" ':!bindings/php/src/Portable') | ≤ 2700 |
| pieces for frameworks, HTTP clients, replays and users' tests, code lines | $(binding_code "${pieces[@]}") | |
| the library in PHP, code lines without printed tables | $(binding_code bindings/php/src/Portable) | ≤ 800 |
| test lines, without vectors | $(lines_of $(tests_but "${tests_of_pieces[@]/#/:!}")) | ≤ 12000 |
| with those of frameworks, command, platforms, the library in PHP, random mistakes | $(lines_of $(tests_but)) | |
| hand-written vector drivers: files, lines | $(wc -w <<<"$drivers"), $(lines_of $drivers) | 4, ≤ 400 |
| header: lines / before the first function | $(lines_of include/apisig.h) / $(($(grep -nE '^[^/* #].*apisig_[a-z_]+\(' include/apisig.h | head -n 1 | cut -d: -f1) - 1)) | ≤ 1600 / ≤ 150 |
| README: lines / first PHP | $(lines_of README.md) / $(grep -n '^```php' README.md | head -n 1 | cut -d: -f1) | ≤ 150 / ≤ 20 |
| versions typed by hand | $(typed . | grep -E '\.(toml|json|php|py|rs)$' | xargs grep -hE "['\"]$version['\"]" | grep -cvE '^ *(//|\*|#)') | 1 |
| tracked files | $(git ls-files | wc -l) | ≤ 420 |
END

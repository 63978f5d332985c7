#!/usr/bin/env bash
# What only GitHub and editors read: workflows and forms by their schemas, and that what they and the documents name is there.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=target/tests/house
mkdir -p "$work"

fits() { # schema, files
    .venv/site/bin/check-jsonschema -q --builtin-schema "$@"
}

wrong_workflow_is_found() {
    sed 's/runs-on/runs-upon/' .github/workflows/test.yml >"$work/wrong.yml"
    ! fits vendor.github-workflows "$work/wrong.yml" >/dev/null
}

every_target() {
    local target
    for target in $(grep -ohE '(`|run: |=[0-9]+ )make [a-z-]+' ./*.md docs/*.md .github/workflows/*.yml | sed 's/.* //' | sort -u); do
        grep -qE "^([a-z-]+ )*$target:" Makefile || { echo "make $target is no target"; return 1; }
    done
}

every_script() {
    local script
    for script in $(grep -ohE '\b(tests|bindings|fuzz|site|\.ci)/[a-z_/-]+\.(sh|py|awk)\b' ./*.md docs/*.md .github/workflows/*.yml .github/dependabot.yml | grep -v acme | sort -u); do
        [ -e "$script" ] || { echo "$script is not there"; return 1; }
    done
}

# Those whose first lines say so, and the licenses that tests/lib/notices.py gathers.
every_generated_file() {
    {
        git ls-files | grep -vE '\.(tar|png)$' | while read -r file; do
            head -n 8 "$file" | grep -qE '[Gg]enerated (by|from)|@generated' && echo "$file"
        done
        echo include/apisig.h THIRD-PARTY | tr ' ' '\n'
    } | LC_ALL=C sort -u >"$work/generated"
    sed -n 's/ linguist-generated$//p' .gitattributes | LC_ALL=C sort | diff "$work/generated" -
}

ok 'what documents and workflows call by make is in the Makefile' every_target
ok 'the scripts that they name are there' every_script
ok '.gitattributes names every generated file' every_generated_file
if [ -x .venv/site/bin/check-jsonschema ]; then
    ok 'the workflows' fits vendor.github-workflows .github/workflows/*.yml
    ok 'each job has a time limit' fits custom.github-workflows-require-timeout .github/workflows/*.yml
    ok 'a mistake in one is found' wrong_workflow_is_found
    ok 'dependabot.yml' fits vendor.dependabot .github/dependabot.yml
    ok 'the forms for issues' fits vendor.github-issue-forms .github/ISSUE_TEMPLATE/{bug,vendor}.yml
    ok 'their config.yml' fits vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
else
    missing '.venv/site has no check-jsonschema (make deps-site)'
fi
[ "$failures" = 0 ]

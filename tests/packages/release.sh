#!/usr/bin/env bash
# Whether the tree is ready to be released as a version: RELEASING.md has the steps. Usage: release.sh VERSION
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
version=$1

ok "Cargo.toml has $version" grep -qx "version = \"$version\"" Cargo.toml
ok "the header has $version" grep -qx "#define APISIG_VERSION \"$version\"" include/apisig.h
for lock in Cargo.lock benches/Cargo.lock fuzz/differential/Cargo.lock; do
    ok "$lock fits" cargo update --locked -q --workspace --manifest-path "${lock%lock}toml"
done
ok "the changelog has a section $version" grep -qE "^## ${version//./\\.}( |\$)" CHANGELOG.md
ok 'make release-abi has kept the header' cmp include/apisig.h tests/trust/abi/released/apisig.h
[ "$failures" = 0 ]

#!/usr/bin/env bash
# A program that was compiled with a released header runs with this library: the header that was kept last (before the first
# release, the one since which nothing may change) against the present one, by its declarations and by abidiff on libraries
# whose functions are empty (what rustc writes about functions, abidiff does not compare). `make release-abi` keeps the header
# of a release. Every kind of change is planted and must be told.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=target/trust/abi
released=tests/trust/abi/released/apisig.h
present=include/apisig.h
mkdir -p "$work"

# The header as a library.
empty_library() { # header, path
    "$PYTHON" tests/trust/declarations.py stub "$1" >"$2.c" && gcc -gdwarf-4 -shared -fPIC -w -Iinclude -o "$2" "$2.c"
}

same_declarations() { # released, present
    "$PYTHON" tests/trust/declarations.py check "$1" "$2"
}

# Where a pointer and an integer of one size are swapped, abidiff calls it harmless.
same_abi() { # released, present
    empty_library "$1" "$work/released.so" && empty_library "$2" "$work/present.so" &&
        abidiff --harmless --no-added-syms "$work/released.so" "$work/present.so"
}

stub_is_the_library() {
    empty_library "$present" "$work/present.so" &&
        nm -D --defined-only "$work/present.so" | awk '{ print $NF }' | LC_ALL=C sort | diff <(functions) -
}

# The header with a change, which must be one.
planted() { # expression of sed
    mkdir -p "$work/planted"
    sed -E "$1" "$present" >"$work/planted/apisig.h"
    ! cmp -s "$present" "$work/planted/apisig.h"
}

told_by() { # check, expression of sed
    planted "$2" && ! "$1" "$present" "$work/planted/apisig.h" >"$work/report" 2>&1 &&
        grep -Eq 'no longer declared|[1-9][0-9]* (Removed|Changed)' "$work/report"
}

passes() { # expression of sed
    planted "$1" && same_declarations "$present" "$work/planted/apisig.h" && same_abi "$present" "$work/planted/apisig.h"
}

ok 'every exported function is in the header, and no other' stub_is_the_library
ok 'all that was released is declared as it was' same_declarations "$released" "$present"

changed='s/^bool apisig_mor_is_confirmed\(const char \*method, size_t/bool apisig_mor_is_confirmed(const char *method, uint32_t/;s/(apisig_mor_is_confirmed\(const char \*method), size_t/\1, uint32_t/'
swapped='s/(apisig_imbachat_open_dialog)\(int64_t user_id, char \*out,/\1(char *out, int64_t user_id,/'
result='s/^(APISIG_MUST_USE )?int32_t apisig_kommo_sign\(/bool apisig_kommo_sign(/'
dropped='/^const char \*apisig_retailcrm_accepted\(void\);/d'
field='s/char content_type\[17\]/char content_type[18]/'
value='s/APISIG_EXPIRED = -4/APISIG_EXPIRED = -44/'
macro='s/(#define APISIG_MOR_HASH_SIZE) 41/\1 42/'
added='s/^(const char \*apisig_version\(void\);)/\1\nconst char *apisig_added(int32_t number);/;s/( *)APISIG_METHOD = -11,/&\n\1APISIG_ADDED = -12,/'

for kind in changed swapped result dropped field value macro; do
    ok "control: declarations: $kind" told_by same_declarations "${!kind}"
done
if has abidiff; then
    ok 'abidiff: the ABI of the release' same_abi "$released" "$present"
    for kind in changed swapped result dropped field; do
        ok "control: abidiff: $kind" told_by same_abi "${!kind}"
    done
    ok 'control: a function and a status may be added' passes "$added"
else
    missing 'abidiff is not installed'
fi
[ "$failures" = 0 ]

#!/usr/bin/env bash
# Tests the guarantees of SECURITY.md: `make trust`. That each check can fail is shown by controls beside it, and by the defects that
# tests/trust/selftest.sh plants. Takes about two hours; ends with the sums. Usage: run.sh [WORD: only suites whose name has it]
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/lib/suite.sh
. tests/trust/quick.sh
. tests/platforms/suites.sh
only=${1:-}

make -s all || exit 1
quick_suites
suite 'trust: a stack after a call' trust_c_test wipe
when valgrind 'trust: a stack, portable hashes' trust_portable_wipe
suite 'trust: no panic path' tests/packages/proof.sh
suite 'trust: mistakes, drawn at random' "$PYTHON" tests/trust/mistakes.py "${COUNT:-400}" "${RANDOM_COUNT:-2000}"
suite 'trust: instructions a call' benches/instructions.sh
suite 'trust: threads, 3 million calls' trust_c threads 3000000 200
suite 'trust: bodies beyond 32 bits' trust_c huge
suite 'trust: sanitizers' tests/trust/sanitizers.sh
suite 'trust: memcheck' tests/trust/memcheck.sh
suite 'trust: constant time, memcheck' tests/trust/constant_time.sh ctgrind
suite 'trust: constant time, clock' tests/trust/constant_time.sh dudect
suite 'trust: secrets in dumps' tests/trust/secrets.sh
suite 'trust: forms, as PHP reads them' tests/trust/forms.sh
suite 'trust: MOR, the rule' tests/mor/run.sh
suite 'trust: fuzzing' fuzz/run.sh
suite 'trust: PHP and Python alike' tests/trust/alike.sh
suite 'trust: PHP without FFI alike' tests/trust/portable.sh
suite 'trust: newer PHP and Python' tests/trust/newer.sh
suite 'trust: Laravel and Symfony' tests/trust/frameworks.sh
suite 'trust: under load' tests/trust/load.sh
platform_suites
suite "trust: Debian's own Rust" tests/platforms/debian.sh
suite 'trust: the site' tests/packages/site.sh
suite 'trust: workflows and forms' tests/packages/house.sh

sums

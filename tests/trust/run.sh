#!/usr/bin/env bash
# Shows that the library holds: `make trust`. Every check has a control that must fail, and tests/trust/selftest.sh plants
# defects in copies of the sources. Takes some minutes; ends with the sums.
set -u
cd "$(dirname "$0")/../.."
. tests/lib.sh
. tests/suite.sh

make -s all || exit 1
. tests/trust/quick.sh
suite 'trust: no panic path' tests/proof.sh
suite 'trust: threads, 3 million calls' trust_c threads 3000000 200
suite 'trust: bodies beyond 32 bits' trust_c huge
suite 'trust: sanitizers' tests/trust/sanitizers.sh
suite 'trust: memcheck' tests/trust/memcheck.sh
suite 'trust: constant time, memcheck' tests/trust/constant_time.sh ctgrind
suite 'trust: constant time, clock' tests/trust/constant_time.sh dudect
suite 'trust: secrets in dumps' tests/trust/secrets.sh
suite 'trust: fuzzing' fuzz/run.sh
suite 'trust: under load' tests/trust/load.sh

sums

#!/usr/bin/env bash
# The part of `make trust` that is of other platforms, by itself: see tests/platforms/suites.sh. Usage: platforms.sh [WORD: only suites whose
# name has it]
set -u
cd "$(dirname "$0")/.."
. tests/lib/lib.sh
. tests/lib/suite.sh
. tests/platforms/suites.sh
only=${1:-}

tests/lib/deps.sh trust
platform_suites
sums

# Runs test suites, a line for each: what passed, failed and was skipped, and the lines "figure: ..." that it printed. Sourced
# behind lib.sh; `sums` comes last. If `only` is set then, suites whose name does not have that word are left out.
passed=0 failed=0 skipped=0 only=
logs=target/tests
mkdir -p "$logs"

# What each runner says at its end, and the "ok:" and "FAILED:" lines of our own scripts, as three sums.
count() {
    awk '
        function number_before(word) {
            return match($0, "[0-9]+ " word) ? substr($0, RSTART, RLENGTH) + 0 : 0
        }
        function number_after(word) {
            return match($0, word "[ :]*[0-9]+") ? substr($0, RSTART + length(word) + 1, RLENGTH) + 0 : 0
        }
        /^ok: / { passed++ }
        /^FAILED: / { failed++ }
        /^SKIP: / { skipped++ }
        /^test result: / || /^[0-9]+ passed, [0-9]+ failed$/ || /^(=+ )?[0-9]+ (passed|failed|skipped|error).* in [0-9.]+s/ {
            passed += number_before("passed"); failed += number_before("failed") + number_before("error")
            skipped += number_before("skipped")
        }
        /^OK \([0-9]+ test/ { passed += number_before("test") }
        /^Tests: [0-9]+, / {
            bad = number_after("Errors") + number_after("Failures") + number_after("Warnings")
            skips = number_after("Skipped") + number_after("Incomplete") + number_after("Risky")
            passed += number_after("Tests") - bad - skips; failed += bad; skipped += skips
        }
        END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

suite() { # name, command
    local name=$1 log sums begun=$SECONDS
    [[ $name == *"${only:-}"* ]] || return 0
    log="$logs/${name// /-}.log"
    shift
    "$@" >"$log" 2>&1
    local status=$?
    read -r -a sums < <(count "$log")
    # A runner that fails without a word, or tests nothing, has failed.
    if { [ $status != 0 ] && [ "${sums[1]}" = 0 ]; } || [ $((sums[0] + sums[1] + sums[2])) = 0 ]; then
        sums[1]=$((sums[1] + 1))
    fi
    printf '%-34s %5d passed, %d failed, %d skipped, %d s\n' "$name" "${sums[@]}" $((SECONDS - begun))
    sed -n 's/^figure: /    /p' "$log"
    [ "${sums[1]}" = 0 ] || tail -n 60 "$log"
    [ "${sums[2]}" = 0 ] || grep -i skip "$log"
    passed=$((passed + sums[0])) failed=$((failed + sums[1])) skipped=$((skipped + sums[2]))
}

skip() { # name, what is missing
    if [ "${REQUIRE_ALL:-}" = 1 ]; then
        printf '%-34s FAILED: %s is not installed\n' "$1" "$2"
        failed=$((failed + 1))
    else
        printf '%-34s SKIPPED: %s IS NOT INSTALLED\n' "$1" "$2"
        skipped=$((skipped + 1))
    fi
}

# Starts suites beside the others. `sums` waits for them, prints their lines and adds what they counted.
started=()
start() { # name, command that runs suites
    (
        passed=0 failed=0 skipped=0
        "${@:2}" >"$logs/started-$1.log" 2>&1
        echo "$passed $failed $skipped" >"$logs/started-$1.sums"
    ) &
    started+=("$1" $!)
}

joined() {
    local counted
    set -- "${started[@]}"
    while [ $# -gt 0 ]; do
        counted=(0 1 0) # where its shell died
        wait "$2" && read -r -a counted <"$logs/started-$1.sums"
        cat "$logs/started-$1.log"
        passed=$((passed + counted[0])) failed=$((failed + counted[1])) skipped=$((skipped + counted[2]))
        shift 2
    done
}

when() { # command that must exist, name, command
    if has "$1"; then suite "${@:2}"; else skip "$2" "$1"; fi
}

# Public material that the tests compare with where it lies beside the project, and nowhere else.
beside() { # folder, what stands in for it
    if [ -d "../shared/$1" ]; then return; fi
    printf '%-34s SKIPPED: NOT BESIDE THE PROJECT; %s\n' "$1" "$2"
    skipped=$((skipped + 1))
}

sums() {
    joined
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    if [ $((passed + failed + skipped)) = 0 ]; then
        echo "No suite has \"$only\" in its name."
        return 2
    fi
    [ "$failed" = 0 ]
}

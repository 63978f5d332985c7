# The part of the checks of trust that takes a second or two each: in `make test` and in `make trust`. Sourced
# behind suite.sh.

trust_c() { # program, its arguments
    compile_c "$logs/trust-$1" "tests/trust/$1.c" -pthread target/release/libapisig.a -ldl && "$logs/trust-$1" "${@:2}"
}

trust_heap() {
    compile_c "$logs/trust-heap" tests/trust/heap.c target/release/libapisig.a \
        -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free && "$logs/trust-heap"
}

trust_vectors() { # folder
    "$PYTHON" tests/trust/vectors.py "$1"
}

trust_c_test() { # test of tests/c
    compile_c "$logs/$1" "tests/c/$1.c" target/release/libapisig.a && "$logs/$1"
}

# valgrind hides the processor's instructions for hashes: the portable code uses more of the stack.
trust_portable_wipe() {
    compile_c "$logs/wipe" tests/c/wipe.c target/release/libapisig.a && valgrind -q --tool=none "$logs/wipe"
}

quick_suites() {
    if [ ! -d ../shared/vectors ]; then
        [[ 'trust: public vectors' != *"$only"* ]] || beside vectors 'tests/vectors alone are run through C'
    elif has_python; then
        suite 'trust: public vectors' trust_vectors ../shared/vectors
    else
        skip 'trust: public vectors' python3
    fi
    suite 'trust: buffers of every length' trust_c lengths
    suite 'trust: no memory, no allocation' trust_heap
    suite 'trust: small stacks' trust_c stacks
    suite 'trust: threads and forks' trust_c threads 200000 20
    suite 'trust: loaded 10,000 times' trust_c reload "$APISIG_LIBRARY"
    suite 'trust: hardening' tests/trust/hardening.sh
    suite 'trust: ABI' tests/trust/abi.sh
}

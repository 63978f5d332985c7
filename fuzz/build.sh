# Builds the fuzz targets, and says which there are. Sourced from the project's folder, behind tests/lib/lib.sh.
#
# The libFuzzer is clang's, also for the targets in Rust: one crate less, no C++ to compile, and every target is linked and run in
# the same way. The library is built for it with ASan, coverage and its debug assertions; without link-time optimisation, which
# does not know of coverage.
work=target/fuzz
triple=$(rustc -vV | sed -n 's/^host: //p')
built=$work/build/$triple/release

# What each target reads: its corpus is called like it, without differential_.
targets=(fuzz/*_*.c fuzz/texts.c)
targets=("${targets[@]#fuzz/}")
targets=("${targets[@]%.c}")
for source in fuzz/differential/src/*_*.rs; do targets+=("differential_$(basename "$source" .rs)"); done

# The kept corpora, an archive each.
unpack_corpora() {
    local archive folder
    rm -rf "$work/corpus"
    for archive in fuzz/corpus/*.tar; do
        folder=$work/corpus/$(basename "$archive" .tar)
        mkdir -p "$folder" && tar -C "$folder" -xf "$archive"
    done
}

pack_corpus() { # folder
    tar -C "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=644 -cf "fuzz/corpus/${1##*/}.tar" -- $(ls "$1")
}

instrumented() { # arguments of cargo
    local pass
    pass=-Cllvm-args=-sanitizer-coverage
    RUSTC_BOOTSTRAP=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=1 CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true \
        RUSTFLAGS="-Zsanitizer=address -Ccodegen-units=1 -Cpasses=sancov-module $pass-level=4 $pass-inline-8bit-counters \
$pass-pc-table $pass-trace-compares" cargo "$1" --locked -q --release --target "$triple" --target-dir "$work/build" "${@:2}"
}

build_library() {
    instrumented rustc -p apisig --lib --crate-type staticlib
}

build_differential() {
    instrumented build --manifest-path fuzz/differential/Cargo.toml
}

# Both are there: what reports a byte too many, and what tells the fuzzer where it has been.
is_instrumented() { # library
    nm "$1" 2>/dev/null | grep -q 'U __asan_report_load' && nm "$1" 2>/dev/null | grep -q 'U __sanitizer_cov_8bit_counters_init'
}

# What the panics of Rust's core refer to, and without unwinding nobody calls.
link_c() { # program, source, options
    clang -std=gnu99 -Wall -Wextra -Werror -g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer,address -Iinclude "${@:3}" -o "$1" "$2" \
        "$built/libapisig.a" -Wl,--defsym=rust_eh_personality=abort
}

link_rust() { # program, function
    clang -fsanitize=fuzzer,address "-Wl,--defsym=LLVMFuzzerTestOneInput=$2" -o "$1" "$built/libdifferential.a" -lm
}

is_newer() { # program, what it was made of
    local source
    for source in "${@:2}"; do
        [ "$1" -nt "$source" ] || return 1
    done
}

build_target() { # target
    local program=$work/$1
    case $1 in
    differential_*)
        is_newer "$program" "$built/libdifferential.a" || link_rust "$program" "${1#differential_}"
        ;;
    *)
        is_newer "$program" "$built/libapisig.a" "fuzz/$1.c" fuzz/fuzz.h || link_c "$program" "fuzz/$1.c"
        ;;
    esac
}

# What every run of a target is told.
options_of() { # target
    local dictionary=form len=2048
    case $1 in
    *imbachat* | *answer*) dictionary=json ;;
    *kommo* | *pasted*) dictionary=request ;;
    esac
    case $1 in
    *_token) len=4200 ;;
    *_diagnosis) len=512 ;;
    esac
    options=("-max_len=$len" -timeout=10 -rss_limit_mb=2048 "-dict=fuzz/dictionaries/$dictionary.dict")
    options+=("-artifact_prefix=$work/findings/$1-")
    corpus=$work/corpus/${1#differential_}
}

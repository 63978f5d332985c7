#!/usr/bin/env bash
# A check that cannot fail shows nothing: plants one defect of each kind in a copy of the sources and runs the check that has to
# report it. First each of these checks must pass on the copy as it is. Usage: selftest.sh [WORD: only defects whose name has it]
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
root=$PWD
copy=$root/target/trust/planted
only=${1:-}

# What cargo has made in it stays.
fresh_copy() {
    mkdir -p "$copy"
    find "$copy" -mindepth 1 -maxdepth 1 ! -name target -exec rm -rf {} +
    git ls-files -z -co --exclude-standard | grep -zvxFf <(git ls-files -d) | xargs -0 cp --parents -t "$copy"
    ln -sfn "$root/.venv" "$copy/.venv"
    [ ! -d ../shared ] || ln -sfn "$(realpath ../shared)" "$root/target/trust/shared"
}

# In the copy: what a check says.
in_copy() { # command
    (
        # A check that is skipped reports nothing either, and one that has no time left is skipped.
        export REQUIRE_ALL=1 FUZZ_SECONDS=300 LOAD_SECONDS=180
        cd "$copy" && . tests/lib/lib.sh && . tests/lib/suite.sh && . tests/trust/quick.sh && "$@"
    )
}

short_load() {
    LOAD_REQUESTS=20000 tests/trust/load.sh
}

# Whether its expression still finds its line: the sources change, and nobody looks here.
plantable() { # name, file, expression of sed
    [[ $1 != *$only* ]] || ! sed -E "$3" "$root/$2" | cmp -s - "$root/$2" || ok "it can be planted: $1" false
}

# A defect, the check that must report it, and a word of the report.
plant() { # name, file, expression of sed, word, command
    [[ $1 == *$only* ]] || return 0
    sed -E "$3" "$root/$2" >"$copy/$2"
    local log=$root/target/trust/selftest.log
    if [[ $2 == include/* ]] || in_copy make -s all >"$log" 2>&1; then
        ok "reported: $1" reports "$log" "${@:4}"
    else
        tail -n 20 "$log"
        ok "$1: does not compile" false
    fi
    cp "$root/$2" "$copy/$2"
}

reports() { # log, word, command
    ! in_copy "${@:3}" >"$1" 2>&1 && grep -q "$2" "$1" || { tail -n 20 "$1"; false; }
}

# Likewise, where nothing is planted: the check must have nothing to report.
declare -A looked_at=()
plant_nothing() {
    if [[ $1 != *$only* || -n ${looked_at[${*:5}]:-} ]]; then return; fi
    looked_at[${*:5}]=1
    ok "nothing planted, nothing reported: ${*:5}" says_nothing "$root/target/trust/selftest.log" "${@:5}"
}

says_nothing() { # log, command
    in_copy "${@:2}" >"$1" 2>&1 || { tail -n 20 "$1"; false; }
}

boundary=src/boundary.rs
handle=src/handle.rs
wipe=src/wipe.rs
early_exit='    for (a, b) in one.iter().zip(other) { if a != b { return Choice::from(0); } }\n    let difference = 0_u8;'
encoding=core/src/text/encoding.rs
constant_time=core/src/crypto/constant_time.rs

defects() { # what is done with each
    $1 'an over-read' $boundary \
        's|\(false, Ok\(_\)\) => (Ok\(.*\)),$|(false, Ok(_)) => { unsafe { string.add(len).read_volatile() }; \1 }|' \
        'Segmentation fault' trust_c_test hostile
    $1 'a byte too many written' $boundary 's/if length < out_size/if length <= out_size/' 'Segmentation fault' \
        trust_c lengths
    $1 'a text into a buffer that is too small' $boundary 's/.len. len < out_size/|len| len <= out_size/' \
        'not so: apisig_kommo_sign_digest into 40 bytes' trust_c lengths
    $1 'an allocation in a call' $wipe 's|let result = run\(work\);|unsafe { libc::free(black_box(libc::malloc(1))) }; &|' \
        'not so: apisig_kommo_sign_digest: 1 allocations, 1 frees' trust_heap
    $1 'a leaked handle' $handle 's|system::free\(handle.cast\(\)\);||' 'not so: what was allocated is freed' trust_heap
    $1 'a leaked handle, each time that it is loaded' $handle 's|system::free\(handle.cast\(\)\);||' '1 passed, 1 failed' \
        trust_c reload target/release/libapisig.so
    $1 'a full heap that nobody looks at' $handle 's/if place.is_null\(\)/if false/' 'Segmentation fault' trust_heap
    $1 'a deep stack' $boundary 's/STACK: usize = 2048/STACK: usize = 32768/' 'not so: apisig_kommo_check in 16 KiB of stack' \
        trust_c stacks
    $1 'a state that threads share' $wipe \
        's|let result = run\(work\);|unsafe { static mut CALLS: usize = 0; CALLS = black_box(CALLS + 1); } &|' \
        'ThreadSanitizer: data race' tests/trust/sanitizers.sh thread
    $1 'a length of 32 bits' core/src/crypto/hash.rs 's/let total = self.compressed/let total = (self.compressed as u32 as u64)/' \
        'not so: apisig_kommo_sign_webhook' trust_c huge
    $1 'a stack that is not wiped' $wipe 's/^    wipe::<STACK>\(\);//' 'not so: .* leaves the secret' trust_c_test wipe
    $1 'a stack of which a call wipes too little' $boundary 's/MAC_STACK: usize = 1024/MAC_STACK: usize = 256/' \
        'not so: .* leaves' trust_c_test wipe
    $1 'more work in a call' core/src/kommo.rs 's/CHUNK: usize = 16/CHUNK: usize = 1/' \
        'FAILED: apisig_kommo_sign' benches/instructions.sh
    $1 'registers that are not wiped' $wipe 's/^        registers::wipe\(\);//' 'trace: registers: the secret' tests/trust/secrets.sh
    $1 'registers that are not wiped, seen by C' $wipe 's/^        registers::wipe\(\);//' "not so: .* leaves the key's state" trust_c_test wipe
    $1 'registers that are wiped by half' $wipe 's/"vzeroall",/"xorps xmm3, xmm3",/' 'FAILED: C: nothing is left by another way to copy' \
        tests/trust/secrets.sh
    $1 'a handle that is not wiped' $handle 's/(cast::<u8>\(\)\.add\(offset\))\.write_volatile\(0\)/\1/' 'trace: freed: the secret' \
        tests/trust/secrets.sh
    $1 'a handle that is copied' $handle \
        's/^( *)if add_secret\(place, .*/&\n\1    place.copy_to_nonoverlapping(core::hint::black_box(system::malloc(size_of::<H>())).cast(), 1);/' \
        'trace: new: the inner state of sha256' tests/trust/secrets.sh
    $1 'a diagnosis that looks for one mistake alone' diagnosis/src/engine.rs 's/TWO_MAX: usize = 1 << 16/TWO_MAX: usize = 1/' \
        'FAILED: Kommo: pairs named' "$PYTHON" tests/trust/mistakes.py 20
    $1 'a token of any algorithm' core/src/imbachat/token.rs 's/if algorithm_fits \{ Ok\(\(\)\) \} else \{ Err\(Error::Algorithm\) \}/Ok(())/' \
        'imbachat verify.*ALGORITHM: 1, ' trust_c_test vectors
    if [ -d ../shared/vectors ]; then
        $1 'a token without a signature' core/src/imbachat.rs 's/map_or\(Choice::from\(0\)/map_or(Choice::from(u8::from(signature.is_empty()))/' \
            'not so: JWS signature 3 rejectsMissingSignature' trust_vectors ../shared/vectors
        $1 'numbers with leading zeros in JSON' core/src/text/json.rs 's/whole.len\(\) > 1 && whole/whole.is_empty() \&\& whole/' \
            'not so: n_number_-01.json' trust_vectors ../shared/vectors
        $1 'base64 with unused bits' $encoding 's/unused == 0/unused < 64/' \
            'MacOfIncorrectlyEncodedMessage, with claims' trust_vectors ../shared/vectors
    fi
    # These are as near to what is right as a mistake of a careful author's: the vectors do not tell most of them.
    $1 'an over-read of what is cut off' $boundary \
        's|\(false, Ok\(_\)\) => (Ok\(.*\)),$|(false, Ok(_)) => { unsafe { if len > 3 \&\& *string.add(len - 2) == 92 { string.add(len).read_volatile(); } }; \1 }|' \
        'AddressSanitizer: heap-buffer-overflow' fuzz/run.sh 200000 kommo_answer
    $1 'a reader of JSON that is laxer than serde_json' core/src/text/json.rs "s/'f' => Some/'f' | 'v' => Some/" \
        'FAILED: differential_kommo_answer' fuzz/run.sh 200000 differential_kommo_answer
    $1 'a reader of dates that is laxer than chrono' core/src/text/date.rs 's/second <= 60;/second <= 61;/' \
        'FAILED: differential_kommo_date' fuzz/run.sh 200000 differential_kommo_date
    $1 'a reader of forms that reads what PHP does not' core/src/text/form.rs \
        "s/form.split\(\|byte\| \*byte == b'&'\)/form.split(|byte| matches!(byte, b'\&' | b';'))/" \
        'FAILED: differential_kayako_request' fuzz/run.sh 200000 differential_kayako_request
    $1 'a name that only PHP takes for a field' core/src/text/form.rs "s/None \| Some\(0 \| b'\['\)/None | Some(b'[')/" \
        'FAILED: the library reads what PHP reads' env COUNT=50000 tests/trust/forms.sh
    $1 'empty fields that do not count' core/src/text/form.rs \
        "s/(strip_suffix.*split\(.byte. \*byte == b'&'\))\.count\(\)/\1.filter(|field| !field.is_empty()).count()/" \
        'FAILED: the library reads what PHP reads' env COUNT=50000 tests/trust/forms.sh
    $1 'a binding that changes a form' bindings/python/apisig/mor.py \
        's/return own\(parameters\)/return own(parameters).replace(b"+", b"")/' \
        'FAILED: PHP and Python say the same' env COUNT=2000 tests/trust/alike.sh
    $1 'a changed signature in the header' include/apisig.h \
        's/(apisig_imbachat_open_dialog)\(int64_t user_id,/\1(int32_t user_id,/' 'FAILED: abidiff: the ABI of the release' \
        tests/trust/abi.sh
    $1 'a changed value in the header' include/apisig.h 's/APISIG_BODY = -6/APISIG_BODY = -16/' \
        'FAILED: all that was released is declared as it was' tests/trust/abi.sh
    $1 'a careless linker' build.rs 's/-z nodelete /&-z norelro -z execstack /' 'FAILED: nx' tests/trust/hardening.sh
    $1 'a leak under load' $handle 's|system::free\(handle.cast\(\)\);||' 'FAILED: PHP: memory is flat' short_load
    $1 'a comparison that stops early' $constant_time "s/^    let difference = one\.iter.*/$early_exit/" \
        'a secret shows: branch at core/src/crypto/constant_time.rs:.* in apisig_mor_check$' tests/trust/constant_time.sh ctgrind
    $1 'a comparison that stops early, by its time' $constant_time "s/^    let difference = one\.iter.*/$early_exit/" \
        'not so: apisig_retailcrm_verify, .* |t| = ' tests/trust/constant_time.sh dudect
    $1 'a table of hex digits' $encoding 's/^    b.0. \+ nibble \+ letter.*/    let _ = letter;\n    b"0123456789abcdef".get(usize::from(nibble)).copied().unwrap_or_default()/' \
        'a secret shows: address at .* in apisig_retailcrm_check$' tests/trust/constant_time.sh ctgrind
    $1 'an expected signature by a table' core/src/kayako.rs 's/equal\(&mac, &presented\)/equal(\&base64::<32, 44>(\&mac), \&base64(\&presented))/' \
        'a secret shows: address at .* in apisig_kayako_check$' tests/trust/constant_time.sh ctgrind
    $1 'a branch on a byte of a secret' core/src/crypto/mac.rs \
        's/^        \*self = Self::default\(\);/&\n        if block[0] == 7 { H::compress(\&mut self.outer, \&[block]); }/' \
        'a secret shows: branch at core/src/crypto/mac.rs:.* in apisig_kommo_new$' tests/trust/constant_time.sh ctgrind
    $1 'a list of JSON members in PHP that takes one twice' bindings/php/src/Portable/Json.php \
        's/self::count\(.text\) !== .count\(.members\)/false/' 'DIFFERENCE: ' env COUNT=20000 tests/trust/portable.sh
    $1 'a library in PHP where the native one is missing' bindings/php/src/Handle.php \
        's/throw LibraryUnavailable::at\(.path, .error->getMessage\(\)\)/self::withoutFfi($declarations)/' 'FAILED: the error names both remedies' tests/packages/fpm.sh
    $1 'a password that is looked at for the right login alone' core/src/imbachat.rs \
        's/^    if both_fit\.into\(\)/    if bool::from(login_fits) \&\& bool::from(equal(\&hash::<Sha256>(password), \&hash::<Sha256>(presented_password)))/' \
        'a secret shows: branch at core/src/imbachat.rs:.* in apisig_imbachat_check_' tests/trust/constant_time.sh ctgrind
    $1 'a login that is checked before the password' core/src/imbachat.rs \
        's/^    let both_fit = .*/    if !bool::from(login_fits) { return Err(Error::Mismatch); }\n    let both_fit = password_fits;/' \
        'a secret shows: branch at core/src/imbachat.rs:.* in apisig_imbachat_check_' tests/trust/constant_time.sh ctgrind
}

defects plantable
[ "$failures" = 0 ] || exit
fresh_copy
ok 'the copy is built' in_copy make -s all
defects plant_nothing
defects plant
[ "$failures" = 0 ]

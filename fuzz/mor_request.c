/* Fuzzes the reader of MOR's forms. Input: a method, and a form, in which @ is the form's hash. */
#include "fuzz.h"

KEYS_OF(mor)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), method = next(&input), form = last(&input), hash, older, names;
    int32_t reason = 99;
    ptrdiff_t length;

    make_handles();
    names = TEXT(length, apisig_mor_parameters(S(method), out, size));
    MUST(names.len < 256 && (length >= 0 || length == APISIG_METHOD));
    MUST(length >= 0 || !apisig_mor_is_confirmed(S(method)));

    hash = KNOWN_TEXT(APISIG_MOR_HASH_SIZE, apisig_mor_sign_request(keys, S(method), S(form), out, size, &reason));
    MUST(hash.len > 0 ? reason == 0 : reason == (length < 0 ? APISIG_METHOD : APISIG_ARGUMENT));
    older = KNOWN_TEXT(APISIG_MOR_HASH_SIZE, apisig_mor_sign_request(old_keys, S(method), S(form), out, size, &reason));

    /* @ adds nothing where it stands for the hash; elsewhere the hash is another one. */
    int32_t status = VERDICT(apisig_mor_verify_request(keys, S(method), S(filled_in(form, hash)), &why));
    MUST(status >= 0 || ONE_OF(status, APISIG_METHOD, APISIG_MALFORMED, APISIG_MISMATCH));
    if (length < 0) {
        MUST(status == APISIG_METHOD);
    } else if (hash.len == 0) {
        MUST(status == APISIG_MALFORMED || has(form, '@'));
    } else if (status == 0 && has(form, '@')) {
        MUST(VERDICT(apisig_mor_verify_request(keys, S(method), S(filled_in(form, older)), &why)) == 1);
        MUST(VERDICT(apisig_mor_verify_request(keys, S(method), S(filled_in(form, changed(hash))), &why)) == APISIG_MISMATCH);
    } else if (hash.len > 0) {
        int32_t with = VERDICT(apisig_mor_verify_request(keys, S(method), S(join(join(form, text("&hash=")), hash)), &why));
        MUST(with == 0 || with == APISIG_MALFORMED);
    }
    MUST(VERDICT(apisig_mor_verify(keys, S(form), S(hash), &why)) <= 0);
    return done();
}

/* Fuzzes the reader of MOR's forms. Input: a method, and a form, in which @ is the form's hash. */
#include "fuzz.h"

KEYS_OF(mor)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), method = next(&input), form = last(&input), hash, older, names, refusal;
    ptrdiff_t length, refused;

    make_handles();
    names = TEXT(length, apisig_mor_parameters(S(method), S(form), out, size));
    MUST(names.len <= form.len + 1 && (length >= 0 || ONE_OF(length, APISIG_METHOD, APISIG_MALFORMED)));
    MUST(length != APISIG_METHOD || !apisig_mor_is_confirmed(S(method)));
    refusal = TEXT(refused, apisig_mor_refusal(S(method), S(form), out, size));
    MUST(refusal.len < 256 && (refused == APISIG_METHOD) == (length == APISIG_METHOD));
    MUST(length != APISIG_MALFORMED || refused > 0);

    hash = KNOWN_TEXT(APISIG_MOR_HASH_SIZE, apisig_mor_sign_request(keys, S(method), S(form), out, size));
    MUST((hash.len > 0) == (refused == 0));
    older = KNOWN_TEXT(APISIG_MOR_HASH_SIZE, apisig_mor_sign_request(old_keys, S(method), S(form), out, size));

    /* @ adds nothing where it stands for the hash; elsewhere the hash is another one, or stands there itself. */
    int32_t status = apisig_mor_check_request(keys, S(method), S(filled_in(form, hash)));
    MUST(status >= 0 || ONE_OF(status, APISIG_METHOD, APISIG_MALFORMED, APISIG_MISMATCH));
    if (length == APISIG_METHOD) {
        MUST(status == APISIG_METHOD);
    } else if (length == APISIG_MALFORMED) {
        MUST(status == APISIG_MALFORMED || has(form, '@'));
    } else if (hash.len == 0) {
        /* A value that the server hashes otherwise than it was sent is not signed, and verified all the same. */
        MUST(ONE_OF(status, APISIG_MALFORMED, APISIG_MISMATCH) || status >= 0);
    } else if (status == 0 && has(form, '@') && apisig_mor_check_request(keys, S(method), S(form)) < 0) {
        MUST(apisig_mor_check_request(keys, S(method), S(filled_in(form, older))) == 1);
        MUST(apisig_mor_check_request(keys, S(method), S(filled_in(form, changed(hash)))) == APISIG_MISMATCH);
    } else if (hash.len > 0) {
        int32_t with = apisig_mor_check_request(keys, S(method), S(join(join(form, text("&hash=")), hash)));
        MUST(with == 0 || with == APISIG_MALFORMED);
    }
    MUST(apisig_mor_check(keys, S(form), S(hash)) <= 0);

    /* What is made here is accepted. */
    string own = TEXT(length, apisig_mor_sign_form(keys, S(method), S(form), out, size));
    MUST(length < 0 ? length == APISIG_METHOD || IS_ARGUMENT(length) : hash.len > 0);
    MUST(length < 0 || apisig_mor_check_request(keys, S(method), S(own)) == 0);
    return done();
}

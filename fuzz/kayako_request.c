/* Fuzzes the reader of Kayako's parameters. Input: an API key, a salt and a form, in which @ is that salt's signature. */
#include "fuzz.h"

KEYS_OF(kayako)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), key = next(&input), salt = next(&input), form = last(&input), signature, older, filled, own;
    ptrdiff_t length;

    make_handles();
    signature = KNOWN_TEXT(APISIG_KAYAKO_SIGNATURE_SIZE, apisig_kayako_sign(keys, S(salt), out, size));
    older = KNOWN_TEXT(APISIG_KAYAKO_SIGNATURE_SIZE, apisig_kayako_sign(old_keys, S(salt), out, size));
    bool is_salt = signature.len > 0;
    MUST(is_salt == (salt.len > 1 || (salt.len == 1 && salt.at[0] != '0')));
    MUST(apisig_kayako_check(keys, S(salt), S(signature)) == (is_salt ? 0 : APISIG_MALFORMED));
    MUST(apisig_kayako_check(keys, S(salt), S(older)) == (is_salt ? 1 : APISIG_MALFORMED));
    MUST(!is_salt || apisig_kayako_check(keys, S(salt), S(changed(signature))) == APISIG_MISMATCH);
    MUST(apisig_kayako_check(keys, S(salt), S(form)) < 0 || form.len == 44);

    filled = filled_in(form, signature);
    int32_t status = apisig_kayako_check_request(keys, S(key), S(filled));
    MUST(status >= 0 || ONE_OF(status, APISIG_MALFORMED, APISIG_MISMATCH, APISIG_ARGUMENT));
    /* The caller's mistake is in the caller's own key alone, whatever was presented. */
    int32_t of_nothing = apisig_kayako_check_request(keys, S(key), NULL, 0);
    MUST(IS_ARGUMENT(status) == IS_ARGUMENT(of_nothing));
    /* Unless another field has the @, and the form the signature itself. */
    if (has(form, '@') && status == 0 && apisig_kayako_check_request(keys, S(key), S(form)) < 0) {
        MUST(apisig_kayako_check_request(keys, S(key), S(filled_in(form, older))) == 1);
        MUST(apisig_kayako_check_request(keys, S(key), S(filled_in(form, changed(signature)))) == APISIG_MISMATCH);
    }

    /* What is made here is accepted, but not with a field of the same name behind it. */
    own = TEXT(length, apisig_kayako_sign_form(keys, S(key), S(salt), NULL, 0, out, size));
    MUST(length >= 0 || IS_ARGUMENT(length));
    if (length >= 0) {
        MUST(apisig_kayako_check_request(keys, S(key), S(own)) == 0);
        MUST(apisig_kayako_check_request(keys, S(key), S(join(own, text("&salt=1")))) == APISIG_MALFORMED);
    }
    own = TEXT(length, apisig_kayako_sign_form(keys, S(key), S(salt), S(form), out, size));
    MUST(length >= 0 || IS_ARGUMENT(length));
    MUST(length < 0 || apisig_kayako_check_request(keys, S(key), S(own)) == 0);
    return done();
}

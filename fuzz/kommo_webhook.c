/* Fuzzes the check of Kommo's webhooks. Input: X-Signature, in which @ is the right one, and the body. */
#include "fuzz.h"

KEYS_OF(kommo)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), signature = next(&input), body = last(&input), right, older;

    make_handles();
    right = KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE, apisig_kommo_sign_webhook(keys, S(body), out, size));
    older = KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE, apisig_kommo_sign_webhook(old_keys, S(body), out, size));
    MUST(apisig_kommo_check_webhook(keys, S(body), S(right)) == 0);
    /* The vendor sends line ends that it does not sign; of several it may have signed all or none. */
    if (body.len == 0 || (body.at[body.len - 1] != '\n' && body.at[body.len - 1] != '\r'))
        MUST(apisig_kommo_check_webhook(keys, S(join(body, text("\r\n"))), S(right)) == 0);
    MUST(apisig_kommo_check_webhook(keys, S(body), S(older)) == 1);
    MUST(apisig_kommo_check_webhook(keys, S(body), S(changed(right))) == APISIG_MISMATCH);
    MUST(apisig_kommo_check_webhook(keys, S(join(text("x"), body)), S(right)) == APISIG_MISMATCH);
    if (!has(signature, '@'))
        MUST(apisig_kommo_check_webhook(keys, S(body), S(signature)) == APISIG_MALFORMED || signature.len == 40);
    else
        MUST(apisig_kommo_check_webhook(keys, S(body), S(filled_in(signature, right)))
             == (signature.len == 1 ? 0 : APISIG_MALFORMED));
    return done();
}

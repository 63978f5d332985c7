/* Fuzzes the check of Kommo's webhooks. Input: X-Signature, in which @ is the right one, and the body. */
#include "fuzz.h"

KEYS_OF(kommo)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), signature = next(&input), body = last(&input), right, older;

    make_handles();
    right = KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE, apisig_kommo_sign_webhook(keys, S(body), out, size));
    older = KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE, apisig_kommo_sign_webhook(old_keys, S(body), out, size));
    MUST(VERDICT(apisig_kommo_verify_webhook(keys, S(body), S(right), &why)) == 0);
    /* The vendor sends line ends that it does not sign; of several it may have signed all or none. */
    if (body.len == 0 || (body.at[body.len - 1] != '\n' && body.at[body.len - 1] != '\r'))
        MUST(VERDICT(apisig_kommo_verify_webhook(keys, S(join(body, text("\r\n"))), S(right), &why)) == 0);
    MUST(VERDICT(apisig_kommo_verify_webhook(keys, S(body), S(older), &why)) == 1);
    MUST(VERDICT(apisig_kommo_verify_webhook(keys, S(body), S(changed(right)), &why)) == APISIG_MISMATCH);
    MUST(VERDICT(apisig_kommo_verify_webhook(keys, S(join(text("x"), body)), S(right), &why)) == APISIG_MISMATCH);
    if (!has(signature, '@'))
        MUST(VERDICT(apisig_kommo_verify_webhook(keys, S(body), S(signature), &why)) == APISIG_MALFORMED || signature.len == 40);
    else
        MUST(VERDICT(apisig_kommo_verify_webhook(keys, S(body), S(filled_in(signature, right)), &why))
             == (signature.len == 1 ? 0 : APISIG_MALFORMED));
    return done();
}

/* Fuzzes RetailCRM's diagnoses. Input: our secret, the sender's, the API key that was signed, the one presented, and the token, in
   which @ is the sender's. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), secret = next(&input), sender = next(&input), sent = next(&input), key = next(&input);
    string token = last(&input);
    apisig_retailcrm *signer = apisig_retailcrm_new(S(sender), NULL), *keys = apisig_retailcrm_new(S(secret), NULL);
    ptrdiff_t length;

    if (signer != NULL)
        token = filled_in(token, KNOWN_TEXT(APISIG_RETAILCRM_TOKEN_SIZE, apisig_retailcrm_sign(signer, S(sent), out, size)));
    int32_t found = DIAGNOSIS(apisig_retailcrm_diagnose(S(secret), S(key), S(token)), APISIG_MISMATCH, APISIG_ARGUMENT);
    MUST(IS_ARGUMENT(found) == (secret.len == 0));
    LINES(found, apisig_retailcrm_diagnosis(S(secret), S(key), S(token), out, size));
    MUST(keys == NULL || found != 0 || apisig_retailcrm_verify(keys, S(key), S(token)));
    MUST(is_visible(TEXT(length, apisig_retailcrm_explain(S(secret), S(key), out, size))));
    MUST(length > 0 || (IS_ARGUMENT(length) && (secret.len == 0 || key.len == 0)));
    apisig_retailcrm_free(signer);
    apisig_retailcrm_free(keys);
    return done();
}

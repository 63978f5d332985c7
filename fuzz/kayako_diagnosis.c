/* Fuzzes Kayako's diagnoses. Input: our secret, the sender's, an API key, the salt that was signed, the one presented, and the
   signature, in which @ is the sender's. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), secret = next(&input), sender = next(&input), key = next(&input), sent = next(&input);
    string salt = next(&input), signature = last(&input);
    apisig_kayako *signer = apisig_kayako_new(S(sender), NULL), *keys = apisig_kayako_new(S(secret), NULL);
    ptrdiff_t length;

    if (signer != NULL)
        signature = filled_in(
            signature, KNOWN_TEXT(APISIG_KAYAKO_SIGNATURE_SIZE, apisig_kayako_sign(signer, S(sent), out, size)));
    int32_t found = DIAGNOSIS(apisig_kayako_diagnose(S(secret), S(key), S(salt), S(signature)), APISIG_MISMATCH, APISIG_ARGUMENT);
    MUST(IS_ARGUMENT(found) == (secret.len == 0));
    LINES(found, apisig_kayako_diagnosis(S(secret), S(key), S(salt), S(signature), out, size));
    MUST(keys == NULL || (found == 0) == apisig_kayako_verify(keys, S(salt), S(signature)));
    MUST(is_visible(TEXT(length, apisig_kayako_explain(S(secret), S(salt), out, size))));
    MUST(length > 0 || (IS_ARGUMENT(length) && secret.len == 0));
    apisig_kayako_free(signer);
    apisig_kayako_free(keys);
    return done();
}

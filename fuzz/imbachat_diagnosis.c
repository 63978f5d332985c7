/* Fuzzes ImbaChat's diagnoses. Input: our secret, the sender's, a dev_id, and a token's first two parts: signed by the sender; a
   third part stands as it is. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), secret = next(&input), sender = next(&input), dev_id = next(&input), token = last(&input);
    apisig_kayako *signer = apisig_kayako_new(S(sender), NULL);
    apisig_imbachat *keys = apisig_imbachat_new(S(secret), NULL);
    size_t dots = 0;
    ptrdiff_t length;

    for (size_t i = 0; i < token.len; i++)
        dots += token.at[i] == '.';
    if (signer != NULL && dots < 2) {
        string mac = KNOWN_TEXT(APISIG_KAYAKO_SIGNATURE_SIZE, apisig_kayako_sign(signer, S(token), out, size));
        for (size_t i = 0; i < mac.len; i++)
            mac.at[i] = mac.at[i] == '+' ? '-' : mac.at[i] == '/' ? '_' : mac.at[i];
        token = join(join(token, text(".")), copy(mac.at, mac.len > 0 ? mac.len - 1 : 0));
    }
    int32_t found = DIAGNOSIS(apisig_imbachat_diagnose(S(secret), S(dev_id), S(token), NOW, 0), APISIG_MISMATCH, APISIG_MALFORMED,
                              APISIG_ARGUMENT);
    MUST(IS_ARGUMENT(found) == (secret.len == 0));
    LINES(found, apisig_imbachat_diagnosis(S(secret), S(dev_id), S(token), NOW, 0, out, size));
    MUST(keys == NULL || (found == 0) == apisig_imbachat_verify(keys, S(token), NOW, 0));
    MUST(is_visible(TEXT(length, apisig_imbachat_explain(S(secret), S(token), NOW, out, size))));
    MUST(length > 0 || length == APISIG_MALFORMED || (IS_ARGUMENT(length) && secret.len == 0));
    apisig_kayako_free(signer);
    apisig_imbachat_free(keys);
    return done();
}

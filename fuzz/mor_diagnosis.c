/* Fuzzes MOR's diagnoses. Input: our secret, the sender's, a method, the values that were hashed or the form that was signed, the
   form that was sent, and the hash, in which @ is the sender's. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), secret = next(&input), sender = next(&input), method = next(&input), values = next(&input);
    string form = next(&input), hash = last(&input), own = {NULL, 0};
    apisig_mor *signer = apisig_mor_new(S(sender), NULL), *keys = apisig_mor_new(S(secret), NULL);
    bool is_secret = secret.len > 0 && secret.len <= APISIG_MOR_SECRET_MAX;
    ptrdiff_t length;

    if (signer != NULL) {
        own = KNOWN_TEXT(APISIG_MOR_HASH_SIZE, apisig_mor_sign_request(signer, S(method), S(values), out, size));
        if (own.len == 0)
            own = KNOWN_TEXT(APISIG_MOR_HASH_SIZE, apisig_mor_sign(signer, S(values), out, size));
        hash = filled_in(hash, own);
    }
    int32_t found = DIAGNOSIS(apisig_mor_diagnose(S(secret), S(method), S(form), S(hash)), APISIG_MISMATCH, APISIG_METHOD,
                              APISIG_MALFORMED, APISIG_ARGUMENT);
    MUST(is_secret || IS_ARGUMENT(found) || found == APISIG_METHOD);
    MUST(!is_secret || !IS_ARGUMENT(found));
    LINES(found, apisig_mor_diagnosis(S(secret), S(method), S(form), S(hash), out, size));
    if (found == 0 && method.len > 0) {
        /* A value that the server hashes otherwise than it was sent is not signed. */
        string right = KNOWN_TEXT(APISIG_MOR_HASH_SIZE, apisig_mor_sign_request(keys, S(method), S(form), out, size));
        MUST(right.len == 0 || same(hash, right));
    }
    MUST(is_visible(TEXT(length, apisig_mor_explain(S(secret), S(method), S(form), out, size))));
    MUST(length > 0 || IS_ARGUMENT(length) || length == APISIG_METHOD);
    apisig_mor_free(signer);
    apisig_mor_free(keys);
    return done();
}

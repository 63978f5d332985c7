/* Fuzzes Kommo's diagnoses. Input: our secret, the sender's, method, url, Content-Type and Date, the body that was signed, the
   Content-MD5 and the X-Signature, in which @ are the sender's, and the body that was sent. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), secret = next(&input), sender = next(&input), method = next(&input), url = next(&input);
    string type = next(&input), date = next(&input), sent = next(&input), md5 = next(&input), signature = next(&input);
    string body = last(&input), webhook = signature;
    apisig_kommo *signer = apisig_kommo_new(S(sender), NULL), *keys = apisig_kommo_new(S(secret), NULL);
    apisig_kommo_headers headers;
    ptrdiff_t length;

    if (signer != NULL) {
        MUST(apisig_kommo_sign(signer, L("POST"), L("/"), S(sent), NOW, &headers) == APISIG_OK);
        md5 = filled_in(md5, text(headers.content_md5));
        webhook = filled_in(
            signature, KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE, apisig_kommo_sign_webhook(signer, S(sent), out, size)));
        signature = filled_in(
            signature, KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE,
                                  apisig_kommo_sign_digest(signer, S(method), S(url), S(md5), S(type), S(date), out, size)));
    }
#define REQUEST S(method), S(url), S(body), S(md5), S(type), S(date)
    int32_t found = DIAGNOSIS(apisig_kommo_diagnose(S(secret), REQUEST, S(signature), NOW, 900), APISIG_MISMATCH, APISIG_MALFORMED,
                              APISIG_ARGUMENT);
    MUST(IS_ARGUMENT(found) == (secret.len == 0));
    LINES(found, apisig_kommo_diagnosis(S(secret), REQUEST, S(signature), NOW, 900, out, size));
    MUST(keys == NULL || found != 0 || apisig_kommo_verify(keys, REQUEST, S(signature), NOW, 900));
    found = DIAGNOSIS(apisig_kommo_diagnose_webhook(S(secret), S(body), S(webhook)), APISIG_MISMATCH, APISIG_ARGUMENT);
    MUST(IS_ARGUMENT(found) == (secret.len == 0));
    LINES(found, apisig_kommo_diagnosis_webhook(S(secret), S(body), S(webhook), out, size));
    MUST(keys == NULL || found != 0 || apisig_kommo_verify_webhook(keys, S(body), S(webhook)));
    MUST(is_visible(TEXT(length, apisig_kommo_explain(S(secret), REQUEST, out, size))));
    MUST(length > 0 || IS_ARGUMENT(length));
    apisig_kommo_free(signer);
    apisig_kommo_free(keys);
    return done();
}

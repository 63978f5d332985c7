/* Fuzzes the check of Kommo's signed requests. Input: method, url, Content-Type, Date, X-Signature and Content-MD5, in which @ is
   the right one, and the body. */
#include "fuzz.h"

KEYS_OF(kommo)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), method = next(&input), url = next(&input), type = next(&input), date = next(&input);
    string signature = next(&input), md5 = next(&input), body = last(&input), right, line;
    apisig_kommo_headers headers;
    ptrdiff_t length;

    make_handles();
    MUST(apisig_kommo_sign(keys, L("POST"), L("/"), S(body), NOW, &headers) == APISIG_OK);
    md5 = filled_in(md5, text(headers.content_md5));
#define HEADERS S(method), S(url), S(md5), S(type), S(date)
#define REQUEST S(method), S(url), S(body), S(md5), S(type), S(date)
    right = KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE, apisig_kommo_sign_digest(keys, HEADERS, out, size));
    line = TEXT(length, apisig_kommo_string_to_sign(HEADERS, out, size));
    MUST(right.len == 0 ? IS_ARGUMENT(length) : line.len >= 6 && right.len == 40);
    MUST(length < 0 || line.len <= method.len + url.len + md5.len + type.len + date.len + 5);

    int32_t status = apisig_kommo_check(keys, REQUEST, S(right), NOW, APISIG_KOMMO_TOLERANCE);
    int32_t ever = apisig_kommo_check(keys, REQUEST, S(right), NOW, INT64_MAX);
    int32_t forged = apisig_kommo_check(keys, REQUEST, S(changed(right)), NOW, INT64_MAX);
    int32_t presented = apisig_kommo_check(keys, REQUEST, S(filled_in(signature, right)), NOW, INT64_MAX);
    if (right.len == 0 || has(url, '#')) {
        MUST(status == APISIG_MALFORMED && forged == APISIG_MALFORMED && presented == APISIG_MALFORMED);
        return done();
    }
    MUST(status >= 0 || ONE_OF(status, APISIG_MALFORMED, APISIG_BODY, APISIG_EXPIRED, APISIG_NOT_YET_VALID));
    MUST(ever == (ONE_OF(status, APISIG_EXPIRED, APISIG_NOT_YET_VALID) ? 0 : status));
    MUST(forged == APISIG_MISMATCH);
    MUST(presented == APISIG_MISMATCH || presented == ever);
    MUST(ever < 0 || (md5.len == 32 && date.len >= 18));

    string older = KNOWN_TEXT(APISIG_KOMMO_SIGNATURE_SIZE, apisig_kommo_sign_digest(old_keys, HEADERS, out, size));
    MUST(apisig_kommo_check(keys, REQUEST, S(older), NOW, INT64_MAX) == (ever == 0 ? 1 : ever));

    /* What is signed here is accepted, whatever the body. Paths that clients rewrite are not signed. */
    if (IS_ARGUMENT(apisig_kommo_sign(keys, S(method), S(url), S(body), NOW, &headers)))
        return done();
    MUST(apisig_kommo_verify(keys, S(method), S(url), S(body), headers.content_md5, 32, headers.content_type, 16, headers.date, 31,
                             headers.x_signature, 40, NOW, 0));
    return done();
}

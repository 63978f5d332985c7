/* Fuzzes the reader of ImbaChat's tokens. Input: a token's first two parts, or their JSON as two fields. Signed here, since the
   claims are read behind the MAC; and as a whole token, as it is. */
#include "fuzz.h"

KEYS_OF(imbachat)
static apisig_kayako *signer, *old_signer;

/* Kayako's signature is the same HMAC, in the other alphabet. */
static string signature(const apisig_kayako *by, string message)
{
    string mac = KNOWN_TEXT(APISIG_KAYAKO_SIGNATURE_SIZE, apisig_kayako_sign(by, S(message), out, size));

    for (size_t i = 0; i < mac.len; i++)
        mac.at[i] = mac.at[i] == '+' ? '-' : mac.at[i] == '/' ? '_' : mac.at[i];
    return copy(mac.at, mac.len > 0 ? mac.len - 1 : 0);
}

static int32_t verify(string token, int64_t now, int64_t leeway)
{
    int64_t user_id = apisig_imbachat_check(keys, S(token), now, leeway);
    int64_t left = apisig_imbachat_seconds_left(S(token), now, leeway);
    int32_t status = apisig_imbachat_check_secret(keys, S(token), now, leeway);

    MUST(left >= 1 || left == APISIG_MALFORMED);
    MUST(status < 0 || left >= 1);
    MUST(status != APISIG_EXPIRED || left == 1);
    MUST(status >= 0 ? user_id >= 1 : user_id == status);
    MUST(status >= 0 || ONE_OF(status, APISIG_MALFORMED, APISIG_ALGORITHM, APISIG_MISMATCH, APISIG_NOT_YET_VALID, APISIG_EXPIRED));
    return status;
}

static void signed_here(string parts)
{
    string mac = signature(signer, parts), token = join(join(parts, text(".")), mac);
    int32_t status = verify(token, NOW, 0), later = verify(token, NOW + 3600, 0), lenient = verify(token, NOW, 3600);
    int32_t forged = verify(join(join(parts, text(".")), changed(mac)), NOW, 0);
    int32_t older = verify(join(join(parts, text(".")), signature(old_signer, parts)), NOW, 0);

    /* A signature that was made here is never a wrong one, unless there is nothing to sign. */
    MUST(status != APISIG_MISMATCH || parts.len == 0 || (parts.len == 1 && parts.at[0] == '0'));
    MUST(forged < 0 && ONE_OF(forged, APISIG_MALFORMED, APISIG_ALGORITHM, APISIG_MISMATCH));
    MUST(older == (status == 0 ? 1 : status));
    MUST(status != 0 || lenient == 0);
    MUST(status != APISIG_EXPIRED || later == APISIG_EXPIRED);
    MUST(later != APISIG_NOT_YET_VALID || status == APISIG_NOT_YET_VALID);
    MUST(token.len <= APISIG_IMBACHAT_TOKEN_MAX || status == APISIG_MALFORMED);
}

static void as_it_is(string token)
{
    size_t end = token.len;

    if (verify(token, NOW, 0) < 0)
        return;
    while (end > 0 && token.at[end - 1] != '.')
        end--;
    string signed_part = copy(token.at, end - 1), mac = copy(token.at + end, token.len - end);
    MUST(same(mac, signature(signer, signed_part)) || same(mac, signature(old_signer, signed_part)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), first = next(&input);
    bool has_second = input.at != NULL;
    string second = last(&input);

    make_handles();
    if (signer == NULL) {
        signer = apisig_kayako_new(L(SECRET), NULL);
        old_signer = apisig_kayako_new(L(OLD_SECRET), NULL);
    }
    if (has_second) {
        signed_here(join(join(base64(first, "-_", false), text(".")), base64(second, "-_", false)));
    } else {
        signed_here(first);
        as_it_is(first);
    }
    return done();
}

/* Kayako's requests and their diagnoses with all that a caller or a stranger can do wrong: buffers of every size, NULL,
   requests and signatures that are cut or changed anywhere. */
#include "check.h"

/* From Python: the secret "secretkey", the salt 1234567893. */
static const char FORM[] =
    "apikey=the-key&salt=1234567893&signature=AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D";
static const char URL[] = "https://help.example.com/api/index.php?e=/Base/User/a%20b&x=%2B";

static const char EXPLANATION[] =
    "secret: 9 bytes, SHA-256 ad165b11...\n"
    "salt: 10 bytes\n"
    "key: the secret, its characters as they are\n"
    "string to sign: 1234567893\n"
    "HMAC-SHA256: 02c86c369630a1aeda435e6bddd70933f4d3afeaa571ebb51544f1aa0854fd7f\n"
    "signature, not encoded yet: AshsNpYwoa7aQ15r3dcJM/TTr+qlceu1FUTxqghU/X8=\n"
    "signature, already encoded: AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D\n"
    "salt, already encoded: 1234567893\n";
static const char SIGNATURE[] = "AshsNpYwoa7aQ15r3dcJM/TTr+qlceu1FUTxqghU/X8=";

static apisig_kayako *kayako;

static ptrdiff_t text(int number, char *out, size_t out_size)
{
    switch (number) {
    case 0: return apisig_kayako_sign_parameters(kayako, L("the-key"), L("1234567893"), out, out_size);
    case 1:
        return apisig_kayako_url(L("https://help.example.com"), L("/Base/User/a b"), false, L("x=%2B"), out, out_size);
    default: return apisig_kayako_explain(L("secretkey"), L("1234567893"), out, out_size);
    }
}

static void buffers_of_every_size(void)
{
    const char *expected[3] = {FORM, URL, EXPLANATION};
    int number;

    for (number = 0; number < 3; number++) {
        size_t len = strlen(expected[number]), size;

        check(text(number, NULL, 0) == (ptrdiff_t)len, "text %d is measured", number);
        check(text(number, NULL, 1) == APISIG_ARGUMENT, "text %d into NULL with a size", number);
        for (size = 0; size <= len + 2; size++) {
            char filling[512];
            string out;
            memset(filling, 'x', sizeof filling);
            out = guarded(filling, size);
            check(text(number, out.at, size) == (ptrdiff_t)len, "text %d in %zu bytes: its length", number, size);
            if (size > len)
                check(memcmp(out.at, expected[number], len + 1) == 0
                          && memcmp(out.at + len + 1, filling, size - len - 1) == 0,
                      "text %d in %zu bytes: %s", number, size, out.at);
            else if (size > 0)
                check(out.at[0] == '\0' && memcmp(out.at + 1, filling, size - 1) == 0,
                      "text %d in %zu bytes: an empty string and nothing else", number, size);
        }
    }
}

/* Each string as NULL with a length, and with a length that no memory has; and the handle as NULL. */
static void callers_mistakes(void)
{
    char out[256];
    int32_t why;
    int i;

    for (i = 0; i < 6; i++) {
        const char *bad[3];
        size_t len[3];
        int k;
        for (k = 0; k < 3; k++) {
            bad[k] = i / 2 == k && i % 2 == 0 ? NULL : "/x";
            len[k] = i / 2 != k ? 2 : i % 2 == 0 ? 1 : SIZE_MAX;
        }
#define B(k) bad[k], len[k]
#define REFUSED(call) { strcpy(out, "full"); check(call == APISIG_ARGUMENT && out[0] == '\0', #call " %d", (int)i); }
        if (i < 4) {
            REFUSED(apisig_kayako_sign_parameters(kayako, B(0), B(1), out, sizeof out))
            why = 99;
            check(!apisig_kayako_verify_request(kayako, B(0), B(1), &why) && why == APISIG_ARGUMENT, "request %d", i);
            REFUSED(apisig_kayako_url(L("https://h"), B(0), false, B(1), out, sizeof out))
            REFUSED(apisig_kayako_explain(B(0), B(1), out, sizeof out))
            check(apisig_kayako_diagnose(B(0), B(1), L("salt"), L("x")) == APISIG_ARGUMENT, "diagnose %d", i);
            check(apisig_kayako_diagnose(L("secret"), L("key"), B(0), B(1)) == APISIG_ARGUMENT, "diagnose %d", i);
        }
        if (i < 2)
            REFUSED(apisig_kayako_url(B(0), L("/x"), true, L(""), out, sizeof out))
    }
    REFUSED(apisig_kayako_sign_parameters(NULL, L("key"), L("salt"), out, sizeof out))
    why = 99;
    check(!apisig_kayako_verify_request(NULL, L("key"), L(FORM), &why) && why == APISIG_ARGUMENT, "a NULL handle");
    check(!apisig_kayako_verify_request(NULL, L("key"), L(FORM), NULL), "a NULL why");
    check(apisig_kayako_url(L("https://h"), L("/x"), true, NULL, 0, out, sizeof out) > 0, "no query");
    check(!apisig_kayako_verify_request(kayako, L("the-key"), NULL, 0, &why) && why == APISIG_MALFORMED, "no form");
}

/* Only the whole request holds, however it is cut or changed, and it is never the caller's fault. The second digit of each
   %2B, %2F and %3D may be of either case, and %20 is the + that nobody encoded. */
static void requests_cut_and_changed(void)
{
    string whole = guarded(L(FORM));
    int32_t why = 99;
    size_t at;

    check(apisig_kayako_verify_request(kayako, L("the-key"), whole.at, whole.len, &why) && why == 0, "whole: %d", why);
    check(apisig_kayako_verify_request(kayako, L("the-key"), whole.at, whole.len, NULL), "whole, why not wanted");
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(FORM, at), rest = guarded(FORM + at + 1, whole.len - at - 1);
        int byte, accepted = 0;
        check(!apisig_kayako_verify_request(kayako, L("the-key"), cut.at, cut.len, &why)
                  && (why == APISIG_MALFORMED || why == APISIG_MISMATCH), "cut at %zu: %d", at, why);
        check(!apisig_kayako_verify_request(kayako, L("the-key"), rest.at, rest.len, &why)
                  && (why == APISIG_MALFORMED || why == APISIG_MISMATCH), "cut behind %zu: %d", at, why);
        for (byte = 0; byte < 256; byte++) {
            whole.at[at] = (char)byte;
            accepted += apisig_kayako_verify_request(kayako, L("the-key"), whole.at, whole.len, &why);
            if (why == APISIG_ARGUMENT)
                check(false, "byte %d at %zu is the caller's fault", byte, at);
        }
        whole.at[at] = FORM[at];
        check(accepted == (at < 2 || FORM[at - 2] != '%' ? 1 : FORM[at] == 'B' ? 3 : 2), "changed at %zu: %d accepted", at, accepted);
    }
}

/* Only the whole signature is right, and no other one is the caller's fault; nothing is read behind its end. */
static void signatures_cut_and_changed(void)
{
    string whole = guarded(L(SIGNATURE)), secret = guarded(L("secretkey")), salt = guarded(L("1234567893"));
    string api_key = guarded(L("the-key"));
    size_t at;

#define DIAGNOSE(signature) \
    apisig_kayako_diagnose(secret.at, secret.len, api_key.at, api_key.len, salt.at, salt.len, signature.at, signature.len)
    check(DIAGNOSE(whole) == 0, "whole");
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(SIGNATURE, at), rest = guarded(SIGNATURE + at + 1, whole.len - at - 1);
        int32_t expected = at == whole.len - 1 ? (int32_t)APISIG_MISTAKE_BASE64_URL : (int32_t)APISIG_MISMATCH;
        int byte;
        check(DIAGNOSE(cut) == expected, "cut at %zu: %d", at, DIAGNOSE(cut));
        check(DIAGNOSE(rest) == APISIG_MISMATCH, "cut behind %zu: %d", at, DIAGNOSE(rest));
        for (byte = 0; byte < 256; byte++) {
            int32_t found;
            whole.at[at] = (char)byte;
            found = DIAGNOSE(whole);
            if (byte == (unsigned char)SIGNATURE[at])
                check(found == 0, "unchanged at %zu: %d", at, found);
            else if (found != APISIG_MISMATCH && found != APISIG_MISTAKE_BASE64_URL && found != APISIG_MISTAKE_PLUS_LOST
                     && found != APISIG_MISTAKE_SIGNATURE_NEWLINE)
                check(false, "byte %d at %zu: %d", byte, at, found);
        }
        whole.at[at] = SIGNATURE[at];
    }
}

/* Inputs of 100 KB and of none, of bytes that each reader has something to do with. */
static void long_and_empty_inputs(void)
{
    static const char kinds[] = "0a+% =/-\n\xff";
    size_t len = 100 * 1024, kind;

    for (kind = 0; kind < sizeof kinds; kind++) {
        char *bytes = (char *)malloc(len), *page = (char *)malloc(5 * len);
        string input;
        int which;
        memset(bytes, kinds[kind], len);
        input = guarded(bytes, len);
        for (which = 0; which < 16; which++) {
            size_t n[4];
            int i, expected;
            for (i = 0; i < 4; i++)
                n[i] = which >> i & 1 ? len : 0;
            expected = n[0] == 0 ? (int)APISIG_ARGUMENT : n[2] == 0 ? (int)APISIG_MISTAKE_SALT_MISSING : (int)APISIG_MISMATCH;
            check(apisig_kayako_diagnose(input.at, n[0], input.at, n[1], input.at, n[2], input.at, n[3]) == expected,
                  "inputs %d of byte %d", which, kinds[kind]);
        }
        check(apisig_kayako_explain(input.at, len, input.at, len, page, 5 * len) > (ptrdiff_t)len, "explained at length");
        check(apisig_kayako_explain(NULL, 0, NULL, 0, page, len) == (ptrdiff_t)strlen(page) && page[0] == 's', "nothing");
        free(bytes);
        free(page);
    }
}

/* A body as long as a ticket with its attachment, the parameters at either end. */
static void a_long_body(void)
{
    size_t len = (size_t)1 << 24;
    char *body = (char *)malloc(len);
    int32_t why = 99;

    memset(body, '%', len);
    memcpy(body, FORM, sizeof FORM - 1);
    body[sizeof FORM - 1] = '&';
    check(apisig_kayako_verify_request(kayako, L("the-key"), body, len, &why), "the parameters first: %d", why);
    memset(body, '+', sizeof FORM);
    memcpy(body + len - sizeof FORM + 1, FORM, sizeof FORM - 1);
    body[len - sizeof FORM] = '&';
    check(apisig_kayako_verify_request(kayako, L("the-key"), body, len, &why), "the parameters last: %d", why);
    free(body);
}

int main(void)
{
    kayako = apisig_kayako_new(L("secretkey"), NULL);
    buffers_of_every_size();
    callers_mistakes();
    requests_cut_and_changed();
    a_long_body();
    signatures_cut_and_changed();
    long_and_empty_inputs();
    apisig_kayako_free(kayako);
    return report();
}

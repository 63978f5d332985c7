/* Kayako's salts, and its requests and their diagnoses with untrusted input: requests and signatures that are cut or changed
   anywhere. */
#include "check.h"

/* From Python: the secret "secretkey", the salt 1234567893. */
static const char FORM[] =
    "apikey=the-key&salt=1234567893&signature=AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D";
static const char SIGNATURE[] = "AshsNpYwoa7aQ15r3dcJM/TTr+qlceu1FUTxqghU/X8=";

static apisig_kayako *kayako;

static void empty_strings(void)
{
    char out[256];
    int32_t why;

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

static void salts(void)
{
    char one[APISIG_KAYAKO_SALT_SIZE], other[APISIG_KAYAKO_SALT_SIZE];

    check(apisig_kayako_salt(one, sizeof one) == one && strspn(one, "0123456789abcdef") == 32, "a salt: %s", one);
    check(apisig_kayako_salt(other, sizeof other) == other && strcmp(one, other) != 0, "another salt");
}

int main(void)
{
    kayako = apisig_kayako_new(L("secretkey"), NULL);
    empty_strings();
    requests_cut_and_changed();
    a_long_body();
    signatures_cut_and_changed();
    long_and_empty_inputs();
    salts();
    apisig_kayako_free(kayako);
    return report();
}

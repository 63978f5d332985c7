/* Kayako's requests with all that a caller or a stranger can do wrong: buffers of every size, NULL, requests that are cut
   or changed anywhere. */
#include "check.h"

#define L(literal) literal, sizeof literal - 1

/* From Python: the secret "secretkey", the salt 1234567893. */
static const char FORM[] =
    "apikey=the-key&salt=1234567893&signature=AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D";
static const char URL[] = "https://help.example.com/api/index.php?e=/Base/User/a%20b&x=%2B";

static apisig_kayako *kayako;

static ptrdiff_t text(int number, char *out, size_t out_size)
{
    return number == 0
               ? apisig_kayako_sign_parameters(kayako, L("the-key"), L("1234567893"), out, out_size)
               : apisig_kayako_url(L("https://help.example.com"), L("/Base/User/a b"), false, L("x=%2B"), out, out_size);
}

static void buffers_of_every_size(void)
{
    const char *expected[2] = {FORM, URL};
    int number;

    for (number = 0; number < 2; number++) {
        size_t len = strlen(expected[number]), size;

        check(text(number, NULL, 0) == (ptrdiff_t)len, "text %d is measured", number);
        check(text(number, NULL, 1) == APISIG_ARGUMENT, "text %d into NULL with a size", number);
        for (size = 0; size <= len + 2; size++) {
            char filling[256];
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
    apisig_kayako_free(kayako);
    return report();
}

/* What a caller or a stranger can do wrong: NULL, sizes, lengths, cut and changed input. Nothing may be read or written
   out of bounds, and every answer is a status or false. */
#include "check.h"

static const char TOKEN[] = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1OTA0OTIwMDAsInVzZXJfaWQiOjF9."
                            "_xUNCzcrWYQl_87b-r5w5tkI9cBPI2WczNrG9iEcvHs";
static const char IMBACHAT_SECRET[] = "lPXBFPqNg3f661JcegBY0N0dPXqUBdHXqj2cHf04PZgLHxT6z55e20ozojvMRvB8";
static const char DATE[] = "Wed, 23 Nov 2022 19:25:21 +0000";
static const char MD5_OF_NOTHING[] = "d41d8cd98f00b204e9800998ecf8427e";
enum { DATE_TIME = 1669231521, TOKEN_TIME = 1590488400 };

static apisig_kommo *kommo;
static apisig_imbachat *imbachat;
static apisig_retailcrm *retailcrm;
static apisig_kayako *kayako;
static apisig_mor *mor;

/* The texts whose longest form has a macro, by number, into a buffer of any size. */
enum { KNOWN_TEXTS = 6, SALT = 3, TEXTS = KNOWN_TEXTS + 1 };

static const char *known_text(int number, char *out, size_t out_size)
{
    switch (number) {
    case 0: return apisig_kommo_sign_digest(kommo, L("POST"), L("/x"), L(""), L("a/b"), L(DATE), out, out_size);
    case 1: return apisig_imbachat_sign(imbachat, 1, TOKEN_TIME, out, out_size);
    case 2: return apisig_retailcrm_sign(retailcrm, L("api_key"), out, out_size);
    case SALT: return apisig_kayako_salt(out, out_size);
    case 4: return apisig_kayako_sign(kayako, L("1234567890"), out, out_size);
    default: return apisig_mor_sign(mor, L("123"), out, out_size);
    }
}

/* And one of any length, whose length is returned. */
static ptrdiff_t long_text(char *out, size_t out_size)
{
    return apisig_kommo_string_to_sign(L("POST"), L("/x"), L(""), L("a/b"), L(DATE), out, out_size);
}

/* Whether `number` returns what it has to for a text of `len` bytes. */
static bool returns(int number, size_t len, char *out, size_t out_size)
{
    if (number == KNOWN_TEXTS)
        return long_text(out, out_size) == (ptrdiff_t)len;
    return known_text(number, out, out_size) == (out_size > len ? out : NULL);
}

static void buffers_of_every_size(void)
{
    int number;

    check(long_text(NULL, 1) == APISIG_ARGUMENT, "a text of any length into NULL with a size");
    for (number = 0; number < TEXTS; number++) {
        char whole[256];
        size_t len, size;

        check(number == KNOWN_TEXTS ? long_text(whole, 256) > 0 : known_text(number, whole, 256) == whole, "text %d", number);
        len = strlen(whole);
        check(returns(number, len, NULL, 0), "text %d can be measured, or is NULL", number);
        check(number == KNOWN_TEXTS || known_text(number, NULL, 99) == NULL, "text %d into NULL with a size", number);
        for (size = 0; size <= len + 2; size++) {
            /* The buffer ends where writing on is a crash. */
            char filling[256];
            string out;
            memset(filling, 'x', sizeof filling);
            out = guarded(filling, size);
            check(returns(number, len, out.at, size), "text %d in %zu bytes: what it returns", number, size);
            if (size > len) {
                check(strlen(out.at) == len, "text %d in %zu bytes", number, size);
                check(number == SALT || strcmp(out.at, whole) == 0, "text %d in %zu bytes: the same", number, size);
                check(memcmp(out.at + len + 1, filling, size - len - 1) == 0, "text %d: nothing behind", number);
            } else if (size > 0) {
                check(out.at[0] == '\0' && memcmp(out.at + 1, filling, size - 1) == 0,
                      "text %d in %zu bytes: an empty string and nothing else", number, size);
            }
        }
    }
}

static void secrets(void)
{
    static char longest[APISIG_MOR_SECRET_MAX + 1];
    int32_t why = 99;
    int i;

    memset(longest, 's', sizeof longest);
#define REFUSED(room, secret, len)                                                                            \
    why = 99;                                                                                                 \
    check(apisig_##room##_new(secret, len, &why) == NULL && why == APISIG_ARGUMENT, #room ": " #secret);      \
    check(apisig_##room##_new(secret, len, NULL) == NULL, #room ": " #secret ", why not");                    \
    check(!apisig_##room##_add_secret(room, secret, len, &why) && why == APISIG_ARGUMENT, #room ": add");
#define SECRETS(room)                                                                                         \
    REFUSED(room, NULL, 0)                                                                                    \
    REFUSED(room, "", 0)                                                                                      \
    REFUSED(room, NULL, 1)                                                                                    \
    REFUSED(room, "x", SIZE_MAX)                                                                              \
    REFUSED(room, "x", SIZE_MAX / 2 + 1)                                                                      \
    check(!apisig_##room##_add_secret(NULL, L("x"), &why) && why == APISIG_ARGUMENT, #room ": add to NULL");  \
    for (i = 1; i < APISIG_SECRETS_MAX; i++)                                                                  \
        check(apisig_##room##_add_secret(room, L("more"), &why) && why == 0, #room ": secret %d", i);         \
    check(!apisig_##room##_add_secret(room, L("more"), &why) && why == APISIG_ARGUMENT, #room ": is full");   \
    apisig_##room##_free(NULL);
    SECRETS(kommo)
    SECRETS(imbachat)
    SECRETS(retailcrm)
    SECRETS(kayako)
    SECRETS(mor)
    REFUSED(mor, longest, sizeof longest)
}

/* Each string of each function as NULL with a length, and with a length that no memory has; and each handle as NULL. */
static void callers_mistakes(void)
{
    char out[256];
    apisig_kommo_headers headers;
    int64_t user_id;
    int32_t why;
    int i;

    for (i = 0; i < 12; i++) {
        const char *bad[6];
        size_t len[6];
        int k;
        for (k = 0; k < 6; k++) {
            bad[k] = i / 2 == k && i % 2 == 0 ? NULL : "/x";
            len[k] = i / 2 != k ? 2 : i % 2 == 0 ? 1 : SIZE_MAX;
        }
#define B(k) bad[k], len[k]
#define TEXT(call, none) \
    { strcpy(out, "full"); check(call == none && out[0] == '\0', #call " with mistake %d", (int)i); }
#define CHECKED(call) \
    { why = 99; check(!call && why == APISIG_ARGUMENT, #call " with mistake %d", (int)i); }
        TEXT(apisig_kommo_sign_digest(kommo, B(0), B(1), B(2), B(3), i < 10 ? bad[4] : NULL, len[4], out, sizeof out), NULL)
        TEXT(apisig_kommo_string_to_sign(B(0), B(1), B(2), B(3), i < 10 ? bad[4] : NULL, len[4], out, sizeof out), APISIG_ARGUMENT)
        CHECKED(apisig_kommo_verify(kommo, B(0), B(1), B(2), B(3), B(4), B(5), i < 10 ? "" : NULL, i > 9, 0, 0, &why))
        CHECKED(apisig_kommo_verify(kommo, L(""), B(1), B(2), B(3), B(4), B(5), B(0), 0, 0, &why))
        if (i < 6) {
            memset(&headers, 'x', sizeof headers);
            check(apisig_kommo_sign(kommo, B(0), B(1), B(2), 0, &headers) == APISIG_ARGUMENT, "kommo_sign %d", i);
            check(headers.date[0] == 0 && headers.content_type[0] == 0 && headers.content_md5[0] == 0
                      && headers.x_signature[0] == 0, "kommo_sign %d leaves empty headers", i);
        }
        if (i < 8)
            CHECKED(apisig_imbachat_verify_login(B(0), B(1), B(2), B(3), &why))
        if (i < 4) {
            CHECKED(apisig_retailcrm_verify(retailcrm, B(0), B(1), &why))
            CHECKED(apisig_kayako_verify(kayako, B(0), B(1), &why))
            CHECKED(apisig_mor_verify(mor, B(0), B(1), &why))
        }
        if (i < 2) {
            TEXT(apisig_retailcrm_sign(retailcrm, B(0), out, sizeof out), NULL)
            TEXT(apisig_kayako_sign(kayako, B(0), out, sizeof out), NULL)
            TEXT(apisig_mor_sign(mor, B(0), out, sizeof out), NULL)
            CHECKED(apisig_imbachat_verify(imbachat, B(0), 0, 0, &user_id, &why))
        }
    }
    TEXT(apisig_kommo_sign_digest(NULL, L(""), L(""), L(""), L(""), L(""), out, sizeof out), NULL)
    TEXT(apisig_imbachat_sign(NULL, 1, 0, out, sizeof out), NULL)
    TEXT(apisig_retailcrm_sign(NULL, L("x"), out, sizeof out), NULL)
    TEXT(apisig_kayako_sign(NULL, L("x"), out, sizeof out), NULL)
    TEXT(apisig_mor_sign(NULL, L("x"), out, sizeof out), NULL)
    CHECKED(apisig_kommo_verify(NULL, L(""), L(""), L(""), L(""), L(""), L(""), L(""), 0, 0, &why))
    CHECKED(apisig_imbachat_verify(NULL, L(TOKEN), 0, 0, &user_id, &why))
    CHECKED(apisig_retailcrm_verify(NULL, L("x"), L(""), &why))
    CHECKED(apisig_kayako_verify(NULL, L("x"), L(""), &why))
    CHECKED(apisig_mor_verify(NULL, L("x"), L(""), &why))
    check(apisig_kommo_sign(NULL, L(""), L(""), L(""), 0, &headers) == APISIG_ARGUMENT, "kommo_sign with NULL");
    check(apisig_kommo_sign(kommo, L(""), L(""), L(""), 0, NULL) == APISIG_ARGUMENT, "kommo_sign into NULL");
    check(!apisig_kayako_verify(NULL, L("x"), L(""), NULL), "a NULL why");
}

/* Every beginning of a token, and every byte of it changed to every other: only the whole token holds. */
static void tokens_cut_and_changed(void)
{
    string whole = guarded(L(TOKEN));
    int64_t user_id = 99;
    int32_t why;
    size_t at;

    check(apisig_imbachat_verify(imbachat, whole.at, whole.len, TOKEN_TIME, 0, &user_id, NULL) && user_id == 1, "whole");
    check(apisig_imbachat_verify(imbachat, whole.at, whole.len, TOKEN_TIME, 0, NULL, NULL), "whole, nothing wanted");
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(TOKEN, at);
        int byte, accepted = 0;
        check(!apisig_imbachat_verify(imbachat, cut.at, at, TOKEN_TIME, 0, &user_id, &why) && user_id == 0
                  && (why == APISIG_MALFORMED || why == APISIG_MISMATCH), "cut at %zu: %d", at, why);
        for (byte = 0; byte < 256; byte++) {
            whole.at[at] = (char)byte;
            accepted += apisig_imbachat_verify(imbachat, whole.at, whole.len, TOKEN_TIME, 0, NULL, &why);
            if (why == APISIG_ARGUMENT)
                check(false, "byte %d at %zu is the caller's fault", byte, at);
        }
        whole.at[at] = TOKEN[at];
        check(accepted == 1, "changed at %zu: %d accepted", at, accepted);
    }
}

/* Each string of a signed request cut at every position, and with bytes that are not UTF-8. */
static void requests_cut_and_broken(void)
{
    const char *right[5] = {"/x", MD5_OF_NOTHING, "application/json", DATE, NULL};
    char signature[APISIG_KOMMO_SIGNATURE_SIZE];
    int32_t why;
    int which;
    size_t at;

    check(apisig_kommo_sign_digest(kommo, L("GET"), L("/x"), L(MD5_OF_NOTHING), L("application/json"), L(DATE), signature,
                                   sizeof signature) == signature, "signed");
    right[4] = signature;
    for (which = 0; which < 5; which++) {
        size_t len = strlen(right[which]);
        for (at = 0; at <= len + 1; at++) {
            string s[5];
            bool verdict, is_right = at == len;
            int k;
            for (k = 0; k < 5; k++)
                s[k] = guarded(right[k], strlen(right[k]));
            s[which] = at <= len ? guarded(right[which], at) : guarded("\xff\xfe\x80", 3);
            verdict = apisig_kommo_verify(kommo, L("GET"), s[0].at, s[0].len, "", 0, s[1].at, s[1].len, s[2].at,
                                          s[2].len, s[3].at, s[3].len, s[4].at, s[4].len, DATE_TIME, 0, &why);
            check(verdict == is_right && why != APISIG_ARGUMENT, "field %d cut at %zu: %d", which, at, why);
        }
    }
}

static void times_at_the_edges(void)
{
    const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX};
    apisig_kommo_headers headers;
    char out[APISIG_IMBACHAT_TOKEN_SIZE];
    int32_t why;
    size_t i;

    for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        check(apisig_kommo_sign(kommo, L("GET"), L("/"), L(""), edges[i], &headers) == APISIG_ARGUMENT, "time %zu", i);
        check(apisig_imbachat_sign(imbachat, 1, edges[i], out, sizeof out) == NULL, "expiry %zu", i);
        CHECKED(apisig_imbachat_verify(imbachat, L(TOKEN), edges[i], 0, NULL, &why))
        CHECKED(apisig_kommo_verify(kommo, L(""), L(""), L(""), L(""), L(""), L(DATE), L(""), edges[i], 0, &why))
        check(!apisig_imbachat_verify(imbachat, L("x"), 0, edges[i], NULL, &why), "leeway %zu", i);
        check(apisig_imbachat_seconds_left(L(TOKEN), edges[i], 0) == APISIG_ARGUMENT, "seconds left at %zu", i);
        check((apisig_imbachat_seconds_left(L(TOKEN), 0, edges[i]) > 0) == (edges[i] > 0), "or with leeway %zu", i);
        check(!apisig_kommo_verify(kommo, L(""), L(""), L(""), L(""), L(""), L(""), L(""), 0, edges[i], &why), "%zu", i);
    }
}

static void texts(void)
{
    int32_t status;

    check(strcmp(apisig_version(), APISIG_VERSION) == 0, "the version of the library is the header's");
    for (status = APISIG_OK; status >= APISIG_METHOD; status--)
        check(strcmp(apisig_status_text(status), apisig_status_text(INT32_MIN)) != 0, "status %d is known", status);
    check(strcmp(apisig_status_text(APISIG_METHOD - 1), apisig_status_text(INT32_MIN)) == 0, "there are no others");
    check(strcmp(apisig_status_text(1), apisig_status_text(APISIG_OK)) == 0, "an index means that all is well");
    check(strcmp(apisig_mistake_text(APISIG_MISTAKE_SECRET_HEX), apisig_mistake_text(0)) != 0, "a mistake is known");
    check(strcmp(apisig_mistake_text(-1), apisig_mistake_text(0)) == 0, "no mistake is not");
}

/* What other languages take for granted: the struct has no gaps, the macros are the lengths with their NUL. */
static void sizes(void)
{
    const size_t macros[KNOWN_TEXTS] = {APISIG_KOMMO_SIGNATURE_SIZE, 0, APISIG_RETAILCRM_TOKEN_SIZE,
                                        APISIG_KAYAKO_SALT_SIZE, APISIG_KAYAKO_SIGNATURE_SIZE, APISIG_MOR_HASH_SIZE};
    char longest[APISIG_IMBACHAT_TOKEN_SIZE], out[256];
    int i;

    check(sizeof(apisig_kommo_headers) == 123 && offsetof(apisig_kommo_headers, content_type) == 32
              && offsetof(apisig_kommo_headers, content_md5) == 49 && offsetof(apisig_kommo_headers, x_signature) == 82,
          "the layout of apisig_kommo_headers");
    for (i = 0; i < KNOWN_TEXTS; i++)
        check(known_text(i, out, sizeof out) && (macros[i] == 0 || macros[i] == strlen(out) + 1), "the macro of text %d", i);
    check(apisig_imbachat_sign(imbachat, INT64_MAX, -62167219200, longest, sizeof longest) == longest
              && strlen(longest) == sizeof longest - 1,
          "the longest token fits its macro");
}

/* The Date header cut at every position, rightly signed each time: only the whole one says when. */
static void dates_cut(void)
{
    char signature[APISIG_KOMMO_SIGNATURE_SIZE];
    int32_t why;
    size_t at;

    for (at = 0; at < sizeof DATE; at++) {
        string date = guarded(DATE, at);
        bool verdict, is_whole = at == sizeof DATE - 1;
        check(apisig_kommo_sign_digest(kommo, L("GET"), L("/x"), L(MD5_OF_NOTHING), L(""), date.at, at, signature,
                                       sizeof signature) == signature, "signed");
        verdict = apisig_kommo_verify(kommo, L("GET"), L("/x"), L(""), L(MD5_OF_NOTHING), L(""), date.at, at, signature,
                                      40, DATE_TIME, 0, &why);
        check(verdict == is_whole && why == (is_whole ? 0 : APISIG_MALFORMED), "a Date cut at %zu: %d", at, why);
    }
}

static void salts(void)
{
    char one[APISIG_KAYAKO_SALT_SIZE], other[APISIG_KAYAKO_SALT_SIZE];

    check(apisig_kayako_salt(one, sizeof one) == one && strspn(one, "0123456789abcdef") == 32, "a salt: %s", one);
    check(apisig_kayako_salt(other, sizeof other) == other && strcmp(one, other) != 0, "another salt");
}

int main(void)
{
    kommo = apisig_kommo_new(L("secret"), NULL);
    imbachat = apisig_imbachat_new(L(IMBACHAT_SECRET), NULL);
    retailcrm = apisig_retailcrm_new(L("secret"), NULL);
    kayako = apisig_kayako_new(L("secretkey"), NULL);
    mor = apisig_mor_new(L("secret"), NULL);
    buffers_of_every_size();
    secrets();
    callers_mistakes();
    tokens_cut_and_changed();
    requests_cut_and_broken();
    times_at_the_edges();
    texts();
    sizes();
    dates_cut();
    salts();
    apisig_kommo_free(kommo);
    apisig_imbachat_free(imbachat);
    apisig_retailcrm_free(retailcrm);
    apisig_kayako_free(kayako);
    apisig_mor_free(mor);
    return report();
}

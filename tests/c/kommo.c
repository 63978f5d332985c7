/* Kommo's webhooks, requests, answers and diagnoses, from a caller and from a stranger who do everything wrong: buffers of every size,
   NULL, lengths that no memory has, cut and changed input. */
#include "check.h"
#include <ctype.h>

static const char HOST[] = "amojo.kommo.com", CHANNEL[] = "f62a0162-46a7", ACCOUNT[] = "52fd2a28-d2eb";
static const char ANSWER[] = "{\"account_id\":\"52fd\",\"scope_id\":\"f62a_52fd\",\"title\":\"\\u00e9\\n\",\"x\":[{\"y\":null}]}";
static const char WEBHOOK[] = "{\"message\":{\"text\":\"hi\"}}";

static apisig_kommo *kommo;

/* The texts of any length, by number: each function with its arguments, of which `mistake` replaces the one it stands for. */
enum { TEXTS = 7, ARGUMENTS = 3 };

static const int arguments_of[TEXTS] = {2, 2, 3, 2, 1, 2, 2};

static ptrdiff_t text(int number, int mistake, string wrong, char *out, size_t out_size)
{
    static const char *const right[TEXTS][ARGUMENTS] = {
        {HOST, "/v2?x=1", ""}, {HOST, CHANNEL, ""}, {ACCOUNT, "My \"Kommo\"", "v2"}, {HOST, CHANNEL, ""},
        {ACCOUNT, "", ""}, {CHANNEL, ACCOUNT, ""}, {ANSWER, "title", ""},
    };
    string s[ARGUMENTS];
    int k;

    for (k = 0; k < ARGUMENTS; k++)
        s[k] = guarded(right[number][k], strlen(right[number][k]));
    if (mistake < ARGUMENTS)
        s[mistake] = wrong;
#define A(k) s[k].at, s[k].len
    switch (number) {
    case 0: return apisig_kommo_url(A(0), A(1), out, out_size);
    case 1: return apisig_kommo_connect_url(A(0), A(1), out, out_size);
    case 2: return apisig_kommo_connect_body(A(0), A(1), A(2), out, out_size);
    case 3: return apisig_kommo_disconnect_url(A(0), A(1), out, out_size);
    case 4: return apisig_kommo_disconnect_body(A(0), out, out_size);
    case 5: return apisig_kommo_scope_id(A(0), A(1), out, out_size);
    default: return apisig_kommo_answer(A(0), A(1), out, out_size);
    }
}

static const string NOTHING = {NULL, 0};

static void buffers_of_every_size(void)
{
    int number;

    for (number = 0; number < TEXTS; number++) {
        char whole[256];
        ptrdiff_t len = text(number, ARGUMENTS, NOTHING, whole, sizeof whole);
        size_t size;

        check(len > 0 && strlen(whole) == (size_t)len, "text %d: %td", number, len);
        check(text(number, ARGUMENTS, NOTHING, NULL, 0) == len, "text %d can be measured", number);
        check(text(number, ARGUMENTS, NOTHING, NULL, 1) == APISIG_ARGUMENT, "text %d into NULL with a size", number);
        for (size = 0; size <= (size_t)len + 2; size++) {
            char filling[256];
            string out;
            memset(filling, 'x', sizeof filling);
            out = guarded(filling, size);
            check(text(number, ARGUMENTS, NOTHING, out.at, size) == len, "text %d in %zu bytes: its length", number, size);
            if (size > (size_t)len)
                check(strcmp(out.at, whole) == 0 && memcmp(out.at + len + 1, filling, size - len - 1) == 0,
                      "text %d in %zu bytes", number, size);
            else if (size > 0)
                check(out.at[0] == '\0' && memcmp(out.at + 1, filling, size - 1) == 0, "text %d in %zu bytes: none",
                      number, size);
        }
    }
}

static void signature_in_buffers_of_every_size(void)
{
    char whole[APISIG_KOMMO_SIGNATURE_SIZE];
    size_t size;

    check(apisig_kommo_sign_webhook(kommo, L(WEBHOOK), whole, sizeof whole) == whole && strlen(whole) == 40, "signed");
    check(apisig_kommo_sign_webhook(kommo, L(WEBHOOK), NULL, 0) == NULL, "into nothing");
    check(apisig_kommo_sign_webhook(kommo, L(WEBHOOK), NULL, 99) == NULL, "into NULL with a size");
    for (size = 1; size <= sizeof whole; size++) {
        string out = guarded(whole, size);
        const char *result = apisig_kommo_sign_webhook(kommo, L(WEBHOOK), out.at, size);
        check(size == sizeof whole ? result == out.at : result == NULL && out.at[0] == '\0', "in %zu bytes", size);
    }
}

/* Each string of each function as NULL with a length, and with a length that no memory has. */
static void callers_mistakes(void)
{
    static char one[1];
    const string wrongs[] = {{NULL, 1}, {one, SIZE_MAX}, {one, SIZE_MAX / 2 + 1}};
    char out[256];
    int32_t why;
    size_t i;

    for (i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        int number, k;
#define CHECKED(call) \
    { why = 99; check(!call && why == APISIG_ARGUMENT, #call " with mistake %zu", i); }
#define NONE(call) \
    { strcpy(out, "full"); check(call == NULL && out[0] == '\0', #call " with mistake %zu", i); }
        for (number = 0; number < TEXTS; number++) {
            for (k = 0; k < arguments_of[number]; k++) {
                strcpy(out, "full");
                check(text(number, k, wrongs[i], out, sizeof out) == APISIG_ARGUMENT && out[0] == '\0',
                      "text %d, argument %d with mistake %zu", number, k, i);
            }
        }
        NONE(apisig_kommo_sign_webhook(kommo, wrongs[i].at, wrongs[i].len, out, sizeof out))
        CHECKED(apisig_kommo_verify_webhook(kommo, wrongs[i].at, wrongs[i].len, L(""), &why))
        CHECKED(apisig_kommo_verify_webhook(kommo, L(""), wrongs[i].at, wrongs[i].len, &why))
    }
    NONE(apisig_kommo_sign_webhook(NULL, L("x"), out, sizeof out))
    CHECKED(apisig_kommo_verify_webhook(NULL, L("x"), L("0000000000000000000000000000000000000000"), &why))
    CHECKED(apisig_kommo_verify_webhook(NULL, L("x"), L(""), &why))
    check(!apisig_kommo_verify_webhook(kommo, L("x"), L(""), NULL), "a NULL why");
    check(apisig_kommo_sign_webhook(kommo, NULL, 0, out, sizeof out) == out, "an empty body may be NULL");
    check(apisig_kommo_verify_webhook(kommo, NULL, 0, out, 40, &why) && why == 0, "and is checked");
}

/* A webhook and its signature cut at every position and changed at every byte: only the whole one holds, with any line
   end behind it. */
static void webhooks_cut_and_changed(void)
{
    char signature[APISIG_KOMMO_SIGNATURE_SIZE];
    string whole = guarded(L(WEBHOOK)), presented;
    int32_t why;
    size_t at;
    int byte, accepted;

    check(apisig_kommo_sign_webhook(kommo, L(WEBHOOK), signature, sizeof signature) == signature, "signed");
    presented = guarded(signature, 40);
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(WEBHOOK, at);
        check(!apisig_kommo_verify_webhook(kommo, cut.at, at, signature, 40, &why) && why == APISIG_MISMATCH, "cut at %zu", at);
        for (accepted = 0, byte = 0; byte < 256; byte++) {
            whole.at[at] = (char)byte;
            accepted += apisig_kommo_verify_webhook(kommo, whole.at, whole.len, signature, 40, NULL);
        }
        whole.at[at] = WEBHOOK[at];
        check(accepted == 1, "changed at %zu: %d accepted", at, accepted);
    }
    for (at = 0; at < 40; at++) {
        string cut = guarded(signature, at);
        check(!apisig_kommo_verify_webhook(kommo, whole.at, whole.len, cut.at, at, &why) && why == APISIG_MALFORMED,
              "a signature cut at %zu", at);
        for (accepted = 0, byte = 0; byte < 256; byte++) {
            presented.at[at] = (char)byte;
            accepted += apisig_kommo_verify_webhook(kommo, whole.at, whole.len, presented.at, 40, &why);
            check(isxdigit(byte) ? why == 0 || why == APISIG_MISMATCH : why == APISIG_MALFORMED, "byte %d at %zu: %d", byte, at, why);
        }
        presented.at[at] = signature[at];
        check(accepted == (signature[at] >= 'a' ? 2 : 1), "a signature changed at %zu: %d accepted", at, accepted);
    }
    for (byte = 0; byte < 256; byte++) {
        char behind[sizeof WEBHOOK];
        bool is_line_end = byte == '\r' || byte == '\n';
        memcpy(behind, WEBHOOK, sizeof WEBHOOK);
        behind[sizeof WEBHOOK - 1] = (char)byte;
        check(apisig_kommo_verify_webhook(kommo, behind, sizeof behind, signature, 40, NULL) == is_line_end,
              "byte %d behind a webhook", byte);
    }
}

/* Nothing but line ends, a mebibyte of them: still one body or the other, and read from within its bounds. */
static void line_ends_without_end(void)
{
    size_t len = (size_t)1 << 20;
    char *feeds = (char *)malloc(len), signature[APISIG_KOMMO_SIGNATURE_SIZE];
    string body;

    memset(feeds, '\n', len);
    body = guarded(feeds, len);
    check(apisig_kommo_sign_webhook(kommo, L(""), signature, sizeof signature) == signature, "an empty body");
    check(apisig_kommo_verify_webhook(kommo, body.at, len, signature, 40, NULL), "with line ends behind it");
    check(apisig_kommo_sign_webhook(kommo, body.at, len, signature, sizeof signature) == signature, "line ends");
    check(apisig_kommo_verify_webhook(kommo, body.at, len, signature, 40, NULL), "all signed");
    check(apisig_kommo_sign_webhook(kommo, L("\n"), signature, sizeof signature) == signature, "one line end");
    check(!apisig_kommo_verify_webhook(kommo, body.at, len, signature, 40, NULL), "the others not signed");
    free(feeds);
}

/* An answer cut at every position and changed at every byte: it is read from within its bounds, or not at all. */
static void answers_cut_and_changed(void)
{
    string whole = guarded(L(ANSWER));
    char out[256];
    size_t at;
    int byte;

    for (at = 0; at < whole.len; at++) {
        string cut = guarded(ANSWER, at);
        check(apisig_kommo_answer(cut.at, at, L("scope_id"), out, sizeof out) == APISIG_MALFORMED, "cut at %zu", at);
        for (byte = 0; byte < 256; byte++) {
            ptrdiff_t len;
            whole.at[at] = (char)byte;
            len = apisig_kommo_answer(whole.at, whole.len, L("scope_id"), out, sizeof out);
            if (len != APISIG_MALFORMED && len != (ptrdiff_t)strlen(out))
                check(false, "byte %d at %zu: %td", byte, at, len);
        }
        whole.at[at] = ANSWER[at];
    }
    check(apisig_kommo_answer(whole.at, whole.len, L("scope_id"), out, sizeof out) == 9, "whole");
    check(strcmp(out, "f62a_52fd") == 0, "its scope_id: %s", out);
}

/* The longest answer that is read, and one byte more; and what is opened without end. */
static void answers_without_end(void)
{
    size_t len = APISIG_KOMMO_ANSWER_MAX;
    char *answer = (char *)malloc(len + 1), *out = (char *)malloc(len);

    memset(answer, 'x', len + 1);
    memcpy(answer, "{\"a\":\"", 6);
    memcpy(answer + len - 2, "\"} ", 3);
    check(apisig_kommo_answer(answer, len, L("a"), out, len) == (ptrdiff_t)len - 8, "the longest answer");
    check(apisig_kommo_answer(answer, len + 1, L("a"), out, len) == APISIG_MALFORMED, "a longer one");
    memset(answer, '[', len);
    memcpy(answer, "{\"a\":", 5);
    check(apisig_kommo_answer(answer, len, L("a"), out, len) == APISIG_MALFORMED, "arrays without end");
    free(answer);
    free(out);
}

/* How long the header says that a text can be. */
static void longest_texts(void)
{
    static char host[300], id[300], title[100];
    char out[2048];

    memset(host, 'h', sizeof host);
    memset(id, 'i', sizeof id);
    memset(title, '\1', sizeof title);
    check(apisig_kommo_url(host, 300, L("/x"), out, sizeof out) == 302 + 8, "a URL");
    check(apisig_kommo_connect_url(host, 300, id, 300, out, sizeof out) == 600 + 34, "the URL of a connect");
    check(apisig_kommo_disconnect_url(host, 300, id, 300, out, sizeof out) == 600 + 37, "the URL of a disconnect");
    check(apisig_kommo_connect_body(id, 300, title, 100, L("v1"), out, sizeof out) == 402 + 500 + 50, "a connect");
    check(apisig_kommo_disconnect_body(id, 300, out, sizeof out) == 300 + 17, "a disconnect");
    check(apisig_kommo_scope_id(id, 300, id, 300, out, sizeof out) == 600 + 1, "a scope id");
}

/* A request that is right but for its signature: what is diagnosed and explained, by the number of each string. */
enum { SECRET, METHOD, URL, BODY, CONTENT_MD5, CONTENT_TYPE, DATE, SIGNATURE, STRINGS };

static const char *const request_strings[STRINGS] = {
    "secret", "POST", "https://amojo.kommo.com/v2/origin/custom/f62a/connect?x=1", "{\"a\": [\"\\/\\u00e9\", {}]}\n",
    "99914b932bd37a50b983c5e7c90ae93b", "application/json", "Wed, 23 Nov 2022 19:25:21 +0000",
    "865fe065129ef6c0240decadbd674d29919ef91c",
};
enum { REQUEST_TIME = 1669231521 };

static int32_t diagnosed(int replaced, string by)
{
    string s[STRINGS];
    int k;

    for (k = 0; k < STRINGS; k++) {
        s[k].at = (char *)request_strings[k];
        s[k].len = strlen(request_strings[k]);
    }
    if (replaced < STRINGS)
        s[replaced] = by;
    return apisig_kommo_diagnose(A(0), A(1), A(2), A(3), A(4), A(5), A(6), A(7), REQUEST_TIME, 900);
}

static ptrdiff_t explained(int replaced, string by, char *out, size_t out_size)
{
    string s[STRINGS];
    int k;

    for (k = 0; k < STRINGS; k++) {
        s[k].at = (char *)request_strings[k];
        s[k].len = strlen(request_strings[k]);
    }
    if (replaced < STRINGS)
        s[replaced] = by;
    return apisig_kommo_explain(A(0), A(1), A(2), A(3), A(4), A(5), A(6), out, out_size);
}

static void mistakes_of_who_diagnoses(void)
{
    static char one[1];
    const string wrongs[] = {{NULL, 1}, {one, SIZE_MAX}, {one, SIZE_MAX / 2 + 1}};
    char out[2048];
    size_t i;
    int k;

    check(diagnosed(STRINGS, NOTHING) == APISIG_MISMATCH, "no mistake makes this signature");
    for (k = 0; k < STRINGS; k++) {
        bool is_needed = k == METHOD || k == URL;
        int32_t expected = k == SECRET ? APISIG_ARGUMENT : is_needed ? APISIG_MALFORMED : APISIG_MISMATCH;
        check(diagnosed(k, NOTHING) == expected, "string %d empty", k);
        check(k == SIGNATURE || (explained(k, NOTHING, out, sizeof out) < 0) == (k == SECRET || is_needed),
              "string %d empty, explained", k);
        for (i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
            check(diagnosed(k, wrongs[i]) == APISIG_ARGUMENT, "string %d with mistake %zu", k, i);
            check(k == SIGNATURE || explained(k, wrongs[i], out, sizeof out) == APISIG_ARGUMENT,
                  "string %d with mistake %zu, explained", k, i);
        }
    }
    for (i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        string w = wrongs[i];
        check(apisig_kommo_diagnose_webhook(w.at, w.len, L("{}"), L("x")) == APISIG_ARGUMENT, "secret %zu", i);
        check(apisig_kommo_diagnose_webhook(L("secret"), w.at, w.len, L("x")) == APISIG_ARGUMENT, "webhook %zu", i);
        check(apisig_kommo_diagnose_webhook(L("secret"), L("{}"), w.at, w.len) == APISIG_ARGUMENT, "signature %zu", i);
    }
    check(apisig_kommo_diagnose_webhook(NULL, 0, L("{}"), L("x")) == APISIG_ARGUMENT, "no secret");
    check(apisig_kommo_diagnose_webhook(L("secret"), NULL, 0, NULL, 0) == APISIG_MISMATCH, "nothing at all");
}

static void explanation_in_buffers_of_every_size(void)
{
    char whole[2048], filling[2048];
    ptrdiff_t len = explained(STRINGS, NOTHING, whole, sizeof whole);
    size_t size;

    check(len > 0 && strlen(whole) == (size_t)len, "explained: %td", len);
    check(explained(STRINGS, NOTHING, NULL, 0) == len, "an explanation can be measured");
    check(explained(STRINGS, NOTHING, NULL, 1) == APISIG_ARGUMENT, "into NULL with a size");
    memset(filling, 'x', sizeof filling);
    for (size = 1; size <= (size_t)len + 2; size++) {
        string out = guarded(filling, size);
        check(explained(STRINGS, NOTHING, out.at, size) == len, "in %zu bytes: its length", size);
        if (size > (size_t)len)
            check(strcmp(out.at, whole) == 0 && memcmp(out.at + len + 1, filling, size - len - 1) == 0, "in %zu", size);
        else
            check(out.at[0] == '\0' && memcmp(out.at + 1, filling, size - 1) == 0, "in %zu bytes: none", size);
    }
}

/* Every string cut at each place and changed at each byte: read from within its bounds, and nothing is blamed. A signature
   that is none of the request's own stays one whatever is done to the rest. */
static void presented_cut_and_changed(void)
{
    int k, byte;
    size_t at;

    for (k = METHOD; k < STRINGS; k++) {
        string whole = guarded(request_strings[k], strlen(request_strings[k]));
        for (at = 0; at < whole.len; at++) {
            int32_t found = diagnosed(k, guarded(request_strings[k], at));
            check(found == APISIG_MISMATCH || found == APISIG_MALFORMED, "string %d cut at %zu: %d", k, at, found);
            for (byte = 0; byte < 256; byte += 51) {
                whole.at[at] = (char)byte;
                found = diagnosed(k, whole);
                if (found != APISIG_MISMATCH && found != APISIG_MALFORMED)
                    check(false, "string %d, byte %d at %zu: %d", k, byte, at, found);
            }
            whole.at[at] = request_strings[k][at];
        }
    }
}

/* Long inputs, each of one byte again and again, as any of the strings. */
static void presented_without_end(void)
{
    static const char bytes[] = "/[{\"\\0 a\n\xff";
    size_t len = 100000, i;
    char *many = (char *)malloc(len), *out = (char *)malloc(5 * len);
    int k;

    for (i = 0; i < sizeof bytes; i++) {
        string s;
        memset(many, bytes[i], len);
        s = guarded(many, len);
        for (k = 0; k < STRINGS; k++) {
            int32_t found = diagnosed(k, s);
            check(found == APISIG_MISMATCH || found == APISIG_MALFORMED, "byte %d as string %d: %d", bytes[i], k, found);
            if (k != SIGNATURE) {
                ptrdiff_t explanation = explained(k, s, out, 5 * len);
                check(explanation > 0 || explanation == APISIG_ARGUMENT, "byte %d as string %d", bytes[i], k);
            }
        }
        check(apisig_kommo_diagnose_webhook(L("secret"), s.at, len, s.at, len) == APISIG_MISMATCH, "byte %d", bytes[i]);
        check(apisig_kommo_diagnose_webhook(s.at, len, L("{}"), L("x")) == APISIG_MISMATCH, "byte %d", bytes[i]);
    }
    free(many);
    free(out);
}

int main(void)
{
    kommo = apisig_kommo_new(L("secret"), NULL);
    buffers_of_every_size();
    signature_in_buffers_of_every_size();
    callers_mistakes();
    webhooks_cut_and_changed();
    line_ends_without_end();
    answers_cut_and_changed();
    answers_without_end();
    longest_texts();
    mistakes_of_who_diagnoses();
    explanation_in_buffers_of_every_size();
    presented_cut_and_changed();
    presented_without_end();
    apisig_kommo_free(kommo);
    return report();
}

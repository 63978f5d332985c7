/* Kommo's webhooks, requests, answers and diagnoses with untrusted input: cut, changed and without end. */
#include "check.h"
#include <ctype.h>

static const char ANSWER[] = "{\"account_id\":\"52fd\",\"scope_id\":\"f62a_52fd\",\"title\":\"\\u00e9\\n\",\"x\":[{\"y\":null}]}";
static const char WEBHOOK[] = "{\"message\":{\"text\":\"hi\"}}";

static apisig_kommo *kommo;

#define A(k) s[k].at, s[k].len

static const string NOTHING = {NULL, 0};

static void empty_webhooks(void)
{
    char out[256];
    int32_t why;

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

static void diagnoses_of_empty_strings(void)
{
    char out[2048];
    int k;

    check(diagnosed(STRINGS, NOTHING) == APISIG_MISMATCH, "no mistake makes this signature");
    for (k = 0; k < STRINGS; k++) {
        bool is_needed = k == METHOD || k == URL;
        int32_t expected = k == SECRET ? APISIG_ARGUMENT : is_needed ? APISIG_MALFORMED : APISIG_MISMATCH;
        check(diagnosed(k, NOTHING) == expected, "string %d empty", k);
        check(k == SIGNATURE || (explained(k, NOTHING, out, sizeof out) < 0) == (k == SECRET || is_needed),
              "string %d empty, explained", k);
    }
    check(apisig_kommo_diagnose_webhook(NULL, 0, L("{}"), L("x")) == APISIG_ARGUMENT, "no secret");
    check(apisig_kommo_diagnose_webhook(L("secret"), NULL, 0, NULL, 0) == APISIG_MISMATCH, "nothing at all");
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

static const char REQUEST_DATE[] = "Wed, 23 Nov 2022 19:25:21 +0000", MD5_OF_NOTHING[] = "d41d8cd98f00b204e9800998ecf8427e";

/* Each string of a signed request cut at every position, and with bytes that are not UTF-8. */
static void requests_cut_and_broken(void)
{
    const char *right[5] = {"/x", MD5_OF_NOTHING, "application/json", REQUEST_DATE, NULL};
    char signature[APISIG_KOMMO_SIGNATURE_SIZE];
    int32_t why;
    int which;
    size_t at;

    check(apisig_kommo_sign_digest(kommo, L("GET"), L("/x"), L(MD5_OF_NOTHING), L("application/json"), L(REQUEST_DATE), signature,
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
                                          s[2].len, s[3].at, s[3].len, s[4].at, s[4].len, REQUEST_TIME, 0, &why);
            check(verdict == is_right && why != APISIG_ARGUMENT, "field %d cut at %zu: %d", which, at, why);
        }
    }
}

/* The Date header cut at every position, rightly signed each time: only the whole one says when. */
static void dates_cut(void)
{
    char signature[APISIG_KOMMO_SIGNATURE_SIZE];
    int32_t why;
    size_t at;

    for (at = 0; at < sizeof REQUEST_DATE; at++) {
        string date = guarded(REQUEST_DATE, at);
        bool verdict, is_whole = at == sizeof REQUEST_DATE - 1;
        check(apisig_kommo_sign_digest(kommo, L("GET"), L("/x"), L(MD5_OF_NOTHING), L(""), date.at, at, signature,
                                       sizeof signature) == signature, "signed");
        verdict = apisig_kommo_verify(kommo, L("GET"), L("/x"), L(""), L(MD5_OF_NOTHING), L(""), date.at, at, signature,
                                      40, REQUEST_TIME, 0, &why);
        check(verdict == is_whole && why == (is_whole ? 0 : APISIG_MALFORMED), "a Date cut at %zu: %d", at, why);
    }
}

static void times_at_the_edges(void)
{
    const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX};
    apisig_kommo_headers headers;
    int32_t why;
    size_t i;

    for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        check(apisig_kommo_sign(kommo, L("GET"), L("/"), L(""), edges[i], &headers) == APISIG_ARGUMENT, "time %zu", i);
        why = 99;
        check(!apisig_kommo_verify(kommo, L(""), L(""), L(""), L(""), L(""), L(REQUEST_DATE), L(""), edges[i], 0, &why)
                  && why == APISIG_ARGUMENT, "now is %zu", i);
        check(!apisig_kommo_verify(kommo, L(""), L(""), L(""), L(""), L(""), L(""), L(""), 0, edges[i], &why), "%zu", i);
    }
}

int main(void)
{
    kommo = apisig_kommo_new(L("secret"), NULL);
    empty_webhooks();
    webhooks_cut_and_changed();
    line_ends_without_end();
    answers_cut_and_changed();
    answers_without_end();
    longest_texts();
    diagnoses_of_empty_strings();
    presented_cut_and_changed();
    presented_without_end();
    requests_cut_and_broken();
    dates_cut();
    times_at_the_edges();
    apisig_kommo_free(kommo);
    return report();
}

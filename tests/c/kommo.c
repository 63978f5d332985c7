/* Kommo's webhooks, requests and answers, from a caller and from a stranger who do everything wrong: buffers of every size,
   NULL, lengths that no memory has, cut and changed input. */
#include "check.h"

#define L(literal) literal, sizeof literal - 1

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
        check(!apisig_kommo_verify_webhook(kommo, whole.at, whole.len, cut.at, at, &why) && why == APISIG_MISMATCH,
              "a signature cut at %zu", at);
        for (accepted = 0, byte = 0; byte < 256; byte++) {
            presented.at[at] = (char)byte;
            accepted += apisig_kommo_verify_webhook(kommo, whole.at, whole.len, presented.at, 40, &why);
            check(why == 0 || why == APISIG_MISMATCH, "byte %d at %zu: %d", byte, at, why);
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
    apisig_kommo_free(kommo);
    return report();
}

/* ImbaChat's requests to a site, its tokens and their diagnoses with untrusted input: headers, lists and tokens cut and changed
   anywhere; and numbers out of range. */
#include "check.h"

static apisig_imbachat *imbachat;

/* Python: base64.b64encode(b"root:a:bc"). */
#define AUTHORIZATION "Basic cm9vdDphOmJj"
#define LOGIN L("root"), L("a:bc")

/* Every beginning of a header, and every byte of it changed to every other. */
static void headers_cut_and_changed(void)
{
    string whole = guarded(L(AUTHORIZATION));
    int32_t why = 99;
    size_t at;

    check(apisig_imbachat_verify_authorization(LOGIN, whole.at, whole.len, &why) && why == 0, "whole");
    check(apisig_imbachat_verify_authorization(LOGIN, whole.at, whole.len, NULL), "whole, why not");
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(AUTHORIZATION, at);
        int byte, accepted = 0;
        check(!apisig_imbachat_verify_authorization(LOGIN, cut.at, at, &why)
                  && (why == APISIG_MALFORMED || why == APISIG_MISMATCH), "cut at %zu: %d", at, why);
        for (byte = 0; byte < 256; byte++) {
            whole.at[at] = (char)byte;
            accepted += apisig_imbachat_verify_authorization(LOGIN, whole.at, whole.len, &why);
            check(why == 0 || why == APISIG_MALFORMED || why == APISIG_MISMATCH, "byte %d at %zu: %d", byte, at, why);
        }
        whole.at[at] = AUTHORIZATION[at];
        /* Case means nothing in "Basic" and in the login: one other byte may change it there. */
        check(accepted >= 1 && accepted <= 2, "changed at %zu: %d accepted", at, accepted);
    }
}

/* A header whose credentials are "aa:" and `len` times "a". */
static string header_of(size_t len)
{
    static char text[4096];
    char *end = text + sprintf(text, "Basic YWE6");

    for (; len >= 3; len -= 3)
        end += sprintf(end, "YWFh");
    end += sprintf(end, "%s", len == 2 ? "YWE=" : len == 1 ? "YQ==" : "");
    return guarded(text, (size_t)(end - text));
}

static void headers_of_every_length(void)
{
    static char password[APISIG_IMBACHAT_CREDENTIALS_MAX + 100];
    size_t len;
    int32_t why;

    memset(password, 'a', sizeof password);
    for (len = 1; len < sizeof password; len++) {
        string header = header_of(len);
        bool fits = 3 + len <= APISIG_IMBACHAT_CREDENTIALS_MAX;
        bool holds = apisig_imbachat_verify_authorization(L("aa"), password, len, header.at, header.len, &why);
        check(holds == fits && why == (fits ? 0 : APISIG_MALFORMED), "a password of %zu bytes: %d", len, why);
    }
}

static void answer(void)
{
    check(strcmp(apisig_imbachat_unauthorized(), "{\"code\":401,\"version\":1,\"error\":\"Authenticate required!\",\"debug\":\"\"}")
              == 0, "%s", apisig_imbachat_unauthorized());
    check(strcmp(apisig_imbachat_www_authenticate(), "Basic realm=\"Backend\"") == 0, "%s", apisig_imbachat_www_authenticate());
}

/* A list is written if all of it fits, and else not at all; never behind its end. */
static void lists_of_every_size(void)
{
    static char text[4 * APISIG_IMBACHAT_USER_IDS_MAX];
    string parameter = guarded(L("1,, 22 ,333"));
    size_t max, i;

    check(apisig_imbachat_user_ids(parameter.at, parameter.len, NULL, 0) == 3, "measured");
    check(apisig_imbachat_user_ids(NULL, 0, NULL, 0) == 0, "no ids");
    for (max = 0; max <= 5; max++) {
        int64_t filling[5] = {-7, -7, -7, -7, -7}, ids[5];
        string out = guarded((const char *)filling, max * sizeof ids[0]);
        const int64_t *expected = filling, some[5] = {1, 22, 333, -7, -7};
        if (max >= 3)
            expected = some;
        check(apisig_imbachat_user_ids(parameter.at, parameter.len, (int64_t *)out.at, max) == 3, "into %zu", max);
        check(memcmp(out.at, expected, max * sizeof ids[0]) == 0, "into %zu: what is there", max);
    }
    for (i = 0; i < APISIG_IMBACHAT_USER_IDS_MAX + 1; i++)
        memcpy(text + 2 * i, "7,", 2);
    check(apisig_imbachat_user_ids(text, 2 * APISIG_IMBACHAT_USER_IDS_MAX, NULL, 0) == APISIG_IMBACHAT_USER_IDS_MAX, "the most");
    check(apisig_imbachat_user_ids(text, 2 * APISIG_IMBACHAT_USER_IDS_MAX + 2, NULL, 0) == APISIG_MALFORMED, "one too many");
}

/* Every byte in the place of every character of a list: digits, commas and white space alone are read. */
static void lists_changed(void)
{
    string parameter = guarded(L("12,345"));
    size_t at;
    int byte;

    for (at = 0; at < parameter.len; at++)
        for (byte = 0; byte < 256; byte++) {
            int64_t ids[3] = {-7, -7, -7};
            ptrdiff_t count;
            string changed = guarded("12,345", parameter.len);
            changed.at[at] = (char)byte;
            count = apisig_imbachat_user_ids(changed.at, changed.len, ids, 3);
            if (byte >= '0' && byte <= '9')
                check(count == (at == 2 ? 1 : 2) && ids[0] > 0, "'%c' at %zu: %td", byte, at, count);
            else if (byte == ',')
                check(count > 0 && count <= 3, "a comma at %zu: %td", at, count);
            else if (byte != 0 && strchr(" \t\n\f\r", byte) != NULL)
                /* Between digits it stands in the midst of a number. */
                check((count == APISIG_MALFORMED) == (at == 2 || at == 4), "space at %zu: %td", at, count);
            else
                check(count == APISIG_MALFORMED && ids[0] == -7, "byte %d at %zu: %td", byte, at, count);
        }
}

static void numbers_out_of_range(void)
{
    const int64_t no_users[] = {0, -1, INT64_MIN};
    char out[APISIG_IMBACHAT_OPEN_DIALOG_SIZE];
    int32_t why;
    int i;

    check(!apisig_imbachat_verify_authorization(L(""), L("x"), L(""), &why) && why == APISIG_ARGUMENT, "no login, no header");
    check(!apisig_imbachat_verify_authorization(L("x"), L(""), L(""), &why) && why == APISIG_ARGUMENT, "no password");
    check(apisig_imbachat_open_dialog(INT64_MAX, out, sizeof out) == out && strlen(out) == sizeof out - 1, "%s", out);
    for (i = 0; i < 3; i++) {
        strcpy(out, "full");
        check(apisig_imbachat_open_dialog(no_users[i], out, sizeof out) == NULL && out[0] == '\0', "no user %d", i);
        check(apisig_imbachat_widget(L("15"), no_users[i], L("t"), L(""), out, sizeof out) == APISIG_ARGUMENT, "no user %d", i);
    }
}

/* Python: a token of user 1 until 1590492000, whose key is "secret". */
#define TOKEN "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1OTA0OTIwMDAsInVzZXJfaWQiOjF9.E8g7vWWWbKbRPb3UsJHu_RuxqcSyNMFN7cGOoKWNimA"
#define TOKEN_TIME 1590488400

static int32_t diagnose(string token)
{
    return apisig_imbachat_diagnose(L("secret"), L("15"), token.at, token.len, TOKEN_TIME, 0);
}

static ptrdiff_t explain(string token)
{
    return apisig_imbachat_explain(L("secret"), token.at, token.len, TOKEN_TIME, NULL, 0);
}

/* Whether something presented was diagnosed as such: never as the caller's mistake, and never as more than wrong. */
static bool is_about_what_was_presented(int32_t diagnosis)
{
    return diagnosis > 0 || diagnosis == APISIG_MALFORMED || diagnosis == APISIG_MISMATCH;
}

/* Every beginning of a token, and every byte of it changed to every other. Both verbs read the same. */
static void diagnoses_cut_and_changed(void)
{
    string whole = guarded(L(TOKEN));
    size_t at;

    check(diagnose(whole) == 0 && explain(whole) > 0, "whole");
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(TOKEN, at);
        int byte, right = 0;
        bool has_dots = at > (size_t)(strrchr(TOKEN, '.') - TOKEN);
        check(is_about_what_was_presented(diagnose(cut)), "cut at %zu: %d", at, diagnose(cut));
        check((explain(cut) == APISIG_MALFORMED) == !has_dots, "explained, cut at %zu", at);
        for (byte = 0; byte < 256; byte++) {
            int32_t diagnosis;
            whole.at[at] = (char)byte;
            diagnosis = diagnose(whole);
            right += diagnosis == 0;
            check(diagnosis == 0 || is_about_what_was_presented(diagnosis), "byte %d at %zu: %d", byte, at, diagnosis);
            check(explain(whole) > 0 || explain(whole) == APISIG_MALFORMED, "byte %d at %zu", byte, at);
        }
        whole.at[at] = TOKEN[at];
        check(right == 1, "changed at %zu: %d right", at, right);
    }
}

/* Secrets, ids and tokens of 100 KB and of nothing, in every combination. */
static void diagnoses_of_any_length(void)
{
    static char text[100000];
    string strings[4];
    int s, d, t;

    memset(text, 'x', sizeof text);
    strings[0] = guarded(text, sizeof text);
    memset(text, '.', sizeof text);
    strings[1] = guarded(text, sizeof text);
    strings[2] = guarded(L(TOKEN));
    strings[3] = guarded("", 0);
    for (s = 0; s < 4; s++)
        for (d = 0; d < 4; d++)
            for (t = 0; t < 4; t++) {
                string secret = strings[s], dev_id = strings[d], token = strings[t];
                int32_t expected = s == 3 ? APISIG_ARGUMENT : t == 2 ? APISIG_MISMATCH : APISIG_MALFORMED;
                int32_t diagnosis = apisig_imbachat_diagnose(secret.at, secret.len, dev_id.at, dev_id.len, token.at, token.len,
                                                             TOKEN_TIME, 0);
                ptrdiff_t explanation = apisig_imbachat_explain(secret.at, secret.len, token.at, token.len, TOKEN_TIME, NULL, 0);
                check(diagnosis == expected, "%d %d %d: %d", s, d, t, diagnosis);
                check(t == 2 && s != 3 ? explanation > 0 : explanation == expected, "%d %d: %td", s, t, explanation);
            }
}

/* The longest token that is read, of three parts in every proportion: base64 of JSON that is not, and unused bits. */
static void diagnoses_of_the_longest_tokens(void)
{
    static char text[APISIG_IMBACHAT_TOKEN_MAX + 1];
    size_t first, second;

    for (first = 0; first < APISIG_IMBACHAT_TOKEN_MAX - 1; first += 131)
        for (second = first + 1; second < APISIG_IMBACHAT_TOKEN_MAX; second += 257) {
            string token;
            memset(text, second % 3 == 0 ? 'A' : second % 3 == 1 ? '=' : '+', sizeof text);
            text[first] = text[second] = '.';
            token = guarded(text, APISIG_IMBACHAT_TOKEN_MAX);
            check(apisig_imbachat_diagnose(L("secret"), NULL, 0, token.at, token.len, TOKEN_TIME, 0) == APISIG_MALFORMED,
                  "dots at %zu and %zu", first, second);
            check(apisig_imbachat_explain(L("secret"), token.at, token.len, TOKEN_TIME, NULL, 0) > 0, "likewise, explained");
        }
}

static void diagnoses_at_times_out_of_range(void)
{
    const int64_t no_times[] = {INT64_MIN, INT64_MAX, 253402300800};
    char out[1024];
    int i;

    for (i = 0; i < 3; i++) {
        check(apisig_imbachat_diagnose(L("secret"), NULL, 0, L(TOKEN), no_times[i], 0) == APISIG_ARGUMENT, "time %d", i);
        check(apisig_imbachat_explain(L("secret"), L(TOKEN), no_times[i], out, sizeof out) == APISIG_ARGUMENT, "time %d", i);
    }
    check(apisig_imbachat_diagnose(L("secret"), NULL, 0, L(TOKEN), TOKEN_TIME, -1) == APISIG_ARGUMENT, "a leeway below 0");
    check(apisig_imbachat_diagnose(L("secret"), NULL, 0, L(TOKEN), TOKEN_TIME, INT64_MAX) == 0, "the greatest leeway");
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

static void tokens_at_the_edges_of_time(void)
{
    const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX};
    char out[APISIG_IMBACHAT_TOKEN_SIZE];
    int32_t why;
    size_t i;

    for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        why = 99;
        check(!apisig_imbachat_verify(imbachat, L(TOKEN), edges[i], 0, NULL, &why) && why == APISIG_ARGUMENT, "time %zu", i);
        check(apisig_imbachat_sign(imbachat, 1, edges[i], out, sizeof out) == NULL, "expiry %zu", i);
        check(!apisig_imbachat_verify(imbachat, L("x"), 0, edges[i], NULL, &why), "leeway %zu", i);
        check(apisig_imbachat_seconds_left(L(TOKEN), edges[i], 0) == APISIG_ARGUMENT, "seconds left at %zu", i);
        check((apisig_imbachat_seconds_left(L(TOKEN), 0, edges[i]) > 0) == (edges[i] > 0), "or with leeway %zu", i);
    }
    check(apisig_imbachat_sign(imbachat, INT64_MAX, -62167219200, out, sizeof out) == out && strlen(out) == sizeof out - 1,
          "the longest token fits its macro");
}

int main(void)
{
    headers_cut_and_changed();
    headers_of_every_length();
    answer();
    lists_of_every_size();
    lists_changed();
    numbers_out_of_range();
    diagnoses_cut_and_changed();
    diagnoses_of_any_length();
    diagnoses_of_the_longest_tokens();
    diagnoses_at_times_out_of_range();
    imbachat = apisig_imbachat_new(L("secret"), NULL);
    tokens_cut_and_changed();
    tokens_at_the_edges_of_time();
    apisig_imbachat_free(imbachat);
    return report();
}

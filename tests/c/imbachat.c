/* ImbaChat's requests to a site, the widget of its pages and diagnoses of its tokens, as hostile as they come: headers,
   lists and tokens cut and changed anywhere, buffers of every size, and every mistake that a caller can make. */
#include "check.h"

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

static ptrdiff_t widget(char *out, size_t out_size)
{
    return apisig_imbachat_widget(L("15"), 1, L("</script>"), L(""), out, out_size);
}

static void texts_of_every_size(void)
{
    char whole[1024], call[APISIG_IMBACHAT_OPEN_DIALOG_SIZE];
    size_t len = (size_t)widget(whole, sizeof whole), size;

    check(len < sizeof whole && strlen(whole) == len && widget(NULL, 0) == (ptrdiff_t)len, "a widget of %zu bytes", len);
    check(strstr(whole, "\"\\u003c/script\\u003e\"") != NULL, "%s", whole);
    for (size = 0; size <= len + 2; size++) {
        char filling[1024];
        string out;
        memset(filling, 'x', sizeof filling);
        out = guarded(filling, size);
        check(widget(out.at, size) == (ptrdiff_t)len, "a widget in %zu bytes", size);
        if (size > len)
            check(strcmp(out.at, whole) == 0 && memcmp(out.at + len + 1, filling, size - len - 1) == 0, "%zu: whole", size);
        else if (size > 0)
            check(out.at[0] == '\0' && memcmp(out.at + 1, filling, size - 1) == 0, "%zu: empty and nothing else", size);
    }
    check(apisig_imbachat_open_dialog(INT64_MAX, call, sizeof call) == call && strlen(call) == sizeof call - 1, "%s", call);
    for (size = 0; size < sizeof call; size++) {
        string out = guarded(call, size);
        check(apisig_imbachat_open_dialog(INT64_MAX, out.at, size) == NULL && (size == 0 || out.at[0] == '\0'), "%zu", size);
    }
}

/* Each string as NULL with a length and with a length that no memory has, and each number out of range. */
static void callers_mistakes(void)
{
    const int64_t no_users[] = {0, -1, INT64_MIN};
    char out[APISIG_IMBACHAT_OPEN_DIALOG_SIZE];
    int64_t id = -7;
    int32_t why;
    int i;

    for (i = 0; i < 6; i++) {
        const char *s[3] = {"root", "abc", AUTHORIZATION};
        size_t len[3] = {4, 3, sizeof AUTHORIZATION - 1};
        s[i / 2] = i % 2 == 0 ? NULL : s[i / 2];
        len[i / 2] = i % 2 == 0 ? 1 : SIZE_MAX;
        why = 99;
        check(!apisig_imbachat_verify_authorization(s[0], len[0], s[1], len[1], s[2], len[2], &why) && why == APISIG_ARGUMENT,
              "verify_authorization with mistake %d", i);
        strcpy(out, "full");
        check(apisig_imbachat_widget(s[0], len[0], 1, s[1], len[1], i < 4 ? "" : s[2], i < 4 ? 0 : len[2], out, sizeof out)
                      == APISIG_ARGUMENT && out[0] == '\0', "widget with mistake %d", i);
    }
    check(!apisig_imbachat_verify_authorization(L(""), L("x"), L(""), &why) && why == APISIG_ARGUMENT, "no login, no header");
    check(!apisig_imbachat_verify_authorization(L("x"), L(""), L(""), &why) && why == APISIG_ARGUMENT, "no password");
    check(apisig_imbachat_seconds_left(NULL, 1, 1, 0) == APISIG_ARGUMENT, "seconds left of NULL");
    check(apisig_imbachat_seconds_left("1", SIZE_MAX, 1, 0) == APISIG_ARGUMENT, "seconds left of everything");
    check(apisig_imbachat_user_ids(NULL, 1, &id, 1) == APISIG_ARGUMENT, "ids from NULL");
    check(apisig_imbachat_user_ids("1", SIZE_MAX, &id, 1) == APISIG_ARGUMENT, "ids from everywhere");
    check(apisig_imbachat_user_ids(L("1"), NULL, 1) == APISIG_ARGUMENT, "ids into NULL");
    check(id == -7, "nothing was written");
    check(widget(NULL, 1) == APISIG_ARGUMENT, "a widget into NULL");
    check(apisig_imbachat_open_dialog(1, NULL, 99) == NULL, "a call into NULL");
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

static void explanations_in_every_size(void)
{
    char whole[2048];
    ptrdiff_t len = apisig_imbachat_explain(L("secret"), L(TOKEN), TOKEN_TIME, whole, sizeof whole);
    size_t size;

    check(len > 0 && (size_t)len == strlen(whole), "an explanation of %td bytes", len);
    check(strstr(whole, "secret: 6 bytes, SHA-256 2bb80d53...\n") == whole, "%s", whole);
    check(strstr(whole, "\nclaims: {\"exp\":1590492000,\"user_id\":1}\n") != NULL, "%s", whole);
    for (size = 0; size <= (size_t)len + 2; size++) {
        char filling[2048];
        string out;
        memset(filling, 'x', sizeof filling);
        out = guarded(filling, size);
        check(apisig_imbachat_explain(L("secret"), L(TOKEN), TOKEN_TIME, out.at, size) == len, "in %zu bytes", size);
        if (size > (size_t)len)
            check(strcmp(out.at, whole) == 0 && memcmp(out.at + len + 1, filling, size - len - 1) == 0, "%zu: whole", size);
        else if (size > 0)
            check(out.at[0] == '\0' && memcmp(out.at + 1, filling, size - 1) == 0, "%zu: empty and nothing else", size);
    }
}

/* Each string as NULL with a length and with a length that no memory has, and each number out of range. */
static void mistakes_of_who_diagnoses(void)
{
    const int64_t no_times[] = {INT64_MIN, INT64_MAX, 253402300800};
    char out[1024];
    int i;

    for (i = 0; i < 6; i++) {
        const char *s[3] = {"secret", "15", TOKEN};
        size_t len[3] = {6, 2, sizeof TOKEN - 1};
        s[i / 2] = i % 2 == 0 ? NULL : s[i / 2];
        len[i / 2] = i % 2 == 0 ? 1 : SIZE_MAX;
        check(apisig_imbachat_diagnose(s[0], len[0], s[1], len[1], s[2], len[2], TOKEN_TIME, 0) == APISIG_ARGUMENT,
              "diagnose with mistake %d", i);
        strcpy(out, "full");
        check(i / 2 == 1 || (apisig_imbachat_explain(s[0], len[0], s[2], len[2], TOKEN_TIME, out, sizeof out) == APISIG_ARGUMENT
                             && out[0] == '\0'), "explain with mistake %d", i);
    }
    for (i = 0; i < 3; i++) {
        check(apisig_imbachat_diagnose(L("secret"), NULL, 0, L(TOKEN), no_times[i], 0) == APISIG_ARGUMENT, "time %d", i);
        check(apisig_imbachat_explain(L("secret"), L(TOKEN), no_times[i], out, sizeof out) == APISIG_ARGUMENT, "time %d", i);
    }
    check(apisig_imbachat_diagnose(L("secret"), NULL, 0, L(TOKEN), TOKEN_TIME, -1) == APISIG_ARGUMENT, "a leeway below 0");
    check(apisig_imbachat_diagnose(L("secret"), NULL, 0, L(TOKEN), TOKEN_TIME, INT64_MAX) == 0, "the greatest leeway");
    check(apisig_imbachat_explain(L("secret"), L(TOKEN), TOKEN_TIME, NULL, 1) == APISIG_ARGUMENT, "explain into NULL");
}

int main(void)
{
    headers_cut_and_changed();
    headers_of_every_length();
    answer();
    lists_of_every_size();
    lists_changed();
    texts_of_every_size();
    callers_mistakes();
    diagnoses_cut_and_changed();
    diagnoses_of_any_length();
    diagnoses_of_the_longest_tokens();
    explanations_in_every_size();
    mistakes_of_who_diagnoses();
    return report();
}

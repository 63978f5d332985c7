/* Every function of the header, a row each, with an input and the answer to it: what the programs of this folder call under
   all kinds of strain. The expected values are from Python's hmac, hashlib and urllib. C99 and C++11. */
#ifndef CALLS_H
#define CALLS_H

#include "../c/check.h"

/* A program that has a secret of its own gives its pointer and length. Then no answer but MISMATCH is right. */
#ifndef SECRET
#define SECRET L("secret")
#endif
#define DATE "Wed, 23 Nov 2022 19:25:21 +0000"
#define REQUEST_SIGNATURE "5d82879faf53f575a0aea89c115e50340ccf6446"
#define BODY_MD5 "841a2d689ad86bd1611447453c22c6fc"
#define WEBHOOK "a18991ff7e4513a1c2d2ee51e3a8e99ca891d9cd"
#define TOKEN                                                                                                 \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDAsInVzZXJfaWQiOjF9."                          \
    "sfdJjXc7mnwKdQ00UJm82QA9C1O-QtZjw4R5WXvgaY0"
/* Longer than what most tokens are: it takes more room to read. */
#define TEN(text) text text text text text text text text text text
#define LONG_TOKEN                                                                                            \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDAsInVzZXJfaWQiOjEsInh4Ijoi"                   \
    TEN(TEN("eHh4")) "In0.yA_S6Doya6DCuZDHg8z8GvuTQZwag-h5jgq3_rpJOrQ"
#define WIDGET                                                                                                \
    "<script src=\"https://imbachat.com/imbachat/v1/15/widget\"></script>\n<script>\n{\n"                     \
    "    const options = {user_id: \"1\", token: \"token\"};\n    const timer = setInterval(() => {\n"        \
    "        if (window.ImbaChat) {\n            clearInterval(timer);\n"                                     \
    "            window.ImbaChat.load(options);\n        }\n    }, 50);\n}\n</script>\n"
#define SALT_SIGNATURE "hoVxX2132GWCjsm3bNMpI+Ooszpn2oRRM+IEMU9rsQs="
#define SALT_PARAMETERS "apikey=key&salt=salt&signature=hoVxX2132GWCjsm3bNMpI%2BOoszpn2oRRM%2BIEMU9rsQs%3D"
#define KEY_TOKEN "96de09a0f8699191b28587118ac57df88bbf6c2d0c131d196dcd90f7efd68c93"
#define FORM_HASH "ac3b33238320bf6397bef51626e93113d009b860"

/* Texts whose longest form has a macro: the function, the text (? is any character), the call. */
#define KNOWN_TEXTS(ROW)                                                                                      \
    ROW(apisig_kommo_sign_digest, REQUEST_SIGNATURE,                                                          \
        (kommo, L("POST"), L("/x"), L(BODY_MD5), L("application/json"), L(DATE), out, size))                  \
    ROW(apisig_kommo_sign_webhook, WEBHOOK, (kommo, L("body"), out, size))                                    \
    ROW(apisig_imbachat_sign, TOKEN, (imbachat, 1, 1700000000, out, size))                                    \
    ROW(apisig_imbachat_open_dialog, "window.imbaApi.openDialog(2)", (2, out, size))                          \
    ROW(apisig_kayako_salt, "????????????????????????????????", (out, size))                                  \
    ROW(apisig_kayako_sign, SALT_SIGNATURE, (kayako, L("salt"), out, size))                                   \
    ROW(apisig_mor_sign, "bc2f114099d16656d37e45fd9e8744cb9386d462", (mor, L("1"), out, size))                \
    ROW(apisig_mor_sign_request, FORM_HASH, (mor, L("user_balance_get"), L("username=a"), out, size, NULL))   \
    ROW(apisig_retailcrm_sign, KEY_TOKEN, (retailcrm, L("key"), out, size))

/* Texts of any length: likewise. */
#define TEXTS(ROW)                                                                                            \
    ROW(apisig_kommo_string_to_sign, "POST\n\na/b\nnow\n/x",                                                  \
        (L("POST"), L("/x"), L(""), L("a/b"), L("now"), out, size))                                           \
    ROW(apisig_kommo_url, "https://host/x", (L("host"), L("/x"), out, size))                                  \
    ROW(apisig_kommo_connect_url, "https://host/v2/origin/custom/id/connect", (L("host"), L("id"), out, size)) \
    ROW(apisig_kommo_connect_body, "{\"account_id\":\"id\",\"title\":\"title\",\"hook_api_version\":\"v2\"}", \
        (L("id"), L("title"), L("v2"), out, size))                                                            \
    ROW(apisig_kommo_disconnect_url, "https://host/v2/origin/custom/id/disconnect",                           \
        (L("host"), L("id"), out, size))                                                                      \
    ROW(apisig_kommo_disconnect_body, "{\"account_id\":\"id\"}", (L("id"), out, size))                        \
    ROW(apisig_kommo_scope_id, "id_account", (L("id"), L("account"), out, size))                              \
    ROW(apisig_kommo_answer, "b\xc3\xa9", (L("{\"a\":\"b\\u00e9\"}"), L("a"), out, size))                     \
    ROW(apisig_imbachat_widget, WIDGET, (L("15"), 1, L("token"), L(""), out, size))                           \
    ROW(apisig_kayako_sign_parameters, SALT_PARAMETERS, (kayako, L("key"), L("salt"), out, size))             \
    ROW(apisig_kayako_url, "https://h/api/index.php?e=/Base/User&a=b",                                        \
        (L("https://h"), L("/Base/User"), false, L("a=b"), out, size))                                        \
    ROW(apisig_mor_parameters, "username\nu", (L("user_balance_get"), L("username=a&u=b"), out, size))       \
    ROW(apisig_mor_refusal, "The parameter u15 is in the form twice. Send it once.",                          \
        (L("user_details_update"), L("u15=1&u15=1"), out, size))                                              \
    ROW(apisig_retailcrm_config, "{\"success\":true,\"scopes\":[\"a\",\"b\"],\"registerUrl\":\"https://x\"}", \
        (L("a,b"), L("https://x"), out, size))                                                                \
    ROW(apisig_retailcrm_registered, "{\"success\":true,\"accountUrl\":\"https://x\"}", (L("https://x"), out, size)) \
    ROW(apisig_retailcrm_failed, "{\"success\":false,\"errorMsg\":\"message\"}", (L("message"), out, size))   \
    ROW(apisig_retailcrm_edit_url, "https://x.ru/api/v5/integration-modules/code/edit",                       \
        (L("https://x.ru"), L("code"), out, size))

/* Texts for people, whose words may change: the function, what is in the text, the call. */
#define EXPLANATIONS(ROW)                                                                                     \
    ROW(apisig_kommo_explain, REQUEST_SIGNATURE,                                                              \
        (SECRET, L("POST"), L("/x"), L("body"), L(BODY_MD5), L("application/json"), L(DATE), out, size))      \
    ROW(apisig_imbachat_explain, "{\"exp\":1700000000,\"user_id\":1}",                                        \
        (SECRET, L(TOKEN), 1600000000, out, size))                                                            \
    ROW(apisig_kayako_explain, SALT_SIGNATURE, (SECRET, L("salt"), out, size))                                \
    ROW(apisig_mor_explain, FORM_HASH, (SECRET, L("user_balance_get"), L("username=a"), out, size))           \
    ROW(apisig_retailcrm_explain, KEY_TOKEN, (SECRET, L("key"), out, size))

/* A diagnosis tries every mistake only where none fits. */
#define DIAGNOSES(ROW)                                                                                        \
    ROW(apisig_kommo_diagnose,                                                                                \
        apisig_kommo_diagnose(SECRET, L("POST"), L("/x"), L("{\"a\": [1, \"/\"]}\n"), L(BODY_MD5),            \
                              L("application/json"), L(DATE), L(WEBHOOK), 1669231521, 0) == APISIG_MISMATCH)  \
    ROW(apisig_kommo_diagnose_webhook,                                                                        \
        apisig_kommo_diagnose_webhook(SECRET, L("body"), L(KEY_TOKEN)) == APISIG_MISMATCH)                    \
    ROW(apisig_imbachat_diagnose,                                                                             \
        apisig_imbachat_diagnose(L("another"), L("15"), L(TOKEN), 1600000000, 0) == APISIG_MISMATCH)          \
    ROW(apisig_kayako_diagnose,                                                                               \
        apisig_kayako_diagnose(SECRET, L("key"), L("1e9"), L(SALT_SIGNATURE)) == APISIG_MISMATCH)             \
    ROW(apisig_mor_diagnose,                                                                                  \
        apisig_mor_diagnose(SECRET, L("user_balance_get"), L("username=a&b=2&c=3"), L(WEBHOOK)) == APISIG_MISMATCH) \
    ROW(apisig_retailcrm_diagnose, apisig_retailcrm_diagnose(SECRET, L("key"), L(WEBHOOK)) == APISIG_MISMATCH)

/* All others: the function, and what is true. `why` is 99 before. */
#define ANSWERS(ROW)                                                                                          \
    ROW(apisig_version, strcmp(apisig_version(), APISIG_VERSION) == 0)                                        \
    ROW(apisig_status_text, strcmp(apisig_status_text(APISIG_OK), apisig_status_text(APISIG_METHOD)) != 0)    \
    ROW(apisig_mistake_text, strcmp(apisig_mistake_text(APISIG_MISTAKE_HEX), apisig_mistake_text(0)) != 0)    \
    ROW(apisig_kommo_sign, signs_a_kommo_request())                                                           \
    ROW(apisig_kommo_verify, apisig_kommo_verify(kommo, L("POST"), L("/x"), L("body"), L(BODY_MD5),           \
                                                 L("application/json"), L(DATE), L(REQUEST_SIGNATURE), 1669231521, 0, &why) && why == 0) \
    ROW(apisig_kommo_verify_webhook, apisig_kommo_verify_webhook(kommo, L("body\n"), L(WEBHOOK), &why) && why == 0) \
    ROW(apisig_imbachat_verify, apisig_imbachat_verify(imbachat, L(TOKEN), 1600000000, 0, &number, &why)      \
                                    && number == 1 && why == 0                                                \
                                    && apisig_imbachat_verify(imbachat, L(LONG_TOKEN), 1600000000, 0, NULL, NULL)) \
    ROW(apisig_imbachat_seconds_left, apisig_imbachat_seconds_left(L(TOKEN), 1600000000, 0) == 100000000)     \
    ROW(apisig_imbachat_verify_login, apisig_imbachat_verify_login(L("a"), SECRET, L("A"), SECRET, &why) && why == 0) \
    ROW(apisig_imbachat_verify_authorization,                                                                 \
        apisig_imbachat_verify_authorization(L("root"), L("abc"), L("Basic cm9vdDphYmM="), &why) && why == 0) \
    ROW(apisig_imbachat_unauthorized, apisig_imbachat_unauthorized()[0] == '{')                               \
    ROW(apisig_imbachat_www_authenticate, strncmp(apisig_imbachat_www_authenticate(), L("Basic ")) == 0)      \
    ROW(apisig_imbachat_user_ids, apisig_imbachat_user_ids(L("7"), &number, 1) == 1 && number == 7)           \
    ROW(apisig_kayako_verify, apisig_kayako_verify(kayako, L("salt"), L(SALT_SIGNATURE), &why) && why == 0)   \
    ROW(apisig_kayako_verify_request,                                                                         \
        apisig_kayako_verify_request(kayako, L("key"), L(SALT_PARAMETERS), &why) && why == 0)                 \
    ROW(apisig_mor_verify, apisig_mor_verify(mor, L("a"), L(FORM_HASH), &why) && why == 0)                    \
    ROW(apisig_mor_verify_request, apisig_mor_verify_request(mor, L("user_balance_get"),                      \
                                                             L("username=a&hash=" FORM_HASH), &why) && why == 0) \
    ROW(apisig_mor_is_confirmed, apisig_mor_is_confirmed(L("user_balance_update")))                           \
    ROW(apisig_retailcrm_verify, apisig_retailcrm_verify(retailcrm, L("key"), L(KEY_TOKEN), &why) && why == 0) \
    ROW(apisig_retailcrm_register, reads_a_registration())                                                    \
    ROW(apisig_retailcrm_accepted, strcmp(apisig_retailcrm_accepted(), "{\"success\":true}") == 0)

/* The rooms whose handles are made by _new, get a secret by _add_secret and are freed by _free. */
#define HANDLES(ROW) ROW(kommo) ROW(imbachat) ROW(retailcrm) ROW(kayako) ROW(mor)

#define ONE(room) +1
enum { HANDLE_COUNT = 0 HANDLES(ONE) };

#define HANDLE(room) static apisig_##room *room;
HANDLES(HANDLE)

/* Room for the longest text. */
enum { OUT_SIZE = 2048 };

static bool signs_a_kommo_request(void)
{
    apisig_kommo_headers headers;

    return apisig_kommo_sign(kommo, L("POST"), L("https://h/x?y"), L("body"), 1669231521, &headers) == APISIG_OK
           && strcmp(headers.date, DATE) == 0
           && strcmp(headers.content_type, "application/json") == 0 && strcmp(headers.content_md5, BODY_MD5) == 0
           && strcmp(headers.x_signature, REQUEST_SIGNATURE) == 0;
}

static bool reads_a_registration(void)
{
    apisig_retailcrm_registration registration;

    return apisig_retailcrm_register(
               retailcrm, L("register={\"token\":\"" KEY_TOKEN "\",\"apiKey\":\"key\",\"systemUrl\":\"https://x.ru\"}"),
               L("ru"), &registration, NULL)
           && strcmp(registration.api_key, "key") == 0 && strcmp(registration.system_url, "https://x.ru") == 0;
}

static inline bool fits(const char *text, const char *expected)
{
    while (*expected != '\0' && (*text == *expected || (*expected == '?' && *text != '\0')))
        text++, expected++;
    return *text == *expected;
}

static inline bool text_is(ptrdiff_t len, const char *expected, const char *out, size_t size)
{
    return len == (ptrdiff_t)strlen(expected) && (size == 0 || fits(out, size > (size_t)len ? expected : ""));
}

static inline bool known_text_is(const char *result, const char *expected, const char *out, size_t size)
{
    bool has_room = size > strlen(expected);

    return result == (has_room ? out : NULL) && (size == 0 || fits(out, has_room ? expected : ""));
}

static inline bool explanation_is(ptrdiff_t len, const char *held, const char *out, size_t size)
{
    if (size <= (size_t)len)
        return len > 0 && (size == 0 || out[0] == '\0');
    return strlen(out) == (size_t)len && strstr(out, held) != NULL;
}

/* Each row as a function: whether the answer is right. Texts go to `size` bytes at `out`. */
#define KNOWN_TEXT_FUNCTION(function, expected, arguments)                                                    \
    static bool right_##function(char *out, size_t size)                                                      \
    {                                                                                                         \
        return known_text_is(function arguments, expected, out, size);                                        \
    }
#define TEXT_FUNCTION(function, expected, arguments)                                                          \
    static bool right_##function(char *out, size_t size)                                                      \
    {                                                                                                         \
        return text_is(function arguments, expected, out, size);                                              \
    }
#define EXPLANATION_FUNCTION(function, held, arguments)                                                       \
    static bool right_##function(char *out, size_t size)                                                      \
    {                                                                                                         \
        return explanation_is(function arguments, held, out, size);                                           \
    }
#define ANSWER_FUNCTION(function, ...)                                                                        \
    static bool right_##function(char *out, size_t size)                                                      \
    {                                                                                                         \
        int32_t why = 99;                                                                                     \
        int64_t number = 99;                                                                                  \
        (void)out, (void)size, (void)why, (void)number;                                                       \
        return __VA_ARGS__;                                                                                   \
    }
KNOWN_TEXTS(KNOWN_TEXT_FUNCTION)
TEXTS(TEXT_FUNCTION)
EXPLANATIONS(EXPLANATION_FUNCTION)
DIAGNOSES(ANSWER_FUNCTION)
ANSWERS(ANSWER_FUNCTION)

typedef struct {
    const char *function;
    bool (*right)(char *out, size_t size);
    bool is_text, is_diagnosis;
} row;

static const row ROWS[] = {
#define TEXT_ROW(function, expected, arguments) {#function, right_##function, true, false},
#define EXPLANATION_ROW(function, held, arguments) {#function, right_##function, true, true},
#define DIAGNOSIS_ROW(function, ...) {#function, right_##function, false, true},
#define ANSWER_ROW(function, ...) {#function, right_##function, false, false},
    KNOWN_TEXTS(TEXT_ROW) TEXTS(TEXT_ROW) EXPLANATIONS(EXPLANATION_ROW) DIAGNOSES(DIAGNOSIS_ROW) ANSWERS(ANSWER_ROW)
};
static const size_t ROW_COUNT = sizeof ROWS / sizeof ROWS[0];

/* Makes the handles, each with a second secret; answers how many of HANDLE_COUNT there are. */
static inline int make_handles(void)
{
    int made = 0;
#define MAKE(room)                                                                                            \
    room = apisig_##room##_new(SECRET, NULL);                                                                 \
    made += room != NULL && apisig_##room##_add_secret(room, L("old secret"), NULL);
    HANDLES(MAKE)
    return made;
}

static inline void free_handles(void)
{
#define FREE(room) apisig_##room##_free(room);
    HANDLES(FREE)
}

#endif

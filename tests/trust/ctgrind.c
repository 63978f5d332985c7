/* Every call that touches a secret, with the bytes of the secret undefined: memcheck then reports each branch and each address
   that depends on one, in whatever was made of it too, such as a handle or the MAC that is expected. Defined again are what
   a call answers and what it signs, behind it. Only lengths are public. Exempt are diagnose and explain, which are for whoever
   holds the secret. Usage, under valgrind: ctgrind; or ctgrind compare|branch|table, which shows a secret here. */
#include "handles.h"
#include <valgrind/memcheck.h>

#define DATE "Wed, 23 Nov 2022 19:25:21 +0000"

enum { SECRETS = APISIG_SECRETS_MAX, LONG = 300 };

/* Of one byte, of a block's length or less, and longer than a block. */
static const size_t SECRET_LENGTHS[] = {1, 40, 64, LONG};

static char secrets[SECRETS][LONG];
static char body[LONG * 2], api_key[] = "Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E";
static size_t body_len;

static void conceal(const void *bytes, size_t len)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes, len);
}

static void publish(const void *bytes, size_t len)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(bytes, len);
}

/* A signature, and whether what holds it is let in. Both answer what is published already. */
typedef struct {
    const char *function;
    void (*sign)(char *signature);
    bool (*verify)(const char *signature, int32_t *why);
} scheme;

static void published_text(const char *result, char *out)
{
    publish(&result, sizeof result);
    check(result == out, "signed");
    publish(out, OUT_SIZE);
}

/* ---- kommo ---- */

static apisig_kommo_headers headers;

static void kommo_sign(char *signature)
{
    check(apisig_kommo_sign(kommo, L("POST"), L("/x"), body, body_len, 1669231521, &headers) == APISIG_OK, "signed");
    publish(&headers, sizeof headers);
    strcpy(signature, headers.x_signature);
}

static bool kommo_verify(const char *signature, int32_t *why)
{
    return apisig_kommo_verify(kommo, L("POST"), L("/x"), body, body_len, headers.content_md5, 32, L("application/json"),
                               L(DATE), signature, strlen(signature), 1669231521, 0, why);
}

static void kommo_sign_digest(char *signature)
{
    published_text(apisig_kommo_sign_digest(kommo, L("POST"), L("/x"), headers.content_md5, 32, L("application/json"),
                                            L(DATE), signature, OUT_SIZE),
                   signature);
}

static void kommo_sign_webhook(char *signature)
{
    published_text(apisig_kommo_sign_webhook(kommo, body, body_len, signature, OUT_SIZE), signature);
}

static bool kommo_verify_webhook(const char *signature, int32_t *why)
{
    return apisig_kommo_verify_webhook(kommo, body, body_len, signature, strlen(signature), why);
}

/* The line end is signed, which only the second look finds. */
static void kommo_sign_line(char *signature)
{
    published_text(apisig_kommo_sign_webhook(kommo, L("body\n"), signature, OUT_SIZE), signature);
}

static bool kommo_verify_line(const char *signature, int32_t *why)
{
    return apisig_kommo_verify_webhook(kommo, L("body\n"), signature, strlen(signature), why);
}

/* ---- imbachat ---- */

static void imbachat_sign(char *signature)
{
    char token[OUT_SIZE];

    published_text(apisig_imbachat_sign(imbachat, 1, 1700000000, token, sizeof token), token);
    strcpy(signature, strrchr(token, '.') + 1);
}

static bool imbachat_verify(const char *signature, int32_t *why)
{
    char token[OUT_SIZE];
    int64_t user_id;

    sprintf(token, "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDAsInVzZXJfaWQiOjF9.%s", signature);
    return apisig_imbachat_verify(imbachat, token, strlen(token), 1600000000, 0, &user_id, why);
}

/* ---- retailcrm: the API key is secret, but for who registers with it ---- */

static void retailcrm_sign(char *signature)
{
    conceal(api_key, strlen(api_key));
    published_text(apisig_retailcrm_sign(retailcrm, api_key, sizeof api_key - 1, signature, OUT_SIZE), signature);
    publish(api_key, sizeof api_key);
}

static bool retailcrm_verify(const char *signature, int32_t *why)
{
    bool holds;

    conceal(api_key, sizeof api_key - 1);
    holds = apisig_retailcrm_verify(retailcrm, api_key, sizeof api_key - 1, signature, strlen(signature), why);
    publish(api_key, sizeof api_key);
    return holds;
}

static bool registers(const char *format, const char *signature, int32_t *why)
{
    apisig_retailcrm_registration registration;
    char form[OUT_SIZE];

    sprintf(form, format, signature, api_key);
    return apisig_retailcrm_register(retailcrm, form, strlen(form), L("ru"), &registration, why);
}

static bool retailcrm_register_json(const char *signature, int32_t *why)
{
    return registers("register={\"token\":\"%s\",\"apiKey\":\"%s\",\"systemUrl\":\"https://x.ru\"}", signature, why);
}

static bool retailcrm_register_fields(const char *signature, int32_t *why)
{
    return registers("register[token]=%s&register[apiKey]=%s&register[systemUrl]=https://x.ru", signature, why);
}

/* ---- kayako: the own API key is secret but for its ends, at which white space is looked for ---- */

static void kayako_sign(char *signature)
{
    published_text(apisig_kayako_sign(kayako, L("salt"), signature, OUT_SIZE), signature);
}

static bool kayako_verify(const char *signature, int32_t *why)
{
    return apisig_kayako_verify(kayako, L("salt"), signature, strlen(signature), why);
}

static void kayako_sign_form(char *signature)
{
    char parameters[OUT_SIZE];
    ptrdiff_t len = apisig_kayako_sign_form(kayako, api_key, sizeof api_key - 1, L("salt"), NULL, 0, parameters, OUT_SIZE);

    publish(&len, sizeof len);
    check(len > 0, "signed");
    publish(parameters, sizeof parameters);
    strcpy(signature, strrchr(parameters, '=') + 1);
}

static bool kayako_verify_request(const char *signature, int32_t *why)
{
    char form[OUT_SIZE];
    bool holds;

    sprintf(form, "apikey=%s&salt=salt&signature=%s", api_key, signature);
    conceal(api_key + 1, sizeof api_key - 3);
    holds = apisig_kayako_verify_request(kayako, api_key, sizeof api_key - 1, form, strlen(form), why);
    publish(api_key, sizeof api_key);
    return holds;
}

/* ---- mor ---- */

static void mor_sign(char *signature)
{
    published_text(apisig_mor_sign(mor, body, body_len, signature, OUT_SIZE), signature);
}

static bool mor_verify(const char *signature, int32_t *why)
{
    return apisig_mor_verify(mor, body, body_len, signature, strlen(signature), why);
}

static void mor_sign_request(char *signature)
{
    int32_t why;

    published_text(
        apisig_mor_sign_request(mor, L("user_balance_get"), L("username=a"), signature, OUT_SIZE, &why), signature);
}

static bool mor_verify_request(const char *signature, int32_t *why)
{
    char form[OUT_SIZE];

    sprintf(form, "username=a&hash=%s", signature);
    return apisig_mor_verify_request(mor, L("user_balance_get"), form, strlen(form), why);
}

/* ---- all of them ---- */

static const scheme SCHEMES[] = {
    {"kommo_verify", kommo_sign, kommo_verify},
    {"kommo_verify of a digest", kommo_sign_digest, kommo_verify},
    {"kommo_verify_webhook", kommo_sign_webhook, kommo_verify_webhook},
    {"kommo_verify_webhook with a line end", kommo_sign_line, kommo_verify_line},
    {"imbachat_verify", imbachat_sign, imbachat_verify},
    {"retailcrm_verify", retailcrm_sign, retailcrm_verify},
    {"retailcrm_register of JSON", retailcrm_sign, retailcrm_register_json},
    {"retailcrm_register of fields", retailcrm_sign, retailcrm_register_fields},
    {"kayako_verify", kayako_sign, kayako_verify},
    {"kayako_verify_request", kayako_sign_form, kayako_verify_request},
    {"mor_verify", mor_sign, mor_verify},
    {"mor_verify_request", mor_sign_request, mor_verify_request},
};
enum { SCHEME_COUNT = sizeof SCHEMES / sizeof SCHEMES[0] };

/* Makes the handles with `count` secrets of `len` bytes, from the one numbered `first` on. */
static void make_secret_handles(size_t first, size_t count, size_t len)
{
    size_t i;

    conceal(secrets, sizeof secrets);
#define MAKE_SECRET(vendor)                                                                                   \
    vendor = apisig_##vendor##_new(secrets[first], len, NULL);                                                \
    for (i = first + 1; i < first + count; i++) {                                                             \
        bool added = apisig_##vendor##_add_secret(vendor, secrets[i], len, NULL);                             \
        publish(&added, sizeof added);                                                                        \
        check(added, "a secret is added");                                                                    \
    }
    VENDORS(MAKE_SECRET)
}

/* Whether the answer to what is presented is the index of a secret, or the status. */
static void answers(const scheme *scheme, const char *signature, int32_t expected)
{
    int32_t why = 99;
    bool holds = scheme->verify(signature, &why);

    publish(&holds, sizeof holds);
    publish(&why, sizeof why);
    check(why == expected && holds == (expected >= 0), "%s: %s is %d", scheme->function, signature, (int)why);
}

static void answers_to_wrong_ones(const scheme *scheme, const char *right)
{
    char wrong[OUT_SIZE];
    /* The last of 43 characters in base64 holds unused bits. */
    size_t places[] = {0, strlen(right) / 2, 39}, i;
    bool is_webhook = strncmp(scheme->function, L("kommo_verify_webhook")) == 0;
    int32_t unreadable = is_webhook ? APISIG_MALFORMED : APISIG_MISMATCH;

    for (i = 0; i < 3; i++) {
        strcpy(wrong, right);
        wrong[places[i]] = wrong[places[i]] == 'a' ? 'b' : 'a';
        answers(scheme, wrong, APISIG_MISMATCH);
    }
    strcpy(wrong, right);
    wrong[0] = '!';
    answers(scheme, wrong, unreadable);
    answers(scheme, right + 1, unreadable);
    answers(scheme, "", unreadable);
}

/* What each secret signs is let in, by the handle of the first one alone and by that of all of them. */
static void with_secrets_of(size_t len)
{
    static char signatures[SECRETS][SCHEME_COUNT][OUT_SIZE];
    size_t i, s;

    for (i = 0; i < SECRETS; i++) {
        make_secret_handles(i, 1, len);
        for (s = 0; s < SCHEME_COUNT; s++) {
            SCHEMES[s].sign(signatures[i][s]);
            answers(&SCHEMES[s], signatures[i][s], 0);
            answers_to_wrong_ones(&SCHEMES[s], signatures[i][s]);
        }
        free_handles();
    }
    make_secret_handles(0, SECRETS, len);
    for (s = 0; s < SCHEME_COUNT; s++) {
        for (i = 0; i < SECRETS; i++)
            answers(&SCHEMES[s], signatures[i][s], (int32_t)i);
        answers_to_wrong_ones(&SCHEMES[s], signatures[0][s]);
    }
    free_handles();
}

static void login_of(size_t len)
{
    char login[LONG], password[LONG], presented[LONG];
    size_t at;

    memset(login, 'l', len);
    memset(password, 'p', len);
    for (at = 0; at <= len; at += len / 2 + 1) {
        int32_t why = 99;
        bool holds;

        memset(presented, 'p', len);
        if (at < len)
            presented[at] = 'q';
        conceal(login, len);
        conceal(password, len);
        holds = apisig_imbachat_verify_login(login, len, password, len, login, len, presented, len, &why);
        publish(&holds, sizeof holds);
        publish(&why, sizeof why);
        check(holds == (at == len) && why == (holds ? 0 : APISIG_MISMATCH), "a login of %zu bytes, wrong at %zu", len, at);
    }
}

static void authorization(const char *credentials, bool right)
{
    char login[] = "root", password[] = "abc";
    int32_t why = 99;
    bool holds;

    conceal(login, 4);
    conceal(password, 3);
    holds = apisig_imbachat_verify_authorization(login, 4, password, 3, credentials, strlen(credentials), &why);
    publish(&holds, sizeof holds);
    publish(&why, sizeof why);
    check(holds == right && why == (right ? 0 : APISIG_MISMATCH), "%s", credentials);
}

/* What must be reported. */
static volatile char seen;

static void control(const char *kind)
{
    static const char digits[] = "0123456789abcdef";

    conceal(secrets[0], 16);
    if (strcmp(kind, "compare") == 0)
        seen = memcmp(secrets[0], secrets[1], 16) == 0;
    if (strcmp(kind, "branch") == 0 && secrets[0][0] == 'a')
        seen = 1;
    if (strcmp(kind, "table") == 0)
        seen = digits[secrets[0][0] & 15];
}

int main(int argc, char **argv)
{
    size_t i, s;

    for (s = 0; s < SECRETS; s++)
        for (i = 0; i < LONG; i++)
            secrets[s][i] = (char)(s * 31 + i * 17 + 1);
    if (argc > 1) {
        control(argv[1]);
        return 0;
    }
    memset(body, 'b', sizeof body);
    for (i = 0; i < sizeof SECRET_LENGTHS / sizeof SECRET_LENGTHS[0]; i++) {
        body_len = i % 2 == 0 ? 5 : sizeof body;
        with_secrets_of(SECRET_LENGTHS[i]);
        login_of(SECRET_LENGTHS[i]);
    }
    authorization("Basic cm9vdDphYmM=", true);
    authorization("Basic cm9vdDphYmQ=", false);
    authorization("Basic cm9vdTphYmM=", false);
    printf("figure: %d ways to check, with secrets of %zu lengths\n", SCHEME_COUNT + 2, i);
    return report();
}

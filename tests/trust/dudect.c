/* Whether the time of a check tells where a signature is wrong: two kinds of wrong ones are checked in random order, and Welch's
   t-test compares their times. Only the slowest are left out, as many of both kinds. Whatever depends on the kind comes back in
   every attempt, noise does not: of some attempts the least |t| counts. Wrong characters are of the class of the right ones, or
   the reading of the signature, which is public, would show. */
#include "handles.h"
#include <ctype.h>
#include <math.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <time.h>
#endif

enum { TIMES = 60000, ATTEMPTS = 5, ALARM = 10, TEXT_SIZE = 512 };

static uint64_t now(void)
{
#if defined(__x86_64__)
    unsigned core;

    return __rdtscp(&core);
#else
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
#endif
}

static uint64_t random_bits(void)
{
    static uint64_t state = 88172645463325252;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

typedef bool (*check_of)(const char *text, size_t len);

typedef struct {
    double time;
    int kind;
} measurement;

static int by_time(const void *one, const void *other)
{
    double a = ((const measurement *)one)->time, b = ((const measurement *)other)->time;

    return (a > b) - (a < b);
}

/* |t| of the fastest `count`. */
static double t_of_fastest(const measurement *sorted, size_t count)
{
    double n[2] = {0, 0}, mean[2] = {0, 0}, squares[2] = {0, 0}, variance;
    size_t i;

    for (i = 0; i < count; i++) {
        int kind = sorted[i].kind;
        double delta = sorted[i].time - mean[kind];
        n[kind]++;
        mean[kind] += delta / n[kind];
        squares[kind] += delta * (sorted[i].time - mean[kind]);
    }
    if (n[0] < 2 || n[1] < 2)
        return 1e9;
    variance = squares[0] / (n[0] - 1) / n[0] + squares[1] / (n[1] - 1) / n[1];
    return variance > 0 ? fabs(mean[0] - mean[1]) / sqrt(variance) : 0;
}

/* From both places, whatever the kind: that one of them lies better in the cache must not show. */
static void take(char text[TEXT_SIZE], char texts[2][TEXT_SIZE], int kind)
{
    size_t i;

    for (i = 0; i < TEXT_SIZE; i++)
        text[i] = (char)(texts[0][i] ^ ((texts[0][i] ^ texts[1][i]) & -kind));
}

static bool let_in;

static double attempt(check_of check_it, char texts[2][TEXT_SIZE], size_t len)
{
    static measurement measurements[TIMES];
    static const double KEPT[] = {1, 0.99, 0.95, 0.9, 0.75, 0.5};
    static char text[TEXT_SIZE];
    double most = 0;
    size_t i;

    for (i = 0; i < TIMES; i++) {
        int kind = random_bits() >> 63;
        uint64_t start;
        take(text, texts, kind);
        start = now();
        let_in |= check_it(text, len);
        measurements[i].time = (double)(now() - start);
        measurements[i].kind = kind;
    }
    qsort(measurements, TIMES, sizeof measurements[0], by_time);
    for (i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++)
        most = fmax(most, t_of_fastest(measurements, (size_t)(TIMES * KEPT[i])));
    return most;
}

static int comparisons, controls_made;
static double greatest_of_checks = 0, least_of_controls = 1e9;

static void compare(const char *name, check_of check_it, char texts[2][TEXT_SIZE], size_t len, bool shows)
{
    double least = 1e9;
    int i;

    for (i = 0; i < ATTEMPTS && (least >= ALARM || shows); i++)
        least = fmin(least, attempt(check_it, texts, len));
    check(!let_in, "%s what is wrong is refused", name);
    check((least > ALARM) == shows, "%s |t| = %.1f", name, least);
    printf("%s |t| = %.1f\n", name, least);
    if (shows) {
        controls_made++;
        least_of_controls = fmin(least_of_controls, least);
    } else {
        comparisons++;
        greatest_of_checks = fmax(greatest_of_checks, least);
    }
}

/* Another character of its class: the next one. */
static char another(char right)
{
    switch (right) {
    case '9':
        return '0';
    case 'F':
    case 'Z':
        return 'A';
    case 'f':
    case 'z':
        return 'a';
    default:
        return (char)(right + 1);
    }
}

/* `text` holds where its characters from `first` to `last` are right. */
static void compare_places(const char *name, check_of check_it, const char *text, size_t first, size_t last, bool shows)
{
    char texts[2][TEXT_SIZE] = {{0}}, what[128];
    size_t len = strlen(text), at;

    strcpy(texts[0], text);
    strcpy(texts[1], text);
    texts[0][first] = another(text[first]);
    texts[1][last] = another(text[last]);
    snprintf(what, sizeof what, "%s, wrong in the first or the last character:", name);
    compare(what, check_it, texts, len, shows);

    for (at = first; at <= last && isalnum((unsigned char)text[at]); at++)
        texts[0][at] = another(text[at]);
    snprintf(what, sizeof what, "%s, all wrong or right but for the last:", name);
    compare(what, check_it, texts, len, shows);
}

/* ---- the checks: signatures from Python's hmac, hashlib and urllib, of the secret "secret" ---- */

#define DATE "Wed, 23 Nov 2022 19:25:21 +0000"
#define REQUEST_SIGNATURE "5d82879faf53f575a0aea89c115e50340ccf6446"
#define BODY_MD5 "841a2d689ad86bd1611447453c22c6fc"
#define WEBHOOK "a18991ff7e4513a1c2d2ee51e3a8e99ca891d9cd"
#define TOKEN                                                                                                 \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDAsInVzZXJfaWQiOjF9."                          \
    "sfdJjXc7mnwKdQ00UJm82QA9C1O-QtZjw4R5WXvgaY0"
#define SALT_SIGNATURE "hoVxX2132GWCjsm3bNMpI+Ooszpn2oRRM+IEMU9rsQs="
#define SALT_PARAMETERS "apikey=key&salt=salt&signature=hoVxX2132GWCjsm3bNMpI%2BOoszpn2oRRM%2BIEMU9rsQs%3D"
#define KEY_TOKEN "96de09a0f8699191b28587118ac57df88bbf6c2d0c131d196dcd90f7efd68c93"
#define FORM_HASH "ac3b33238320bf6397bef51626e93113d009b860"
#define REGISTER(token) "register={\"token\":\"" token "\",\"apiKey\":\"key\",\"systemUrl\":\"https://x.ru\"}"
#define FORM(hash) "username=a&hash=" hash
#define PASSWORD "0123456789abcdef"

static bool kommo_request(const char *text, size_t len)
{
    return apisig_kommo_verify(kommo, L("POST"), L("/x"), L("body"), L(BODY_MD5), L("application/json"), L(DATE), text, len,
                               1669231521, 0);
}

static bool kommo_webhook(const char *text, size_t len)
{
    return apisig_kommo_verify_webhook(kommo, L("body"), text, len);
}

static bool imbachat_token(const char *text, size_t len)
{
    return apisig_imbachat_verify(imbachat, text, len, 1600000000, 0);
}

static bool imbachat_password(const char *text, size_t len)
{
    return apisig_imbachat_verify_login(L("login"), L(PASSWORD), L("login"), text, len);
}

static bool imbachat_login(const char *text, size_t len)
{
    return apisig_imbachat_verify_login(text, len, L(PASSWORD), L("login"), L(PASSWORD));
}

/* The first half is the login, the other the password. */
static bool imbachat_either(const char *text, size_t len)
{
    size_t half = len / 2;

    return apisig_imbachat_verify_login(L(PASSWORD), L(PASSWORD), text, half, text + half, len - half);
}

static bool retailcrm_token(const char *text, size_t len)
{
    return apisig_retailcrm_verify(retailcrm, L("key"), text, len);
}

static bool retailcrm_form(const char *text, size_t len)
{
    static apisig_retailcrm_registration registration;

    return apisig_retailcrm_check_register(retailcrm, text, len, L("ru"), &registration) >= 0;
}

static bool kayako_signature(const char *text, size_t len)
{
    return apisig_kayako_verify(kayako, L("salt"), text, len);
}

static bool kayako_request(const char *text, size_t len)
{
    return apisig_kayako_verify_request(kayako, L("key"), text, len);
}

static bool kayako_api_key(const char *text, size_t len)
{
    static char form[TEXT_SIZE] = SALT_PARAMETERS;

    memcpy(form + 7, text, 3);
    return len == 3 && apisig_kayako_verify_request(kayako, L("key"), form, sizeof SALT_PARAMETERS - 1);
}

static bool mor_hash(const char *text, size_t len)
{
    return apisig_mor_verify(mor, L("a"), text, len);
}

static bool mor_form(const char *text, size_t len)
{
    return apisig_mor_verify_request(mor, L("user_balance_get"), text, len);
}

static void checks(void)
{
    /* Of 43 characters of base64 the last holds unused bits, and is left as it is. */
    size_t token = (size_t)(strrchr(TOKEN, '.') + 1 - TOKEN);
    size_t signature = (size_t)(strstr(SALT_PARAMETERS, "signature=") + 10 - SALT_PARAMETERS);
    size_t register_token = sizeof "register={\"token\":\"" - 1, hash = sizeof FORM("") - 1;

    compare_places("kommo_verify", kommo_request, REQUEST_SIGNATURE, 0, 39, false);
    compare_places("kommo_verify_webhook", kommo_webhook, WEBHOOK, 0, 39, false);
    compare_places("imbachat_verify", imbachat_token, TOKEN, token, token + 41, false);
    compare_places("imbachat_verify_login, password", imbachat_password, PASSWORD, 0, 15, false);
    compare_places("imbachat_verify_login, login", imbachat_login, "login", 0, 4, false);
    compare_places("imbachat_verify_login, either", imbachat_either, PASSWORD PASSWORD, 0, 31, false);
    compare_places("retailcrm_verify", retailcrm_token, KEY_TOKEN, 0, 63, false);
    compare_places("retailcrm_register", retailcrm_form, REGISTER(KEY_TOKEN), register_token, register_token + 63, false);
    compare_places("kayako_verify", kayako_signature, SALT_SIGNATURE, 0, 41, false);
    compare_places("kayako_verify_request", kayako_request, SALT_PARAMETERS, signature, sizeof SALT_PARAMETERS - 1 - 5, false);
    compare_places("kayako_verify_request, API key", kayako_api_key, "key", 0, 2, false);
    compare_places("mor_verify", mor_hash, FORM_HASH, 0, 39, false);
    compare_places("mor_verify_request", mor_form, FORM(FORM_HASH), hash, hash + 39, false);
}

/* ---- the controls ---- */

static char expected[TEXT_SIZE];

/* Of fewer bytes memcmp() takes all at once. */
static bool by_memcmp(const char *text, size_t len)
{
    return memcmp(text, expected, len) == 0;
}

static bool by_loop(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (text[i] != expected[i])
            return false;
    return true;
}

static void controls(void)
{
    memset(expected, 'x', TEXT_SIZE - 1);
    compare_places("control, memcmp of 511 bytes", by_memcmp, expected, 0, TEXT_SIZE - 2, true);
    expected[32] = '\0';
    compare_places("control, a loop over 32 bytes", by_loop, expected, 0, 31, true);
}

int main(void)
{
    check(make_handles() == VENDOR_COUNT, "the handles");
    checks();
    controls();
    free_handles();
    printf("figure: %d comparisons of time, greatest |t| %.1f; %d controls, least |t| %.1f\n", comparisons,
           greatest_of_checks, controls_made, least_of_controls);
    return report();
}

/* What a call leaves behind on its stack. Each call runs on a painted stack of 64 KiB, which is then searched for the
   secret, for the state that a handle keeps of it, and for the MAC that was expected. A control that wipes nothing must be
   found out. */
#define _GNU_SOURCE 1
#include "check.h"
#include <ucontext.h>

enum { STACK_SIZE = 65536, PAINT = 0xa5, WINDOW = 8 };

static unsigned char stack[STACK_SIZE];
static ucontext_t caller, callee;

/* Bytes that look like nothing else. */
static char secret[1000];
static size_t secret_len = 61;

static apisig_kommo *kommo;
static apisig_imbachat *imbachat;
static apisig_retailcrm *retailcrm;
static apisig_kayako *kayako;
static apisig_mor *mor;
static apisig_kommo_headers headers;
static char out[256];
static char authorization[2048];
static bool verdict;

/* The header of HTTP Basic for the user "login", whose password is the secret. */
static void make_authorization(void)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char plain[sizeof secret + 8] = "login:", *end = authorization + sprintf(authorization, "Basic ");
    size_t len = 6 + secret_len, at, i;

    memcpy(plain + 6, secret, secret_len);
    for (at = 0; at < len; at += 3) {
        unsigned long bits = 0;
        for (i = 0; i < 3; i++)
            bits = bits << 8 | (at + i < len ? (unsigned char)plain[at + i] : 0);
        for (i = 0; i < 4; i++)
            *end++ = at + i <= len ? digits[bits >> (18 - 6 * i) & 63] : '=';
    }
    *end = '\0';
}

/* Whether any eight bytes of `needle` lie on the stack. */
static bool is_left(const void *needle, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)needle;
    size_t at, from;

    for (from = 0; from + WINDOW <= len; from += 4) {
        if (memchr(bytes + from, 0, WINDOW) != NULL)
            continue;
        for (at = 0; at + WINDOW <= STACK_SIZE; at++)
            if (memcmp(stack + at, bytes + from, WINDOW) == 0)
                return true;
    }
    return false;
}

static void run(void (*call)(void))
{
    memset(stack, PAINT, sizeof stack);
    getcontext(&callee);
    callee.uc_stack.ss_sp = stack;
    callee.uc_stack.ss_size = sizeof stack;
    callee.uc_link = &caller;
    makecontext(&callee, call, 0);
    swapcontext(&caller, &callee);
}

/* Runs a call and looks for the secret, and for the handle's content, if it has one. */
static void leaves_nothing(const char *name, void (*call)(void), void *const *handle, size_t handle_size)
{
    run(call);
    check(!is_left(secret, secret_len), "%s leaves the secret", name);
    if (handle != NULL)
        check(!is_left(*handle, handle_size), "%s leaves the key's state", name);
}

static void kommo_new(void) { kommo = apisig_kommo_new(secret, secret_len, NULL); }
static void kommo_add(void) { verdict = apisig_kommo_add_secret(kommo, secret, secret_len, NULL); }
static void kommo_sign(void)
{
    verdict = apisig_kommo_sign(kommo, L("POST"), L("/x"), L("body"), 1600000000, &headers) == APISIG_OK;
}
static void kommo_verify(void)
{
    verdict = apisig_kommo_verify(kommo, L("POST"), L("/x"), L("body"), headers.content_md5, 32, headers.content_type, 16,
                                  headers.date, 31, headers.x_signature, 40, 1600000000, 0, NULL);
}
static void kommo_sign_webhook(void)
{
    verdict = apisig_kommo_sign_webhook(kommo, L("body"), out, sizeof out) != NULL;
}
static void kommo_verify_webhook(void)
{
    verdict = apisig_kommo_verify_webhook(kommo, L("body\r\n"), out, 40, NULL);
}
static void kommo_diagnose(void)
{
    verdict = apisig_kommo_diagnose(secret, secret_len, L("POST"), L("/x"), L("body"), headers.content_md5, 32,
                                    headers.content_type, 16, headers.date, 31, headers.x_signature, 40, 1600000000, 0) == 0;
}
static void kommo_diagnose_in_vain(void)
{
    verdict = apisig_kommo_diagnose(secret, secret_len, L("POST"), L("/x/y"), L("{\"a\":\"/\"}"), headers.content_md5, 32,
                                    headers.content_type, 16, headers.date, 31, out, 40, 0, 0) == APISIG_MISMATCH;
}
static void kommo_diagnose_webhook(void)
{
    verdict = apisig_kommo_diagnose_webhook(secret, secret_len, L("body\n"), out, 40) == 0;
}
static void kommo_diagnose_webhook_in_vain(void)
{
    verdict = apisig_kommo_diagnose_webhook(secret, secret_len, L("{\"a\":\"/\"}"), out, 40) == APISIG_MISMATCH;
}
static void kommo_explain(void)
{
    static char page[1024];
    verdict = apisig_kommo_explain(secret, secret_len, L("POST"), L("/x"), L("body"), headers.content_md5, 32,
                                   headers.content_type, 16, headers.date, 31, page, sizeof page) > 0;
}
static void imbachat_new(void) { imbachat = apisig_imbachat_new(secret, secret_len, NULL); }
static void imbachat_add(void) { verdict = apisig_imbachat_add_secret(imbachat, secret, secret_len, NULL); }
static void imbachat_sign(void)
{
    verdict = apisig_imbachat_sign(imbachat, 1, 1700000000, out, sizeof out) != NULL;
}
static void imbachat_verify(void)
{
    verdict = apisig_imbachat_verify(imbachat, out, strlen(out), 1600000000, 0, NULL, NULL);
}
static void imbachat_login(void)
{
    verdict = apisig_imbachat_verify_login(L("login"), secret, secret_len, L("login"), secret, secret_len, NULL);
}
static void imbachat_authorization(void)
{
    verdict = apisig_imbachat_verify_authorization(L("login"), secret, secret_len, authorization, strlen(authorization), NULL);
}
static char wrong_token[APISIG_IMBACHAT_TOKEN_SIZE], explanation[4096];

/* A token of another secret, of which every mistake is tried. */
static void make_wrong_token(void)
{
    apisig_imbachat *another = apisig_imbachat_new(L("another"), NULL);
    verdict = apisig_imbachat_sign(another, 1, 1700000000, wrong_token, sizeof wrong_token) != NULL;
    apisig_imbachat_free(another);
}
static void imbachat_diagnose(void)
{
    verdict = apisig_imbachat_diagnose(secret, secret_len, L("15"), wrong_token, strlen(wrong_token), 0, 0) == APISIG_MISMATCH;
}
static void imbachat_explain(void)
{
    verdict = apisig_imbachat_explain(secret, secret_len, wrong_token, strlen(wrong_token), 0, explanation,
                                      sizeof explanation) > 0;
}
static void retailcrm_new(void) { retailcrm = apisig_retailcrm_new(secret, secret_len, NULL); }
static void retailcrm_add(void) { verdict = apisig_retailcrm_add_secret(retailcrm, secret, secret_len, NULL); }
static void retailcrm_sign(void) { verdict = apisig_retailcrm_sign(retailcrm, L("key"), out, sizeof out) != NULL; }
static void retailcrm_verify(void) { verdict = apisig_retailcrm_verify(retailcrm, L("key"), out, 64, NULL); }
static char form[512];
static apisig_retailcrm_registration registration;
static void retailcrm_register(void)
{
    verdict = apisig_retailcrm_register(retailcrm, form, strlen(form), L("simla.com"), &registration, NULL);
}
#define API_KEY "Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E"
static int32_t diagnosed;
static void retailcrm_diagnose(void)
{
    diagnosed = apisig_retailcrm_diagnose(secret, secret_len, L(API_KEY), out, 64);
    verdict = diagnosed == 0;
}
static char explained[1024];
static void retailcrm_explain(void)
{
    verdict = apisig_retailcrm_explain(secret, secret_len, L(API_KEY), explained, sizeof explained) > 0;
}
static void kayako_new(void) { kayako = apisig_kayako_new(secret, secret_len, NULL); }
static void kayako_add(void) { verdict = apisig_kayako_add_secret(kayako, secret, secret_len, NULL); }
static void kayako_sign(void) { verdict = apisig_kayako_sign(kayako, L("salt"), out, sizeof out) != NULL; }
static void kayako_verify(void) { verdict = apisig_kayako_verify(kayako, L("salt"), out, 44, NULL); }
static void kayako_parameters(void)
{
    verdict = apisig_kayako_sign_parameters(kayako, L("key"), L("salt"), out, sizeof out) > 0;
}
static void kayako_request(void) { verdict = apisig_kayako_verify_request(kayako, L("key"), out, strlen(out), NULL); }
static void kayako_diagnose(void)
{
    verdict = apisig_kayako_diagnose(secret, secret_len, L("key"), L("1e9"), L("wrong")) == APISIG_MISMATCH;
}
static void kayako_explain(void)
{
    static char page[1024];
    verdict = apisig_kayako_explain(secret, secret_len, L("salt"), page, sizeof page) > 0;
}
static void mor_new(void) { mor = apisig_mor_new(secret, secret_len, NULL); }
static void mor_add(void) { verdict = apisig_mor_add_secret(mor, secret, secret_len, NULL); }
static void mor_sign(void) { verdict = apisig_mor_sign(mor, L("value"), out, sizeof out) != NULL; }
static void mor_verify(void) { verdict = apisig_mor_verify(mor, L("value"), out, 40, NULL); }
static char mor_form[64] = "p=lue&u=va&hash=";
static void mor_sign_request(void)
{
    verdict = apisig_mor_sign_request(mor, L("users_get"), mor_form, strlen(mor_form), out, sizeof out, NULL) != NULL;
}
static void mor_verify_request(void)
{
    verdict = apisig_mor_verify_request(mor, L("users_get"), mor_form, strlen(mor_form), NULL);
}
static int32_t mor_diagnosed;
static void mor_diagnose(void)
{
    mor_diagnosed = apisig_mor_diagnose(secret, secret_len, L("users_get"), L("p=lue&u=va&x=1"),
                                        L("0000000000000000000000000000000000000000"));
}
static void mor_explain(void)
{
    static char page[1024];
    verdict = apisig_mor_explain(secret, secret_len, L("users_get"), L("p=lue&u=va"), page, sizeof page) > 0;
}

/* Whether a check of a wrong signature leaves the right one, which is `hex`, on the stack as bytes. */
static void keeps_the_right_one(const char *name, void (*call)(void), char *hex)
{
    unsigned char expected[32];
    size_t len = strlen(hex) / 2, i;
    unsigned byte;
    char text[65];

    memcpy(text, hex, 2 * len + 1);
    for (i = 0; i < len; i++) {
        sscanf(hex + 2 * i, "%2x", &byte);
        expected[i] = (unsigned char)byte;
    }
    hex[0] = hex[0] == '0' ? '1' : '0';
    run(call);
    check(!verdict, "%s refuses", name);
    check(!is_left(expected, len), "%s leaves the expected MAC", name);
    check(!is_left(text, 2 * len), "%s leaves the expected MAC in hex", name);
}

/* The dynamic linker saves registers on the stack when it binds a function, at its first call. */
static void kommo_new_then(void) { kommo_new(); (void)getppid(); }
static void imbachat_new_then(void) { imbachat_new(); (void)getuid(); }
static void retailcrm_new_then(void) { retailcrm_new(); (void)geteuid(); }
static void kayako_new_then(void) { kayako_new(); (void)getgid(); }
static void mor_new_then(void) { mor_new(); (void)getegid(); }

/* A secret of 40 bytes is copied through two registers of 32. */
static void registers(void)
{
    secret_len = 40;
#define BOUND(room)                                                                                           \
    leaves_nothing(#room "_new and the next function", room##_new_then, NULL, 0);                             \
    apisig_##room##_free(room);
    BOUND(kommo)
    BOUND(imbachat)
    BOUND(retailcrm)
    BOUND(kayako)
    BOUND(mor)
}

static void control(void)
{
    volatile char copy[64];
    size_t i;
    for (i = 0; i < sizeof copy; i++)
        copy[i] = secret[i];
}

/* The inner and outer state of a key: what a handle keeps of its first secret. */
enum { SHA1_STATES = 40, SHA256_STATES = 64 };

#define ROOM(room, size)                                                                                      \
    leaves_nothing(#room "_new", room##_new, (void *const *)&room, size);                                     \
    leaves_nothing(#room "_sign", room##_sign, (void *const *)&room, size);                                   \
    check(verdict, #room "_sign works here");                                                                 \
    leaves_nothing(#room "_verify", room##_verify, (void *const *)&room, size);                               \
    check(verdict, #room "_verify works here");                                                               \
    leaves_nothing(#room "_add_secret", room##_add, (void *const *)&room, size);                              \
    check(verdict, #room "_add_secret works here");

/* The customer's API key, which comes with a register request, is a secret too. */
static void retailcrm_registers(const char *format)
{
    check(apisig_retailcrm_sign(retailcrm, L(API_KEY), out, sizeof out) == out, "the API key is signed");
    snprintf(form, sizeof form, format, out, API_KEY);
    leaves_nothing("retailcrm_register", retailcrm_register, (void *const *)&retailcrm, SHA256_STATES);
    check(verdict, "retailcrm_register works here");
    check(!is_left(L(API_KEY)), "retailcrm_register leaves the API key");
}

/* A token that is signed by no known mistake has all of them tried. */
static void retailcrm_diagnoses(void)
{
    check(apisig_retailcrm_sign(retailcrm, L(API_KEY), out, sizeof out) == out, "the API key is signed");
    leaves_nothing("retailcrm_diagnose", retailcrm_diagnose, (void *const *)&retailcrm, SHA256_STATES);
    check(verdict, "retailcrm_diagnose works here");
    keeps_the_right_one("retailcrm_diagnose", retailcrm_diagnose, out);
    leaves_nothing("retailcrm_diagnose of a wrong token", retailcrm_diagnose, (void *const *)&retailcrm, SHA256_STATES);
    check(diagnosed == APISIG_MISMATCH, "retailcrm_diagnose tries everything here");
    check(!is_left(L(API_KEY)), "retailcrm_diagnose leaves the API key");
    leaves_nothing("retailcrm_explain", retailcrm_explain, (void *const *)&retailcrm, SHA256_STATES);
    check(verdict, "retailcrm_explain works here");
    check(!is_left(L(API_KEY)), "retailcrm_explain leaves the API key");
}

static void rooms(void)
{
    ROOM(kommo, SHA1_STATES)
    leaves_nothing("kommo_diagnose", kommo_diagnose, (void *const *)&kommo, SHA1_STATES);
    check(verdict, "kommo_diagnose works here");
    keeps_the_right_one("kommo_verify", kommo_verify, headers.x_signature);
    kommo_sign();
    keeps_the_right_one("kommo_diagnose", kommo_diagnose, headers.x_signature);
    leaves_nothing("kommo_explain", kommo_explain, (void *const *)&kommo, SHA1_STATES);
    check(verdict, "kommo_explain works here");
    leaves_nothing("kommo_sign_webhook", kommo_sign_webhook, (void *const *)&kommo, SHA1_STATES);
    check(verdict, "kommo_sign_webhook works here");
    leaves_nothing("kommo_verify_webhook", kommo_verify_webhook, (void *const *)&kommo, SHA1_STATES);
    check(verdict, "kommo_verify_webhook works here");
    leaves_nothing("kommo_diagnose_webhook", kommo_diagnose_webhook, (void *const *)&kommo, SHA1_STATES);
    check(verdict, "kommo_diagnose_webhook works here");
    keeps_the_right_one("kommo_verify_webhook", kommo_verify_webhook, out);
    kommo_sign_webhook();
    keeps_the_right_one("kommo_diagnose_webhook", kommo_diagnose_webhook, out);
    leaves_nothing("kommo_diagnose in vain", kommo_diagnose_in_vain, (void *const *)&kommo, SHA1_STATES);
    check(verdict, "kommo_diagnose works in vain");
    leaves_nothing("kommo_diagnose_webhook in vain", kommo_diagnose_webhook_in_vain, (void *const *)&kommo, SHA1_STATES);
    check(verdict, "kommo_diagnose_webhook works in vain");
    ROOM(imbachat, SHA256_STATES)
    leaves_nothing("imbachat_verify_login", imbachat_login, NULL, 0);
    check(verdict, "imbachat_verify_login works here");
    make_authorization();
    leaves_nothing("imbachat_verify_authorization", imbachat_authorization, NULL, 0);
    check(verdict, "imbachat_verify_authorization works here");
    make_wrong_token();
    leaves_nothing("imbachat_diagnose", imbachat_diagnose, (void *const *)&imbachat, SHA256_STATES);
    check(verdict, "imbachat_diagnose works here");
    leaves_nothing("imbachat_explain", imbachat_explain, (void *const *)&imbachat, SHA256_STATES);
    check(verdict, "imbachat_explain works here");
    ROOM(retailcrm, SHA256_STATES)
    keeps_the_right_one("retailcrm_verify", retailcrm_verify, out);
    retailcrm_registers("register={\"token\":\"%s\",\"apiKey\":\"%s\",\"systemUrl\":\"https://x.simla.com\"}");
    retailcrm_registers("register[token]=%s&register[apiKey]=%s&register[systemUrl]=https://x.simla.com");
    retailcrm_diagnoses();
    ROOM(kayako, SHA256_STATES)
    leaves_nothing("kayako_sign_parameters", kayako_parameters, (void *const *)&kayako, SHA256_STATES);
    check(verdict, "kayako_sign_parameters works here");
    leaves_nothing("kayako_verify_request", kayako_request, (void *const *)&kayako, SHA256_STATES);
    check(verdict, "kayako_verify_request works here");
    leaves_nothing("kayako_diagnose", kayako_diagnose, (void *const *)&kayako, SHA256_STATES);
    check(verdict, "kayako_diagnose works here");
    leaves_nothing("kayako_explain", kayako_explain, (void *const *)&kayako, SHA256_STATES);
    check(verdict, "kayako_explain works here");
    ROOM(mor, secret_len)
    leaves_nothing("mor_sign_request", mor_sign_request, (void *const *)&mor, secret_len);
    check(verdict, "mor_sign_request works here");
    memcpy(strstr(mor_form, "hash=") + 5, out, APISIG_MOR_HASH_SIZE);
    leaves_nothing("mor_verify_request", mor_verify_request, (void *const *)&mor, secret_len);
    check(verdict, "mor_verify_request works here");
    keeps_the_right_one("mor_verify_request", mor_verify_request, strstr(mor_form, "hash=") + 5);
    keeps_the_right_one("mor_verify", mor_verify, out);
    leaves_nothing("mor_diagnose", mor_diagnose, (void *const *)&mor, secret_len);
    check(mor_diagnosed == APISIG_MISMATCH, "mor_diagnose tries everything here");
    leaves_nothing("mor_explain", mor_explain, (void *const *)&mor, secret_len);
    check(verdict, "mor_explain works here");
    apisig_kommo_free(kommo);
    apisig_imbachat_free(imbachat);
    apisig_retailcrm_free(retailcrm);
    apisig_kayako_free(kayako);
    apisig_mor_free(mor);
}

int main(void)
{
    size_t i;

    srand(1);
    for (i = 0; i < sizeof secret; i++)
        secret[i] = (char)(128 + rand() % 128); /* none is a control character */
    run(control);
    check(is_left(secret, secret_len), "the control is found");
    registers();
    secret_len = 61;
    rooms();
    secret_len = sizeof secret; /* longer than a block: hashed first */
    rooms();
    return report();
}

/* No call of RetailCRM leaves the customer's API key on its stack. */
#define _GNU_SOURCE 1
#include "check.h"
#include "stack.h"

static apisig_retailcrm *retailcrm;
static apisig_retailcrm_registration registration;

#define API_KEY "Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E"
static char token[APISIG_RETAILCRM_TOKEN_SIZE], form[512], page[1024];
static int32_t answer;

static void sign_it(void) { answer = apisig_retailcrm_sign(retailcrm, L(API_KEY), token, sizeof token) == token ? 0 : -1; }
static void verify_it(void) { answer = apisig_retailcrm_verify(retailcrm, L(API_KEY), token, 64) ? 0 : -1; }
static void diagnose_it(void) { answer = apisig_retailcrm_diagnose(L("secret"), L(API_KEY), token, 64); }
static void register_it(void)
{
    answer = apisig_retailcrm_check_register(retailcrm, form, strlen(form), L("simla.com"), &registration) >= 0 ? 0 : -1;
}
static void explain_it(void) { answer = apisig_retailcrm_explain(L("secret"), L(API_KEY), page, sizeof page) > 0 ? 0 : -1; }

static void keeps_the_api_key(const char *name, void (*call)(void), int32_t expected)
{
    run(call);
    check(answer == expected, "%s works here: %d", name, (int)answer);
    check(!is_left(L(API_KEY)), "%s leaves the API key", name);
}

int main(void)
{
    static const char *const forms[] = {
        "register={\"token\":\"%s\",\"apiKey\":\"" API_KEY "\",\"systemUrl\":\"https://x.simla.com\"}",
        "register[token]=%s&register[apiKey]=" API_KEY "&register[systemUrl]=https://x.simla.com",
    };
    int i;

    retailcrm = apisig_retailcrm_new(L("secret"), NULL);
    keeps_the_api_key("sign", sign_it, 0);
    keeps_the_api_key("verify", verify_it, 0);
    for (i = 0; i < 2; i++) {
        snprintf(form, sizeof form, forms[i], token);
        keeps_the_api_key("register", register_it, 0);
    }
    keeps_the_api_key("diagnose", diagnose_it, 0);
    token[0] = token[0] == '0' ? '1' : '0';
    keeps_the_api_key("diagnose of a wrong token", diagnose_it, APISIG_MISMATCH);
    keeps_the_api_key("explain", explain_it, 0);
    apisig_retailcrm_free(retailcrm);
    return report();
}

/* MOR's requests and their diagnoses with untrusted input: forms and hashes that are cut or changed anywhere, forms and secrets
   as long as they may be. */
#include "check.h"

/* From Python: the secret "secret"; hashed are "a+b c" and "EUR". */
static const char FORM[] = "dst=a%2Bb+c&message=EUR&hash=425500c7d7380f6ede4651400d9fec5009b06791";
static const char HASH[] = "425500c7d7380f6ede4651400d9fec5009b06791";

static apisig_mor *mor;

/* What is measured though there is nothing to write. */
static void refusals_and_empty_strings(void)
{
    static char longest[APISIG_MOR_SECRET_MAX + 1];
    char out[512];
    int32_t why = 99;

    memset(longest, 's', sizeof longest);
    check(apisig_mor_new(longest, sizeof longest, &why) == NULL && why == APISIG_ARGUMENT, "a longer secret");
    check(!apisig_mor_add_secret(mor, longest, sizeof longest, &why) && why == APISIG_ARGUMENT, "another longer secret");
    check(apisig_mor_refusal(L("send_sms"), L(FORM), out, 1) == 0 && out[0] == '\0', "no refusal");
    check(apisig_mor_parameters(L("unknown"), L(FORM), NULL, 0) == APISIG_METHOD, "an unknown method is measured");
    check(apisig_mor_refusal(L("unknown"), L(FORM), NULL, 0) == APISIG_METHOD, "and its refusal");
    check(apisig_mor_sign_request(mor, L("send_sms"), NULL, 0, out, sizeof out, &why) == out && why == 0, "no form");
    check(apisig_mor_sign_request(mor, NULL, 0, L(FORM), out, sizeof out, &why) == NULL && why == APISIG_METHOD,
          "no method");
    check(!apisig_mor_verify_request(mor, NULL, 0, L(FORM), &why) && why == APISIG_METHOD, "no method to check");
    check(!apisig_mor_verify_request(mor, L("send_sms"), NULL, 0, &why) && why == APISIG_MISMATCH, "no form to check");
    check(apisig_mor_diagnose(NULL, 0, L(""), L(""), L("")) == APISIG_ARGUMENT, "no secret");
    check(apisig_mor_explain(NULL, 0, L(""), L(""), out, sizeof out) == APISIG_ARGUMENT, "no secret to explain");
    check(apisig_mor_diagnose(L("secret"), NULL, 0, NULL, 0, NULL, 0) == APISIG_MISMATCH, "nothing else");
    check(apisig_mor_explain(L("secret"), NULL, 0, NULL, 0, out, sizeof out) == (ptrdiff_t)strlen(out), "nothing else");
}

static void which_are_confirmed(void)
{
    check(apisig_mor_is_confirmed(L("payment_create")) && apisig_mor_is_confirmed(L("create_payment")), "by both names");
    check(!apisig_mor_is_confirmed(L("lcr_create")), "of the vendor's list alone");
    check(!apisig_mor_is_confirmed(L("payment_create\tx")) && !apisig_mor_is_confirmed(L("")), "unknown");
}

/* Only the whole form holds, however it is cut or changed, and it is never the caller's fault. The letter of
   %2B may be of either case, and a space may stand for the +. */
static void forms_cut_and_changed(void)
{
    string whole = guarded(L(FORM));
    int32_t why = 99;
    size_t at;

    check(apisig_mor_verify_request(mor, L("send_sms"), whole.at, whole.len, &why) && why == 0, "whole: %d", why);
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(FORM, at), rest = guarded(FORM + at + 1, whole.len - at - 1);
        bool two_ways = FORM[at] == 'B' || FORM[at] == '+';
        int byte, accepted = 0;
        check(!apisig_mor_verify_request(mor, L("send_sms"), cut.at, cut.len, &why)
                  && (why == APISIG_MALFORMED || why == APISIG_MISMATCH), "cut at %zu: %d", at, why);
        check(!apisig_mor_verify_request(mor, L("send_sms"), rest.at, rest.len, &why)
                  && (why == APISIG_MALFORMED || why == APISIG_MISMATCH), "cut behind %zu: %d", at, why);
        for (byte = 0; byte < 256; byte++) {
            whole.at[at] = (char)byte;
            accepted += apisig_mor_verify_request(mor, L("send_sms"), whole.at, whole.len, &why);
            if (why == APISIG_ARGUMENT)
                check(false, "byte %d at %zu is the caller's fault", byte, at);
        }
        whole.at[at] = FORM[at];
        check(accepted == (two_ways ? 2 : 1), "changed at %zu: %d accepted", at, accepted);
    }
}

/* Only the whole hash is right, and no other one is the caller's fault; nothing is read behind its end. */
static void hashes_cut_and_changed(void)
{
    string whole = guarded(L(HASH)), secret = guarded(L("secret")), method = guarded(L("send_sms")), form = guarded(L(FORM));
    size_t at;

#define DIAGNOSE(hash) \
    apisig_mor_diagnose(secret.at, secret.len, method.at, method.len, form.at, form.len, hash.at, hash.len)
    check(DIAGNOSE(whole) == 0, "whole");
    for (at = 0; at < whole.len; at++) {
        string cut = guarded(HASH, at), rest = guarded(HASH + at + 1, whole.len - at - 1);
        int byte;
        check(DIAGNOSE(cut) == APISIG_MISMATCH, "cut at %zu: %d", at, DIAGNOSE(cut));
        check(DIAGNOSE(rest) == APISIG_MISMATCH, "cut behind %zu: %d", at, DIAGNOSE(rest));
        for (byte = 0; byte < 256; byte++) {
            bool is_upper = HASH[at] >= 'a' && byte == HASH[at] - 'a' + 'A';
            int32_t found;
            whole.at[at] = (char)byte;
            found = DIAGNOSE(whole);
            check(found == (byte == HASH[at] ? 0 : is_upper ? (int32_t)APISIG_MISTAKE_UPPER_CASE : (int32_t)APISIG_MISMATCH),
                  "byte %d at %zu: %d", byte, at, found);
        }
        whole.at[at] = HASH[at];
    }
}

/* Inputs of 100 KB and of none, of bytes that each reader has something to do with. */
static void long_and_empty_inputs(void)
{
    static const char kinds[] = "0a+%&=;-\n\xff";
    size_t len = 100 * 1024, kind;

    for (kind = 0; kind < sizeof kinds; kind++) {
        char *bytes = (char *)malloc(len), *page = (char *)malloc(20 * len);
        bool is_plain = strchr("0a", kinds[kind]) != NULL && kinds[kind] != '\0';
        string input;
        int which;
        memset(bytes, kinds[kind], len);
        input = guarded(bytes, len);
        for (which = 0; which < 16; which++) {
            size_t secret = which & 1 ? APISIG_MOR_SECRET_MAX : 0, method = which & 2 ? len : 0, form = which & 4 ? len : 0;
            int expected = secret == 0             ? (int)APISIG_ARGUMENT
                           : method > 0            ? (int)APISIG_METHOD
                           : form > 0 && !is_plain ? (int)APISIG_MALFORMED
                                                   : (int)APISIG_MISMATCH;
            int explained = expected == APISIG_MALFORMED ? (int)APISIG_ARGUMENT : expected == APISIG_MISMATCH ? 0 : expected;
            ptrdiff_t text = apisig_mor_explain(input.at, secret, input.at, method, input.at, form, page, 20 * len);
            check(apisig_mor_diagnose(input.at, secret, input.at, method, input.at, form, input.at, which & 8 ? len : 0)
                      == expected, "inputs %d of byte %d", which, kinds[kind]);
            check(explained == 0 ? text == (ptrdiff_t)strlen(page) : text == explained, "explained %d of %d", which, kinds[kind]);
        }
        check(apisig_mor_diagnose(input.at, APISIG_MOR_SECRET_MAX + 1, L(""), L(""), L("")) == APISIG_ARGUMENT, "a long secret");
        free(bytes);
        free(page);
    }
}

/* Eight values of 128 KB in every order would take a minute: a diagnosis hashes no more than 32 MB. */
static void a_diagnosis_ends(void)
{
    static const char hash[] = "0000000000000000000000000000000000000000";
    char *form = (char *)malloc(APISIG_MOR_FORM_MAX);
    size_t at;
    int kind;

    for (kind = 0; kind < 3; kind++) {
        /* Of more than a thousand fields PHP reads only the first. */
        int32_t expected = kind == 0 ? APISIG_MISMATCH : APISIG_MALFORMED;
        memset(form, 'x', APISIG_MOR_FORM_MAX);
        for (at = 0; at + 2 < APISIG_MOR_FORM_MAX; at += kind == 0 ? 128 * 1024 + 1 : kind == 1 ? 4 : 2) {
            form[at] = "abcdefgh"[at / 1024 / 128];
            form[at + 1] = kind < 2 ? '=' : '&';
            if (at > 0)
                form[at - 1] = '&';
        }
        check(apisig_mor_diagnose(L("secret"), L(""), form, APISIG_MOR_FORM_MAX, L(hash)) == expected, "form %d", kind);
        check(apisig_mor_diagnose(L("secret"), L("logout"), form, APISIG_MOR_FORM_MAX, L(hash)) == expected, "and %d", kind);
    }
    free(form);
}

static void methods_cut_and_changed(void)
{
    string whole = guarded(L("user_balance_get"));
    size_t at;

    for (at = 0; at < whole.len; at++) {
        string cut = guarded(whole.at, at);
        char right = whole.at[at];
        int byte, known = 0;
        check(apisig_mor_parameters(cut.at, cut.len, NULL, 0, NULL, 0) == APISIG_METHOD, "a method cut at %zu", at);
        for (byte = 0; byte < 256; byte++) {
            whole.at[at] = (char)byte;
            known += apisig_mor_parameters(whole.at, whole.len, NULL, 0, NULL, 0) >= 0;
        }
        whole.at[at] = right;
        check(known == 1, "a method changed at %zu: %d are known", at, known);
    }
}

static void forms_as_long_as_they_may_be(void)
{
    char *form = (char *)malloc(APISIG_MOR_FORM_MAX + 1);
    int32_t why = 99;

    memset(form, 'x', APISIG_MOR_FORM_MAX + 1);
    form[APISIG_MOR_FORM_MAX - strlen(FORM) - 1] = '&';
    memcpy(form + APISIG_MOR_FORM_MAX - strlen(FORM), FORM, strlen(FORM));
    check(apisig_mor_verify_request(mor, L("send_sms"), form, APISIG_MOR_FORM_MAX, &why), "the longest form: %d", why);
    check(!apisig_mor_verify_request(mor, L("send_sms"), form, APISIG_MOR_FORM_MAX + 1, &why) && why == APISIG_MALFORMED,
          "a longer form: %d", why);
    free(form);
}

int main(void)
{
    mor = apisig_mor_new(L("secret"), NULL);
    refusals_and_empty_strings();
    which_are_confirmed();
    forms_cut_and_changed();
    methods_cut_and_changed();
    forms_as_long_as_they_may_be();
    hashes_cut_and_changed();
    long_and_empty_inputs();
    a_diagnosis_ends();
    apisig_mor_free(mor);
    return report();
}

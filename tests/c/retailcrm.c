/* RetailCRM's register request and diagnoses with untrusted input. Nothing may be read or written out of bounds, and what is
   refused leaves two empty strings. */
#include "check.h"

#define HOSTS "retailcrm.ru,simla.com"
#define TOKEN "016ab397889c59a1f61a07d69857880a0d867aa1b0edb1014971757cf7a25bb1"

static const char JSON[] = "register=%7B%22\\u0074oken%22:%22" TOKEN "%22,%22apiKey%22:%22api_key%22,"
                           "%22systemUrl%22:%22https:\\/\\/demo.simla.com\\/%22%7D";
static const char FIELDS[] = "register[token]=" TOKEN "&register%5BapiKey%5D=api_key&register%5bsystemUrl%5d="
                             "https%3A%2F%2Fdemo.simla.com";

static apisig_retailcrm *retailcrm;
static apisig_retailcrm_registration registration;

static bool is_empty(void)
{
    static apisig_retailcrm_registration empty;
    return memcmp(&registration, &empty, sizeof empty) == 0;
}

static bool brings(const char *form, size_t form_len)
{
    int32_t why = 99;

    memset(&registration, 'x', sizeof registration);
    return apisig_retailcrm_register(retailcrm, form, form_len, L(HOSTS), &registration, &why) && why == 0
           && strcmp(registration.api_key, "api_key") == 0
           && strcmp(registration.system_url, "https://demo.simla.com") == 0;
}

static void refuses(const char *form, size_t form_len, int32_t expected, const char *what)
{
    int32_t why = 99;

    memset(&registration, 'x', sizeof registration);
    check(!apisig_retailcrm_register(retailcrm, form, form_len, L(HOSTS), &registration, &why), "refused: %s", what);
    check(why == expected, "%s: %d", what, why);
    check(is_empty(), "%s leaves two empty strings", what);
}

static void refuses_hosts(const char *form, size_t form_len, const char *hosts, size_t hosts_len)
{
    int32_t why = 99;

    memset(&registration, 'x', sizeof registration);
    check(!apisig_retailcrm_register(retailcrm, form, form_len, hosts, hosts_len, &registration, &why)
              && why == APISIG_ARGUMENT && is_empty(), "a list that is none: %d", why);
}

static void whole_forms(void)
{
    string json = guarded(L(JSON)), fields = guarded(L(FIELDS));

    check(brings(json.at, json.len), "JSON");
    check(brings(fields.at, fields.len), "fields");
    check(apisig_retailcrm_register(retailcrm, L(FIELDS), L(HOSTS), &registration, NULL), "without why");
}

/* Every beginning of a form, where reading on is a crash; and every byte of it changed to every other. */
static void cut_and_changed(const char *form, size_t form_len)
{
    string whole = guarded(form, form_len);
    size_t at;

    for (at = 0; at < form_len; at++) {
        string cut = guarded(form, at);
        int byte, others = 0;
        int32_t why = 99;
        check(!apisig_retailcrm_register(retailcrm, cut.at, at, L(HOSTS), &registration, &why) && is_empty()
                  && (why == APISIG_MALFORMED || why == APISIG_MISMATCH || why == APISIG_URL),
              "cut at %zu: %d", at, why);
        for (byte = 0; byte < 256; byte++) {
            bool holds;
            whole.at[at] = (char)byte;
            holds = apisig_retailcrm_register(retailcrm, whole.at, form_len, L(HOSTS), &registration, &why);
            /* Another subdomain is allowed; never another key or what is no https URL below the domain. */
            others += holds && (strcmp(registration.api_key, "api_key") != 0
                                || strncmp(registration.system_url, "https://", 8) != 0
                                || strstr(registration.system_url, "simla.com") == NULL);
            others += !holds && (why == APISIG_ARGUMENT || !is_empty());
        }
        whole.at[at] = form[at];
        check(others == 0, "changed at %zu: %d wrong answers", at, others);
    }
}

static void too_long(void)
{
    static char form[APISIG_RETAILCRM_FORM_MAX + 1];

    memset(form, 'x', sizeof form);
    memcpy(form, FIELDS, sizeof FIELDS - 1);
    form[sizeof FIELDS - 1] = '&';
    check(brings(form, sizeof form - 1), "the longest form");
    refuses(form, sizeof form, APISIG_MALFORMED, "a form that is too long");
    memset(form, ' ', sizeof form);
    memcpy(form, JSON, sizeof JSON - 1);
    /* Each %22 and the like is one byte once it is decoded. */
    check(brings(form, APISIG_RETAILCRM_JSON_MAX), "JSON with space behind it");
    refuses(form, APISIG_RETAILCRM_FORM_MAX, APISIG_MALFORMED, "JSON that is too long");
}

static void strangers(void)
{
    refuses(L(""), APISIG_MALFORMED, "nothing");
    refuses(NULL, 0, APISIG_MALFORMED, "NULL of no length");
    refuses(L("register[token]=x&register[apiKey]=y&register[systemUrl]="), APISIG_MISMATCH, "a wrong token");
    refuses(L("register[token]=" TOKEN "&register[apiKey]=api_key&register[systemUrl]=https://example.org"), APISIG_URL,
            "a URL of his own");
}

/* A list that is none, whatever was presented. */
static void lists_of_hosts(void)
{
    refuses_hosts(L(FIELDS), L("simla.com "));
    refuses_hosts(L("broken"), L(","));
    check(apisig_retailcrm_register(retailcrm, L(FIELDS), NULL, 0, &registration, NULL), "no list");
}

/* Every beginning of the right token and of it in base64, one mistake or the other; every byte of it changed to every
   other: only another case of the same digits is known for what it is. */
static void diagnosed_tokens(void)
{
    static const char *const tokens[] = {TOKEN, "AWqzl4icWaH2GgfWmFeICg2GeqGw7bEBSXF1fPeiW7E="};
    int i;

    for (i = 0; i < 2; i++) {
        size_t len = strlen(tokens[i]), at;
        string whole = guarded(tokens[i], len);
        int32_t right = i == 0 ? 0 : (int32_t)APISIG_MISTAKE_BASE64;
        check(apisig_retailcrm_diagnose(L("secret"), L("api_key"), whole.at, len) == right, "token %d", i);
        for (at = 0; at < len; at++) {
            string cut = guarded(tokens[i], at);
            /* Without its padding, base64 is that of URLs. */
            int32_t expected = i == 1 && at == len - 1 ? (int32_t)APISIG_MISTAKE_BASE64_URL : (int32_t)APISIG_MISMATCH;
            int byte, others = 0;
            check(apisig_retailcrm_diagnose(L("secret"), L("api_key"), cut.at, at) == expected, "token %d cut at %zu", i, at);
            for (byte = 0; byte < 256; byte++) {
                int32_t found;
                whole.at[at] = (char)byte;
                found = apisig_retailcrm_diagnose(L("secret"), L("api_key"), whole.at, len);
                if (byte == tokens[i][at])
                    others += found != right;
                else if (i == 0 && tokens[i][at] >= 'a' && byte == tokens[i][at] - 'a' + 'A')
                    others += found != APISIG_MISTAKE_UPPER_CASE;
                else
                    others += found != APISIG_MISMATCH;
            }
            whole.at[at] = tokens[i][at];
            check(others == 0, "token %d changed at %zu: %d wrong answers", i, at, others);
        }
    }
}

/* Secrets, API keys and tokens of every length around the limits of what is tried, and of 100 KB, of every filling. */
static void diagnosed_lengths(void)
{
    static const size_t lengths[] = {1, 2, 31, 63, 64, 65, 255, 256, 257, 764, 765, 766, 1023, 1024, 1025, 102400};
    static const char fillings[] = "a%+= \n\xef";
    static char bytes[102400];
    size_t filling, i;

    for (filling = 0; filling < sizeof fillings; filling++) {
        memset(bytes, fillings[filling], sizeof bytes);
        for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            string it = guarded(bytes, lengths[i]);
            char token[APISIG_RETAILCRM_TOKEN_SIZE];
            apisig_retailcrm *handle = apisig_retailcrm_new(it.at, it.len, NULL);
            check(apisig_retailcrm_diagnose(it.at, it.len, L("api_key"), L(TOKEN)) == APISIG_MISMATCH, "a secret of %zu", it.len);
            check(apisig_retailcrm_diagnose(L("secret"), it.at, it.len, L(TOKEN)) == APISIG_MISMATCH, "an API key of %zu", it.len);
            check(apisig_retailcrm_diagnose(L("secret"), L("api_key"), it.at, it.len) == APISIG_MISMATCH, "a token of %zu", it.len);
            check(apisig_retailcrm_sign(handle, it.at, it.len, token, sizeof token) == token, "signed");
            check(apisig_retailcrm_diagnose(it.at, it.len, it.at, it.len, token, 64) == 0, "both of %zu", it.len);
            check(apisig_retailcrm_explain(it.at, it.len, it.at, it.len, NULL, 0) > 0, "explained: %zu", it.len);
            apisig_retailcrm_free(handle);
        }
    }
}

static void diagnosed_nothing(void)
{
    char out[1024] = "full";

#define ANSWERS(expected, call) check(call == expected, #call ": %d", (int)call);
    ANSWERS(APISIG_MISMATCH, apisig_retailcrm_diagnose(L("secret"), L("api_key"), NULL, 0))
    ANSWERS(APISIG_MISTAKE_API_KEY_MISSING, apisig_retailcrm_diagnose(L("secret"), NULL, 0, L(TOKEN)))
    ANSWERS(APISIG_ARGUMENT, apisig_retailcrm_diagnose(NULL, 0, L("api_key"), L(TOKEN)))
    ANSWERS(APISIG_ARGUMENT, apisig_retailcrm_explain(NULL, 0, L("api_key"), out, sizeof out))
    ANSWERS(APISIG_ARGUMENT, apisig_retailcrm_explain(L("secret"), NULL, 0, out, sizeof out))
    check(strcmp(apisig_retailcrm_accepted(), "{\"success\":true}") == 0, "the static answer");
}

int main(void)
{
    retailcrm = apisig_retailcrm_new(L("secret"), NULL);
    whole_forms();
    cut_and_changed(L(JSON));
    cut_and_changed(L(FIELDS));
    too_long();
    strangers();
    lists_of_hosts();
    diagnosed_tokens();
    diagnosed_lengths();
    diagnosed_nothing();
    apisig_retailcrm_free(retailcrm);
    return report();
}

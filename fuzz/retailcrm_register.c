/* Fuzzes the reader of RetailCRM's register requests. Input: an API key, a list of hosts and a form, in which @ is the token of
   that key. */
#include "fuzz.h"

KEYS_OF(retailcrm)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), key = next(&input), hosts = next(&input), form = last(&input), token, filled, older;
    apisig_retailcrm_registration *got = (apisig_retailcrm_registration *)(void *)exactly(sizeof *got).at;

    make_handles();
    token = KNOWN_TEXT(APISIG_RETAILCRM_TOKEN_SIZE, apisig_retailcrm_sign(keys, S(key), out, size));
    older = KNOWN_TEXT(APISIG_RETAILCRM_TOKEN_SIZE, apisig_retailcrm_sign(old_keys, S(key), out, size));
    MUST(token.len == (key.len > 0 ? 64 : 0));
    MUST(apisig_retailcrm_check(keys, S(key), S(token)) == (key.len > 0 ? 0 : APISIG_MALFORMED));
    MUST(apisig_retailcrm_check(keys, S(key), S(form)) < 0 || form.len == 64);

    filled = filled_in(form, token);
    /* The caller's mistake is in the caller's own list alone, whatever was presented. */
    int32_t of_nothing = apisig_retailcrm_check_register(keys, NULL, 0, S(hosts), got);
    int32_t status = apisig_retailcrm_check_register(keys, S(filled), S(hosts), got);
    size_t key_len = strnlen(got->api_key, sizeof got->api_key), url_len = strnlen(got->system_url, sizeof got->system_url);
    MUST(status >= 0 || ONE_OF(status, APISIG_MALFORMED, APISIG_MISMATCH, APISIG_URL, APISIG_ARGUMENT));
    MUST(IS_ARGUMENT(status) == IS_ARGUMENT(of_nothing));
    MUST(key_len < sizeof got->api_key && url_len < sizeof got->system_url);
    if (status < 0) {
        MUST(key_len == 0 && url_len == 0);
    } else {
        string made = KNOWN_TEXT(APISIG_RETAILCRM_TOKEN_SIZE, apisig_retailcrm_sign(keys, got->api_key, key_len, out, size));
        MUST(status != 0 || has(filled, made.at[0]));
        MUST(strncmp(got->system_url, "https://", 8) == 0);
        /* What is accepted can be used. */
        MUST(apisig_retailcrm_edit_url(got->system_url, url_len, L("code"), NULL, 0) > 0);
        /* Unless another field has the @, and the form the token itself. */
        if (has(form, '@') && apisig_retailcrm_check_register(keys, S(form), S(hosts), got) < 0) {
            MUST(apisig_retailcrm_check_register(keys, S(filled_in(form, older)), S(hosts), got) == 1);
            MUST(apisig_retailcrm_check_register(keys, S(filled_in(form, changed(token))), S(hosts), got) == APISIG_MISMATCH);
        }
    }

    /* What nothing signs is read from the same forms. */
    ptrdiff_t length;
    string id = TEXT(length, apisig_retailcrm_client_id(S(form), out, size));
    MUST(length == APISIG_MALFORMED || (length > 0 && length <= APISIG_RETAILCRM_TEXT_MAX && !has(id, '\n')));
    string lines = TEXT(length, apisig_retailcrm_activity(S(form), out, size));
    MUST(length == APISIG_MALFORMED || (length > 10 && has(lines, '\n')));
    return done();
}

/* Fuzzes the reader of ImbaChat's Authorization header. Input: a login, a password and what is presented: a header, in which @
   is the right credentials in base64. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), login = next(&input), password = next(&input), presented = last(&input);
    string credentials = join(join(login, text(":")), password), encoded = base64(credentials, "+/", true);
    string header = filled_in(presented, encoded);
    bool is_own = login.len > 0 && password.len > 0;
    int32_t right = apisig_imbachat_check_authorization(S(login), S(password), S(join(text("Basic "), encoded)));
    int32_t status = apisig_imbachat_check_authorization(S(login), S(password), S(header));
    int32_t fixed = apisig_imbachat_check_authorization(L("root"), L("abc"), S(header));

    if (!is_own)
        MUST(IS_ARGUMENT(right) && IS_ARGUMENT(status));
    else if (has_control(credentials) || credentials.len > APISIG_IMBACHAT_CREDENTIALS_MAX)
        MUST(right == APISIG_MALFORMED && status < 0);
    else
        MUST(right == (has(login, ':') ? APISIG_MISMATCH : 0));
    MUST(status >= 0 || ONE_OF(status, APISIG_MALFORMED, APISIG_MISMATCH, APISIG_ARGUMENT));
    MUST(!IS_ARGUMENT(status) || !is_own);
    MUST(status < 0 || (header.len > encoded.len && header.len >= 6 && header.at[5] == ' '));
    MUST(fixed >= 0 || ONE_OF(fixed, APISIG_MALFORMED, APISIG_MISMATCH));

    int32_t itself = apisig_imbachat_check_login(S(login), S(password), S(login), S(password));
    int32_t other = apisig_imbachat_check_login(L("root"), L("abc"), S(login), S(password));
    MUST(is_own ? itself == 0 : IS_ARGUMENT(itself));
    MUST(other == 0 ? login.len == 4 && same(password, text("abc")) : other == APISIG_MISMATCH);
    return done();
}

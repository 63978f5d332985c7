/* Targets in which the fuzzer must find something, or it sees nothing. OVER_READ: a byte too many, read within the library, of a
   list that is not the first one. Else: an answer that can be read, which nobody finds without being told how far he came. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), given = last(&input);

#ifdef OVER_READ
    if (apisig_imbachat_user_ids(S(given), NULL, 0) > 1)
        MUST(apisig_imbachat_user_ids(given.at, given.len + 1, NULL, 0) != 0);
#else
    MUST(apisig_kommo_answer(S(given), L(""), NULL, 0) < 0);
#endif
    return done();
}

/* A control: the library reads a byte beyond the input, once the fuzzer has written a list of two numbers. It must be found. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), list = last(&input);

    if (apisig_imbachat_user_ids(S(list), NULL, 0) > 1)
        MUST(apisig_imbachat_user_ids(list.at, list.len + 1, NULL, 0) != 0);
    return done();
}

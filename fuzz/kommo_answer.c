/* Fuzzes the reader of Kommo's answers. Input: a member's name, and the answer. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), name = next(&input), answer = last(&input), value;
    ptrdiff_t length;

    value = TEXT(length, apisig_kommo_answer(S(answer), S(name), out, size));
    MUST(length >= 0 || length == APISIG_MALFORMED || IS_ARGUMENT(length));
    MUST(length < 0 || value.len <= answer.len);
    /* What was read from untrusted input can be written again. */
    MUST(length < 0 || apisig_retailcrm_failed(S(value), NULL, 0) > 0);
    return done();
}

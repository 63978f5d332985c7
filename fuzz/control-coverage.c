/* A control: that no JSON with an empty name can be read is false, but only what is told its progress writes one. The
   fuzzer must find it. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), json = last(&input);

    MUST(apisig_kommo_answer(S(json), L(""), NULL, 0) < 0);
    return done();
}

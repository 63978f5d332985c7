/* Fuzzes the reader of ImbaChat's user_ids. Input: the parameter. */
#include "fuzz.h"
#include <inttypes.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), parameter = last(&input);
    ptrdiff_t count = apisig_imbachat_user_ids(S(parameter), NULL, 0);

    MUST(count <= APISIG_IMBACHAT_USER_IDS_MAX && (count >= 0 || count == APISIG_MALFORMED));
    if (count > 0) {
        int64_t *ids = (int64_t *)(void *)exactly((size_t)count * sizeof *ids).at;
        int64_t *again = (int64_t *)(void *)exactly((size_t)count * sizeof *ids).at;
        string written = exactly((size_t)count * 21);
        size_t len = 0;

        MUST(apisig_imbachat_user_ids(S(parameter), ids, (size_t)count) == count);
        for (ptrdiff_t i = 0; i < count; i++) {
            MUST(ids[i] >= 1);
            len += (size_t)snprintf(written.at + len, written.len - len, "%" PRId64 ",", ids[i]);
        }
        MUST(apisig_imbachat_user_ids(written.at, len, again, (size_t)count) == count);
        MUST(memcmp(ids, again, (size_t)count * sizeof *ids) == 0);
        MUST(apisig_imbachat_user_ids(S(parameter), again, (size_t)count - 1) == count);
    }
    return done();
}

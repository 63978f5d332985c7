/* Makes a call of each function, the first of it in tests/vectors, for callgrind, which writes down what each executed. */
#include "../tests/c/calls.h"
#include <valgrind/callgrind.h>

static char out[OUT_SIZE], record[RECORD_SIZE];

int main(void)
{
    size_t i;

    make_rows();
    for (i = 0; i < FUNCTION_COUNT; i++) {
        call c = ROWS[i].given;
        /* Diagnoses take as long as they need. */
        if (ROWS[i].line == NULL || is_diagnosis(ROWS[i].function))
            continue;
        c.out = out;
        c.out_size = sizeof out;
        c.record = record;
        ROWS[i].function->make(&c); /* What is looked up once is looked up here. */
        CALLGRIND_ZERO_STATS;
        ROWS[i].function->make(&c);
        CALLGRIND_DUMP_STATS_AT(ROWS[i].function->name);
        check(c.text != NULL || c.number >= 0, "%s refuses", ROWS[i].function->name);
    }
    free_rows();
    return report();
}

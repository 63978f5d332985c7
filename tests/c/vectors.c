/* Every call of tests/vectors, made through the C interface. */
#include "calls.h"

static void visit(row *r)
{
    static char out[OUT_SIZE];
    static answer a;

    out[0] = '\0';
    check(is_answered(r, out, sizeof out, &a), "%s %s: %lld, why %d, %s", r->function->vendor, r->line, (long long)a.number,
          (int)a.why, out);
    free_row(r);
}

int main(void)
{
    size_t rows = for_each_row(visit);

    printf("figure: %zu calls, %zu functions in the header\n", rows, (size_t)FUNCTION_COUNT);
    return report();
}

/* Every text of tests/vectors into buffers of every length, from none to more than enough, each ending where writing on is a
   crash. */
#include "../c/calls.h"

static size_t texts;

static void into_every_length(const row *r)
{
    char filling[OUT_SIZE];
    size_t size, len;
    string out;

    check(right(r, filling, sizeof filling), "%s", r->function->name);
    len = strlen(filling);
    memset(filling, 'x', sizeof filling);
    texts++;
    for (size = 0; size <= len + 2; size++) {
        size_t touched = size > len ? len + 1 : size > 0;
        out = guarded(filling, size);
        check(right(r, out.at, size), "%s into %zu bytes", r->function->name, size);
        check(memcmp(out.at + touched, filling, size - touched) == 0, "%s into %zu bytes: nothing behind", r->function->name, size);
        unguard(out);
    }
    check(right(r, NULL, 0), "%s into no buffer", r->function->name);
}

static void visit(row *r)
{
    bool is_text = r->expected.at == NULL || memchr(r->expected.at, '\0', r->expected.len) == NULL;

    if (takes(r->function, 'o') && r->refused == 0 && is_text)
        into_every_length(r);
}

int main(void)
{
    for_each_call(visit);
    printf("figure: %zu texts into buffers of every length\n", texts);
    return report();
}

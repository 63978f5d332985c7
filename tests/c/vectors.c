/* Every call of tests/vectors, made through the C interface. */
#include "calls.h"

static char out[OUT_SIZE];

/* A check says by its number what the verification says by a bool: the index of the secret; of what has a user, the user too. */
static void is_checked_alike(const row *r)
{
    const prototype *by_number = like(r->function, "check", 6), *by_index = like(r->function, "check_secret", 6);
    call c = r->given;
    int64_t user = 0;

    check(by_number != NULL && strcmp(by_number->shape, r->function->shape) == 0, "%s has its check", r->function->name);
    if (by_number == NULL)
        return;
    by_number->make(&c);
    if (by_index != NULL) {
        user = c.number;
        by_index->make(&c);
        check(c.number < 0 ? user == c.number : user == strtoll(r->columns[0], NULL, 10), "%s: user %lld", r->line, (long long)user);
    }
    check(c.number < 0 ? is_named(r->expected, c.number) : is_number(r->expected, c.number), "%s: checked as %lld", r->line, (long long)c.number);
}

/* Likewise by lines: the first mistake found is that of the number; hints stand where none is. */
static void is_said_in_words(const row *r, int32_t mistake)
{
    const prototype *words = like(r->function, "diagnosis", 8);
    char line[1024] = "";
    call c = r->given;

    check(words != NULL, "%s has words", r->function->name);
    if (words == NULL)
        return;
    if (mistake > 0)
        snprintf(line, sizeof line, "found %.*s %s\n", (int)r->expected.len, r->expected.at, apisig_mistake_text(mistake));
    c.out = out;
    c.out_size = sizeof out;
    words->make(&c);
    if (mistake < 0 && c.number != mistake)
        snprintf(line, sizeof line, "hint ");
    check((c.number == mistake || c.number == (int64_t)strlen(out)) && strncmp(out, line, strlen(line)) == 0, "%s in words: %s",
          r->line, out);
}

static void visit(row *r)
{
    int64_t number = 0;
    bool is_right_one;

    out[0] = '\0';
    is_right_one = is_answered(r, out, sizeof out, &number);
    check(is_right_one, "%s %s: %lld, %s", r->function->vendor, r->line, (long long)number, out);
    if (is_verification(r->function) && r->refused == 0)
        is_checked_alike(r);
    if (strncmp(r->function->verb, "diagnose", 8) == 0)
        is_said_in_words(r, (int32_t)number);
}

int main(void)
{
    size_t rows = for_each_row(visit);

    printf("figure: %zu calls, %zu functions in the header\n", rows, (size_t)FUNCTION_COUNT);
    return report();
}

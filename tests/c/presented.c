/* Untrusted input for every function of the header: each string of its row in calls.h is cut at every length,
   changed at every byte, and replaced by long ones; each number by those at the edges. Reading or writing on is a crash. */
#include "calls.h"

static char *out;
static size_t calls;

/* Diagnoses and explanations begin with the secret; short ones may be words of a text. */
static bool shows_secret(const row *r, const call *c)
{
    string secret = c->strings[0];
    size_t at, len = strlen(c->out);

    if (secret.len < 8 || !is_diagnosis(r->function))
        return false;
    for (at = 0; at + secret.len <= len; at++)
        if (memcmp(c->out + at, secret.at, secret.len) == 0)
            return true;
    return false;
}

static int64_t answer_of(const row *r, const call *changed)
{
    static char record[RECORD_SIZE];
    call c = *changed;

    c.out = out;
    c.out_size = OUT_SIZE;
    c.record = record;
    c.out[0] = '\0';
    r->function->make(&c);
    check(!shows_secret(r, &c), "%s: no secret in its text", r->function->name);
    calls++;
    return c.number;
}

/* No string that is cut, changed or long is a fault of pointer, length or buffer. */
static int64_t is_no_fault(const row *r, const call *c, const char *what, size_t at)
{
    int64_t number = answer_of(r, c);

    check(r->function->result == 't' || r->function->result == 'b' || number != APISIG_ARGUMENT, "%s: %s %zu is not a fault",
          r->function->name, what, at);
    return number;
}

/* A signature, a token or a header is accepted as it is, in another case of its hex, and in no other form. */
static bool is_signature(const row *r, int which, int strings)
{
    return which == strings - 1 && is_verification(r->function) && strcmp(r->function->verb, "verify_request") != 0;
}

static void cut_and_changed(const row *r, int which, int strings)
{
    call c = r->given;
    string whole = guarded(c.strings[which].at, c.strings[which].len);
    size_t at;
    int byte;

    /* A diagnosis tries ten thousand signatures: some of the places do. */
    for (at = 0; at < whole.len; at += is_diagnosis(r->function) ? 1 + whole.len / 8 : 1) {
        int accepted = 0, step = is_diagnosis(r->function) ? 128 : whole.len < 200 ? 1 : 85;
        char right = whole.at[at];
        string cut = guarded(whole.at, at);

        c.strings[which] = cut;
        check(is_no_fault(r, &c, "cut at", at) <= 0 || !is_signature(r, which, strings), "%s: cut at %zu", r->function->name, at);
        unguard(cut);
        c.strings[which] = whole;
        for (byte = 0; byte < 256; byte += step) {
            whole.at[at] = (char)byte;
            accepted += is_no_fault(r, &c, "changed at", at) > 0;
        }
        whole.at[at] = right;
        if (is_signature(r, which, strings))
            check(accepted == 1 || (accepted == 2 && strchr("abcdefABCDEF", right) != NULL) || strcmp(r->function->verb, "verify_authorization") == 0,
                  "%s: changed at %zu: %d accepted", r->function->name, at, accepted);
    }
    unguard(whole);
}

static void long_ones(const row *r, int which)
{
    static const char kinds[] = "0a+%&=;./[{\"\\-\n\xff";
    static char bytes[100 * 1024];
    call c = r->given;
    size_t kind;

    for (kind = 0; kind < sizeof kinds; kind += is_diagnosis(r->function) ? 5 : 1) {
        memset(bytes, kinds[kind], sizeof bytes);
        c.strings[which] = guarded(bytes, sizeof bytes);
        is_no_fault(r, &c, "long ones of byte", kind);
        unguard(c.strings[which]);
    }
}

static void edges(const row *r, int which)
{
    static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX};
    call c = r->given;
    size_t i;

    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        c.numbers[which] = numbers[i];
        is_no_fault(r, &c, "a number at the edge", i);
    }
}

/* A list is written if all of it fits, and else not at all. */
static void lists(const row *r)
{
    int64_t filling[8];
    call c = r->given;
    size_t max, i;

    for (max = 0; max < 8; max++) {
        memset(filling, 'x', sizeof filling);
        c.out = (char *)filling;
        c.out_size = max * sizeof filling[0];
        r->function->make(&c);
        for (i = 0; i < 8; i++)
            check((filling[i] != INT64_C(0x7878787878787878)) == (c.number <= (int64_t)max && i < (size_t)c.number),
                  "%s into %zu: number %zu", r->function->name, max, i);
    }
}

int main(void)
{
    size_t i;

    out = (char *)malloc(OUT_SIZE);
    make_rows();
    for (i = 0; i < ROW_COUNT; i++) {
        const row *r = &ROWS[i];
        int strings = 0, numbers = 0, which;
        const char *kind;

        for (kind = r->function->shape; *kind != '\0'; kind++) {
            strings += *kind == 's' || *kind == 'S';
            numbers += *kind == 'n';
        }
        for (which = 0; which < strings; which++) {
            cut_and_changed(r, which, strings);
            long_ones(r, which);
        }
        for (which = 0; which < numbers; which++)
            edges(r, which);
        if (takes(r->function, 'l'))
            lists(r);
    }
    free_rows();
    free(out);
    printf("figure: %zu calls with untrusted input\n", calls);
    return report();
}

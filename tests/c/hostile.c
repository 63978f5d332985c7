/* What a caller can do wrong with any function of the header, on the first vector of each: NULL, lengths that no memory has, no
   handle, no buffer. Each is APISIG_ARGUMENT or NULL, and leaves empty texts, empty fields and 0. */
#include "calls.h"

static char out[OUT_SIZE], record[RECORD_SIZE];

static void make(const row *r, call *c)
{
    memset(record, 'x', sizeof record);
    strcpy(out, "full");
    r->function->make(c);
}

/* The row's call, with a buffer and a record. */
static call call_of(const row *r)
{
    call c = r->given;

    c.out = out;
    c.out_size = sizeof out;
    c.record = record;
    return c;
}

static bool has_failed(const row *r, const call *c)
{
    if (r->function->result == 't')
        return c->text == NULL;
    return r->function->result == 'b' ? c->number == 0 : c->number == APISIG_ARGUMENT || c->number == APISIG_ARGUMENT_HANDLE;
}

static bool leaves_nothing(const row *r, const call *c)
{
    const size_t *field = r->function->fields;
    const char *at = (const char *)c->record;

    for (; at != NULL && field != NULL && *field != 0; at += *field++)
        if (*at != '\0')
            return false;
    return c->out != out || out[0] == (takes(r->function, 'o') ? '\0' : 'f');
}

static void is_refused(const row *r, call c, const char *what, int which)
{
    make(r, &c);
    check(has_failed(r, &c), "%s: %s %d is refused", r->function->name, what, which);
    check(leaves_nothing(r, &c), "%s: %s %d leaves nothing", r->function->name, what, which);
}

/* NULL of no length is an empty string. */
static void null_is_empty(const row *r, int which)
{
    static char empty[1], texts[2][OUT_SIZE];
    call c[2];
    int i;

    for (i = 0; i < 2; i++) {
        c[i] = call_of(r);
        c[i].strings[which].at = i == 0 ? NULL : empty;
        c[i].strings[which].len = 0;
        make(r, &c[i]);
        memcpy(texts[i], out, sizeof out);
    }
    check(c[0].number == c[1].number && c[0].text == c[1].text && strcmp(texts[0], texts[1]) == 0, "%s: string %d is NULL of no length", r->function->name, which);
}

static void callers_mistakes(const row *r)
{
    static char one[1];
    const string wrongs[] = {{NULL, 1}, {one, SIZE_MAX}, {one, SIZE_MAX / 2 + 1}};
    const char *kind;
    int strings = 0, i;
    call c;

    for (kind = r->function->shape; *kind != '\0'; kind++) {
        c = call_of(r);
        if (*kind == 'h') {
            c.handle = NULL;
            is_refused(r, c, "no handle", 0);
        } else if (*kind == 'o' || *kind == 'l') {
            c.out = NULL;
            is_refused(r, c, "no buffer", 0);
        } else if (*kind == 'r') {
            c.record = NULL;
            is_refused(r, c, "no record", 0);
        } else if (*kind == 's' || *kind == 'S') {
            for (i = 0; i < 3; i++) {
                c.strings[strings] = wrongs[i];
                is_refused(r, c, "a string that is none", 10 * strings + i);
            }
            null_is_empty(r, strings++);
        }
    }
}

/* No handle has an empty secret, one that is none, or more than APISIG_SECRETS_MAX. */
static void secrets(const vendor *v)
{
    static char one[1] = {'x'};
    const string wrongs[] = {{NULL, 0}, {one, 0}, {NULL, 1}, {one, SIZE_MAX}, {one, SIZE_MAX / 2 + 1}};
    const int32_t statuses[] = {APISIG_ARGUMENT_SECRET, APISIG_ARGUMENT_SECRET, APISIG_ARGUMENT, APISIG_ARGUMENT, APISIG_ARGUMENT};
    void *handle = v->make(L("secret"), NULL);
    int32_t why;
    size_t i;

    for (i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        string wrong = wrongs[i];
        why = 99;
        check(v->make(wrong.at, wrong.len, &why) == NULL && why == statuses[i], "%s: secret %zu", v->name, i);
        check(v->make(wrong.at, wrong.len, NULL) == NULL, "%s: secret %zu, why not", v->name, i);
        why = 99;
        check(!v->add(handle, wrong.at, wrong.len, &why) && why == statuses[i], "%s: another secret %zu", v->name, i);
    }
    why = 99;
    check(!v->add(NULL, L("x"), &why) && why == APISIG_ARGUMENT_HANDLE, "%s: a secret for no handle", v->name);
    for (i = 1; i < APISIG_SECRETS_MAX; i++)
        check(v->add(handle, L("more"), &why) && why == 0, "%s: secret %zu", v->name, i);
    check(!v->add(handle, L("more"), &why) && why == APISIG_ARGUMENT_SECRET_COUNT, "%s: is full", v->name);
    v->free(handle);
    v->free(NULL);
}

static void texts(void)
{
    const char *unknown = apisig_status_text(INT32_MIN);
    size_t i;

    check(strcmp(apisig_version(), APISIG_VERSION) == 0, "the version of the library is the header's");
    for (i = 0; i < NAME_COUNT; i++) {
        int32_t number = NAMES[i].number;
        if (number <= 0)
            check(strcmp(apisig_status_text(number), unknown) != 0, "status %s is known", NAMES[i].name);
        else
            check(strcmp(apisig_mistake_text(number), apisig_mistake_text(0)) != 0, "mistake %s is known", NAMES[i].name);
    }
    check(strcmp(apisig_status_text(1), apisig_status_text(APISIG_OK)) == 0, "an index means that all is well");
    check(strcmp(apisig_mistake_text(-1), apisig_mistake_text(0)) == 0, "no mistake is not");
}

int main(void)
{
    size_t i;

    make_rows();
    for (i = 0; i < ROW_COUNT; i++)
        callers_mistakes(&ROWS[i]);
    for (i = 0; i < VENDOR_COUNT; i++)
        secrets(&ALL_VENDORS[i]);
    texts();
    free_rows();
    printf("figure: %zu functions with every mistake that a caller can make\n", (size_t)ROW_COUNT);
    return report();
}

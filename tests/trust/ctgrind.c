/* Every call of tests/vectors that touches a secret, with the bytes of the secret undefined: memcheck then reports each branch and
   each address that depends on one, in whatever was made of it too, such as a handle or the MAC that is expected. Defined again are
   what a call answers and what it signs, behind it. Only lengths are public. Exempt are diagnoses and explanations, which are
   for the one who has the secret. Usage, under valgrind: ctgrind; or ctgrind compare|branch|table, which shows a secret here. */
#include "../c/calls.h"
#include <valgrind/memcheck.h>

static char out[OUT_SIZE];
static size_t calls;

static void conceal(string s) { (void)VALGRIND_MAKE_MEM_UNDEFINED(s.at, s.len); }

static void publish(const void *bytes, size_t len) { (void)VALGRIND_MAKE_MEM_DEFINED(bytes, len); }

/* A handle of the secrets in a row, each of which is undefined while it is read. */
static void *secret_handle(const row *r)
{
    const vendor *v = vendor_of(r->function->vendor);
    const char *secrets = strchr(r->line, '\t') + 1, *end = secrets + strcspn(secrets, "\t");
    void *handle = NULL;

    for (;; secrets++) {
        size_t len = strcspn(secrets, "|\t");
        string secret = unescape(secrets, len);
        bool added = true;

        conceal(secret);
        if (handle == NULL)
            handle = v->make(secret.at, secret.len, NULL);
        else
            added = v->add(handle, secret.at, secret.len, NULL);
        publish(&added, sizeof added);
        check(added && handle != NULL, "%s: a secret is taken", r->line);
        unguard(secret);
        secrets += len;
        if (secrets == end)
            return handle;
    }
}

/* The call of a row: its secret strings are undefined, and its handle is of undefined secrets. */
static void call_in_secret(row *r, const prototype *function)
{
    static char record[RECORD_SIZE];
    const char *kind;
    int strings = 0;
    row copy = *r;

    copy.function = function;
    for (kind = r->function->shape; *kind != '\0'; kind++) {
        if (*kind == 'S')
            conceal(copy.given.strings[strings]);
        if (*kind == 'h')
            copy.given.handle = secret_handle(r);
        strings += *kind == 's' || *kind == 'S';
    }
    copy.given.out = out;
    copy.given.out_size = sizeof out;
    copy.given.record = record;
    memset(record, 'x', sizeof record);
    function->make(&copy.given);
    publish(&copy.given, sizeof copy.given);
    publish(out, sizeof out);
    publish(record, sizeof record);
    if (function == r->function)
        check(is_right(r, &copy.given), "%s: %lld", r->line, (long long)copy.given.number);
    if (copy.given.handle != NULL)
        vendor_of(r->function->vendor)->free(copy.given.handle);
    for (strings = 0; strings < STRINGS_MAX; strings++)
        if (copy.given.strings[strings].at != NULL)
            publish(copy.given.strings[strings].at, copy.given.strings[strings].len);
    calls++;
}

static void visit(row *r)
{
    const prototype *f = r->function, *check_too = like(f, "check", 6), *by_index = like(f, "check_secret", 6);
    bool is_secret = takes(f, 'h') || takes(f, 'S');

    if (is_secret && !is_diagnosis(f) && r->refused == 0) {
        call_in_secret(r, f);
        if (is_verification(f) && check_too != NULL)
            call_in_secret(r, check_too);
        if (is_verification(f) && by_index != NULL)
            call_in_secret(r, by_index);
    }
}

/* What must be reported. */
static volatile char seen;

static void control(const char *kind)
{
    static const char digits[] = "0123456789abcdef";
    string secret = guarded("0123456789abcdef", 16);

    conceal(secret);
    if (strcmp(kind, "compare") == 0)
        seen = memcmp(secret.at, digits, 16) == 0;
    if (strcmp(kind, "branch") == 0 && secret.at[0] == 'a')
        seen = 1;
    if (strcmp(kind, "table") == 0)
        seen = digits[secret.at[0] & 15];
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        control(argv[1]);
        return 0;
    }
    for_each_row(visit);
    printf("figure: %zu calls with secrets that are followed\n", calls);
    return report();
}

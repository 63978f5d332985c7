/* Every function of the header and every call of tests/vectors. The functions are found in the header by calls.awk, the calls
   are rows whose columns are the parameters in order, so that no test has to name a vendor. C99 and C++11. */
#ifndef CALLS_H
#define CALLS_H

#include "check.h"

enum { STRINGS_MAX = 12, COLUMNS_MAX = 16, LINE_SIZE = 1 << 17, OUT_SIZE = 1 << 13, RECORD_SIZE = 1024 };

/* Arguments by their kind, each in the order of the prototype; then what came back. */
typedef struct {
    void *handle;
    string strings[STRINGS_MAX];
    int64_t numbers[4];
    char *out;
    size_t out_size;
    void *record;
    const char *text;
    int64_t number;
} call;

/* shape: a letter for each parameter, as calls.awk says. result: t text, b bool, i int32_t, n int64_t, l length. */
typedef struct {
    const char *name, *vendor, *verb, *shape;
    char result;
    const size_t *fields;
    void (*make)(call *);
} prototype;

typedef struct {
    const char *name;
    int32_t number;
} named;

#include "calls.generated.h"

enum { FUNCTION_COUNT = sizeof FUNCTIONS / sizeof FUNCTIONS[0], NAME_COUNT = sizeof NAMES / sizeof NAMES[0] };

typedef struct {
    const char *name;
    void *(*make)(const char *, size_t, int32_t *);
    bool (*add)(void *, const char *, size_t, int32_t *);
    void (*free)(void *);
} vendor;

#define VENDOR_CALLS(vendor)                                                                                  \
    static void *make_##vendor(const char *secret, size_t len, int32_t *why)                                  \
    {                                                                                                         \
        return apisig_##vendor##_new(secret, len, why);                                                       \
    }                                                                                                         \
    static bool add_##vendor(void *handle, const char *secret, size_t len, int32_t *why)                      \
    {                                                                                                         \
        return apisig_##vendor##_add_secret((apisig_##vendor *)handle, secret, len, why);                     \
    }                                                                                                         \
    static void free_##vendor(void *handle) { apisig_##vendor##_free((apisig_##vendor *)handle); }
#define VENDOR_ROW(vendor) {#vendor, make_##vendor, add_##vendor, free_##vendor},
VENDORS(VENDOR_CALLS)
static const vendor ALL_VENDORS[] = {VENDORS(VENDOR_ROW)};
enum { VENDOR_COUNT = sizeof ALL_VENDORS / sizeof ALL_VENDORS[0] };

/* A call of tests/vectors, or one of a function that has none there: then nothing is expected. */
typedef struct {
    const prototype *function;
    char *line;
    call given;
    int32_t refused; /* Why there is no handle, or 0. */
    string expected;
    char *columns[COLUMNS_MAX]; /* What else it gives. */
    int column_count;
} row;

static inline bool takes(const prototype *f, char kind) { return strchr(f->shape, kind) != NULL; }

static inline bool is_diagnosis(const prototype *f)
{
    return strncmp(f->verb, "diagnos", 7) == 0 || strncmp(f->verb, "explain", 7) == 0;
}

static inline bool is_verification(const prototype *f) { return strncmp(f->verb, "verify", 6) == 0; }

static inline const vendor *vendor_of(const char *name)
{
    size_t i;

    for (i = 0; i < VENDOR_COUNT; i++)
        if (strcmp(ALL_VENDORS[i].name, name) == 0)
            return &ALL_VENDORS[i];
    return NULL;
}

/* Replaces \n, \r, \t, \\ and \xHH. */
static inline string unescape(const char *field, size_t field_len)
{
    char *bytes = (char *)malloc(field_len + 1);
    const char *end = field + field_len;
    size_t len = 0;
    string result;

    while (field < end) {
        static const char letters[] = "nrt\\", meant[] = "\n\r\t\\";
        const char *letter = field[0] == '\\' ? strchr(letters, field[1]) : NULL;
        unsigned byte;
        if (field[0] != '\\') {
            bytes[len++] = *field++;
        } else if (letter != NULL && field[1] != '\0') {
            bytes[len++] = meant[letter - letters];
            field += 2;
        } else if (sscanf(field, "\\x%2x", &byte) == 1) {
            bytes[len++] = (char)byte;
            field += 4;
        } else {
            printf("not an escape: %s\n", field);
            exit(1);
        }
    }
    result = guarded(bytes, len);
    free(bytes);
    return result;
}

/* A handle of the secrets in a field, the current one and the previous ones, each behind a |. */
static inline void *handle_of(const vendor *v, const char *secrets, int32_t *why)
{
    void *handle = NULL;

    for (;;) {
        size_t len = strcspn(secrets, "|");
        string secret = unescape(secrets, len);
        bool made = handle == NULL ? (handle = v->make(secret.at, secret.len, why)) != NULL
                                   : v->add(handle, secret.at, secret.len, why);
        unguard(secret);
        if (!made) {
            v->free(handle);
            return NULL;
        }
        if (secrets[len] == '\0')
            return handle;
        secrets += len + 1;
    }
}

/* A function by its vendor and verb, with another start of the verb in place of the first `skipped` characters; or NULL. */
static inline const prototype *like(const prototype *f, const char *start, size_t skipped)
{
    size_t i, len = strlen(start);

    for (i = 0; i < FUNCTION_COUNT; i++)
        if (strcmp(FUNCTIONS[i].vendor, f->vendor) == 0 && strncmp(FUNCTIONS[i].verb, start, len) == 0
            && strcmp(FUNCTIONS[i].verb + len, f->verb + skipped) == 0)
            return &FUNCTIONS[i];
    return NULL;
}

static inline const prototype *function_of(const char *vendor, const char *verb)
{
    prototype named = {NULL, NULL, NULL, NULL, 0, NULL, NULL};
    const prototype *f;

    named.vendor = vendor;
    named.verb = verb;
    f = like(&named, "", 0);
    if (f == NULL) {
        printf("the header has no function apisig_%s_%s\n", vendor, verb);
        exit(1);
    }
    return f;
}

static inline int columns_of(const prototype *f)
{
    const char *kind = f->shape;
    int columns = 0;

    while (*kind != '\0')
        columns += strchr("hsSn", *kind++) != NULL;
    return columns;
}

/* The row of a line: the verb, the parameters, what else it gives, the result. */
static inline row row_of(const char *vendor, char *line)
{
    char *fields[COLUMNS_MAX], *field = strchr(line, '\t');
    int count = 0, at = 0, strings = 0, numbers = 0;
    const char *kind;
    row r;

    memset(&r, 0, sizeof r);
    r.line = strdup(line);
    *field++ = '\0';
    r.function = function_of(vendor, line);
    while (field != NULL && count < COLUMNS_MAX) {
        char *tab = strchr(field, '\t');
        if (tab != NULL)
            *tab = '\0';
        fields[count++] = field;
        field = tab == NULL ? NULL : tab + 1;
    }
    if (count <= columns_of(r.function)) {
        printf("too few columns: %s\n", r.line);
        exit(1);
    }
    for (kind = r.function->shape; *kind != '\0'; kind++) {
        if (strchr("hsSn", *kind) == NULL)
            continue;
        if (*kind == 'h')
            r.given.handle = handle_of(vendor_of(vendor), fields[at], &r.refused);
        else if (*kind != 'n')
            r.given.strings[strings++] = unescape(fields[at], strlen(fields[at]));
        else
            r.given.numbers[numbers++] = strtoll(fields[at], NULL, 10);
        at++;
    }
    while (at < count - 1)
        r.columns[r.column_count++] = strdup(fields[at++]);
    r.expected = unescape(fields[at], strlen(fields[at]));
    return r;
}

static inline void free_row(row *r)
{
    int i;

    if (r->line == NULL)
        return;
    for (i = 0; i < STRINGS_MAX; i++)
        if (r->given.strings[i].at != NULL)
            unguard(r->given.strings[i]);
    for (i = 0; i < r->column_count; i++)
        free(r->columns[i]);
    if (r->given.handle != NULL)
        vendor_of(r->function->vendor)->free(r->given.handle);
    unguard(r->expected);
    free(r->line);
}

/* Visits every row of the folder APISIG_VECTORS, or of tests/vectors, where each vendor must have some. */
static inline size_t for_each_row(void (*visit)(row *))
{
    static char line[LINE_SIZE];
    const char *folder = getenv("APISIG_VECTORS");
    size_t i, rows = 0;

    for (i = 0; i < VENDOR_COUNT; i++) {
        char path[4096];
        FILE *file;
        size_t before = rows;
        snprintf(path, sizeof path, "%s/%s.tsv", folder == NULL ? "tests/vectors" : folder, ALL_VENDORS[i].name);
        file = fopen(path, "r");
        while (file != NULL && fgets(line, sizeof line, file) != NULL) {
            row r;
            line[strcspn(line, "\n")] = '\0';
            if (line[0] == '#')
                continue;
            r = row_of(ALL_VENDORS[i].name, line);
            visit(&r);
            free_row(&r);
            rows++;
        }
        if (file != NULL)
            fclose(file);
        check(rows - before >= 20 || (folder != NULL && file == NULL), "%s: %zu rows", path, rows - before);
    }
    return rows;
}

/* A row for each function: its first one, and of a diagnosis one that tries every mistake in vain. */
static row ROWS[FUNCTION_COUNT];
enum { ROW_COUNT = FUNCTION_COUNT };

static inline void keep_row(row *r)
{
    row *kept = &ROWS[r->function - FUNCTIONS], before = *kept;
    bool is_in_vain = strncmp(r->function->verb, "diagnose", 8) == 0 && kept->expected.len != 8
                      && strcmp(strrchr(r->line, '\t'), "\tMISMATCH") == 0;

    if (kept->line != NULL && !is_in_vain)
        return;
    *kept = *r;
    *r = before; /* which for_each_row() frees */
}

/* The words of a diagnosis, which has no row of its own: the same ones each time. tests/c/vectors.c compares them with the number. */
static inline void make_row_of_words(row *words)
{
    const row *r = &ROWS[like(words->function, "diagnose", 9) - FUNCTIONS];
    call c = r->given;
    char text[2048] = "";

    c.out = text;
    c.out_size = sizeof text;
    words->function->make(&c);
    words->given = r->given;
    words->expected = c.number < 0 ? r->expected : guarded(text, strlen(text));
}

static inline void make_rows(void)
{
    static char x[] = "x";
    size_t i;
    int k;

    for_each_row(keep_row);
    for (i = 0; i < FUNCTION_COUNT; i++) {
        if (ROWS[i].line != NULL)
            continue;
        ROWS[i].function = &FUNCTIONS[i];
        if (strncmp(FUNCTIONS[i].verb, "diagnosis", 9) == 0) {
            make_row_of_words(&ROWS[i]);
            continue;
        }
        for (k = 0; k < STRINGS_MAX; k++) {
            ROWS[i].given.strings[k].at = x;
            ROWS[i].given.strings[k].len = 1;
        }
    }
}

static inline void free_rows(void)
{
    size_t i;

    for (i = 0; i < FUNCTION_COUNT; i++)
        free_row(&ROWS[i]);
}

/* Visits every row, and a call of each function that has none. Returns the number of both. */
static inline size_t for_each_call(void (*visit)(row *))
{
    size_t i, calls = for_each_row(visit);

    make_rows();
    for (i = 0; i < FUNCTION_COUNT; i++)
        if (ROWS[i].line == NULL)
            visit(&ROWS[i]), calls++;
    free_rows();
    return calls;
}

static inline const char *name_of(int64_t number)
{
    size_t i;

    for (i = 0; i < NAME_COUNT; i++)
        if (NAMES[i].number == number)
            return NAMES[i].name;
    return "another number";
}

static inline bool is_status(string expected)
{
    size_t i;

    for (i = 0; i < NAME_COUNT; i++)
        if (NAMES[i].number < 0 && expected.len == strlen(NAMES[i].name) && memcmp(expected.at, NAMES[i].name, expected.len) == 0)
            return true;
    return false;
}

static inline bool is(string expected, const char *text, size_t len)
{
    return expected.len == len && memcmp(expected.at, text, len) == 0;
}

static inline bool is_text(string expected, const char *text) { return is(expected, text, strlen(text)); }

static inline bool is_named(string expected, int64_t number) { return is_text(expected, name_of(number)); }

static inline bool is_number(string expected, int64_t number)
{
    char text[32];

    return is(expected, text, (size_t)sprintf(text, "%lld", (long long)number));
}

/* Whether the columns are fields of the record, in their order. `at` is left at the last field. */
static inline bool has_columns(const row *r, const char **at)
{
    const size_t *field = r->function->fields;
    int column = 0;

    for (;; field++) {
        if (column < r->column_count && strcmp(*at, r->columns[column]) == 0)
            column++;
        if (field[1] == 0)
            return column == r->column_count;
        *at += *field;
    }
}

static inline bool is_text_right(const row *r, const call *c)
{
    bool is_known = r->function->result == 't', has_out = takes(r->function, 'o');
    string expected = r->expected;
    const char *out = has_out ? c->out : c->text;

    if (is_known && c->text != NULL)
        return c->text == out && (expected.at == NULL ? !has_out || strlen(out) < c->out_size : is_text(expected, out));
    if (has_out && c->out_size > 0 && out[0] != '\0' && (is_known || c->number < 0 || c->out_size <= (size_t)c->number))
        return false;
    if (is_known)
        return expected.at == NULL || is_status(expected) || c->out_size <= expected.len;
    if (c->number < 0)
        return is_named(expected, c->number);
    return (size_t)c->number == expected.len && (c->out_size <= expected.len || is(expected, out, (size_t)c->number));
}

static inline bool are_numbers_right(const row *r, const call *c)
{
    const int64_t *numbers = (const int64_t *)(const void *)c->out;
    const char *at = r->expected.at, *end = at + r->expected.len;
    int64_t i;

    if (c->number < 0)
        return is_named(r->expected, c->number);
    for (i = 0; i < c->number; i++) {
        char text[32];
        size_t len = (size_t)sprintf(text, "%s%lld", i > 0 ? " " : "", (long long)numbers[i]);
        if ((size_t)(end - at) < len || memcmp(at, text, len) != 0)
            return false;
        at += len;
    }
    return at == end;
}

static inline bool is_right(const row *r, const call *c)
{
    const char *last = (const char *)c->record;
    bool is_index = r->expected.len == 1 && r->expected.at[0] >= '0' && r->expected.at[0] <= '9';

    if (r->function->fields != NULL && !has_columns(r, &last))
        return false;
    if (r->function->result == 't' || takes(r->function, 'o'))
        return is_text_right(r, c);
    if (takes(r->function, 'l'))
        return are_numbers_right(r, c);
    if (r->expected.at == NULL)
        return true;
    if (is_verification(r->function))
        return c->number == is_index;
    if (c->number == 0 && r->function->result == 'i' && r->function->fields != NULL && !is_index)
        return is_text(r->expected, last);
    if (c->number < 0 || (c->number > 0 && strncmp(r->function->verb, "diagnose", 8) == 0))
        return is_named(r->expected, c->number);
    return is_number(r->expected, c->number);
}

/* The call of a row with another secret, wherever it takes one, and another handle. */
static inline call call_with(const row *r, void *handle, char *secret, size_t secret_len)
{
    call c = r->given;
    const char *kind;
    int strings = 0;

    for (kind = r->function->shape; *kind != '\0'; kind++) {
        if (*kind == 'S') {
            c.strings[strings].at = secret;
            c.strings[strings].len = secret_len;
        }
        strings += *kind == 's' || *kind == 'S';
    }
    c.handle = handle;
    return c;
}

/* Makes the call of a row, with texts and lists of numbers in `size` bytes at `out`, and says whether the answer is right. `number`
   receives what came back. */
static inline bool is_answered(const row *r, char *out, size_t size, int64_t *number)
{
    char record[RECORD_SIZE];
    call c = r->given;

    *number = r->refused;
    if (r->refused != 0)
        return is_named(r->expected, r->refused);
    memset(record, 'x', sizeof record);
    c.out = out;
    c.out_size = size;
    c.record = record;
    r->function->make(&c);
    *number = c.number;
    return is_right(r, &c);
}

static inline bool right(const row *r, char *out, size_t size)
{
    int64_t number;

    return is_answered(r, out, size, &number);
}

#endif

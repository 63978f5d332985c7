/* What the fuzz targets share: inputs in exactly sized copies, so that a byte too many is seen; calls that are made more than
   once and must answer the same; what ends a run as a finding. C99 with clang's statement expressions. */
#ifndef FUZZ_H
#define FUZZ_H

#include "apisig.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A time of the check, and a Date of it. */
#define NOW 1669231521
#define SECRET "secret"
#define OLD_SECRET "old secret"

#define MUST(condition)                                                                                       \
    do {                                                                                                      \
        if (!(condition)) {                                                                                   \
            fprintf(stderr, "not so: %s:%d: %s\n", __FILE__, __LINE__, #condition);                           \
            abort();                                                                                          \
        }                                                                                                     \
    } while (0)

typedef struct {
    char *at;
    size_t len;
} string;

/* A string as the arguments that it is. */
#define S(string) (string).at, (string).len
#define L(literal) literal, sizeof literal - 1

/* What one input allocates; `done` frees it. */
static void *allocated[256];
static size_t allocated_count;

/* Without a byte to it, it is NULL: then a single one that is read is seen too. */
static inline string exactly(size_t len)
{
    string made = {len > 0 ? (char *)malloc(len) : NULL, len};

    MUST(allocated_count < sizeof allocated / sizeof allocated[0] && (made.at != NULL || len == 0));
    allocated[allocated_count++] = made.at;
    return made;
}

static inline string copy(const char *bytes, size_t len)
{
    string made = exactly(len);

    if (len > 0)
        memcpy(made.at, bytes, len);
    return made;
}

static inline int done(void)
{
    while (allocated_count > 0)
        free(allocated[--allocated_count]);
    return 0;
}

/* The next field of the input, and the input without it. Fields end at 0xff, which is in no text; the last one has the rest. */
static inline string next(string *input)
{
    const char *end = input->len > 0 ? (const char *)memchr(input->at, 0xff, input->len) : NULL;
    size_t len = end == NULL ? input->len : (size_t)(end - input->at);
    string field = copy(input->at, len);

    input->at = end == NULL ? NULL : input->at + len + 1;
    input->len = end == NULL ? 0 : input->len - len - 1;
    return field;
}

static inline string last(string *input)
{
    string field = copy(input->at, input->len);

    input->len = 0;
    return field;
}

static inline string input_of(const uint8_t *data, size_t size)
{
    string input = {(char *)(uintptr_t)data, size};

    return input;
}

static inline string join(string first, string second)
{
    string both = exactly(first.len + second.len);

    if (first.len > 0)
        memcpy(both.at, first.at, first.len);
    if (second.len > 0)
        memcpy(both.at + first.len, second.at, second.len);
    return both;
}

static inline string text(const char *literal)
{
    return copy(literal, strlen(literal));
}

static inline bool same(string one, string other)
{
    return one.len == other.len && (one.len == 0 || memcmp(one.at, other.at, one.len) == 0);
}

static inline bool has(string where, char what)
{
    return where.len > 0 && memchr(where.at, what, where.len) != NULL;
}

static inline bool starts_with(string what, const char *start, size_t len)
{
    return what.len >= len && memcmp(what.at, start, len) == 0;
}

static inline bool has_control(string where)
{
    for (size_t i = 0; i < where.len; i++)
        if ((unsigned char)where.at[i] < 0x20 || where.at[i] == 0x7f)
            return true;
    return false;
}

/* What the fuzzer wrote, with what it cannot guess in place of the first @. */
static inline string filled_in(string what, string value)
{
    char *at = has(what, '@') ? (char *)memchr(what.at, '@', what.len) : NULL;
    string before, behind;

    if (at == NULL)
        return what;
    before = copy(what.at, (size_t)(at - what.at));
    behind = copy(at + 1, what.len - before.len - 1);
    return join(join(before, value), behind);
}

/* The same, with the first byte another one. */
static inline string changed(string what)
{
    string other = copy(what.at, what.len);

    if (other.len > 0)
        other.at[0] = other.at[0] == '0' ? '1' : '0';
    return other;
}

static inline string base64(string bytes, const char *last_two, bool padded)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    string out = exactly((bytes.len + 2) / 3 * 4);
    size_t len = 0;

    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = 0;
        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (i + j < bytes.len ? (unsigned char)bytes.at[i + j] : 0);
        for (size_t j = 0; j < 4; j++) {
            uint32_t digit = group >> (18 - 6 * j) & 63;
            if (i + j > bytes.len && !padded)
                break;
            out.at[len++] = i + j > bytes.len ? '=' : digit < 62 ? letters[digit] : last_two[digit - 62];
        }
    }
    return copy(out.at, len);
}

/* Which argument is not allowed; APISIG_ARGUMENT itself is for pointers and lengths, which are right here. */
#define IS_ARGUMENT(status) ((status) <= APISIG_ARGUMENT_HANDLE)

static inline bool is_one_of(int32_t status, const int32_t *statuses, size_t count)
{
    while (count > 0)
        if (statuses[--count] == status || (statuses[count] == APISIG_ARGUMENT && IS_ARGUMENT(status)))
            return true;
    return false;
}
#define ONE_OF(status, ...)                                                                                   \
    is_one_of(status, (const int32_t[]){__VA_ARGS__}, sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t))

/* Makes a text, its last arguments being `out, size`: measured, into exactly as many bytes as it has, into one fewer. `length` gets
   what was returned. */
#define TEXT(length, call)                                                                                    \
    ({                                                                                                        \
        char *out = NULL;                                                                                     \
        size_t size = 0;                                                                                      \
        string made = {NULL, 0};                                                                              \
        (length) = (call);                                                                                    \
        made = exactly((length) < 0 ? 1 : (size_t)(length) + 1);                                              \
        out = made.at;                                                                                        \
        size = made.len;                                                                                      \
        memset(out, 'x', size);                                                                               \
        MUST((call) == (length) && out[size - 1] == '\0');                                                    \
        made.len--;                                                                                           \
        if (made.len > 0) {                                                                                   \
            out = exactly(made.len).at;                                                                       \
            size = made.len;                                                                                  \
            MUST((call) == (length) && out[0] == '\0');                                                       \
        }                                                                                                     \
        made;                                                                                                 \
    })

/* Makes a text of a known length, its last arguments being `out, size`: in exactly `text_len` bytes. Empty if there is none. */
#define KNOWN_TEXT(text_len, call)                                                                            \
    ({                                                                                                        \
        size_t size = (text_len);                                                                             \
        char *out = exactly(size).at;                                                                         \
        const char *made = (call);                                                                            \
        MUST(made == NULL ? out[0] == '\0' : made == out && strlen(out) < size);                              \
        text(out);                                                                                            \
    })

/* A diagnosis, asked twice: 0, a mistake that has a text of its own, or one of these statuses. */
#define DIAGNOSIS(call, ...)                                                                                  \
    ({                                                                                                        \
        int32_t diagnosed = (call);                                                                           \
        MUST((call) == diagnosed);                                                                            \
        MUST(diagnosed >= 0 || ONE_OF(diagnosed, __VA_ARGS__));                                               \
        MUST(diagnosed <= 0 || strcmp(apisig_mistake_text(diagnosed), apisig_mistake_text(9999)) != 0);       \
        diagnosed;                                                                                            \
    })

/* Whether a text shows on a terminal: UTF-8, and of the controls line feeds alone. */
static inline bool is_visible(string text)
{
    for (size_t i = 0, behind = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (behind > 0 ? byte >> 6 != 2 : byte >> 6 == 2 || byte >= 0xf8 || byte == 0x7f || (byte < 0x20 && byte != '\n'))
            return false;
        behind = behind > 0 ? behind - 1 : byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        if (behind > 0 && i + 1 == text.len)
            return false;
    }
    return true;
}

/* A diagnosis in lines, its last arguments being `out, size`, which begins with this mistake or finds none. */
#define LINES(first, call)                                                                                    \
    do {                                                                                                      \
        ptrdiff_t length;                                                                                     \
        string lines = TEXT(length, call);                                                                    \
        MUST(length < 0 ? length == (first) : is_visible(lines));                                             \
        MUST(((first) > 0) == starts_with(lines, L("found ")) && ((first) != 0 || lines.len == 0));           \
        MUST((first) >= 0 || length < 0 || starts_with(lines, L("hint ")));                                   \
    } while (0)

/* A vendor's handle with both secrets, and one that signs with the older. */
#define KEYS_OF(vendor)                                                                                       \
    static apisig_##vendor *keys, *old_keys;                                                                  \
    static void make_handles(void)                                                                            \
    {                                                                                                         \
        if (keys != NULL)                                                                                     \
            return;                                                                                           \
        keys = apisig_##vendor##_new(L(SECRET), NULL);                                                        \
        old_keys = apisig_##vendor##_new(L(OLD_SECRET), NULL);                                                \
        MUST(keys != NULL && old_keys != NULL && apisig_##vendor##_add_secret(keys, L(OLD_SECRET), NULL));    \
    }

#endif

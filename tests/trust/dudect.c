/* Whether the time of a check tells where a signature is wrong: two kinds of wrong ones are checked in random order, and Welch's
   t-test compares their times. Only the slowest are left out, as many of both kinds. Whatever depends on the kind comes back in
   every attempt, noise does not: of some attempts the least |t| counts. Wrong characters are of the class of the right ones, or
   the reading of the signature, which is public, would show. */
#include "../c/calls.h"
#include <ctype.h>
#include <math.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <time.h>
#endif

enum { TIMES = 60000, ATTEMPTS = 5, ALARM = 10, TEXT_SIZE = 512 };

static uint64_t now(void)
{
#if defined(__x86_64__)
    unsigned core;

    return __rdtscp(&core);
#else
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
#endif
}

static uint64_t random_bits(void)
{
    static uint64_t state = 88172645463325252;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

typedef bool (*check_of)(const char *text, size_t len);

typedef struct {
    double time;
    int kind;
} measurement;

static int by_time(const void *one, const void *other)
{
    double a = ((const measurement *)one)->time, b = ((const measurement *)other)->time;

    return (a > b) - (a < b);
}

/* |t| of the fastest `count`. */
static double t_of_fastest(const measurement *sorted, size_t count)
{
    double n[2] = {0, 0}, mean[2] = {0, 0}, squares[2] = {0, 0}, variance;
    size_t i;

    for (i = 0; i < count; i++) {
        int kind = sorted[i].kind;
        double delta = sorted[i].time - mean[kind];
        n[kind]++;
        mean[kind] += delta / n[kind];
        squares[kind] += delta * (sorted[i].time - mean[kind]);
    }
    if (n[0] < 2 || n[1] < 2)
        return 1e9;
    variance = squares[0] / (n[0] - 1) / n[0] + squares[1] / (n[1] - 1) / n[1];
    return variance > 0 ? fabs(mean[0] - mean[1]) / sqrt(variance) : 0;
}

/* From both places, whatever the kind: that one of them lies better in the cache must not show. */
static void take(char text[TEXT_SIZE], char texts[2][TEXT_SIZE], int kind)
{
    size_t i;

    for (i = 0; i < TEXT_SIZE; i++)
        text[i] = (char)(texts[0][i] ^ ((texts[0][i] ^ texts[1][i]) & -kind));
}

static bool let_in;

static double attempt(check_of check_it, char texts[2][TEXT_SIZE], size_t len)
{
    static measurement measurements[TIMES];
    static const double KEPT[] = {1, 0.99, 0.95, 0.9, 0.75, 0.5};
    static char text[TEXT_SIZE];
    double most = 0;
    size_t i;

    for (i = 0; i < TIMES; i++) {
        int kind = random_bits() >> 63;
        uint64_t start;
        take(text, texts, kind);
        start = now();
        let_in |= check_it(text, len);
        measurements[i].time = (double)(now() - start);
        measurements[i].kind = kind;
    }
    qsort(measurements, TIMES, sizeof measurements[0], by_time);
    for (i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++)
        most = fmax(most, t_of_fastest(measurements, (size_t)(TIMES * KEPT[i])));
    return most;
}

static int comparisons, controls_made;
static double greatest_of_checks = 0, least_of_controls = 1e9;

static void compare(const char *name, check_of check_it, char texts[2][TEXT_SIZE], size_t len, bool shows)
{
    double least = 1e9;
    int i;

    for (i = 0; i < ATTEMPTS && (least >= ALARM || shows); i++)
        least = fmin(least, attempt(check_it, texts, len));
    check(!let_in, "%s what is wrong is refused", name);
    check((least > ALARM) == shows, "%s |t| = %.1f", name, least);
    printf("%s |t| = %.1f\n", name, least);
    if (shows) {
        controls_made++;
        least_of_controls = fmin(least_of_controls, least);
    } else {
        comparisons++;
        greatest_of_checks = fmax(greatest_of_checks, least);
    }
}

/* Another character of its class: the next one. */
static char another(char right)
{
    if (right == '9')
        return '0';
    if (right == 'F' || right == 'Z')
        return 'A';
    return right == 'f' || right == 'z' ? 'a' : (char)(right + 1);
}

/* `text` is right where its characters from `first` to `last` are right. */
static void compare_places(const char *name, check_of check_it, const char *text, size_t first, size_t last, bool shows)
{
    char texts[2][TEXT_SIZE] = {{0}}, what[128];
    size_t len = strlen(text), at;

    strcpy(texts[0], text);
    strcpy(texts[1], text);
    texts[0][first] = another(text[first]);
    texts[1][last] = another(text[last]);
    snprintf(what, sizeof what, "%s, wrong in the first or the last character:", name);
    compare(what, check_it, texts, len, shows);

    for (at = first; at <= last && isalnum((unsigned char)text[at]); at++)
        texts[0][at] = another(text[at]);
    snprintf(what, sizeof what, "%s, all wrong or right but for the last:", name);
    compare(what, check_it, texts, len, shows);
}

/* ---- the checks: of each the first call in tests/vectors that presents a right signature ---- */

static const prototype *checked;
static call presented;
static int place;

static bool verifies(const char *text, size_t len)
{
    static char record[RECORD_SIZE];
    call c = presented;

    c.strings[place].at = (char *)text;
    c.strings[place].len = len;
    c.record = record;
    checked->make(&c);
    return checked->result == 'b' ? c.number != 0 : c.number >= 0;
}

/* Another character makes a wrong signature of it, and nothing else. */
static bool is_of_a_signature(char *text, size_t len, size_t at)
{
    static char record[RECORD_SIZE];
    char right = text[at];
    call c = presented;

    if (!isalnum((unsigned char)right))
        return strchr("+/-_", right) != NULL;
    text[at] = another(right);
    c.strings[place].at = text;
    c.strings[place].len = len;
    c.record = record;
    checked->make(&c);
    text[at] = right;
    return checked->result == 'b' ? c.number == 0 : c.number == APISIG_MISMATCH;
}

/* Where the last such run lies that is as long as a signature, without the character of base64 that has unused bits. */
static bool find_signature(char *text, size_t len, size_t *first, size_t *last)
{
    size_t at, start = 0;
    bool found = false;

    for (at = 0; at <= len; at++) {
        if (at < len && is_of_a_signature(text, len, at))
            continue;
        if (at - start >= 40) {
            found = true;
            *first = start;
            for (*last = at - (at - start == 43 ? 2 : 1); !isalnum((unsigned char)text[*last]);)
                --*last;
            while (!isalnum((unsigned char)text[*first]))
                ++*first;
        }
        start = at + 1;
    }
    return found;
}

static bool is_done[FUNCTION_COUNT];

static void compare_check(row *r)
{
    char text[TEXT_SIZE] = {0};
    size_t first = 0, last = 0;
    bool is_check = takes(r->function, 'h') && (is_verification(r->function) || strncmp(r->function->verb, "check", 5) == 0);

    checked = r->function;
    presented = r->given;
    for (place = 0; is_check && !is_done[checked - FUNCTIONS] && place < STRINGS_MAX; place++) {
        string s = presented.strings[place];
        if (s.at == NULL || s.len >= TEXT_SIZE || !verifies(s.at, s.len))
            continue;
        memcpy(text, s.at, s.len);
        if (find_signature(text, s.len, &first, &last)) {
            is_done[checked - FUNCTIONS] = true;
            compare_places(checked->name, verifies, text, first, last, false);
        }
    }
}

/* Passwords are shorter than signatures. */
#define PASSWORD "0123456789abcdef"

static bool password(const char *text, size_t len)
{
    return apisig_imbachat_verify_login(L("login"), L(PASSWORD), L("login"), text, len);
}

static bool login(const char *text, size_t len)
{
    return apisig_imbachat_verify_login(text, len, L(PASSWORD), L("login"), L(PASSWORD));
}

/* The first half is the login, the other the password. */
static bool either(const char *text, size_t len)
{
    size_t half = len / 2;

    return apisig_imbachat_verify_login(L(PASSWORD), L(PASSWORD), text, half, text + half, len - half);
}

static void checks(void)
{
    size_t i;

    for_each_row(compare_check);
    for (i = 0; i < FUNCTION_COUNT; i++)
        check(is_done[i] || !is_verification(&FUNCTIONS[i]) || !takes(&FUNCTIONS[i], 'h'), "%s is compared", FUNCTIONS[i].name);
    compare_places("a password", password, PASSWORD, 0, 15, false);
    compare_places("a login", login, "login", 0, 4, false);
    compare_places("a login or a password", either, PASSWORD PASSWORD, 0, 31, false);
}

/* ---- the controls ---- */

static char expected[TEXT_SIZE];

/* Of fewer bytes memcmp() takes all at once. */
static bool by_memcmp(const char *text, size_t len)
{
    return memcmp(text, expected, len) == 0;
}

static bool by_loop(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (text[i] != expected[i])
            return false;
    return true;
}

static void controls(void)
{
    memset(expected, 'x', TEXT_SIZE - 1);
    compare_places("control, memcmp of 511 bytes", by_memcmp, expected, 0, TEXT_SIZE - 2, true);
    expected[32] = '\0';
    compare_places("control, a loop over 32 bytes", by_loop, expected, 0, 31, true);
}

int main(void)
{
    checks();
    controls();
    printf("figure: %d comparisons of time, greatest |t| %.1f; %d controls, least |t| %.1f\n", comparisons,
           greatest_of_checks, controls_made, least_of_controls);
    return report();
}

/* What a call leaves behind on its stack and in registers: never the secret, the state that a handle keeps of it, or the MAC that was expected.
   The first call of each function in tests/vectors is made with a secret that looks like nothing else, and each check that succeeds with a wrong
   signature. A control that wipes nothing must be found out. */
#define _GNU_SOURCE 1
#include "calls.h"
#include "stack.h"
#include <malloc.h>

/* Bytes that look like nothing else. */
static char secret[1000];
static size_t secret_len;

static const vendor *maker;
static void *handle;
static char out[OUT_SIZE], record[RECORD_SIZE];
static const prototype *called;
static call given;

/* What differs between handles of two secrets: the state of the key. One for each vendor. */
static char states[VENDOR_COUNT][2048];
static size_t state_lens[VENDOR_COUNT];
static void *handles[VENDOR_COUNT];

static void make_the_call(void)
{
    called->make(&given);
    save_registers();
}

/* The call of a row into what is ours. */
static void prepare(const prototype *function, call c)
{
    called = function;
    given = c;
    given.out = out;
    given.out_size = sizeof out;
    given.record = record;
}

static void leaves_nothing(const row *r)
{
    size_t i = (size_t)(vendor_of(r->function->vendor) - ALL_VENDORS);

    prepare(r->function, call_with(r, handles[i], secret, secret_len));
    /* The dynamic linker binds the function: what it saves of the registers is this test's. */
    make_the_call();
    run(make_the_call);
    check(!is_left(secret, secret_len), "%s leaves the secret", r->function->name);
    check(!is_left(states[i], state_lens[i]), "%s leaves the key's state", r->function->name);
}

static int digit(char letter)
{
    const char *digits = "0123456789abcdef", *at = strchr(digits, letter | 32);

    return letter != '\0' && at != NULL ? (int)(at - digits) : -1;
}

/* How many digits of hex there are at the end of a string: a signature of 40 or 64, or 0. */
static size_t signature_of(string text)
{
    size_t len = 0;

    while (len < text.len && digit(text.at[text.len - 1 - len]) >= 0)
        len++;
    return len == 40 || len == 64 ? len : 0;
}

/* A check that succeeds: with another last digit, the right signature is nowhere. */
static void keeps_the_right_one(const row *r)
{
    unsigned char expected[32];
    char text[64];
    size_t len, i;
    string *last = NULL;
    call c = r->given;

    for (i = 0; i < STRINGS_MAX && c.strings[i].at != NULL; i++)
        last = &c.strings[i];
    len = last == NULL ? 0 : signature_of(*last);
    if (r->function->result != 'b' || r->expected.at[0] != '0' || c.handle == NULL || len == 0)
        return;
    memcpy(text, last->at + last->len - len, len);
    for (i = 0; i < len / 2; i++)
        expected[i] = (unsigned char)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    last->at[last->len - 1] = text[len - 1] == '0' ? '1' : '0';
    prepare(r->function, c);
    run(make_the_call);
    last->at[last->len - 1] = text[len - 1];
    check(given.number == 0, "%s refuses", r->function->name);
    check(!is_left(expected, len / 2), "%s leaves the expected MAC", r->function->name);
    check(!is_left(text, len), "%s leaves the expected MAC in hex", r->function->name);
}

static void make_one(void)
{
    handle = maker->make(secret, secret_len, NULL);
    save_registers();
}
static bool added;
static void add_one(void)
{
    added = maker->add(handle, secret, secret_len, NULL);
    save_registers();
}
static void make_another(void)
{
    char other[sizeof secret];
    size_t i;

    for (i = 0; i < sizeof other; i++)
        other[i] = (char)~secret[i];
    handle = maker->make(other, secret_len, NULL);
}

static void make_handle(size_t i)
{
    size_t size, at;
    void *other;

    maker = &ALL_VENDORS[i];
    make_another();
    other = handle;
    run(make_one);
    check(!is_left(secret, secret_len), "%s_new leaves the secret", maker->name);
    handles[i] = handle;
    size = malloc_usable_size(handle);
    state_lens[i] = 0;
    for (at = 0; at < size && state_lens[i] < sizeof states[i]; at++)
        if (((char *)handle)[at] != ((char *)other)[at])
            states[i][state_lens[i]++] = ((char *)handle)[at];
    check(state_lens[i] >= 32, "%s: the state of the key, %zu bytes", maker->name, state_lens[i]);
    check(!is_left(states[i], state_lens[i]), "%s_new leaves the key's state", maker->name);
    run(add_one);
    check(added && !is_left(secret, secret_len) && !is_left(states[i], state_lens[i]), "%s_add_secret leaves nothing", maker->name);
    maker->free(other);
}

/* The dynamic linker saves registers on the stack when it binds a function, at its first call. A secret of 40 bytes is copied
   through two registers of 32. */
static void make_one_and_bind(void)
{
    make_one();
    switch (maker - ALL_VENDORS) {
    case 0: (void)getppid(); break;
    case 1: (void)getuid(); break;
    case 2: (void)geteuid(); break;
    case 3: (void)getgid(); break;
    case 4: (void)getegid(); break;
    case 5: (void)getpgrp(); break;
    case 6: (void)getpagesize(); break;
    default: check(false, "%s needs a function that nothing has called", maker->name);
    }
}

static void bound_functions(void)
{
    size_t i;

    secret_len = 40;
    for (i = 0; i < VENDOR_COUNT; i++) {
        maker = &ALL_VENDORS[i];
        run(make_one_and_bind);
        check(!is_left(secret, secret_len), "%s_new and the next function leave the secret", maker->name);
        maker->free(handle);
    }
}

static void with_a_secret_of(size_t len)
{
    size_t i;

    secret_len = len;
    for (i = 0; i < VENDOR_COUNT; i++)
        make_handle(i);
    for (i = 0; i < ROW_COUNT; i++)
        if (vendor_of(ROWS[i].function->vendor) != NULL)
            leaves_nothing(&ROWS[i]);
    for (i = 0; i < VENDOR_COUNT; i++)
        ALL_VENDORS[i].free(handles[i]);
}

static void control(void)
{
    volatile char copy[64];
    size_t i;

    for (i = 0; i < sizeof copy; i++)
        copy[i] = secret[i];
}

/* As the C library copies: through a register that nothing uses next. */
static void control_of_registers(void)
{
#if defined __x86_64__
    __asm__ volatile("movups %0, %%xmm5" ::"m"(*(const char(*)[16])secret) : "xmm5");
#elif defined __aarch64__
    __asm__ volatile("ldr q29, %0" ::"Q"(*(const char(*)[16])secret) : "v29");
#endif
    save_registers();
}

int main(void)
{
    size_t i;

    srand(1);
    for (i = 0; i < sizeof secret; i++)
        secret[i] = (char)(128 + rand() % 128); /* none is a control character */
    run(control);
    check(is_left(secret, 61), "the control is found");
    run(control_of_registers);
    check(!is_in(stack, sizeof stack, secret, 61) && is_left(secret, 61), "the control in a register is found");
    bound_functions();
    make_rows();
    for (i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].line != NULL)
            keeps_the_right_one(&ROWS[i]);
    with_a_secret_of(61);
    with_a_secret_of(sizeof secret); /* longer than a block: hashed first */
    free_rows();
    return report();
}

/* Calls every function, as tests/vectors do but with a secret that comes through standard input, and waits for somebody to take a dump of its memory:
   when a handle is new, when all handles have been used, when they are freed. What the registers hold after each call goes
   to a file. Usage: secrets REGISTERS [keep: the program's own copy of the secret is not overwritten] */
#include "../c/calls.h"
#include "../c/registers.h"
#include <malloc.h>

static char secret[4096];
static size_t secret_len;

static FILE *registers_file;
static volatile bool kept;
static bool keeps_its_copy;

static void keep_registers(void)
{
    fwrite(registers, sizeof registers, 1, registers_file);
    memset(registers, 0, sizeof registers);
}

/* The row's call with the secret in the place of its own; what comes back does not matter. */
static void call_with_the_secret(const row *r, void *const *handles, char *out)
{
    char record[RECORD_SIZE];
    const vendor *v = vendor_of(r->function->vendor);
    call c = call_with(r, v == NULL ? NULL : handles[v - ALL_VENDORS], secret, secret_len);

    c.out = out;
    c.out_size = OUT_SIZE;
    c.record = record;
    /* Nothing stands between a call and the registers behind it. */
    r->function->make(&c);
    save_registers();
    keep_registers();
    kept = c.text != NULL || c.number != 0;
}

static void take_the_secret(void)
{
    uint16_t len = 0;

    printf("secret\n");
    fflush(stdout);
    check(read(0, &len, 2) == 2 && len <= sizeof secret && read(0, secret, len) == len, "the secret");
    secret_len = len;
}

static void wait_for_the_dump(const char *when)
{
    char go_on;

    if (!keeps_its_copy)
        explicit_bzero(secret, sizeof secret);
    printf("%s\n", when);
    fflush(stdout);
    check(read(0, &go_on, 1) == 1, "the dump is taken");
}

/* What is on the stack of the first call is overwritten by later ones. */
static void new_handles(void)
{
    size_t i;

    for (i = 0; i < VENDOR_COUNT; i++) {
        void *handle;
        take_the_secret();
        handle = ALL_VENDORS[i].make(secret, secret_len, NULL);
        printf("%s %p %zu\n", ALL_VENDORS[i].name, handle, malloc_usable_size(handle));
        wait_for_the_dump("new");
        ALL_VENDORS[i].free(handle);
    }
}

static void used_handles(void)
{
    void *handles[VENDOR_COUNT];
    size_t i;

    take_the_secret();
    for (i = 0; i < VENDOR_COUNT; i++) {
        void *another;
        handles[i] = ALL_VENDORS[i].make(secret, secret_len, NULL);
        save_registers();
        keep_registers();
        check(handles[i] != NULL && ALL_VENDORS[i].add(handles[i], L("old secret"), NULL), "a handle");
        another = ALL_VENDORS[i].make(secret, secret_len, NULL);
        kept = ALL_VENDORS[i].add(another, secret, secret_len, NULL);
        save_registers();
        keep_registers();
        ALL_VENDORS[i].free(another);
        save_registers();
        keep_registers();
    }
    for (i = 0; i < ROW_COUNT; i++) {
        char out[OUT_SIZE];
        call_with_the_secret(&ROWS[i], handles, out);
        explicit_bzero(out, sizeof out);
    }
    for (i = 0; i < VENDOR_COUNT; i++)
        printf("%s %p %zu\n", ALL_VENDORS[i].name, handles[i], malloc_usable_size(handles[i]));
    wait_for_the_dump("used");
    for (i = 0; i < VENDOR_COUNT; i++)
        ALL_VENDORS[i].free(handles[i]);
    wait_for_the_dump("freed");
}

int main(int argc, char **argv)
{
    registers_file = fopen(argc > 1 ? argv[1] : "/dev/null", "wb");
    if (registers_file == NULL)
        return 1;
    keeps_its_copy = argc > 2;
    setvbuf(registers_file, NULL, _IONBF, 0);
    make_rows();
    new_handles();
    used_handles();
    free_rows();
    return report();
}

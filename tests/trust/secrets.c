/* Calls every function, as tests/vectors do but with a secret that comes through standard input, and waits for somebody to take a dump of its memory:
   when a handle is new, when all handles have been used, when they are freed. What the registers hold after each call goes
   to a file. Usage: secrets REGISTERS [keep: the program's own copy of the secret is not overwritten] */
#include "../c/calls.h"
#include <malloc.h>

static char secret[4096];
static size_t secret_len;

/* The registers, by the processor's own instruction for them: general ones first, then x87, SSE, AVX, AVX-512, AMX. */
enum { GENERAL = 16 * 8, REGISTERS_SIZE = GENERAL + 64 * 1024 };
__attribute__((aligned(64), used)) static unsigned char registers[REGISTERS_SIZE];
static FILE *registers_file;
static volatile bool kept;
static bool keeps_its_copy;

void save_registers(void);
#if defined __x86_64__
__asm__(".text\n"
        "save_registers:\n"
        "    movq %rax, registers(%rip)\n"
        "    leaq registers(%rip), %rax\n"
        "    movq %rbx, 8(%rax)\n"
        "    movq %rcx, 16(%rax)\n"
        "    movq %rdx, 24(%rax)\n"
        "    movq %rsi, 32(%rax)\n"
        "    movq %rdi, 40(%rax)\n"
        "    movq %rbp, 48(%rax)\n"
        "    movq %r8, 56(%rax)\n"
        "    movq %r9, 64(%rax)\n"
        "    movq %r10, 72(%rax)\n"
        "    movq %r11, 80(%rax)\n"
        "    movq %r12, 88(%rax)\n"
        "    movq %r13, 96(%rax)\n"
        "    movq %r14, 104(%rax)\n"
        "    movq %r15, 112(%rax)\n"
        "    leaq 128(%rax), %rcx\n"
        "    movl $-1, %eax\n"
        "    movl $-1, %edx\n"
        "    xsave64 (%rcx)\n"
        "    ret\n");
#else
void save_registers(void) {}
#endif

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

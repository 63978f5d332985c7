/* Calls every function with a secret that comes through standard input, and waits for somebody to take a dump of its memory:
   when a handle is new, when all handles have been used, when they are freed. What the registers hold after each call goes
   to a file. Usage: secrets REGISTERS [keep: the program's own copy of the secret is not overwritten] */
#include <stddef.h>

static char secret[4096];
static size_t secret_len;
#define SECRET secret, secret_len
#include "calls.h"
#include <malloc.h>

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

/* Each call by itself, since whatever compares its answer would use registers too. */
static void look_into_registers(void)
{
    char out[OUT_SIZE];
    size_t size = sizeof out;
    int32_t why = 0;
    int64_t number = 0;

#define AFTER_TEXT(function, expected, arguments) AFTER(function arguments != 0)
#define AFTER_ANSWER(function, ...) AFTER(__VA_ARGS__)
#define AFTER(call)                                                                                           \
    kept = call;                                                                                              \
    save_registers();                                                                                         \
    keep_registers();
    KNOWN_TEXTS(AFTER_TEXT)
    TEXTS(AFTER_TEXT)
    EXPLANATIONS(AFTER_TEXT)
    DIAGNOSES(AFTER_ANSWER)
    ANSWERS(AFTER_ANSWER)
#define AFTER_HANDLE(room)                                                                                    \
    apisig_##room *room##_handle = apisig_##room##_new(SECRET, NULL);                                         \
    save_registers();                                                                                         \
    keep_registers();                                                                                         \
    AFTER(apisig_##room##_add_secret(room##_handle, SECRET, NULL))                                            \
    apisig_##room##_free(room##_handle);                                                                      \
    save_registers();                                                                                         \
    keep_registers();
    HANDLES(AFTER_HANDLE)
    (void)why, (void)number;
    explicit_bzero(out, sizeof out);
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
#define IS_NEW(room)                                                                                          \
    take_the_secret();                                                                                        \
    room = apisig_##room##_new(SECRET, NULL);                                                                 \
    printf(#room " %p %zu\n", (void *)room, malloc_usable_size(room));                                        \
    wait_for_the_dump("new");                                                                                 \
    apisig_##room##_free(room);
    HANDLES(IS_NEW)
}

static void used_handles(void)
{
    size_t i;

    take_the_secret();
    check(make_handles() == HANDLE_COUNT, "the handles");
    look_into_registers();
    for (i = 0; i < ROW_COUNT; i++) {
        char out[OUT_SIZE];
        kept = ROWS[i].right(out, sizeof out);
        explicit_bzero(out, sizeof out);
    }
#define PLACE(room) printf(#room " %p %zu\n", (void *)room, malloc_usable_size(room));
    HANDLES(PLACE)
    wait_for_the_dump("used");
    free_handles();
    wait_for_the_dump("freed");
}

int main(int argc, char **argv)
{
    registers_file = fopen(argc > 1 ? argv[1] : "/dev/null", "wb");
    if (registers_file == NULL)
        return 1;
    keeps_its_copy = argc > 2;
    setvbuf(registers_file, NULL, _IONBF, 0);
    new_handles();
    used_handles();
    return report();
}

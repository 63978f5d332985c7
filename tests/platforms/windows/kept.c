/* The registers that a caller owns on Windows and nowhere else on x86-64, xmm6 to xmm15: each function has to leave them as they are, and
   the library wipes all registers that are not. Usage: kept.exe */
#include "../../c/calls.h"

enum { FIRST = 6, COUNT = 10 };
unsigned char before[COUNT][16], after[COUNT][16], callers[COUNT][16];
void (*called)(call *);
call given;
void with_owned_registers(void);

#define EACH(one) one(6, 0) one(7, 16) one(8, 32) one(9, 48) one(10, 64) one(11, 80) one(12, 96) one(13, 112) one(14, 128) one(15, 144)
#define SAVE(n, at) "    movups %xmm" #n ", " #at "(%rax)\n"
#define LOAD(n, at) "    movups " #at "(%rax), %xmm" #n "\n"
/* Fills them with `before`, makes the call, and writes them to `after`. */
__asm__(".text\n"
        ".globl with_owned_registers\n"
        "with_owned_registers:\n"
        "    subq $40, %rsp\n"
        "    leaq callers(%rip), %rax\n" EACH(SAVE)
        "    leaq before(%rip), %rax\n" EACH(LOAD)
        "    leaq given(%rip), %rcx\n"
        "    movq called(%rip), %rax\n"
        "    call *%rax\n"
        "    leaq after(%rip), %rax\n" EACH(SAVE)
        "    leaq callers(%rip), %rax\n" EACH(LOAD)
        "    addq $40, %rsp\n"
        "    ret\n");

static char out[OUT_SIZE], record[RECORD_SIZE];

static void keeps_them(const row *r)
{
    called = r->function->make;
    given = r->given;
    given.out = out;
    given.out_size = sizeof out;
    given.record = record;
    with_owned_registers();
    check(memcmp(before, after, sizeof before) == 0, "%s keeps its caller's registers", r->function->name);
}

/* As a careless function does. */
static void destroys_one(call *c)
{
    (void)c;
    __asm__ volatile("xorps %xmm11, %xmm11");
}

int main(void)
{
    size_t i;

    for (i = 0; i < sizeof before; i++)
        before[i / 16][i % 16] = (unsigned char)(i + 1);
    called = destroys_one;
    with_owned_registers();
    check(memcmp(before, after, sizeof before) != 0, "the control is found");
    make_rows();
    for (i = 0; i < ROW_COUNT; i++)
        keeps_them(&ROWS[i]);
    free_rows();
    return report();
}

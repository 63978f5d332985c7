/* The registers behind a call, as the next instruction finds them: save_registers() writes them to `registers`. The general ones come
   first, then those of vectors; on x86-64 by the processor's own instruction for all it has, from x87 to AMX. clear_registers() clears
   those that a caller does not expect to be kept. */
#ifndef REGISTERS_H
#define REGISTERS_H

enum { GENERAL = 32 * 8, REGISTERS_SIZE = GENERAL + 64 * 1024 };

extern unsigned char registers[REGISTERS_SIZE];
void save_registers(void);
void clear_registers(void);

__asm__(".bss\n.balign 64\n.globl registers\nregisters: .zero 65792\n.text\n.globl save_registers, clear_registers\n");
#if defined __x86_64__
#define GENERAL_ONE(name, at) "    movq %" #name ", " #at "(%rax)\n"
__asm__("save_registers:\n"
        "    movq %rax, registers(%rip)\n"
        "    leaq registers(%rip), %rax\n"
        GENERAL_ONE(rbx, 8) GENERAL_ONE(rcx, 16) GENERAL_ONE(rdx, 24) GENERAL_ONE(rsi, 32) GENERAL_ONE(rdi, 40)
        GENERAL_ONE(rbp, 48) GENERAL_ONE(r8, 56) GENERAL_ONE(r9, 64) GENERAL_ONE(r10, 72) GENERAL_ONE(r11, 80)
        GENERAL_ONE(r12, 88) GENERAL_ONE(r13, 96) GENERAL_ONE(r14, 104) GENERAL_ONE(r15, 112)
        "    leaq 256(%rax), %rcx\n"
        "    movl $-1, %eax\n"
        "    movl $-1, %edx\n"
        "    xsave64 (%rcx)\n"
        "    ret\n"
        /* Of an area that says that SSE, AVX and AVX-512 have nothing in them, but for MXCSR. */
        "clear_registers:\n"
        "    xorl %ecx, %ecx\n    xorl %esi, %esi\n    xorl %edi, %edi\n"
        "    xorl %r8d, %r8d\n    xorl %r9d, %r9d\n    xorl %r10d, %r10d\n    xorl %r11d, %r11d\n"
        "    movl $0xe6, %eax\n    xorl %edx, %edx\n"
        "    xrstor64 empty(%rip)\n"
        "    xorl %eax, %eax\n    ret\n"
        ".section .rodata\n.balign 64\nempty: .zero 24\n.long 0x1f80\n.zero 4096\n.text\n");
#elif defined __aarch64__
#define PAIR(a, b, at) "    stp " #a ", " #b ", [x16, #" #at "]\n"
/* x16 and x17 belong to the linker between a call and its function: they are not looked at. */
__asm__("save_registers:\n"
        "    adrp x16, registers\n"
        "    add x16, x16, :lo12:registers\n"
        PAIR(x0, x1, 0) PAIR(x2, x3, 16) PAIR(x4, x5, 32) PAIR(x6, x7, 48) PAIR(x8, x9, 64) PAIR(x10, x11, 80)
        PAIR(x12, x13, 96) PAIR(x14, x15, 112) PAIR(x18, x19, 128) PAIR(x20, x21, 144) PAIR(x22, x23, 160)
        PAIR(x24, x25, 176) PAIR(x26, x27, 192) PAIR(x28, x29, 208)
        "    add x16, x16, #256\n"
        PAIR(q0, q1, 0) PAIR(q2, q3, 32) PAIR(q4, q5, 64) PAIR(q6, q7, 96) PAIR(q8, q9, 128) PAIR(q10, q11, 160)
        PAIR(q12, q13, 192) PAIR(q14, q15, 224) PAIR(q16, q17, 256) PAIR(q18, q19, 288) PAIR(q20, q21, 320)
        PAIR(q22, q23, 352) PAIR(q24, q25, 384) PAIR(q26, q27, 416) PAIR(q28, q29, 448) PAIR(q30, q31, 480)
        "    ret\n"
        "clear_registers:\n"
        "    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17\n    mov x\\n, xzr\n    .endr\n"
        "    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n    movi v\\n\\().2d, #0\n    .endr\n"
        "    .irp n, 8, 9, 10, 11, 12, 13, 14, 15\n    mov v\\n\\().8b, v\\n\\().8b\n    .endr\n"
        "    ret\n");
#else
#error the registers of this processor are not known here
#endif

#endif

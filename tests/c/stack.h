/* What a call leaves behind: it runs on a painted stack of 64 KiB, which is then searched, and so are the registers if it saved them.
   For memmem(), define _GNU_SOURCE before all includes. */
#ifndef STACK_H
#define STACK_H

#include "registers.h"
#include <stdbool.h>
#include <string.h>
#include <ucontext.h>

enum { STACK_SIZE = 65536, PAINT = 0xa5, WINDOW = 8 };

static unsigned char stack[STACK_SIZE];
static ucontext_t caller, callee;
static void (*called_function)(void);

static inline void call_it(void)
{
    clear_registers();
    called_function();
}

static inline void run(void (*call)(void))
{
    memset(stack, PAINT, sizeof stack);
    memset(registers, 0, sizeof registers);
    getcontext(&callee);
    callee.uc_stack.ss_sp = stack;
    callee.uc_stack.ss_size = sizeof stack;
    callee.uc_link = &caller;
    called_function = call;
    makecontext(&callee, call_it, 0);
    swapcontext(&caller, &callee);
}

/* Whether any eight bytes of `needle` lie there. */
static inline bool is_in(const unsigned char *place, size_t size, const void *needle, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)needle;
    size_t from;

    for (from = 0; from + WINDOW <= len; from += 4)
        if (memchr(bytes + from, 0, WINDOW) == NULL && memmem(place, size, bytes + from, WINDOW) != NULL)
            return true;
    return false;
}

static inline bool is_left(const void *needle, size_t len)
{
    /* The vector registers of a processor of today are within the first 4 KiB. */
    return is_in(stack, sizeof stack, needle, len) || is_in(registers, 4096, needle, len);
}

#endif

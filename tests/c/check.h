/* What the C tests share: counted checks, and strings that end where reading on is a crash. C99 and C++11. */
#ifndef CHECK_H
#define CHECK_H

#include "apisig.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A literal as the two arguments that a string is. */
#define L(literal) literal, sizeof literal - 1

static int passed, failed;

/* Counts one check; a failed one is printed with what it was about. */
static void check(bool is_right, const char *format, ...)
{
    va_list arguments;

    if (is_right) {
        passed++;
        return;
    }
    failed++;
    printf("not so: ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

static int report(void)
{
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}

typedef struct {
    char *at;
    size_t len;
} string;

/* A copy of `len` bytes that ends at an unreadable page. unguard() frees it; most tests never do. */
static inline string guarded(const char *bytes, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (len / page + 1) * page;
    char *pages = (char *)mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    string copy;

    if (pages == MAP_FAILED || mprotect(pages + size, page, PROT_NONE) != 0) {
        perror("mmap");
        exit(1);
    }
    copy.at = pages + size - len;
    copy.len = len;
    if (len > 0)
        memcpy(copy.at, bytes, len);
    return copy;
}

static inline void unguard(string copy)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (copy.len / page + 1) * page;

    munmap(copy.at + copy.len - size, size + page);
}

#endif

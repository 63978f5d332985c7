/* What newer compilers call where ThreadSanitizer's runtime is older: the functions of the C library, which it watches. */
#include <string.h>

void *__tsan_memcpy(void *to, const void *from, size_t len);
void *__tsan_memmove(void *to, const void *from, size_t len);
void *__tsan_memset(void *at, int byte, size_t len);

#define WEAK __attribute__((weak))
WEAK void *__tsan_memcpy(void *to, const void *from, size_t len) { return memcpy(to, from, len); }
WEAK void *__tsan_memmove(void *to, const void *from, size_t len) { return memmove(to, from, len); }
WEAK void *__tsan_memset(void *at, int byte, size_t len) { return memset(at, byte, len); }

/* Loads the library at run time and signs with it: usage: load LIBRARY. Also compiled against another C library. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    void *library = dlopen(argc > 1 ? argv[1] : "libapisig.so.0", RTLD_NOW);
    void *(*make)(const char *, size_t, int32_t *);
    ptrdiff_t (*sign)(const void *, const char *, size_t, char *, size_t);
    char out[45];

    if (library == NULL) {
        printf("%s\n", dlerror());
        return 1;
    }
    *(void **)&make = dlsym(library, "apisig_kayako_new");
    *(void **)&sign = dlsym(library, "apisig_kayako_sign");
    sign(make("secretkey", 9, NULL), "1234567890", 10, out, sizeof out);
    printf("%s\n", out);
    return strcmp(out, "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=") != 0;
}

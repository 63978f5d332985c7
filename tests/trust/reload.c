/* Loads the library, uses it and closes it 10,000 times, which it survives, as it is linked to stay: the process does not grow.
   Usage: reload LIBRARY */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { TIMES = 10000, WARM_UP = 100, GROWTH_MAX = 64 };

/* Resident memory that is no file's, in KiB, as the kernel counts it page by page. */
static long resident(void)
{
    FILE *rollup = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    long kib = -1;

    while (rollup != NULL && fgets(line, sizeof line, rollup) != NULL)
        sscanf(line, "Anonymous: %ld", &kib);
    if (rollup != NULL)
        fclose(rollup);
    return kib;
}

static int signs(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL), *kayako;
    void *(*make)(const char *, size_t, int32_t *);
    const char *(*sign)(const void *, const char *, size_t, char *, size_t);
    void (*release)(void *);
    char out[45] = "";

    if (library == NULL)
        return 0;
    *(void **)&make = dlsym(library, "apisig_kayako_new");
    *(void **)&sign = dlsym(library, "apisig_kayako_sign");
    *(void **)&release = dlsym(library, "apisig_kayako_free");
    kayako = make("secretkey", 9, NULL);
    sign(kayako, "1234567890", 10, out, sizeof out);
    release(kayako);
    return dlclose(library) == 0 && strcmp(out, "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=") == 0;
}

int main(int argc, char **argv)
{
    long before = 0, grown;
    int i, failed, wrong = 0;

    for (i = 0; i < WARM_UP + TIMES; i++) {
        if (i == WARM_UP)
            before = resident();
        wrong += argc < 2 || !signs(argv[1]);
    }
    grown = resident() - before;
    printf("figure: loaded and closed %d times, %d wrong, %ld KiB more\n", TIMES, wrong, grown);
    failed = (wrong != 0) + (before <= 0 || grown > GROWTH_MAX);
    printf("%d passed, %d failed\n", 2 - failed, failed);
    return failed > 0;
}

/* Every allocation made to fail in turn, and every call of the heap counted: none outside of _new and _free. Linked with
   the static library and -Wl,--wrap for malloc, calloc, realloc and free. */
#include "calls.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);

/* Calls since the last reset, and the number of the allocation that fails; -1: none. Volatile: compilers
   take it for granted that malloc() changes nothing of the program's own. */
static volatile int allocations, frees, failing = -1;

static bool fails(void) { return allocations++ == failing; }

void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return fails() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *at, size_t size) { return fails() ? NULL : __real_realloc(at, size); }

void __wrap_free(void *at)
{
    frees++;
    __real_free(at);
}

static void reset(int which)
{
    allocations = frees = 0;
    failing = which;
}

/* A whole life of all rooms, as often as it has allocations, with another one failing each time. */
static int lives(void)
{
    char out[OUT_SIZE];
    int which = 0, asked;

    do {
        int refused = 0;
        size_t i, wrong = 0;
        reset(which);
#define MAKE_OR_REFUSE(room)                                                                                  \
    {                                                                                                         \
        int32_t why = 99;                                                                                     \
        room = apisig_##room##_new(SECRET, &why);                                                          \
        refused += room == NULL && why == APISIG_MEMORY;                                                      \
        check(room != NULL ? why == 0 : why == APISIG_MEMORY, #room "_new without memory: %d", why);          \
        why = 99;                                                                                             \
        check(apisig_##room##_add_secret(room, L("old"), &why) == (room != NULL)                              \
                  && why == (room != NULL ? 0 : APISIG_ARGUMENT), #room "_add_secret: %d", why);              \
    }
        HANDLES(MAKE_OR_REFUSE)
        asked = allocations;
        for (i = 0; i < ROW_COUNT; i++)
            wrong += !ROWS[i].right(out, sizeof out);
        check(refused == (which < asked), "allocation %d fails: %d refused", which, refused);
        check((wrong > 0) == (refused > 0), "allocation %d fails: %zu answers are wrong", which, wrong);
        check(allocations == asked && frees == 0, "%d allocations outside of _new, %d frees", allocations - asked, frees);
        free_handles();
        check(frees == asked - refused, "what was allocated is freed");
    } while (which++ < asked);
    return which - 1;
}

int main(void)
{
    char out[OUT_SIZE];
    size_t i;
    int failed_in_turn = lives();
    void *at;

    reset(-1);
    at = malloc(1);
    free(at);
    check(allocations == 1 && frees == 1, "the heap is watched");
    reset(0);
    check(apisig_kommo_new(SECRET, NULL) == NULL, "a NULL why without memory");
    reset(-1);
    check(make_handles() == HANDLE_COUNT, "the handles");
    for (i = 0; i < ROW_COUNT; i++) {
        bool is_right;
        reset(-1);
        is_right = ROWS[i].right(out, sizeof out);
        check(is_right && allocations == 0 && frees == 0, "%s: %d allocations, %d frees", ROWS[i].function, allocations, frees);
    }
    reset(-1);
    check(apisig_kommo_new(NULL, 0, NULL) == NULL && allocations == frees, "a refused secret leaves nothing");
    free_handles();
    printf("figure: %d allocations made to fail in turn; none in %zu functions\n", failed_in_turn, ROW_COUNT);
    return report();
}

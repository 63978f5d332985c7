/* Every allocation made to fail in turn, and every call of the heap counted: none outside of _new and _free. Linked with
   the static library and -Wl,--wrap for malloc, calloc, realloc and free. */
#include "../c/calls.h"

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

static void calls_no_heap(row *r)
{
    char out[OUT_SIZE];
    bool is_right;

    reset(-1);
    is_right = right(r, out, sizeof out);
    check(is_right && allocations == 0 && frees == 0, "%s: %d allocations, %d frees", r->function->name, allocations, frees);
}

/* A whole life of a handle, as often as it has allocations, with another one failing each time. */
static int lives_of(const vendor *v)
{
    int which = 0, asked;

    do {
        int32_t why = 99;
        void *handle;
        reset(which);
        handle = v->make(L("secret"), &why);
        asked = allocations;
        check(handle != NULL ? why == 0 : why == APISIG_MEMORY, "%s without memory: %d", v->name, why);
        check((handle == NULL) == (which < asked), "%s: allocation %d fails", v->name, which);
        check(v->add(handle, L("old"), &why) == (handle != NULL) && why == (handle != NULL ? 0 : APISIG_ARGUMENT_HANDLE),
              "%s, another secret: %d", v->name, why);
        check(allocations == asked && frees == 0, "%s: %d allocations outside of _new, %d frees", v->name,
              allocations - asked, frees);
        v->free(handle);
        check(frees == (handle != NULL ? asked : asked - 1), "what was allocated is freed");
    } while (which++ < asked);
    reset(0);
    check(v->make(L("secret"), NULL) == NULL, "%s: a NULL why without memory", v->name);
    reset(-1);
    check(v->make(NULL, 0, NULL) == NULL && allocations == frees, "%s: a refused secret leaves nothing", v->name);
    return which - 1;
}

int main(void)
{
    int failed_in_turn = 0;
    void *at;
    size_t i, calls;

    reset(-1);
    at = malloc(1);
    free(at);
    check(allocations == 1 && frees == 1, "the heap is watched");
    for (i = 0; i < VENDOR_COUNT; i++)
        failed_in_turn += lives_of(&ALL_VENDORS[i]);
    calls = for_each_call(calls_no_heap);
    printf("figure: %d allocations made to fail in turn; none in %zu calls\n", failed_in_turn, calls);
    return report();
}

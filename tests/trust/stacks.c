/* Every call of tests/vectors in a thread with a small stack that ends at an unreadable page. Diagnoses may need more. A
   child process for each, since a function that needs more than it has dies. */
#include "../c/calls.h"
#include <pthread.h>
#include <sys/wait.h>

enum { KIB = 1024, SMALL = 16 * KIB, BIG = 64 * KIB, PAINT = 0xa5 };

/* What the thread calls, and what came of it. */
static bool (*called)(const void *);
static const void *argument;
static bool answer_is_right;

static void *run(void *nothing)
{
    answer_is_right = called(argument);
    return nothing;
}

/* Runs `call` on a stack of `size` bytes, and tells how many of them were written to, or 0 if it died or was wrong. */
static size_t used(bool (*call)(const void *), const void *given, size_t size)
{
    unsigned char *stack = (unsigned char *)mmap(NULL, size + KIB * 4, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    size_t untouched = 0;
    int status = 1;
    pid_t child;

    if (stack == MAP_FAILED || mprotect(stack, KIB * 4, PROT_NONE) != 0)
        return 0;
    memset(stack + KIB * 4, PAINT, size);
    child = fork();
    if (child == 0) {
        pthread_attr_t attributes;
        pthread_t thread;
        called = call;
        argument = given;
        _exit(pthread_attr_init(&attributes) != 0 || pthread_attr_setstack(&attributes, stack + KIB * 4, size) != 0
              || pthread_create(&thread, &attributes, run, NULL) != 0 || pthread_join(thread, NULL) != 0 || !answer_is_right);
    }
    waitpid(child, &status, 0);
    while (untouched < size && stack[KIB * 4 + untouched] == PAINT)
        untouched++;
    munmap(stack, size + KIB * 4);
    return status == 0 ? size - untouched : 0;
}

static bool row_is_right(const void *r)
{
    static char out[OUT_SIZE];

    return right((const row *)r, out, sizeof out);
}

static bool has_a_handle(const void *v)
{
    const vendor *one = (const vendor *)v;
    void *handle = one->make(L("secret"), NULL);
    bool added = handle != NULL && one->add(handle, L("old secret"), NULL);

    one->free(handle);
    return added;
}

/* A function that needs more than it has here: this test must be able to fail. */
static bool greedy(const void *nothing)
{
    volatile char space[SMALL];
    size_t i;

    (void)nothing;
    for (i = 0; i < sizeof space; i += 512)
        space[i] = 1;
    return space[0] == 1;
}

static bool nothing_at_all(const void *nothing) { return nothing == NULL; }

static const char *deepest[2] = {"", ""};
static size_t most[2];

static void on_a_small_stack(row *r)
{
    int kind = is_diagnosis(r->function);
    size_t size = kind ? BIG : SMALL, bytes = used(row_is_right, r, size);

    check(bytes > 0, "%s in %zu KiB of stack", r->function->name, size / KIB);
    if (bytes > most[kind]) {
        most[kind] = bytes;
        deepest[kind] = r->function->name;
    }
}

int main(void)
{
    size_t i, own = used(nothing_at_all, NULL, SMALL);

    check(own > 0, "a thread that does nothing");
    check(used(greedy, NULL, SMALL) == 0, "the control dies");
    for_each_call(on_a_small_stack);
    for (i = 0; i < VENDOR_COUNT; i++)
        check(used(has_a_handle, &ALL_VENDORS[i], SMALL) > 0, "a handle of %s in %d KiB", ALL_VENDORS[i].name, SMALL / KIB);
    printf("figure: in %d KiB of stack; the deepest is %s: %zu bytes, %zu of them the thread's own\n", SMALL / KIB, deepest[0],
           most[0], own);
    printf("figure: diagnoses in %d KiB; the deepest is %s: %zu bytes\n", BIG / KIB, deepest[1], most[1]);
    return report();
}

/* Every function in a thread with a small stack that ends at an unreadable page. Diagnoses may need more. A
   child process each, since the function that needs more than it has dies. */
#include "calls.h"
#include <pthread.h>
#include <sys/wait.h>

enum { KIB = 1024, SMALL = 16 * KIB, BIG = 64 * KIB, PAINT = 0xa5 };

/* What the thread calls, and what came of it. */
static bool (*function)(char *out, size_t size);
static char out[OUT_SIZE];
static bool answer_is_right;

static void *call(void *nothing)
{
    answer_is_right = function(out, sizeof out);
    return nothing;
}

/* Runs `right` on a stack of `size` bytes, and tells how many of them were written to, or 0 if it died or was wrong. */
static size_t used(bool (*right)(char *, size_t), size_t size)
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
        function = right;
        _exit(pthread_attr_init(&attributes) != 0 || pthread_attr_setstack(&attributes, stack + KIB * 4, size) != 0
              || pthread_create(&thread, &attributes, call, NULL) != 0 || pthread_join(thread, NULL) != 0 || !answer_is_right);
    }
    waitpid(child, &status, 0);
    while (untouched < size && stack[KIB * 4 + untouched] == PAINT)
        untouched++;
    munmap(stack, size + KIB * 4);
    return status == 0 ? size - untouched : 0;
}

#define HANDLE_FUNCTION(room)                                                                                 \
    static bool right_handle_of_##room(char *unused, size_t size)                                             \
    {                                                                                                         \
        apisig_##room *handle = apisig_##room##_new(SECRET, NULL);                                         \
        bool added = handle != NULL && apisig_##room##_add_secret(handle, L("old secret"), NULL);             \
        (void)unused, (void)size;                                                                             \
        apisig_##room##_free(handle);                                                                         \
        return added;                                                                                         \
    }
HANDLES(HANDLE_FUNCTION)

/* A function that needs more than it has here: this test must be able to fail. */
static bool greedy(char *at, size_t size)
{
    volatile char room[SMALL];
    size_t i;

    (void)at, (void)size;
    for (i = 0; i < sizeof room; i += 512)
        room[i] = 1;
    return room[0] == 1;
}

static bool nothing_at_all(char *at, size_t size)
{
    (void)at, (void)size;
    return true;
}

int main(void)
{
    const char *deepest[2] = {"", ""};
    size_t most[2] = {0, 0}, i, bytes, own = used(nothing_at_all, SMALL);

    check(make_handles() == HANDLE_COUNT, "the handles");
    check(own > 0, "a thread that does nothing");
    check(used(greedy, SMALL) == 0, "the control dies");
    for (i = 0; i < ROW_COUNT; i++) {
        int kind = ROWS[i].is_diagnosis;
        size_t size = kind ? BIG : SMALL;
        bytes = used(ROWS[i].right, size);
        check(bytes > 0, "%s in %zu KiB of stack", ROWS[i].function, size / KIB);
        if (bytes > most[kind]) {
            most[kind] = bytes;
            deepest[kind] = ROWS[i].function;
        }
    }
#define HANDLE_ROW(room) check(used(right_handle_of_##room, SMALL) > 0, "a handle of " #room " in %d KiB", SMALL / KIB);
    HANDLES(HANDLE_ROW)
    free_handles();
    printf("figure: in %d KiB of stack; the deepest is %s: %zu bytes, %zu of them the thread's own\n", SMALL / KIB, deepest[0],
           most[0], own);
    printf("figure: diagnoses in %d KiB; the deepest is %s: %zu bytes\n", BIG / KIB, deepest[1], most[1]);
    return report();
}

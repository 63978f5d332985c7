/* Eight threads call every function on shared handles, without a lock, while the process forks; each child calls them all
   too. Usage: threads CALLS FORKS */
#include "../c/calls.h"
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

enum { THREADS = 8 };

/* No thread calls anything before all of them are there. */
static pthread_barrier_t all_are_here;

/* What a thread did. */
typedef struct {
    bool is_thread;
    size_t rounds, calls, wrong;
} work;

/* A diagnosis takes as long as thousands of other calls, and so has its turn in every 128th round. */
static void *call_all(void *mine)
{
    work *done = (work *)mine;
    char out[OUT_SIZE];
    size_t round, i;

    if (done->is_thread)
        pthread_barrier_wait(&all_are_here);
    for (round = 0; round < done->rounds; round++)
        for (i = 0; i < ROW_COUNT; i++)
            if (!is_diagnosis(ROWS[i].function) || round % 128 == 0) {
                done->calls++;
                done->wrong += !right(&ROWS[i], out, sizeof out);
                /* ThreadSanitizer forgets an access after some milliseconds: at first, turns change with every call. */
                if (round < 2)
                    sched_yield();
            }
    return NULL;
}

static bool child_is_right(void)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0) {
        work once = {false, 1, 0, 0};
        call_all(&once);
        _exit(once.wrong != 0 || once.calls != ROW_COUNT);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(int argc, char **argv)
{
    size_t calls = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000, forks = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
    work works[THREADS];
    size_t fork_number, row_number, quick = 0, made = 0, wrong = 0;
    pthread_t threads[THREADS];
    int i;

    make_rows();
    check(pthread_barrier_init(&all_are_here, NULL, THREADS) == 0, "the barrier");
    for (row_number = 0; row_number < ROW_COUNT; row_number++)
        quick += !is_diagnosis(ROWS[row_number].function);
    for (i = 0; i < THREADS; i++) {
        memset(&works[i], 0, sizeof works[i]);
        works[i].is_thread = true;
        works[i].rounds = calls / (THREADS * quick) + 1;
        check(pthread_create(&threads[i], NULL, call_all, &works[i]) == 0, "thread %d", i);
    }
    for (fork_number = 0; fork_number < forks; fork_number++)
        check(child_is_right(), "child %zu", fork_number);
    for (i = 0; i < THREADS; i++) {
        check(pthread_join(threads[i], NULL) == 0, "thread %d ends", i);
        check(works[i].wrong == 0, "thread %d got %zu wrong answers", i, works[i].wrong);
        made += works[i].calls;
        wrong += works[i].wrong;
    }
    check(made >= calls, "only %zu calls", made);
    free_rows();
    printf("figure: %zu calls in %d threads, %zu forks, %zu wrong answers\n", made, THREADS, forks, wrong);
    return report();
}

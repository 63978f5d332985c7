/* Eight threads call every function on shared handles, without a lock, while the process forks; each child calls them all
   too. Usage: threads CALLS FORKS */
#include "calls.h"
#include <pthread.h>
#include <sys/wait.h>

enum { THREADS = 8 };

static size_t rounds;

static void *call_all(void *wrong)
{
    char out[OUT_SIZE];
    size_t round, i;

    for (round = 0; round < rounds; round++)
        for (i = 0; i < ROW_COUNT; i++)
            *(size_t *)wrong += !ROWS[i].right(out, sizeof out);
    return NULL;
}

static bool child_is_right(void)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0) {
        size_t wrong = 0;
        rounds = 1;
        call_all(&wrong);
        _exit(wrong != 0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(int argc, char **argv)
{
    size_t calls = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000, forks = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
    size_t wrong[THREADS] = {0}, fork_number, sum = 0;
    pthread_t threads[THREADS];
    int i;

    rounds = calls / (THREADS * ROW_COUNT) + 1;
    check(make_handles() == 5, "the handles");
    for (i = 0; i < THREADS; i++)
        check(pthread_create(&threads[i], NULL, call_all, &wrong[i]) == 0, "thread %d", i);
    for (fork_number = 0; fork_number < forks; fork_number++)
        check(child_is_right(), "child %zu", fork_number);
    for (i = 0; i < THREADS; i++) {
        check(pthread_join(threads[i], NULL) == 0, "thread %d ends", i);
        check(wrong[i] == 0, "thread %d got %zu wrong answers", i, wrong[i]);
        sum += wrong[i];
    }
    free_handles();
    printf("figure: %zu calls in %d threads, %zu forks, %zu wrong answers\n", rounds * THREADS * ROW_COUNT, THREADS, forks, sum);
    return report();
}

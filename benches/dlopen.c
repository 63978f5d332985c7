/* How long dlopen() takes in a process that has not seen the library, beside an empty one. Usage: dlopen LIBRARY EMPTY.
   Prints one row: name, against, ratios (median, least, greatest), nanoseconds of both. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 61 };

typedef struct {
    double ratio, ours, theirs;
} measured;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double loading(const char *path)
{
    double taken = 0;
    int ends[2];
    pid_t child;

    if (pipe(ends) != 0 || (child = fork()) < 0)
        exit(1);
    if (child == 0) {
        double start = now();
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        taken = now() - start;
        _exit(library == NULL || write(ends[1], &taken, sizeof taken) != sizeof taken);
    }
    close(ends[1]);
    if (read(ends[0], &taken, sizeof taken) != sizeof taken)
        exit(1);
    waitpid(child, NULL, 0);
    close(ends[0]);
    return taken;
}

static int by_ratio(const void *one, const void *other)
{
    double difference = ((const measured *)one)->ratio - ((const measured *)other)->ratio;
    return difference < 0 ? -1 : difference > 0;
}

int main(int argc, char **argv)
{
    measured rounds[ROUNDS];
    int i;

    if (argc != 3)
        return 2;
    for (i = 0; i < ROUNDS; i++) {
        rounds[i].theirs = loading(argv[2]);
        rounds[i].ours = loading(argv[1]);
        rounds[i].ratio = rounds[i].ours / rounds[i].theirs;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, by_ratio);
    printf("dlopen\tan empty library\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\n", rounds[ROUNDS / 2].ratio, rounds[0].ratio,
           rounds[ROUNDS - 1].ratio, rounds[ROUNDS / 2].ours, rounds[ROUNDS / 2].theirs);
    return 0;
}

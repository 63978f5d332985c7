/* What the rules of the header forbid: each of these must be reported by the tool that watches for it, or that tool sees
   nothing. Usage: misuse over-read|leak|race|undefined */
#include "handles.h"
#include <pthread.h>

/* A body that is a byte shorter than its length says. */
static void over_read(void)
{
    char *body = (char *)malloc(64), out[OUT_SIZE];

    memset(body, 'b', 64);
    check(apisig_kommo_sign_webhook(kommo, body, 65, out, sizeof out) == out, "signed");
    free(body);
}

/* Handles that are never freed: many, since the last one's address may still lie on the stack. */
static void leak(void)
{
    int i;

    for (i = 0; i < 100; i++)
        check(apisig_kommo_new(L("secret"), NULL) != NULL, "made");
}

static void *add_a_secret(void *nothing)
{
    check(apisig_kommo_add_secret(kommo, L("another"), NULL), "added");
    return nothing;
}

/* Two threads that add secrets to one handle. */
static void race(void)
{
    pthread_t thread;

    check(pthread_create(&thread, NULL, add_a_secret, NULL) == 0, "thread");
    add_a_secret(NULL);
    pthread_join(thread, NULL);
}

/* A sum that no int holds. */
static void undefined(void)
{
    volatile int most = 0x7fffffff;

    most = most + 1;
}

int main(int argc, char **argv)
{
    const struct {
        const char *name;
        void (*run)(void);
    } kinds[] = {{"over-read", over_read}, {"leak", leak}, {"race", race}, {"undefined", undefined}};
    size_t i;

    check(make_handles() == VENDOR_COUNT, "the handles");
    for (i = 0; i < 4; i++)
        if (argc > 1 && strcmp(argv[1], kinds[i].name) == 0)
            kinds[i].run();
    free_handles();
    return report();
}

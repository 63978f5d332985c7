/* Every text of the header into buffers of every length, from none to more than enough, each ending where writing on is a
   crash. And that the table of calls holds every function that the library exports. Usage: lengths EXPORTED.TXT */
#include "calls.h"

static void into_every_length(const row *text)
{
    char whole[OUT_SIZE];
    size_t len, size, touched;

    check(text->right(whole, sizeof whole), "%s", text->function);
    len = strlen(whole);

    for (size = 0; size <= len + 2; size++) {
        char filling[OUT_SIZE];
        string out;

        memset(filling, 'x', sizeof filling);
        out = guarded(filling, size);
        check(text->right(out.at, size), "%s into %zu bytes", text->function, size);
        touched = size > len ? len + 1 : size > 0;
        check(memcmp(out.at + touched, filling, size - touched) == 0, "%s into %zu bytes: nothing behind", text->function,
              size);
    }
    check(text->right(NULL, 0), "%s into no buffer", text->function);
}

static void every_function_has_a_row(const char *path)
{
    FILE *list = fopen(path, "r");
    char name[128];

    check(list != NULL, "%s cannot be read", path);
    while (list != NULL && fscanf(list, "%127s", name) == 1) {
        bool found = false;
        size_t i;
        for (i = 0; i < ROW_COUNT; i++)
            found |= strcmp(ROWS[i].function, name) == 0;
#define IS_OF(room)                                                                                           \
    found |= strcmp(name, "apisig_" #room "_new") == 0 || strcmp(name, "apisig_" #room "_add_secret") == 0    \
             || strcmp(name, "apisig_" #room "_free") == 0;
        HANDLES(IS_OF)
        check(found, "%s has no row in calls.h", name);
    }
}

int main(int argc, char **argv)
{
    size_t i, texts = 0;
    int handles = make_handles();

    check(handles == HANDLE_COUNT, "the handles");
    for (i = 0; i < ROW_COUNT; i++) {
        char out[OUT_SIZE];
        check(ROWS[i].right(out, sizeof out), "%s", ROWS[i].function);
        if (ROWS[i].is_text) {
            into_every_length(&ROWS[i]);
            texts++;
        }
    }
    if (argc > 1)
        every_function_has_a_row(argv[1]);
    free_handles();
    printf("figure: %zu functions, %zu texts into buffers of every length\n", ROW_COUNT + (size_t)(3 * handles), texts);
    return report();
}

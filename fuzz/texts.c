/* Fuzzes the texts that are made of names, titles and URLs, which others chose: JSON, URLs and HTML. Input: three fields. */
#include "fuzz.h"

static size_t count(string where, const char *what)
{
    size_t found = 0, len = strlen(what);

    for (size_t i = 0; i + len <= where.len; i++)
        found += memcmp(where.at + i, what, len) == 0;
    return found;
}

/* One text: its length, or that the caller is wrong. No text holds a control character but the widget's line feeds. */
#define MADE(call)                                                                                            \
    ({                                                                                                        \
        ptrdiff_t length;                                                                                     \
        string result = TEXT(length, call);                                                                   \
        MUST(length > 0 || IS_ARGUMENT(length));                                                        \
        result;                                                                                               \
    })

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    string input = input_of(data, size), one = next(&input), two = next(&input), three = last(&input), made;
    string single[] = {
        MADE(apisig_kommo_url(S(one), S(two), out, size)),
        MADE(apisig_kommo_connect_url(S(one), S(two), out, size)),
        MADE(apisig_kommo_disconnect_url(S(one), S(two), out, size)),
        MADE(apisig_kommo_connect_body(S(one), S(two), L("v2"), out, size)),
        MADE(apisig_kommo_disconnect_body(S(one), out, size)),
        MADE(apisig_kommo_scope_id(S(one), S(two), out, size)),
        MADE(apisig_kayako_url(S(one), S(two), three.len % 2, S(three), out, size)),
        MADE(apisig_retailcrm_config(S(two), S(one), out, size)),
        MADE(apisig_retailcrm_registered(S(one), out, size)),
        MADE(apisig_retailcrm_failed(S(one), out, size)),
        MADE(apisig_retailcrm_edit_url(S(one), S(two), out, size)),
    };

    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        MUST(!has_control(single[i]) || (unsigned char)single[i].at[0] == '{');
    /* What is JSON here is read as such. */
    if (single[3].len > 0)
        MUST(apisig_kommo_answer(S(single[3]), L("title"), NULL, 0) == (ptrdiff_t)two.len);
    if (single[9].len > 0)
        MUST(apisig_kommo_answer(S(single[9]), L("errorMsg"), NULL, 0) == (ptrdiff_t)one.len);

    made = MADE(apisig_imbachat_widget(S(one), 1, S(two), S(three), out, size));
    MUST(made.len == 0 || (count(made, "<script") == 2 && count(made, "</script") == 2 && count(made, "<!--") == 0));
    return done();
}

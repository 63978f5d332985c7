/* Every call of tests/vectors, made through the C interface. Usage: vectors FOLDER */
#include "check.h"

enum { FIELDS_MAX = 16 };

/* A line of a vector file, its fields unescaped. */
typedef struct {
    char *line;
    char *raw[FIELDS_MAX];
    string fields[FIELDS_MAX];
    int count;
} call;

static string unescape(const char *field, size_t raw_len)
{
    char *bytes = (char *)malloc(raw_len + 1);
    const char *end = field + raw_len;
    size_t len = 0;
    string result;

    while (field < end) {
        unsigned byte;
        if (field[0] != '\\') {
            bytes[len++] = *field++;
            continue;
        }
        switch (field[1]) {
        case 'n': bytes[len++] = '\n'; field += 2; break;
        case 'r': bytes[len++] = '\r'; field += 2; break;
        case 't': bytes[len++] = '\t'; field += 2; break;
        case '\\': bytes[len++] = '\\'; field += 2; break;
        default:
            if (sscanf(field, "\\x%2x", &byte) != 1) {
                printf("not an escape: %s\n", field);
                exit(1);
            }
            bytes[len++] = (char)byte;
            field += 4;
        }
    }
    result = guarded(bytes, len);
    free(bytes);
    return result;
}

static call split(char *line)
{
    call c;
    char *field = line;

    memset(&c, 0, sizeof c);
    line[strcspn(line, "\n")] = '\0';
    c.line = strdup(line);
    while (field != NULL && c.count < FIELDS_MAX) {
        char *tab = strchr(field, '\t');
        if (tab != NULL)
            *tab = '\0';
        c.raw[c.count] = field;
        c.fields[c.count] = unescape(field, strlen(field));
        c.count++;
        field = tab == NULL ? NULL : tab + 1;
    }
    return c;
}

static const char *status_name(int32_t status)
{
    switch (status) {
    case APISIG_ARGUMENT: return "ARGUMENT";
    case APISIG_MALFORMED: return "MALFORMED";
    case APISIG_MISMATCH: return "MISMATCH";
    case APISIG_EXPIRED: return "EXPIRED";
    case APISIG_NOT_YET_VALID: return "NOT_YET_VALID";
    case APISIG_BODY: return "BODY";
    case APISIG_ALGORITHM: return "ALGORITHM";
    case APISIG_URL: return "URL";
    case APISIG_METHOD: return "METHOD";
    default: return "another status";
    }
}

/* Compares a text result, or the name of its status, with the last field. */
static void expect_text(const call *c, ptrdiff_t result, const char *out)
{
    string expected = c->fields[c->count - 1];

    if (result < 0) {
        check(strcmp(status_name((int32_t)result), c->raw[c->count - 1]) == 0 && out[0] == '\0', "%s", c->line);
    } else {
        check((size_t)result == expected.len && memcmp(out, expected.at, expected.len) == 0 && out[result] == '\0',
              "%s: %s", c->line, out);
    }
}

/* Likewise for what returns `out` or NULL. */
static void expect_known_text(const call *c, const char *result, const char *out)
{
    check(result == NULL || result == out, "%s: not the buffer", c->line);
    expect_text(c, result == NULL ? (ptrdiff_t)APISIG_ARGUMENT : (ptrdiff_t)strlen(result), out);
}

static void expect_verdict(const call *c, bool verdict, int32_t why)
{
    const char *expected = c->raw[c->count - 1];

    if (verdict)
        check(why >= 0 && atoi(expected) == why && strchr("0123", expected[0]) != NULL, "%s: %d", c->line, why);
    else
        check(why < 0 && strcmp(status_name(why), expected) == 0, "%s: %d", c->line, why);
}

/* The number of APISIG_MISTAKE_<name> in the header. */
static int32_t mistake_of(const char *name)
{
    static const char path[] = "include/apisig.h";
    char line[512], found[256];
    int number, mistake = -1;
    FILE *header = fopen(path, "r");

    if (header == NULL) {
        perror(path);
        exit(1);
    }
    while (fgets(line, sizeof line, header) != NULL)
        if (sscanf(line, " APISIG_MISTAKE_%255s = %d", found, &number) == 2 && strcmp(found, name) == 0)
            mistake = number;
    fclose(header);
    return mistake;
}

/* Compares a diagnosis with the last field: 0, the name of a mistake or the name of a status. */
static void expect_diagnosis(const call *c, int32_t diagnosis)
{
    const char *expected = c->raw[c->count - 1];

    if (diagnosis < 0)
        check(strcmp(status_name(diagnosis), expected) == 0, "%s: %d", c->line, diagnosis);
    else if (diagnosis == 0)
        check(strcmp(expected, "0") == 0, "%s: nothing is wrong", c->line);
    else
        check(mistake_of(expected) == diagnosis, "%s: %s", c->line, apisig_mistake_text(diagnosis));
}

/* Makes `handle` of the secrets in field 1, the current one and the previous ones behind it. */
#define NEW(room, handle)                                                                                     \
    apisig_##room *handle = NULL;                                                                             \
    {                                                                                                         \
        int32_t why = 0;                                                                                      \
        char *secret = c->raw[1];                                                                             \
        while (secret != NULL) {                                                                              \
            size_t len = strcspn(secret, "|");                                                                \
            string bytes = unescape(secret, len);                                                             \
            bool made;                                                                                        \
            if (handle == NULL) {                                                                             \
                handle = apisig_##room##_new(bytes.at, bytes.len, &why);                                      \
                made = handle != NULL;                                                                        \
            } else {                                                                                          \
                made = apisig_##room##_add_secret(handle, bytes.at, bytes.len, &why);                         \
            }                                                                                                 \
            if (!made) {                                                                                      \
                expect_text(c, why, "");                                                                      \
                return;                                                                                       \
            }                                                                                                 \
            secret = secret[len] == '|' ? secret + len + 1 : NULL;                                            \
        }                                                                                                     \
    }

#define S(field) c->fields[field].at, c->fields[field].len
#define I(field) strtoll(c->raw[field], NULL, 10)

static void kayako_keyed(const call *c)
{
    char out[1024];
    int32_t why = 99;
    NEW(kayako, handle)

    if (strcmp(c->raw[0], "sign") == 0) {
        expect_known_text(c, apisig_kayako_sign(handle, S(2), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "sign_parameters") == 0) {
        expect_text(c, apisig_kayako_sign_parameters(handle, S(2), S(3), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "url") == 0) {
        expect_text(c, apisig_kayako_url(S(2), S(3), c->raw[4][0] == '1', S(5), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "verify_request") == 0) {
        bool verdict = apisig_kayako_verify_request(handle, S(2), S(3), &why);
        expect_verdict(c, verdict, why);
    } else {
        bool verdict = apisig_kayako_verify(handle, S(2), S(3), &why);
        expect_verdict(c, verdict, why);
    }
    apisig_kayako_free(handle);
}

static void kayako(const call *c)
{
    char out[1024];

    if (strcmp(c->raw[0], "diagnose") == 0)
        expect_diagnosis(c, apisig_kayako_diagnose(S(1), S(2), S(3), S(4)));
    else if (strcmp(c->raw[0], "explain") == 0)
        expect_text(c, apisig_kayako_explain(S(1), S(2), out, sizeof out), out);
    else
        kayako_keyed(c);
}

static void retailcrm_keyed(const call *c)
{
    char out[APISIG_RETAILCRM_TOKEN_SIZE];
    apisig_retailcrm_registration registration;
    int32_t why = 99;
    NEW(retailcrm, handle)

    if (strcmp(c->raw[0], "sign") == 0) {
        expect_known_text(c, apisig_retailcrm_sign(handle, S(2), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "register") == 0) {
        bool verdict = apisig_retailcrm_register(handle, S(2), S(3), &registration, &why);
        expect_verdict(c, verdict, why);
        check(strcmp(registration.api_key, c->raw[4]) == 0, "%s: %s", c->line, registration.api_key);
        check(strcmp(registration.system_url, c->raw[5]) == 0, "%s: %s", c->line, registration.system_url);
    } else {
        bool verdict = apisig_retailcrm_verify(handle, S(2), S(3), &why);
        expect_verdict(c, verdict, why);
    }
    apisig_retailcrm_free(handle);
}

static void retailcrm(const call *c)
{
    char out[1024];

    if (strcmp(c->raw[0], "config") == 0)
        expect_text(c, apisig_retailcrm_config(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "registered") == 0)
        expect_text(c, apisig_retailcrm_registered(S(1), out, sizeof out), out);
    else if (strcmp(c->raw[0], "failed") == 0)
        expect_text(c, apisig_retailcrm_failed(S(1), out, sizeof out), out);
    else if (strcmp(c->raw[0], "diagnose") == 0)
        expect_diagnosis(c, apisig_retailcrm_diagnose(S(1), S(2), S(3)));
    else if (strcmp(c->raw[0], "explain") == 0)
        expect_text(c, apisig_retailcrm_explain(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "edit_url") == 0)
        expect_text(c, apisig_retailcrm_edit_url(S(1), S(2), out, sizeof out), out);
    else
        retailcrm_keyed(c);
}

static void mor_keyed(const call *c)
{
    char out[APISIG_MOR_HASH_SIZE];
    int32_t why = 99;
    NEW(mor, handle)

    if (strcmp(c->raw[0], "sign") == 0) {
        expect_known_text(c, apisig_mor_sign(handle, S(2), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "sign_request") == 0) {
        const char *hash = apisig_mor_sign_request(handle, S(2), S(3), out, sizeof out, &why);
        check(hash == (why == 0 ? out : NULL), "%s: %d", c->line, why);
        expect_text(c, why < 0 ? why : (ptrdiff_t)strlen(out), out);
    } else if (strcmp(c->raw[0], "verify_request") == 0) {
        bool verdict = apisig_mor_verify_request(handle, S(2), S(3), &why);
        expect_verdict(c, verdict, why);
    } else {
        bool verdict = apisig_mor_verify(handle, S(2), S(3), &why);
        expect_verdict(c, verdict, why);
    }
    apisig_mor_free(handle);
}

static void mor(const call *c)
{
    char out[1024];

    if (strcmp(c->raw[0], "parameters") == 0)
        expect_text(c, apisig_mor_parameters(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "refusal") == 0)
        expect_text(c, apisig_mor_refusal(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "diagnose") == 0)
        expect_diagnosis(c, apisig_mor_diagnose(S(1), S(2), S(3), S(4)));
    else if (strcmp(c->raw[0], "explain") == 0)
        expect_text(c, apisig_mor_explain(S(1), S(2), S(3), out, sizeof out), out);
    else
        mor_keyed(c);
}

static void imbachat_token(const call *c)
{
    char out[APISIG_IMBACHAT_TOKEN_SIZE];
    int64_t user_id = 99;
    int32_t why = 99;
    NEW(imbachat, handle)

    if (strcmp(c->raw[0], "sign") == 0) {
        expect_known_text(c, apisig_imbachat_sign(handle, I(2), I(3), out, sizeof out), out);
    } else {
        bool verdict = apisig_imbachat_verify(handle, S(2), I(3), I(4), &user_id, &why);
        expect_verdict(c, verdict, why);
        check(user_id == I(5), "%s: user %lld", c->line, (long long)user_id);
    }
    apisig_imbachat_free(handle);
}

static void imbachat_user_ids(const call *c)
{
    int64_t ids[APISIG_IMBACHAT_USER_IDS_MAX];
    ptrdiff_t count = apisig_imbachat_user_ids(S(1), ids, APISIG_IMBACHAT_USER_IDS_MAX), i;
    char text[1024] = "", *end = text;

    for (i = 0; i < count; i++)
        end += sprintf(end, "%s%lld", i > 0 ? " " : "", (long long)ids[i]);
    expect_text(c, count < 0 ? count : (ptrdiff_t)(end - text), text);
}

static void imbachat_seconds_left(const call *c)
{
    int64_t seconds = apisig_imbachat_seconds_left(S(1), I(2), I(3));
    char text[32] = "";

    expect_text(c, seconds < 0 ? (ptrdiff_t)seconds : sprintf(text, "%lld", (long long)seconds), text);
}

static void imbachat(const call *c)
{
    int32_t why = 99;

    if (strcmp(c->raw[0], "seconds_left") == 0) {
        imbachat_seconds_left(c);
    } else if (strcmp(c->raw[0], "verify_login") == 0) {
        bool verdict = apisig_imbachat_verify_login(S(1), S(2), S(3), S(4), &why);
        expect_verdict(c, verdict, why);
    } else if (strcmp(c->raw[0], "verify_authorization") == 0) {
        bool verdict = apisig_imbachat_verify_authorization(S(1), S(2), S(3), &why);
        expect_verdict(c, verdict, why);
    } else if (strcmp(c->raw[0], "user_ids") == 0) {
        imbachat_user_ids(c);
    } else if (strcmp(c->raw[0], "widget") == 0) {
        char out[1024];
        expect_text(c, apisig_imbachat_widget(S(1), I(2), S(3), S(4), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "open_dialog") == 0) {
        char out[APISIG_IMBACHAT_OPEN_DIALOG_SIZE];
        expect_known_text(c, apisig_imbachat_open_dialog(I(1), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "diagnose") == 0) {
        expect_diagnosis(c, apisig_imbachat_diagnose(S(1), S(2), S(3), I(4), I(5)));
    } else if (strcmp(c->raw[0], "explain") == 0) {
        char out[2048];
        expect_text(c, apisig_imbachat_explain(S(1), S(2), I(3), out, sizeof out), out);
    } else {
        imbachat_token(c);
    }
}

static void kommo_signed(const call *c)
{
    char out[APISIG_KOMMO_SIGNATURE_SIZE];
    apisig_kommo_headers headers;
    int32_t why = 99;
    NEW(kommo, handle)

    if (strcmp(c->raw[0], "sign") == 0) {
        int32_t status = apisig_kommo_sign(handle, S(2), S(3), S(4), I(5), &headers);
        expect_text(c, status < 0 ? status : (ptrdiff_t)strlen(headers.x_signature), headers.x_signature);
        check(strcmp(headers.date, c->raw[6]) == 0 && strcmp(headers.content_md5, c->raw[7]) == 0, "%s", c->line);
        check(strcmp(headers.content_type, status < 0 ? "" : "application/json") == 0, "%s", c->line);
    } else if (strcmp(c->raw[0], "sign_digest") == 0) {
        expect_known_text(c, apisig_kommo_sign_digest(handle, S(2), S(3), S(4), S(5), S(6), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "sign_webhook") == 0) {
        expect_known_text(c, apisig_kommo_sign_webhook(handle, S(2), out, sizeof out), out);
    } else if (strcmp(c->raw[0], "verify_webhook") == 0) {
        bool verdict = apisig_kommo_verify_webhook(handle, S(2), S(3), &why);
        expect_verdict(c, verdict, why);
    } else {
        bool verdict = apisig_kommo_verify(handle, S(2), S(3), S(4), S(5), S(6), S(7), S(8), I(9), I(10), &why);
        expect_verdict(c, verdict, why);
    }
    apisig_kommo_free(handle);
}

static void kommo(const call *c)
{
    char out[2048];

    if (strcmp(c->raw[0], "string_to_sign") == 0)
        expect_text(c, apisig_kommo_string_to_sign(S(1), S(2), S(3), S(4), S(5), out, sizeof out), out);
    else if (strcmp(c->raw[0], "url") == 0)
        expect_text(c, apisig_kommo_url(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "connect_url") == 0)
        expect_text(c, apisig_kommo_connect_url(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "connect_body") == 0)
        expect_text(c, apisig_kommo_connect_body(S(1), S(2), S(3), out, sizeof out), out);
    else if (strcmp(c->raw[0], "disconnect_url") == 0)
        expect_text(c, apisig_kommo_disconnect_url(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "disconnect_body") == 0)
        expect_text(c, apisig_kommo_disconnect_body(S(1), out, sizeof out), out);
    else if (strcmp(c->raw[0], "scope_id") == 0)
        expect_text(c, apisig_kommo_scope_id(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "answer") == 0)
        expect_text(c, apisig_kommo_answer(S(1), S(2), out, sizeof out), out);
    else if (strcmp(c->raw[0], "diagnose") == 0)
        expect_diagnosis(c, apisig_kommo_diagnose(S(1), S(2), S(3), S(4), S(5), S(6), S(7), S(8), I(9), I(10)));
    else if (strcmp(c->raw[0], "diagnose_webhook") == 0)
        expect_diagnosis(c, apisig_kommo_diagnose_webhook(S(1), S(2), S(3)));
    else if (strcmp(c->raw[0], "explain") == 0)
        expect_text(c, apisig_kommo_explain(S(1), S(2), S(3), S(4), S(5), S(6), S(7), out, sizeof out), out);
    else
        kommo_signed(c);
}

static void run(const char *folder, const char *room, void (*make)(const call *))
{
    static char line[1 << 16];
    char path[4096];
    FILE *file;
    int calls = 0;

    snprintf(path, sizeof path, "%s/%s.tsv", folder, room);
    file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#') {
            call c = split(line);
            make(&c);
            while (c.count > 0)
                unguard(c.fields[--c.count]);
            free(c.line);
            calls++;
        }
    }
    fclose(file);
    check(calls >= 20, "%s: only %d calls", room, calls);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "tests/vectors";

    run(folder, "kommo", kommo);
    run(folder, "imbachat", imbachat);
    run(folder, "retailcrm", retailcrm);
    run(folder, "kayako", kayako);
    run(folder, "mor", mor);
    return report();
}

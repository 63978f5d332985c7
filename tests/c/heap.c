/* Counts what the library asks of the heap: something in _new, nothing anywhere else. Linked with the static library and
   -Wl,--wrap for malloc, calloc, realloc and free. */
#include "check.h"

#define L(literal) literal, sizeof literal - 1

#ifdef __cplusplus
extern "C" {
#endif
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);

static int calls;
static bool exhausted;

void *__wrap_malloc(size_t size)
{
    calls++;
    return exhausted ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    calls++;
    return exhausted ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *at, size_t size)
{
    calls++;
    return exhausted ? NULL : __real_realloc(at, size);
}

void __wrap_free(void *at)
{
    calls++;
    __real_free(at);
}
#ifdef __cplusplus
}
#endif

#define NONE(call) calls = 0; check((call) && calls == 0, #call ": %d calls of the heap", calls);

#define ROOM(room)                                                                                            \
    calls = 0;                                                                                                \
    apisig_##room *room = apisig_##room##_new(L("secret"), &why);                                             \
    check(room != NULL && calls == 1, "apisig_" #room "_new: %d calls of the heap", calls);                   \
    NONE(apisig_##room##_add_secret(room, L("old"), &why))                                                    \
    exhausted = true;                                                                                         \
    check(apisig_##room##_new(L("secret"), &why) == NULL && why == APISIG_MEMORY, #room ": no memory");       \
    exhausted = false;

int main(void)
{
    char out[256];
    apisig_kommo_headers headers;
    apisig_retailcrm_registration registration;
    int64_t ids[2];
    int32_t why;

    ROOM(kommo)
    NONE(apisig_kommo_sign(kommo, L("POST"), L("https://host/x?y"), L("body"), 0, &headers) == APISIG_OK)
    NONE(apisig_kommo_verify(kommo, L("POST"), L("/x"), L("body"), headers.content_md5, 32, headers.content_type, 16,
                             headers.date, 31, headers.x_signature, 40, 0, 0, &why))
    NONE(apisig_kommo_sign_digest(kommo, L("POST"), L("/x"), L(""), L(""), L(""), out, sizeof out) == out)
    NONE(apisig_kommo_string_to_sign(L("POST"), L("/x"), L(""), L(""), L(""), out, sizeof out) == 10)
    NONE(apisig_kommo_sign_webhook(kommo, L("body"), out, sizeof out) == out)
    NONE(apisig_kommo_verify_webhook(kommo, L("body\n"), out, 40, &why))
    NONE(apisig_kommo_url(L("host"), L("/x"), out, sizeof out) == 14)
    NONE(apisig_kommo_connect_url(L("host"), L("id"), out, sizeof out) == 40)
    NONE(apisig_kommo_connect_body(L("id"), L("title"), L("v2"), out, sizeof out) == 59)
    NONE(apisig_kommo_disconnect_url(L("host"), L("id"), out, sizeof out) == 43)
    NONE(apisig_kommo_disconnect_body(L("id"), out, sizeof out) == 19)
    NONE(apisig_kommo_scope_id(L("id"), L("id"), out, sizeof out) == 5)
    NONE(apisig_kommo_answer(L("{\"a\":\"b\"}"), L("a"), out, sizeof out) == 1)
    NONE(apisig_kommo_diagnose(L("secret"), L("POST"), L("/x"), L("{\"a\":\"/\"}"), L(""), L(""), L("4 Jan 2023 00:00 Z"),
                               L("x"), 0, 0) == APISIG_MISMATCH)
    NONE(apisig_kommo_diagnose_webhook(L("secret"), L("{}"), L("x")) == APISIG_MISMATCH)
    NONE(apisig_kommo_explain(L("secret"), L("POST"), L("/x"), L(""), L(""), L(""), L(""), NULL, 0) > 0)
    ROOM(imbachat)
    NONE(apisig_imbachat_sign(imbachat, 1, 1000, out, sizeof out) == out)
    NONE(apisig_imbachat_verify(imbachat, out, strlen(out), 0, 0, NULL, &why))
    NONE(apisig_imbachat_diagnose(L("another"), L("15"), out, strlen(out), 0, 0) == APISIG_MISMATCH)
    NONE(apisig_imbachat_explain(L("another"), L("a.b.c"), 0, out, sizeof out) > 0)
    NONE(apisig_imbachat_verify_login(L("a"), L("b"), L("A"), L("b"), &why))
    NONE(apisig_imbachat_verify_authorization(L("root"), L("abc"), L("Basic cm9vdDphYmM="), &why))
    NONE(apisig_imbachat_user_ids(L("1,2"), ids, 2) == 2)
    NONE(apisig_imbachat_widget(L("15"), 1, L("token"), L(""), out, sizeof out) > 0)
    NONE(apisig_imbachat_open_dialog(2, out, sizeof out) == out)
    ROOM(retailcrm)
    NONE(apisig_retailcrm_sign(retailcrm, L("key"), out, sizeof out) == out)
    NONE(apisig_retailcrm_verify(retailcrm, L("key"), out, 64, &why))
    NONE(apisig_retailcrm_register(retailcrm, L("register[token]=96de09a0f8699191b28587118ac57df88bbf6c2d0c131d196dcd90f7efd68c93"
                                   "&register[apiKey]=key&register[systemUrl]=https://x.ru"), L("ru"), &registration, &why))
    NONE(apisig_retailcrm_config(L("a,b"), L("https://x"), out, sizeof out) > 0)
    NONE(apisig_retailcrm_registered(L("https://x"), out, sizeof out) > 0)
    NONE(apisig_retailcrm_failed(L("message"), out, sizeof out) > 0)
    NONE(apisig_retailcrm_accepted() != NULL)
    NONE(apisig_retailcrm_edit_url(L("https://x.ru"), L("code"), out, sizeof out) > 0)
    NONE(apisig_retailcrm_diagnose(L("secret"), L("key"), L("token")) == APISIG_MISMATCH)
    NONE(apisig_retailcrm_explain(L("secret"), L("key"), out, sizeof out) > 0)
    ROOM(kayako)
    NONE(apisig_kayako_salt(out, sizeof out) == out)
    NONE(apisig_kayako_sign(kayako, L("salt"), out, sizeof out) == out)
    NONE(apisig_kayako_verify(kayako, L("salt"), out, 44, &why))
    NONE(apisig_kayako_sign_parameters(kayako, L("key"), L("salt"), out, sizeof out) > 0)
    NONE(apisig_kayako_verify_request(kayako, L("key"), out, strlen(out), &why))
    NONE(apisig_kayako_url(L("https://h"), L("/Base/User"), false, L("a=b"), out, sizeof out) > 0)
    NONE(apisig_kayako_diagnose(L("secret"), L("key"), L("1e9"), L("x")) == APISIG_MISMATCH)
    NONE(apisig_kayako_explain(L("secret"), L("salt"), out, sizeof out) > 0)
    ROOM(mor)
    NONE(apisig_mor_sign(mor, L("1"), out, sizeof out) == out)
    NONE(apisig_mor_verify(mor, L("1"), out, 40, &why))
    NONE(apisig_mor_sign_request(mor, L("balance"), L("username=a"), out, sizeof out, &why) == out)
    NONE(!apisig_mor_verify_request(mor, L("balance"), L("username=a&hash=1"), &why))
    NONE(apisig_mor_parameters(L("balance"), out, sizeof out) == 17)
    NONE(!apisig_mor_is_confirmed(L("balance")))
    NONE(apisig_mor_diagnose(L("secret"), L(""), L("a=1&b=2&c=3"), L("df2983700ffecb52e6649f0cb3981b66537083a4")) < 0)
    NONE(apisig_mor_explain(L("secret"), L("balance"), L("username=a"), out, sizeof out) > 0)
    apisig_kommo_free(kommo);
    apisig_imbachat_free(imbachat);
    apisig_retailcrm_free(retailcrm);
    apisig_kayako_free(kayako);
    apisig_mor_free(mor);
    return report();
}

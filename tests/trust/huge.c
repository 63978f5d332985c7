/* Bodies of more bytes than 31 bits and than 32 bits count: nothing wraps. Zeros, which take no memory. The expected values
   are from Python's hmac and hashlib. */
#include "handles.h"

static const size_t MANY = ((size_t)1 << 31) + 5, MORE = ((size_t)1 << 32) + 5;

int main(void)
{
    const char *zeros = (const char *)mmap(NULL, MORE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    apisig_kommo_headers headers;
    char out[OUT_SIZE];

    check(make_handles() == VENDOR_COUNT, "the handles");
    check(zeros != MAP_FAILED, "address space for %zu bytes", MORE);
    if (failed > 0)
        return report();
#define IS(call, expected) check((call) == out && strcmp(out, expected) == 0, #call ": %s", out)
    IS(apisig_mor_sign(mor, zeros, MANY, out, sizeof out), "2ce0078d985e661a0fe895e6e59120744fd34e2a");
    IS(apisig_kommo_sign_webhook(kommo, zeros, MORE, out, sizeof out), "01617a8975f3f9a87abebe0312f1dfd2a07d15d3");
    IS(apisig_retailcrm_sign(retailcrm, zeros, MORE, out, sizeof out), "637ae50489a53bb26a3831e8bdafbd0640bb89b51d0751ef4756c19360a8b3ed");
    check(apisig_kommo_verify_webhook(kommo, zeros, MORE, L("01617a8975f3f9a87abebe0312f1dfd2a07d15d3")), "the webhook is verified");
    check(apisig_kommo_sign(kommo, L("POST"), L("/x"), zeros, MORE, 1669231521, &headers) == APISIG_OK
              && strcmp(headers.content_md5, "968a8809aa0886d87f385d88733a98d2") == 0, "Content-MD5: %s", headers.content_md5);
    /* What only reads so far: the answer is a status, not a crash. */
    check(apisig_kommo_answer(zeros, MORE, L("a"), out, sizeof out) == APISIG_MALFORMED, "an answer");
    check(!apisig_imbachat_verify(imbachat, zeros, MORE, 0, 0), "a token");
    check(!apisig_mor_verify_request(mor, L("balance"), zeros, MORE), "a form");
    check(apisig_retailcrm_check_register(retailcrm, zeros, MORE, L("ru"), (apisig_retailcrm_registration *)out) < 0, "JSON");
    free_handles();
    printf("figure: bodies of %zu bytes\n", MORE);
    return report();
}

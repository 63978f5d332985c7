/* Signs the vendors' documented examples in C, and prints each value behind its name. */
#include <apisig.h>
#include <stdio.h>
#include <string.h>

#define S(string) string, strlen(string)

static const char URL[] = "https://amojo.kommo.com/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect";
static const char BODY[] = "{\"account_id\":\"52fd2a28-d2eb-4bd8-b862-b57934927b38\",\"title\":\"MyKommo\","
                           "\"hook_api_version\":\"v2\"}";

static void show(const char *name, const char *value)
{
    printf("%s\t%s\n", name, value == NULL ? "no value" : value);
}

int main(void)
{
    char out[APISIG_IMBACHAT_TOKEN_SIZE];
    apisig_kommo_headers headers;
    apisig_kommo *kommo = apisig_kommo_new(S("fb50586ff7b68cd831fe0ef356345903f644c0d2"), NULL);
    apisig_imbachat *imbachat =
        apisig_imbachat_new(S("lPXBFPqNg3f661JcegBY0N0dPXqUBdHXqj2cHf04PZgLHxT6z55e20ozojvMRvB8"), NULL);
    apisig_retailcrm *retailcrm = apisig_retailcrm_new(S("secret"), NULL);
    apisig_kayako *kayako = apisig_kayako_new(S("secretkey"), NULL);
    apisig_mor *mor = apisig_mor_new(S("Very Sercet Key"), NULL);

    show("kommo sign_digest",
         apisig_kommo_sign_digest(kommo, S("POST"), S(URL), S("fa59c326af78bd12ed820daa497ab999"), S("application/json"),
                                  S("Wed, 23 Nov 2022 19:25:21 +0000"), out, sizeof out));
    if (apisig_kommo_sign(kommo, S("POST"), S(URL), S(BODY), 1669231521, &headers) == APISIG_OK)
        show("kommo sign", headers.x_signature);
    show("imbachat sign", apisig_imbachat_sign(imbachat, 1, 1590488400 + 3600, out, sizeof out));
    show("retailcrm sign", apisig_retailcrm_sign(retailcrm, S("api_key"), out, sizeof out));
    show("kayako sign", apisig_kayako_sign(kayako, S("1234567890"), out, sizeof out));
    show("mor sign", apisig_mor_sign(mor, S("1231252454580answered"), out, sizeof out));

    apisig_kommo_free(kommo);
    apisig_imbachat_free(imbachat);
    apisig_retailcrm_free(retailcrm);
    apisig_kayako_free(kayako);
    apisig_mor_free(mor);
    return 0;
}

/* Kayako: reads a user, with libcurl.
   cc -o kayako kayako.c $(pkg-config --cflags --libs apisig libcurl)
   KAYAKO_API_KEY=... KAYAKO_SECRET=... ./kayako https://helpdesk.example/api/ /Base/User/1 */
#include <apisig.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S(string) string, strlen(string)

int main(int argc, char **argv)
{
    const char *api_key = getenv("KAYAKO_API_KEY"), *secret = getenv("KAYAKO_SECRET");
    char salt[APISIG_KAYAKO_SALT_SIZE], query[1024], url[2048];
    ptrdiff_t query_len, url_len;
    int32_t why = APISIG_OK;
    apisig_kayako *kayako;
    CURL *curl;
    CURLcode sent;

    if (argc < 3 || api_key == NULL || secret == NULL) {
        fprintf(stderr, "usage: KAYAKO_API_KEY=... KAYAKO_SECRET=... kayako BASE ROUTE\n");
        return 2;
    }
    kayako = apisig_kayako_new(S(secret), &why);
    if (kayako == NULL || apisig_kayako_salt(salt, sizeof salt) == NULL) {
        fprintf(stderr, "%s\n", apisig_status_text(why < 0 ? why : APISIG_RANDOM));
        return 2;
    }
    /* Encoded once: the query goes into the URL as it is. */
    query_len = apisig_kayako_sign_form(kayako, S(api_key), S(salt), NULL, 0, query, sizeof query);
    apisig_kayako_free(kayako);
    url_len = query_len < 0 ? query_len
                            : apisig_kayako_url(S(argv[1]), S(argv[2]), false, query, (size_t)query_len, url, sizeof url);
    if (url_len < 0 || (size_t)query_len >= sizeof query || (size_t)url_len >= sizeof url) {
        fprintf(stderr, "%s\n", apisig_status_text(APISIG_ARGUMENT));
        return 2;
    }
    curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
    sent = curl_easy_perform(curl); /* prints the answer */
    curl_easy_cleanup(curl);
    return sent != CURLE_OK;
}

/* Kommo: connects a channel to an account, with libcurl.
   cc -o kommo kommo.c $(pkg-config --cflags --libs apisig libcurl)
   KOMMO_SECRET=... ./kommo CHANNEL_ID ACCOUNT_ID [HOST] */
#include <apisig.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define S(string) string, strlen(string)

/* The vendor's answer is not longer. */
static char answer[APISIG_KOMMO_ANSWER_MAX + 1];
static size_t answer_len;

static size_t receive(char *data, size_t size, size_t count, void *user)
{
    (void)user;
    if (size * count > sizeof answer - 1 - answer_len)
        return 0;
    memcpy(answer + answer_len, data, size * count);
    answer_len += size * count;
    return size * count;
}

static struct curl_slist *with(struct curl_slist *list, const char *name, const char *value)
{
    char header[128];

    snprintf(header, sizeof header, "%s: %s", name, value);
    return curl_slist_append(list, header);
}

/* Sends the body as it was signed. Returns the answer's HTTP status, or 0. */
static long post(const char *url, const char *body, size_t body_len, const apisig_kommo_headers *signed_headers)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = NULL;
    long status = 0;

    headers = with(headers, "Date", signed_headers->date);
    headers = with(headers, "Content-Type", signed_headers->content_type);
    headers = with(headers, "Content-MD5", signed_headers->content_md5);
    headers = with(headers, "X-Signature", signed_headers->x_signature);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body_len);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}

int main(int argc, char **argv)
{
    const char *secret = getenv("KOMMO_SECRET"), *host = argc > 3 ? argv[3] : "amojo.kommo.com";
    char url[256], body[512], text[256];
    apisig_kommo_headers headers;
    int32_t why = APISIG_OK;
    ptrdiff_t url_len, body_len;
    apisig_kommo *kommo;
    long status;

    if (argc < 3 || secret == NULL) {
        fprintf(stderr, "usage: KOMMO_SECRET=... kommo CHANNEL_ID ACCOUNT_ID [HOST]\n");
        return 2;
    }
    kommo = apisig_kommo_new(S(secret), &why);
    url_len = apisig_kommo_connect_url(S(host), S(argv[1]), url, sizeof url);
    body_len = apisig_kommo_connect_body(S(argv[2]), S("MyKommo"), S("v2"), body, sizeof body);
    if (kommo == NULL || url_len < 0 || body_len < 0 || (size_t)url_len >= sizeof url || (size_t)body_len >= sizeof body
        || apisig_kommo_sign(kommo, S("POST"), S(url), body, (size_t)body_len, time(NULL), &headers) != APISIG_OK) {
        fprintf(stderr, "%s\n", apisig_status_text(why < 0 ? why : APISIG_ARGUMENT));
        return 2;
    }
    status = post(url, body, (size_t)body_len, &headers);
    apisig_kommo_free(kommo);
    if (apisig_kommo_answer(answer, answer_len, S(status == 200 ? "scope_id" : "error_type"), text, sizeof text) < 0)
        text[0] = '\0';
    if (status != 200) {
        printf("refused: %ld %s\n", status, text);
        return 1;
    }
    printf("connected: %s\n", text);
    return 0;
}

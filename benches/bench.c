/* The C interface beside OpenSSL's one-shot HMAC(), round by round in turn. Prints a row for each: name, against, ratios (median,
   least, greatest), nanoseconds of both. */
#include <apisig.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define L(literal) literal, sizeof literal - 1

enum { ROUNDS = 61 };

static const char SECRET[] = "fb50586ff7b68cd831fe0ef356345903f644c0d2";
static const char PATH[] = "/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect";
static const char TOKEN_SIGNED[] = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1OTA0OTIwMDAsInVzZXJfaWQiOjF9";
static char body[97];
static apisig_kommo *kommo;
static apisig_imbachat *imbachat;
static apisig_retailcrm *retailcrm;
static apisig_kayako *kayako;
static apisig_mor *mor;
static volatile long sink;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void to_hex(const unsigned char *bytes, unsigned len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    unsigned i;

    for (i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

static unsigned hmac(const EVP_MD *kind, const void *message, size_t len, unsigned char *mac)
{
    unsigned mac_len = 0;

    HMAC(kind, L(SECRET), (const unsigned char *)message, len, mac, &mac_len);
    return mac_len;
}

static void kommo_theirs(void)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    char md5[33], date[64], text[256], out[41];
    time_t second = 1669231521;
    struct tm tm;
    unsigned len;

    EVP_Digest(body, sizeof body, mac, &len, EVP_md5(), NULL);
    to_hex(mac, len, md5);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&second, &tm));
    len = (unsigned)snprintf(text, sizeof text, "POST\n%s\napplication/json\n%s\n%s", md5, date, PATH);
    to_hex(mac, hmac(EVP_sha1(), text, len, mac), out);
    sink += out[0];
}

static void kommo_ours(void)
{
    apisig_kommo_headers headers;

    sink += apisig_kommo_sign(kommo, L("POST"), L(PATH), body, sizeof body, 1669231521, &headers);
}

static void imbachat_theirs(void)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    char out[64];

    hmac(EVP_sha256(), L(TOKEN_SIGNED), mac);
    sink += EVP_EncodeBlock((unsigned char *)out, mac, 32);
}

static void imbachat_ours(void)
{
    char out[APISIG_IMBACHAT_TOKEN_SIZE];

    sink += apisig_imbachat_sign(imbachat, 1, 1590492000, out, sizeof out) == out;
}

static void retailcrm_theirs(void)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    char out[65];

    to_hex(mac, hmac(EVP_sha256(), L("f62a0162-46a7-430e-b06c-0ef798d56b21"), mac), out);
    sink += out[0];
}

static void retailcrm_ours(void)
{
    char out[APISIG_RETAILCRM_TOKEN_SIZE];

    sink += apisig_retailcrm_sign(retailcrm, L("f62a0162-46a7-430e-b06c-0ef798d56b21"), out, sizeof out) == out;
}

static void kayako_theirs(void)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    char out[64];

    hmac(EVP_sha256(), L("1234567890"), mac);
    sink += EVP_EncodeBlock((unsigned char *)out, mac, 32);
}

static void kayako_ours(void)
{
    char out[APISIG_KAYAKO_SIGNATURE_SIZE];

    sink += apisig_kayako_sign(kayako, L("1234567890"), out, sizeof out) == out;
}

static void mor_theirs(void)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    char text[128], out[41];
    unsigned len = 0;

    len = (unsigned)snprintf(text, sizeof text, "1231252454580answered%s", SECRET);
    EVP_Digest(text, len, digest, &len, EVP_sha1(), NULL);
    to_hex(digest, len, out);
    sink += out[0];
}

static void mor_ours(void)
{
    char out[APISIG_MOR_HASH_SIZE];

    sink += apisig_mor_sign(mor, L("1231252454580answered"), out, sizeof out) == out;
}

static double nanoseconds(void (*call)(void), int times)
{
    double start = now();
    int i;

    for (i = 0; i < times; i++)
        call();
    return (now() - start) / times;
}

typedef struct {
    double ratio, ours, theirs;
} measured;

static int by_ratio(const void *one, const void *other)
{
    double difference = ((const measured *)one)->ratio - ((const measured *)other)->ratio;
    return difference < 0 ? -1 : difference > 0;
}

static void compare(const char *name, void (*theirs)(void), void (*ours)(void))
{
    measured rounds[ROUNDS];
    int i;

    for (i = 0; i < ROUNDS; i++) {
        rounds[i].theirs = nanoseconds(theirs, 500);
        rounds[i].ours = nanoseconds(ours, 2000);
        rounds[i].ratio = rounds[i].theirs / rounds[i].ours;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, by_ratio);
    printf("%s\tOpenSSL HMAC()\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\n", name, rounds[ROUNDS / 2].ratio, rounds[0].ratio,
           rounds[ROUNDS - 1].ratio, rounds[ROUNDS / 2].ours, rounds[ROUNDS / 2].theirs);
}

int main(void)
{
    kommo = apisig_kommo_new(L(SECRET), NULL);
    imbachat = apisig_imbachat_new(L(SECRET), NULL);
    retailcrm = apisig_retailcrm_new(L(SECRET), NULL);
    kayako = apisig_kayako_new(L(SECRET), NULL);
    mor = apisig_mor_new(L(SECRET), NULL);
    memset(body, 'x', sizeof body);
    compare("C Kommo sign, 97 B", kommo_theirs, kommo_ours);
    compare("C ImbaChat sign", imbachat_theirs, imbachat_ours);
    compare("C RetailCRM sign", retailcrm_theirs, retailcrm_ours);
    compare("C Kayako sign", kayako_theirs, kayako_ours);
    compare("C MOR sign", mor_theirs, mor_ours);
    return 0;
}

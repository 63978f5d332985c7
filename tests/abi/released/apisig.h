/*
 * apisig: the request signatures of messaging, CRM, helpdesk and telephony APIs.
 *
 * Rooms: kommo (Kommo Chat API), imbachat (ImbaChat), retailcrm (RetailCRM and Simla simple
 * connection), kayako (Kayako REST API) and mor (Kolmisoft MOR API). Every function is called
 * apisig_<room>_<verb>.
 *
 * The rules of this interface:
 *
 * 1. A handle holds the secret. apisig_<room>_new() makes one, apisig_<room>_add_secret() adds a
 *    secret that checks still accept while it is being rotated out, apisig_<room>_free() wipes and
 *    frees it. Every other function takes the handle as const and never writes to it: any number
 *    of threads may share one. A NULL handle is APISIG_ARGUMENT.
 * 2. A string is a pointer and its length in bytes, may hold any byte, and does not change while the
 *    call lasts. NULL is allowed if and only if the length is 0; NULL with another length, or a length
 *    beyond PTRDIFF_MAX, is APISIG_ARGUMENT.
 * 3. A text result is written, with a NUL behind it, into `out`, a buffer of `out_size` bytes that
 *    is yours and overlaps no argument; where there is none, or not enough room, an empty string is
 *    written and nothing else.
 *    A text whose longest form has a macro, APISIG_<ROOM>_<WHAT>_SIZE, is returned as `out`, or as
 *    NULL if there is none: that is APISIG_ARGUMENT (too small a buffer too) unless the function
 *    says otherwise.
 *    Of any other text the whole length is returned, the NUL not counted, as by snprintf(): if it
 *    is not below `out_size`, call again with a bigger buffer. `out` may be NULL if `out_size` is
 *    0: that measures the text. A negative return is an apisig_status.
 * 4. A check returns true only if what was presented holds; on any doubt it returns false. `why`
 *    may be NULL; else it receives the index of the secret that matched, 0 being the one given to
 *    _new(), or the negative apisig_status. What is presented never makes it APISIG_ARGUMENT: that
 *    is the caller's own mistake.
 * 5. Times are Unix seconds within the years 0000 to 9999, passed in: nothing here reads a clock,
 *    a file, the environment or global state, logs, or allocates memory outside of _new(). Random
 *    bytes are used by apisig_kayako_salt() alone.
 * 6. New functions and statuses may be added at any time; what is here does not change while the
 *    SONAME stays.
 */
/* Made by build.rs from src/: never edited here. */
#ifndef APISIG_H
#define APISIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header; apisig_version() gives the one of the library. */
#define APISIG_VERSION "0.1.0"

#if defined(__GNUC__)
#define APISIG_MUST_USE __attribute__((warn_unused_result))
#else
#define APISIG_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- mistake ----
 * The mistakes that a diagnosis can name. Each room has an apisig_<room>_diagnose() for whoever holds
 * the secret: a diagnosis never belongs into an answer to the sender, whom it would tell how to
 * sign.
 */

/**
 * What was done wrong when something was signed. New mistakes are only ever added.
 */
typedef enum {
    /**
     * The secret was decoded from hex.
     */
    APISIG_MISTAKE_SECRET_HEX = 1,
    /**
     * The secret was decoded from base64.
     */
    APISIG_MISTAKE_SECRET_BASE64 = 2,
    /**
     * One of the two secrets has a line feed at its end.
     */
    APISIG_MISTAKE_SECRET_NEWLINE = 3,
    /**
     * One of the two secrets has white space around it.
     */
    APISIG_MISTAKE_SECRET_SPACE = 4,
    /**
     * One of the two secrets begins with a byte order mark.
     */
    APISIG_MISTAKE_SECRET_BOM = 5,
    /**
     * The secret was put in another case.
     */
    APISIG_MISTAKE_SECRET_CASE = 6,
    /**
     * Secret and message are swapped.
     */
    APISIG_MISTAKE_SECRET_SWAPPED = 7,
    /**
     * The secret did not enter the hash.
     */
    APISIG_MISTAKE_SECRET_MISSING = 8,
    /**
     * The secret stands in front.
     */
    APISIG_MISTAKE_SECRET_FIRST = 9,
    /**
     * It was signed with MD5.
     */
    APISIG_MISTAKE_DIGEST_MD5 = 10,
    /**
     * It was signed with SHA-1.
     */
    APISIG_MISTAKE_DIGEST_SHA1 = 11,
    /**
     * It was signed with SHA-256.
     */
    APISIG_MISTAKE_DIGEST_SHA256 = 12,
    /**
     * It is a plain hash and no HMAC.
     */
    APISIG_MISTAKE_PLAIN_HASH = 13,
    /**
     * It is in hex.
     */
    APISIG_MISTAKE_HEX = 20,
    /**
     * It is in base64.
     */
    APISIG_MISTAKE_BASE64 = 21,
    /**
     * It is the base64 of a hex text.
     */
    APISIG_MISTAKE_BASE64_OF_HEX = 22,
    /**
     * It is in the base64 of URLs, or without padding.
     */
    APISIG_MISTAKE_BASE64_URL = 23,
    /**
     * It is in upper case.
     */
    APISIG_MISTAKE_UPPER_CASE = 24,
    /**
     * It has white space around it, such as the line feed that some encoders append.
     */
    APISIG_MISTAKE_SIGNATURE_NEWLINE = 25,
    /**
     * It was URL-encoded twice.
     */
    APISIG_MISTAKE_ENCODED_TWICE = 26,
    /**
     * A + became a space on its way.
     */
    APISIG_MISTAKE_PLUS_LOST = 27,
    /**
     * Content-MD5 is in base64.
     */
    APISIG_MISTAKE_MD5_BASE64 = 40,
    /**
     * Content-MD5 is in upper case.
     */
    APISIG_MISTAKE_MD5_UPPER_CASE = 41,
    /**
     * The signed body was pretty-printed, or written with other white space, than the one that was
     * sent.
     */
    APISIG_MISTAKE_BODY_PRETTY = 42,
    /**
     * The signed body escapes its slashes otherwise than the one that was sent.
     */
    APISIG_MISTAKE_BODY_SLASHES = 43,
    /**
     * The signed body escapes its letters otherwise than the one that was sent.
     */
    APISIG_MISTAKE_BODY_UNICODE = 44,
    /**
     * One of the two bodies has a line feed at its end.
     */
    APISIG_MISTAKE_BODY_NEWLINE = 45,
    /**
     * For an empty body {} or [] was signed.
     */
    APISIG_MISTAKE_BODY_EMPTY_JSON = 46,
    /**
     * The body alone was signed, as webhooks and the older version are.
     */
    APISIG_MISTAKE_BODY_ONLY = 47,
    /**
     * The signature is right, but Content-MD5 is not the MD5 of this body.
     */
    APISIG_MISTAKE_BODY_OTHER = 48,
    /**
     * The query was signed with the path.
     */
    APISIG_MISTAKE_PATH_QUERY = 50,
    /**
     * The host was signed with the path.
     */
    APISIG_MISTAKE_PATH_HOST = 51,
    /**
     * The path was signed without its beginning.
     */
    APISIG_MISTAKE_PATH_PREFIX = 52,
    /**
     * One of the two paths has a slash at its end.
     */
    APISIG_MISTAKE_PATH_SLASH = 53,
    /**
     * The method was signed in lower case.
     */
    APISIG_MISTAKE_METHOD_CASE = 54,
    /**
     * The lines were signed in another order.
     */
    APISIG_MISTAKE_HEADER_ORDER = 55,
    /**
     * Content-Type was left out of the signature, or signed but not sent.
     */
    APISIG_MISTAKE_CONTENT_TYPE_MISSING = 56,
    /**
     * Content-Type was signed with a charset, or sent with one that was not signed.
     */
    APISIG_MISTAKE_CONTENT_TYPE_CHARSET = 57,
    /**
     * Date was signed with one name of its zone and sent with another, such as GMT and +0000.
     */
    APISIG_MISTAKE_DATE_GMT = 58,
    /**
     * The day of Date was signed with one digit and sent with two, or the other way round.
     */
    APISIG_MISTAKE_DATE_UNPADDED = 59,
    /**
     * Another Date was signed than was sent, of the same time or a moment beside it.
     */
    APISIG_MISTAKE_DATE_FORMAT = 60,
    /**
     * The signature is right, but its Date is too old.
     */
    APISIG_MISTAKE_DATE_STALE = 61,
    /**
     * The signature is right, but its Date lies in the future.
     */
    APISIG_MISTAKE_DATE_FUTURE = 62,
    /**
     * The signature is right, but its Date cannot be read.
     */
    APISIG_MISTAKE_DATE_SYNTAX = 63,
    /**
     * The lines were signed with something else between them than a line feed.
     */
    APISIG_MISTAKE_LINE_SEPARATOR = 64,
    /**
     * This is a webhook of the CRM, a form, and those carry no signature.
     */
    APISIG_MISTAKE_WEBHOOK_UNSIGNED = 65,
    /**
     * The key was the secret with the widget's dev_id behind it, as in an older version.
     */
    APISIG_MISTAKE_SECRET_DEV_ID = 70,
    /**
     * user_id is a text in the claims.
     */
    APISIG_MISTAKE_USER_ID_TEXT = 71,
    /**
     * The token is, or was when it was signed, in the plain alphabet of base64.
     */
    APISIG_MISTAKE_TOKEN_ALPHABET = 72,
    /**
     * The token's parts are, or were when they were signed, padded with =.
     */
    APISIG_MISTAKE_TOKEN_PADDING = 73,
    /**
     * The token is right, but its time is over.
     */
    APISIG_MISTAKE_TOKEN_EXPIRED = 74,
    /**
     * The token is right, but its time has not come yet.
     */
    APISIG_MISTAKE_TOKEN_NOT_YET = 75,
    /**
     * The token's header names another algorithm, or none.
     */
    APISIG_MISTAKE_TOKEN_ALGORITHM = 76,
    /**
     * The token is rightly signed, but its claims cannot be used.
     */
    APISIG_MISTAKE_TOKEN_CLAIMS = 77,
    /**
     * Something else was signed than the token's first two parts as they stand, such as their JSON.
     */
    APISIG_MISTAKE_TOKEN_PARTS = 78,
    /**
     * The salt was signed as another text of the same number.
     */
    APISIG_MISTAKE_SALT_NUMBER = 80,
    /**
     * The salt was signed URL-encoded.
     */
    APISIG_MISTAKE_SALT_ENCODED = 81,
    /**
     * The API key was signed.
     */
    APISIG_MISTAKE_API_KEY_SIGNED = 82,
    /**
     * The key was the API key.
     */
    APISIG_MISTAKE_API_KEY_AS_SECRET = 83,
    /**
     * One of the two salts has white space around it.
     */
    APISIG_MISTAKE_SALT_NEWLINE = 84,
    /**
     * There is no salt, or it is 0.
     */
    APISIG_MISTAKE_SALT_MISSING = 85,
    /**
     * The values were hashed in another order.
     */
    APISIG_MISTAKE_VALUE_ORDER = 90,
    /**
     * The names of the parameters entered the hash.
     */
    APISIG_MISTAKE_VALUE_NAMES = 91,
    /**
     * A parameter entered the hash that this method does not hash.
     */
    APISIG_MISTAKE_VALUE_EXTRA = 92,
    /**
     * A parameter did not enter the hash that this method hashes.
     */
    APISIG_MISTAKE_VALUE_MISSING = 93,
    /**
     * The values were hashed URL-encoded.
     */
    APISIG_MISTAKE_VALUE_ENCODED = 94,
    /**
     * Something stands between the values.
     */
    APISIG_MISTAKE_VALUE_SEPARATOR = 95,
    /**
     * It is an HMAC.
     */
    APISIG_MISTAKE_HMAC = 96,
    /**
     * A value was hashed as it was sent.
     */
    APISIG_MISTAKE_VALUE_TYPE = 97,
    /**
     * The value of did is not in the hash, as on MOR X3 and older.
     */
    APISIG_MISTAKE_DID_MISSING = 98,
    /**
     * There is no API key.
     */
    APISIG_MISTAKE_API_KEY_MISSING = 100,
    /**
     * One of the two API keys has white space, a line feed or a byte order mark around it.
     */
    APISIG_MISTAKE_API_KEY_SPACE = 101,
    /**
     * The API key was signed in another case.
     */
    APISIG_MISTAKE_API_KEY_CASE = 102,
    /**
     * One of the two API keys is URL-encoded.
     */
    APISIG_MISTAKE_API_KEY_ENCODED = 103,
    /**
     * The API key was decoded from hex or base64.
     */
    APISIG_MISTAKE_API_KEY_DECODED = 104,
} apisig_mistake;

/**
 * What was done wrong, and what to do instead, in English, in a static string. It never holds
 * anything that was passed in. A number that is no apisig_mistake has a text too.
 */
const char *apisig_mistake_text(int32_t mistake);

/* ---- status ----
 * What every room shares: the reasons why there is no result, and the library's version.
 */

/**
 * The most secrets that a handle can hold, the current one included.
 */
#define APISIG_SECRETS_MAX 4

/**
 * Why there is no result, or why a check does not hold. New reasons are only ever added at the
 * end.
 */
typedef enum {
    /**
     * All is well.
     */
    APISIG_OK = 0,
    /**
     * The caller's own mistake, as the function tells it: a NULL with a length, a NULL handle, an
     * empty secret or one too many, a value out of range, a control character or a missing scheme
     * in what is to be signed.
     */
    APISIG_ARGUMENT = -1,
    /**
     * What was presented cannot be read.
     */
    APISIG_MALFORMED = -2,
    /**
     * What was presented is not what one of the secrets makes.
     */
    APISIG_MISMATCH = -3,
    /**
     * The signature is right, but its time is over.
     */
    APISIG_EXPIRED = -4,
    /**
     * The signature is right, but its time has not come yet.
     */
    APISIG_NOT_YET_VALID = -5,
    /**
     * The signature is right, but for another body: Content-MD5 is not the MD5 of this one.
     */
    APISIG_BODY = -6,
    /**
     * The token's algorithm is not HS256.
     */
    APISIG_ALGORITHM = -7,
    /**
     * The operating system gave no random bytes.
     */
    APISIG_RANDOM = -8,
    /**
     * There is no memory left.
     */
    APISIG_MEMORY = -9,
    /**
     * The signature is right, but a URL that it does not cover is not one that you allow.
     */
    APISIG_URL = -10,
    /**
     * The method is not in the registry.
     */
    APISIG_METHOD = -11,
} apisig_status;

/**
 * The library's version, such as "0.1.0". The string is static.
 */
const char *apisig_version(void);

/**
 * What a status means and what to do about it, in English, in a static string. It never holds
 * anything that was passed in. 0 or more, as a check answers, means that all is well; a negative
 * number that is no apisig_status has a text too.
 */
const char *apisig_status_text(int32_t status);

/* ---- imbachat ----
 * ImbaChat in C: user tokens. Source: the vendor's page "ImbaChat-docs, API".
 */

/**
 * What apisig_imbachat_sign() writes at most, NUL included.
 */
#define APISIG_IMBACHAT_TOKEN_SIZE 149

/**
 * The longest token that apisig_imbachat_verify() reads, in bytes.
 */
#define APISIG_IMBACHAT_TOKEN_MAX 4096

/**
 * The secrets of a widget. See rule 1.
 */
typedef struct apisig_imbachat apisig_imbachat;

/**
 * Makes a handle.
 *
 * `secret`: the widget's Secret key, as text. It is hashed once, here, and not kept.
 *
 * Returns the handle, to be freed with apisig_imbachat_free(), with 0 in `why`; or NULL, with
 * APISIG_ARGUMENT: the secret is empty; or with APISIG_MEMORY.
 */
APISIG_MUST_USE apisig_imbachat *apisig_imbachat_new(const char *secret, size_t secret_len, int32_t *why);

/**
 * Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
 * goes on with the first. No other thread may use the handle meanwhile.
 *
 * `secret`: as in apisig_imbachat_new().
 *
 * Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, the handle
 * is NULL or full.
 */
APISIG_MUST_USE
bool apisig_imbachat_add_secret(apisig_imbachat *imbachat,
                                const char *secret,
                                size_t secret_len,
                                int32_t *why);

/**
 * Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
 */
void apisig_imbachat_free(apisig_imbachat *imbachat);

/**
 * Makes the token of a user, a JWT with HS256, byte for byte as the page's getJWT() does.
 *
 * `user_id`: the user's id on your site, 1 or more.
 * `expires_at`: the first second at which the token no longer holds, in Unix seconds. It may be
 * past.
 * `out`: the token. APISIG_IMBACHAT_TOKEN_SIZE bytes are enough.
 *
 * Returns `out`; or NULL: a number is out of range, or by rule 3.
 * Source: the page's getJWT($user_id, $secret_key, $time), where `expires_at` is the time of the
 * call plus $time.
 */
APISIG_MUST_USE
const char *apisig_imbachat_sign(const apisig_imbachat *imbachat,
                                 int64_t user_id,
                                 int64_t expires_at,
                                 char *out,
                                 size_t out_size);

/**
 * Checks the token of a user.
 *
 * `token`: as received, at most APISIG_IMBACHAT_TOKEN_MAX bytes. Its header must say HS256 and
 * neither `crit` nor `b64`. Its claims must hold the integers `exp` and `user_id`, the latter 1 or
 * more; `nbf` may stand there, anything else is passed over. Header and claims may hold 32
 * members each, none of them twice, and nest objects and arrays 32 deep.
 * `now`: the time of the check, in Unix seconds.
 * `leeway`: for how many seconds the clocks may differ, 0 or more.
 * `user_id`: unless NULL, receives the user's id if the token holds, else 0.
 *
 * Returns whether the token holds. In `why`: the index of the secret that matched;
 * APISIG_MALFORMED, APISIG_ALGORITHM, APISIG_MISMATCH, APISIG_NOT_YET_VALID, APISIG_EXPIRED; or
 * APISIG_ARGUMENT, `now` or `leeway` is out of range, or by the rules.
 * Source: the page's "Chat user authorization"; JSON Web Token, RFC 7519.
 */
APISIG_MUST_USE
bool apisig_imbachat_verify(const apisig_imbachat *imbachat,
                            const char *token,
                            size_t token_len,
                            int64_t now,
                            int64_t leeway,
                            int64_t *user_id,
                            int32_t *why);

/**
 * Returns for how many seconds a verified token stays valid. A replay store remembers it that long. Nothing
 * is checked here but that the token can be read.
 *
 * `token`, `now`, `leeway`: as in apisig_imbachat_verify().
 *
 * Returns the token's `exp` plus `leeway` less `now`: 1 or more, also if it has expired since, and at
 * most up to the year 9999; or APISIG_MALFORMED; or APISIG_ARGUMENT, `now` or `leeway` is out of
 * range, or by the rules.
 * Source: as apisig_imbachat_verify().
 */
APISIG_MUST_USE
int64_t apisig_imbachat_seconds_left(const char *token,
                                     size_t token_len,
                                     int64_t now,
                                     int64_t leeway);

/* ---- imbachat_backend ----
 * ImbaChat's backend API in C: what a site needs to answer the requests that ImbaChat sends for its
 * users. Source: the vendor's page "ImbaChat-docs, API".
 */

/**
 * The most bytes that apisig_imbachat_verify_authorization() reads: login, colon and password.
 */
#define APISIG_IMBACHAT_CREDENTIALS_MAX 1024

/**
 * The most user ids that apisig_imbachat_user_ids() gives.
 */
#define APISIG_IMBACHAT_USER_IDS_MAX 1000

/**
 * Checks the API login and password of a request from ImbaChat, both always and in constant time:
 * the login without regard to ASCII case, the password exactly.
 *
 * `login`, `password`: your own, from the widget's settings; not empty.
 * `presented_login`, `presented_password`: as received by HTTP Basic authorization, decoded.
 *
 * Returns whether both are right. In `why`: 0; APISIG_MISMATCH; or APISIG_ARGUMENT, a string of
 * your own is empty, or by the rules.
 * Source: the page's example of authorization verification, whose `!=` takes "0e9999" for
 * "0e1234".
 */
APISIG_MUST_USE
bool apisig_imbachat_verify_login(const char *login,
                                  size_t login_len,
                                  const char *password,
                                  size_t password_len,
                                  const char *presented_login,
                                  size_t presented_login_len,
                                  const char *presented_password,
                                  size_t presented_password_len,
                                  int32_t *why);

/**
 * Checks the Authorization header of a request from ImbaChat, as apisig_imbachat_verify_login() does
 * its login and password.
 *
 * `login`, `password`: your own, from the widget's settings; not empty. The login holds no colon, and
 * neither holds a control character: nobody could present one that does.
 * `authorization`: the header's value as received, `Basic cm9vdDphYmM=`: the scheme in any case, then
 * base64 with its padding, of a login, which ends at the first colon, and a password, in all
 * APISIG_IMBACHAT_CREDENTIALS_MAX bytes at most. A missing header is an empty string.
 *
 * Returns whether both are right. In `why`: 0; APISIG_MALFORMED: a missing or broken header;
 * APISIG_MISMATCH; or APISIG_ARGUMENT, a string of your own is empty, or by the rules.
 * Source: the page's "Authorization"; HTTP Basic, RFC 7617.
 */
APISIG_MUST_USE
bool apisig_imbachat_verify_authorization(const char *login,
                                          size_t login_len,
                                          const char *password,
                                          size_t password_len,
                                          const char *authorization,
                                          size_t authorization_len,
                                          int32_t *why);

/**
 * The body of the answer to a request that is not authorized: JSON, whose status is 401 and whose
 * header WWW-Authenticate is apisig_imbachat_www_authenticate(). The string is static.
 *
 * Source: what the page's PHP prints, as version 1.
 */
const char *apisig_imbachat_unauthorized(void);

/**
 * The value of the header WWW-Authenticate that goes with apisig_imbachat_unauthorized(). The string
 * is static.
 *
 * Source: the page's PHP.
 */
const char *apisig_imbachat_www_authenticate(void);

/**
 * Reads which users ImbaChat asks about.
 *
 * `parameter`: the value of user_ids, URL-decoded: decimal numbers with a comma between each two,
 * `1,2`. A number may have leading zeros, and white space around it; nothing at all between two commas
 * is passed over.
 * `out`: the numbers, in their order, if there are `out_max` or fewer; else it is left as it is.
 * APISIG_IMBACHAT_USER_IDS_MAX are enough. It may be NULL if `out_max` is 0.
 *
 * Returns how many numbers there are, 0 or more; or APISIG_MALFORMED: anything else stands there, a
 * number is below 1 or above INT64_MAX, or there are more than APISIG_IMBACHAT_USER_IDS_MAX; or
 * APISIG_ARGUMENT, by the rules.
 * Source: the page's "Getting information about users", whose preg_replace() makes of P11-A the user
 * 11.
 */
APISIG_MUST_USE
ptrdiff_t apisig_imbachat_user_ids(const char *parameter,
                                   size_t parameter_len,
                                   int64_t *out,
                                   size_t out_max);

/* ---- imbachat_diagnosis ----
 * ImbaChat's tokens explained and diagnosed, in C: for whoever holds the secret, and never for an answer
 * to the sender. Source: the vendor's page "ImbaChat-docs, API".
 */

/**
 * Names what is wrong with a token: a mistake of those that make the very signature that was presented,
 * and none for a token of another secret.
 *
 * `secret`: the widget's Secret key, as text: not empty. Its variants are tried up to 1024 bytes.
 * `dev_id`: the widget's id, which an older version had behind the secret in its key; it may be empty.
 * `token`: as received, at most APISIG_IMBACHAT_TOKEN_MAX bytes.
 * `now`, `leeway`: as in apisig_imbachat_verify().
 *
 * Returns 0: the token holds; or an apisig_mistake; or APISIG_MISMATCH: no mistake is known that makes
 * it; or APISIG_MALFORMED: there are not two dots, the token is too long, or its header cannot be read;
 * or APISIG_ARGUMENT: the secret is empty, `now` or `leeway` is out of range, or by the rules.
 * Source: the page's "Chat user authorization"; JSON Web Token, RFC 7519.
 */
APISIG_MUST_USE
int32_t apisig_imbachat_diagnose(const char *secret,
                                 size_t secret_len,
                                 const char *dev_id,
                                 size_t dev_id_len,
                                 const char *token,
                                 size_t token_len,
                                 int64_t now,
                                 int64_t leeway);

/**
 * Explains a token to a person, in lines such as `claims: {"exp":1590492000,"user_id":1}`: secret, token,
 * its header and claims, the times, what is signed, the signature that the secret makes and the one
 * presented, and then warnings. What cannot be seen stands as `\n` or `\xHH`.
 *
 * `secret`: as in apisig_imbachat_diagnose(). Shown are its length and the first 8 hex digits of its
 * SHA-256.
 * `token`: likewise. It and its right signature are shown: either lets in whoever reads it until it
 * expires.
 * `now`: the time from which on seconds are counted, in Unix seconds.
 * `out`: UTF-8.
 *
 * Returns the text's length; or APISIG_MALFORMED: there are not two dots, or the token is too long; or
 * APISIG_ARGUMENT: the secret is empty, `now` is out of range, or by the rules.
 * Source: as apisig_imbachat_diagnose().
 */
APISIG_MUST_USE
ptrdiff_t apisig_imbachat_explain(const char *secret,
                                  size_t secret_len,
                                  const char *token,
                                  size_t token_len,
                                  int64_t now,
                                  char *out,
                                  size_t out_size);

/* ---- imbachat_widget ----
 * ImbaChat's frontend in C: the chat widget of a page, and the button that opens a dialog. No secret is
 * needed for it. Source: the vendor's page "ImbaChat-docs, API".
 */

/**
 * What apisig_imbachat_open_dialog() writes at most, NUL included.
 */
#define APISIG_IMBACHAT_OPEN_DIALOG_SIZE 47

/**
 * Makes the two script elements that show the chat on a page. Nothing in the arguments can run as a
 * script of its own.
 *
 * `dev_id`: the widget's id: letters, digits, `-` and `_`.
 * `user_id`: who looks at the page, 1 or more.
 * `token`: that user's token, from apisig_imbachat_sign(): UTF-8, not empty.
 * `origin`: where the vendor's script comes from, such as `http://127.0.0.1:8000`; empty for
 * `https://imbachat.com`.
 * `out`: HTML.
 *
 * Returns the text's length; or APISIG_ARGUMENT: an argument is not as above, or by the rules.
 * Source: the page's "How to enable the widget", without its http:, which browsers block on a page that
 * came by https.
 */
APISIG_MUST_USE
ptrdiff_t apisig_imbachat_widget(const char *dev_id,
                                 size_t dev_id_len,
                                 int64_t user_id,
                                 const char *token,
                                 size_t token_len,
                                 const char *origin,
                                 size_t origin_len,
                                 char *out,
                                 size_t out_size);

/**
 * Makes the JavaScript call that opens a dialog with a user, on a page with the widget:
 * `window.imbaApi.openDialog(2)`. It may stand in a script or in an attribute such as onclick.
 *
 * `user_id`: whom to write to, 1 or more.
 * `out`: the call. APISIG_IMBACHAT_OPEN_DIALOG_SIZE bytes are enough.
 *
 * Returns `out`; or NULL: the number is out of range, or by rule 3.
 * Source: the page's "Widget API".
 */
APISIG_MUST_USE const char *apisig_imbachat_open_dialog(int64_t user_id, char *out, size_t out_size);

/* ---- kayako ----
 * Kayako REST API in C: a salt and its signature go with every request. Source: the vendor's page
 * on generating an API signature.
 */

/**
 * What apisig_kayako_salt() writes, NUL included.
 */
#define APISIG_KAYAKO_SALT_SIZE 33

/**
 * What apisig_kayako_sign() writes, NUL included.
 */
#define APISIG_KAYAKO_SIGNATURE_SIZE 45

/**
 * The secrets of a helpdesk. See rule 1.
 */
typedef struct apisig_kayako apisig_kayako;

/**
 * Makes a handle.
 *
 * `secret`: the helpdesk's secret key, as text: what looks like base64 is not decoded. It is
 * hashed once, here, and not kept.
 *
 * Returns the handle, to be freed with apisig_kayako_free(), with 0 in `why`; or NULL, with
 * APISIG_ARGUMENT: the secret is empty; or with APISIG_MEMORY.
 */
APISIG_MUST_USE apisig_kayako *apisig_kayako_new(const char *secret, size_t secret_len, int32_t *why);

/**
 * Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
 * goes on with the first. No other thread may use the handle meanwhile.
 *
 * `secret`: as in apisig_kayako_new().
 *
 * Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, the handle
 * is NULL or full.
 */
APISIG_MUST_USE
bool apisig_kayako_add_secret(apisig_kayako *kayako,
                              const char *secret,
                              size_t secret_len,
                              int32_t *why);

/**
 * Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
 */
void apisig_kayako_free(apisig_kayako *kayako);

/**
 * Makes a salt: 16 random bytes of the operating system as 32 lower-case hex digits. Use each one
 * once.
 *
 * `out`: APISIG_KAYAKO_SALT_SIZE bytes are enough.
 *
 * Returns `out`; or NULL: the operating system gave no random bytes (APISIG_RANDOM), or by rule 3.
 * Source: instead of the page's mt_rand(), whose ten digits can be guessed.
 */
APISIG_MUST_USE const char *apisig_kayako_salt(char *out, size_t out_size);

/**
 * Signs a salt: base64 of its HMAC-SHA256.
 *
 * `salt`: the bytes that are sent as `salt`, not URL-encoded. Not empty and not "0", which the
 * vendor's server takes for no salt.
 * `out`: the parameter `signature`, base64 with its padding. It is not URL-encoded: encode it
 * once, together with the other parameters. APISIG_KAYAKO_SIGNATURE_SIZE bytes are enough.
 *
 * Returns `out`; or NULL: for such a salt, or by rule 3.
 * Source: the page's base64_encode(hash_hmac('sha256', $salt, $secretKey, true)).
 */
APISIG_MUST_USE
const char *apisig_kayako_sign(const apisig_kayako *kayako,
                               const char *salt,
                               size_t salt_len,
                               char *out,
                               size_t out_size);

/**
 * Checks the signature of a salt.
 *
 * `salt`, `signature`: the two parameters as received, URL-decoded once. The signature covers the
 * salt alone, neither the API key nor the rest of the request, and never expires.
 *
 * Returns whether the signature is right. In `why`: the index of the secret that matched;
 * APISIG_MISMATCH; APISIG_MALFORMED, the salt is empty or "0"; or APISIG_ARGUMENT by the rules.
 * Source: the same formula, as the vendor's server checks it.
 */
APISIG_MUST_USE
bool apisig_kayako_verify(const apisig_kayako *kayako,
                          const char *salt,
                          size_t salt_len,
                          const char *signature,
                          size_t signature_len,
                          int32_t *why);

/**
 * Makes the parameters of a request, encoded once: `apikey=...&salt=...&signature=...`, with %2B, %2F
 * and %3D in the signature.
 *
 * It goes into a URL's query (GET, DELETE; see apisig_kayako_url()), a body of the type
 * application/x-www-form-urlencoded (POST), or both (PUT), just as it is. It is not for what encodes a
 * form of its own, such as http_build_query() or an HTTP client's list of fields: encoded twice, + is
 * %252B, and the vendor's server answers FAILED TO AUTHENTICATE. To that give the API key, the salt and
 * what apisig_kayako_sign() makes.
 * Append other fields, encoded too, behind an &. None of them may be called as one of these: the
 * signature of a staff user, a field of the vendor's, is sent as staffsignature.
 *
 * `api_key`: the helpdesk's API key, as text. White space around it is left out.
 * `salt`: fresh, from apisig_kayako_salt(); not encoded. Not empty and not "0".
 * `out`: the query string. Bytes that need it are %XX, and a space is +, as in PHP's urlencode().
 *
 * Returns its length; or APISIG_ARGUMENT: the API key is white space or the salt is none, or by the
 * rules.
 * Source: the page's parameters, and its urlencode(base64_encode(...)).
 */
APISIG_MUST_USE
ptrdiff_t apisig_kayako_sign_parameters(const apisig_kayako *kayako,
                                        const char *api_key,
                                        size_t api_key_len,
                                        const char *salt,
                                        size_t salt_len,
                                        char *out,
                                        size_t out_size);

/**
 * Makes the URL of a request, such as
 * https://help.example.com/api/index.php?e=/Base/User&apikey=...&salt=...&signature=...
 *
 * `base`: where the helpdesk is, a URL of http or https without query. What it lacks of
 * /api/index.php is added, so that it may end in a slash, in api, api/ or api/index.php, or without.
 * `route`: app, controller and what is behind them, such as /Base/User/1. It starts with a slash. All
 * that is no letter, digit, slash, - . or _ is encoded, once, here.
 * `standard_url`: index.php?/Base/User, which the vendor calls the standard URL; else
 * index.php?e=/Base/User, which goes through servers that take no other query than names with values.
 * `query`: encoded once, as apisig_kayako_sign_parameters() makes it, with other fields behind it; or
 * empty, for POST, whose parameters the vendor's server reads in the body alone. There must be no
 * field e.
 * `out`: the URL. With a query it is a credential, which never expires: keep it out of logs.
 *
 * Returns its length; or APISIG_ARGUMENT: the base is no such URL, the route does not start with a
 * slash, or base or query hold a # or anything but visible ASCII; or by the rules.
 * Source: not on the page: as the vendor's PHP library makes it.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kayako_url(const char *base,
                            size_t base_len,
                            const char *route,
                            size_t route_len,
                            bool standard_url,
                            const char *query,
                            size_t query_len,
                            char *out,
                            size_t out_size);

/**
 * Checks the parameters of a request, as the vendor's server does: for a server in tests, a gateway, a
 * proxy. As there, white space around the API key and the signature does not matter, and spaces in the
 * signature are + that nobody encoded; in the salt they are spaces. Unlike there, all is compared in
 * constant time, and a name that is there twice, or that only PHP reads as one of these, is refused.
 *
 * `api_key`: the helpdesk's own. White space around it is left out.
 * `form`: raw, as received and still encoded, a query without its ?, or a body of the type
 * application/x-www-form-urlencoded: the query of GET and DELETE, the body of POST; of PUT the query if
 * there is one, which is what the server reads, or else the body. It may have any length and other
 * fields, and is read in place. JSON and multipart/form-data, which the server takes too, are not read
 * here: write their fields as a form, each name and value URL-encoded. PHP and Python take a mapping of them.
 *
 * Returns whether API key and signature are right. In `why`: the index of the secret that matched;
 * APISIG_MALFORMED, the salt is missing, empty or "0", to which the vendor's server answers with the
 * HTTP status 401 and NO SALT PROVIDED!, or apikey, salt or signature is there twice, as a list, or by
 * a name with spaces in front or a NUL behind, which PHP does not see; APISIG_MISMATCH, the API key or
 * the signature is missing or wrong, to which it answers 401 and FAILED TO AUTHENTICATE; or
 * APISIG_ARGUMENT, `api_key` is white space, or by the rules.
 * Source: not on the page: as the vendor's server does it.
 */
APISIG_MUST_USE
bool apisig_kayako_verify_request(const apisig_kayako *kayako,
                                  const char *api_key,
                                  size_t api_key_len,
                                  const char *form,
                                  size_t form_len,
                                  int32_t *why);

/* ---- kayako_diagnosis ----
 * What was done wrong when a request to Kayako was signed, and how its signature comes about: for
 * whoever holds the secret, and never for an answer to the sender. Not on the vendor's page.
 */

/**
 * Names the mistake that makes a signature wrong. None is named for a guess: a mistake is one that,
 * made alone, gives just the signature that was presented.
 *
 * `secret`: the helpdesk's secret key, as text.
 * `api_key`: the helpdesk's API key, which is perhaps what was signed, or signed with. White space
 * around it is left out. Empty, that is not looked for.
 * `salt`, `signature`: the two parameters as received, URL-decoded once. Of any length and bytes.
 *
 * Returns 0: nothing is wrong. Or a positive apisig_mistake: APISIG_MISTAKE_SALT_MISSING, if there is
 * no salt; one of 1 to 7, 10, 11 and 13 on the secret and the hash; one of 20 to 27 on the signature's
 * form, of which the vendor's server forgives APISIG_MISTAKE_PLUS_LOST and, but for spaces,
 * APISIG_MISTAKE_SIGNATURE_NEWLINE; one of 80 to 84 on what was signed. PLUS_LOST and
 * APISIG_MISTAKE_ENCODED_TWICE can be said of the salt too, of which nothing is forgiven. Or a negative
 * apisig_status: APISIG_MISMATCH, no known mistake makes it; APISIG_ARGUMENT, the secret is empty, or by
 * the rules.
 */
APISIG_MUST_USE
int32_t apisig_kayako_diagnose(const char *secret,
                               size_t secret_len,
                               const char *api_key,
                               size_t api_key_len,
                               const char *salt,
                               size_t salt_len,
                               const char *signature,
                               size_t signature_len);

/**
 * Explains the signature of a salt, a fact a line: the secret, by its length and the first 8 hex
 * digits of its SHA-256; the salt's length; what is the key; the string to sign, with bytes that cannot
 * be seen as \n, \r, \t and \xHH; its HMAC-SHA256 in hex; the signature "not encoded yet", for what
 * encodes a form itself, and "already encoded", for a URL or a body that is put together by hand; the
 * salt likewise; and warnings of what is seldom meant, such as white space around secret or salt.
 *
 * `secret`: the helpdesk's secret key, as text.
 * `salt`: as it is sent, not URL-encoded. What apisig_kayako_sign() refuses is explained too, with a
 * warning.
 * `out`: the text. It holds a signature, which never expires: keep it out of logs that others read.
 *
 * Returns its length; or APISIG_ARGUMENT by the rules.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kayako_explain(const char *secret,
                                size_t secret_len,
                                const char *salt,
                                size_t salt_len,
                                char *out,
                                size_t out_size);

/* ---- kommo ----
 * Kommo Chat API in C: the four headers of a request, and webhooks. Source: the vendor's page
 * "Connecting chat channel".
 */

/**
 * What apisig_kommo_sign_digest() writes, NUL included.
 */
#define APISIG_KOMMO_SIGNATURE_SIZE 41

/**
 * For how many seconds a signature holds, before and after its Date: 15 minutes.
 */
#define APISIG_KOMMO_TOLERANCE 900

/**
 * The secrets of a channel. See rule 1.
 */
typedef struct apisig_kommo apisig_kommo;

/**
 * The values of the headers that a signed request carries, each with its NUL.
 */
typedef struct {
    /**
     * Date, such as "Wed, 23 Nov 2022 19:25:21 +0000".
     */
    char date[32];
    /**
     * Content-Type: "application/json".
     */
    char content_type[17];
    /**
     * Content-MD5: the body's MD5 in lower-case hex.
     */
    char content_md5[33];
    /**
     * X-Signature: 40 lower-case hex digits.
     */
    char x_signature[41];
} apisig_kommo_headers;

/**
 * Makes a handle.
 *
 * `secret`: the channel's secret, as text: the 40 hex digits are not decoded. It is hashed once,
 * here, and not kept.
 *
 * Returns the handle, to be freed with apisig_kommo_free(), with 0 in `why`; or NULL, with
 * APISIG_ARGUMENT: the secret is empty; or with APISIG_MEMORY.
 */
APISIG_MUST_USE apisig_kommo *apisig_kommo_new(const char *secret, size_t secret_len, int32_t *why);

/**
 * Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
 * goes on with the first. No other thread may use the handle meanwhile.
 *
 * `secret`: as in apisig_kommo_new().
 *
 * Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, the handle
 * is NULL or full.
 */
APISIG_MUST_USE
bool apisig_kommo_add_secret(apisig_kommo *kommo,
                             const char *secret,
                             size_t secret_len,
                             int32_t *why);

/**
 * Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
 */
void apisig_kommo_free(apisig_kommo *kommo);

/**
 * Makes the headers of a request. Send the body as it is here, byte for byte.
 *
 * `method`: not empty, in any case; it is signed in upper case.
 * `url`: a whole URL with its scheme, or a path that starts with "/", percent-encoded as it is sent.
 * Only the path is signed, "/" if there is none.
 * `body`: the raw bytes, empty for GET.
 * `time`: when the request is sent, in Unix seconds.
 * `out`: the four headers; on error four empty strings.
 *
 * Returns APISIG_OK; or APISIG_ARGUMENT: another URL; an empty method, or one with a control character;
 * a space, a control character or a byte beyond ASCII in the URL; a path that clients send otherwise,
 * which is one that is not in the normal form of RFC 3986: "/a b/", "/a/../b", "/{a}", "/%41" for "/A",
 * "/%c3" for "/%C3"; or that starts with two slashes; `time` out of range; or by the rules.
 * Source: the page's example in PHP.
 */
APISIG_MUST_USE
int32_t apisig_kommo_sign(const apisig_kommo *kommo,
                          const char *method,
                          size_t method_len,
                          const char *url,
                          size_t url_len,
                          const char *body,
                          size_t body_len,
                          int64_t time,
                          apisig_kommo_headers *out);

/**
 * Signs header values as they are given: X-Signature.
 *
 * `method`, `url`: as in apisig_kommo_sign(), but the path is signed as it is given, whatever a client
 * makes of it.
 * `content_md5`, `content_type`, `date`: the values of the headers, byte for byte as they are
 * sent; a missing header is an empty string.
 * `out`: 40 lower-case hex digits. APISIG_KOMMO_SIGNATURE_SIZE bytes are enough.
 *
 * Returns `out`; or NULL: a URL without scheme that is no path, an empty method, a control character in
 * any of these, a space in the URL, or by the rules.
 * Source: the page's description of X-Signature. The signature that it prints, 25cbdaf2...,
 * belongs to the Content-MD5 that it prints, but that is not the MD5 of the body that it prints.
 */
APISIG_MUST_USE
const char *apisig_kommo_sign_digest(const apisig_kommo *kommo,
                                     const char *method,
                                     size_t method_len,
                                     const char *url,
                                     size_t url_len,
                                     const char *content_md5,
                                     size_t content_md5_len,
                                     const char *content_type,
                                     size_t content_type_len,
                                     const char *date,
                                     size_t date_len,
                                     char *out,
                                     size_t out_size);

/**
 * Shows what is signed: method, Content-MD5, Content-Type, Date and path, with a line feed between
 * them.
 *
 * The arguments are those of apisig_kommo_sign_digest().
 * `out`: the text. It is never longer than the five strings together and five bytes.
 *
 * Returns the text's length; or APISIG_ARGUMENT, as in apisig_kommo_sign_digest().
 * Source: the page's implode("\n", [...]).
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_string_to_sign(const char *method,
                                      size_t method_len,
                                      const char *url,
                                      size_t url_len,
                                      const char *content_md5,
                                      size_t content_md5_len,
                                      const char *content_type,
                                      size_t content_type_len,
                                      const char *date,
                                      size_t date_len,
                                      char *out,
                                      size_t out_size);

/**
 * Checks a signed request: first the signature over the headers as they were received, then that
 * Content-MD5 is the MD5 of the body, then that Date is not too far from `now`. Within that time
 * the same request can come again. The webhooks that Kommo sends are signed in another way: see
 * apisig_kommo_verify_webhook().
 *
 * `method`, `url`, `body`: as received; the body's raw bytes, not a parsed and re-encoded copy.
 * `content_md5`, `content_type`, `date`, `signature`: the headers' values as received; a missing
 * header is an empty string. Date is read as `[Wed, ]4 Jan 2023 00:00[:00] +0000`, its zone an
 * offset, GMT, UT, UTC or Z; hex may be of either case.
 * `now`: the time of the check, in Unix seconds.
 * `tolerance`: for how many seconds a signature holds, before and after its Date, 0 or more:
 * APISIG_KOMMO_TOLERANCE.
 *
 * Returns whether the request is sound. In `why`: the index of the secret that matched;
 * APISIG_MISMATCH; or, rightly signed, APISIG_BODY, APISIG_MALFORMED (the Date), APISIG_EXPIRED or
 * APISIG_NOT_YET_VALID. A method, URL or header that could not have been signed, and a fragment in
 * the URL, is APISIG_MALFORMED too. APISIG_ARGUMENT: `now` or `tolerance` is out of range, or by
 * the rules.
 * Source: the page's table of headers.
 */
APISIG_MUST_USE
bool apisig_kommo_verify(const apisig_kommo *kommo,
                         const char *method,
                         size_t method_len,
                         const char *url,
                         size_t url_len,
                         const char *body,
                         size_t body_len,
                         const char *content_md5,
                         size_t content_md5_len,
                         const char *content_type,
                         size_t content_type_len,
                         const char *date,
                         size_t date_len,
                         const char *signature,
                         size_t signature_len,
                         int64_t now,
                         int64_t tolerance,
                         int32_t *why);

/**
 * Signs a body alone, every byte of it: what the vendor does with its webhooks, and what its older
 * API took as X-Signature of a request, without Date and Content-MD5.
 *
 * `body`: the raw bytes.
 * `out`: 40 lower-case hex digits. APISIG_KOMMO_SIGNATURE_SIZE bytes are enough.
 *
 * Returns `out`; or NULL by the rules.
 * Source: not on the page: the vendor's page on webhooks.
 */
APISIG_MUST_USE
const char *apisig_kommo_sign_webhook(const apisig_kommo *kommo,
                                      const char *body,
                                      size_t body_len,
                                      char *out,
                                      size_t out_size);

/**
 * Checks a webhook that Kommo sends, or a request of the older API. The signature may be the one of
 * the body as it was received, or without the CR and LF bytes at its end: the vendor sends a line
 * end that it does not sign. It covers no time and no URL: the same webhook can come again, which
 * the ids in it tell. Only the webhooks of a chat channel are signed: JSON, with the header X-Signature.
 * Those of the CRM are forms (account[...], leads[...]) and carry no signature.
 *
 * `body`: the raw bytes as received, not a parsed and re-encoded copy.
 * `signature`: X-Signature as received, of either case; a missing header is an empty string.
 *
 * Returns whether the body is signed with one of the secrets. In `why`: the index of the secret
 * that matched; APISIG_MALFORMED: the signature is not 40 hex digits, and so that of no body, which
 * a server need not read then; or APISIG_MISMATCH. APISIG_ARGUMENT: by the rules.
 * Source: not on the page: the vendor's page on webhooks; that the line end is not signed is seen
 * in webhooks alone.
 */
APISIG_MUST_USE
bool apisig_kommo_verify_webhook(const apisig_kommo *kommo,
                                 const char *body,
                                 size_t body_len,
                                 const char *signature,
                                 size_t signature_len,
                                 int32_t *why);

/* ---- kommo_channel ----
 * Kommo's channels in C: where a request goes, what connects and disconnects a channel, and how an
 * answer is read. No secret is needed for it. Source: the vendor's page "Connecting chat channel".
 */

/**
 * The most bytes of an answer that apisig_kommo_answer() reads.
 */
#define APISIG_KOMMO_ANSWER_MAX 65536

/**
 * Makes the URL of a request: host and path.
 *
 * `host`: "amojo.kommo.com", or "amojo.amocrm.ru": letters, digits, `.` and `-`, and perhaps a `:`
 * and a port. "https://" stands in front of it, or may; "http://" in front is for tests on your own
 * machine: bodies would be read on the way.
 * `path`: it starts with "/", and is sent as it is, a query too, of which nothing is signed. ASCII,
 * no space, control character or `#`, and no part of it is `.` or `..`: escape what is put into it,
 * as PHP's rawurlencode() does.
 * `out`: the text. It is never longer than both strings together and eight bytes.
 *
 * Returns the text's length; or APISIG_ARGUMENT: another host or path, or by the rules.
 * Source: the page's general requirements; for amoCRM not on the page.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_url(const char *host,
                           size_t host_len,
                           const char *path,
                           size_t path_len,
                           char *out,
                           size_t out_size);

/**
 * Makes the URL that connects a channel to an account, by POST:
 * `https://host/v2/origin/custom/channel_id/connect`.
 *
 * `host`: as in apisig_kommo_url().
 * `channel_id`: of letters, digits, `-` and `_`, not empty.
 * `out`: the text. It is never longer than both strings together and 34 bytes.
 *
 * Returns the text's length; or APISIG_ARGUMENT: another host or id, or by the rules.
 * Source: the page's `$path`.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_connect_url(const char *host,
                                   size_t host_len,
                                   const char *channel_id,
                                   size_t channel_id_len,
                                   char *out,
                                   size_t out_size);

/**
 * Makes the body that connects a channel:
 * `{"account_id":"...","title":"...","hook_api_version":"..."}`.
 *
 * `account_id`: the account's amojo_id, of letters, digits, `-` and `_`, not empty.
 * `title`: the channel's name, in UTF-8.
 * `hook_api_version`: "v1" or "v2", the form that webhooks shall have.
 * `out`: the text, as PHP's json_encode() writes it with JSON_UNESCAPED_SLASHES,
 * JSON_UNESCAPED_UNICODE and JSON_UNESCAPED_LINE_TERMINATORS. It is never longer than the three
 * strings together, five bytes more for each of the title's, and 50 bytes.
 *
 * Returns the text's length; or APISIG_ARGUMENT: another id or version, a title that is not UTF-8,
 * or by the rules.
 * Source: the page's table of the request's body, and its `$body`.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_connect_body(const char *account_id,
                                    size_t account_id_len,
                                    const char *title,
                                    size_t title_len,
                                    const char *hook_api_version,
                                    size_t hook_api_version_len,
                                    char *out,
                                    size_t out_size);

/**
 * Makes the URL that disconnects a channel, by DELETE:
 * `https://host/v2/origin/custom/channel_id/disconnect`.
 *
 * The arguments and the result are those of apisig_kommo_connect_url(); the text has three bytes
 * more.
 * Source: not on the page: the vendor's reference of the Chat API.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_disconnect_url(const char *host,
                                      size_t host_len,
                                      const char *channel_id,
                                      size_t channel_id_len,
                                      char *out,
                                      size_t out_size);

/**
 * Makes the body that disconnects a channel: `{"account_id":"..."}`.
 *
 * `account_id`: as in apisig_kommo_connect_body().
 * `out`: the text. It is 17 bytes longer than the id.
 *
 * Returns the text's length; or APISIG_ARGUMENT: another id, or by the rules.
 * Source: not on the page: the vendor's reference of the Chat API.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_disconnect_body(const char *account_id,
                                       size_t account_id_len,
                                       char *out,
                                       size_t out_size);

/**
 * Makes the id that a connected channel has in an account, `channel_id_account_id`: it stands in
 * the path of every request but the two that connect and disconnect.
 *
 * `channel_id`, `account_id`: of letters, digits, `-` and `_`, not empty.
 * `out`: the text. It is one byte longer than both strings together.
 *
 * Returns the text's length; or APISIG_ARGUMENT: another id, or by the rules.
 * Source: the page's example of a result.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_scope_id(const char *channel_id,
                                size_t channel_id_len,
                                const char *account_id,
                                size_t account_id_len,
                                char *out,
                                size_t out_size);

/**
 * Reads an answer of the API: the text of a member that is a string, such as `scope_id`, or
 * `error_type` where a request was refused.
 *
 * `answer`: the body of the answer, a JSON object of at most APISIG_KOMMO_ANSWER_MAX bytes and 32
 * members, no two of one name, and with at most 32 objects and arrays inside one another.
 * `name`: the member's; members of objects within the answer are not looked at.
 * `out`: the text with its escapes resolved, in UTF-8: any character may be in it, NUL too. It is
 * never longer than the answer.
 *
 * Returns the text's length; or APISIG_MALFORMED: the answer is not like that, or has no such
 * string; or APISIG_ARGUMENT: the name is not UTF-8, or by the rules.
 * Source: the page's example of a result; the vendor's page on HTTP status codes.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_answer(const char *answer,
                              size_t answer_len,
                              const char *name,
                              size_t name_len,
                              char *out,
                              size_t out_size);

/* ---- kommo_diagnosis ----
 * What is wrong with a signature of Kommo's, and what it is made of: for whoever holds the secret,
 * never for an answer to the sender. Source: the vendor's page "Connecting chat channel".
 */

/**
 * The longest method that apisig_kommo_diagnose() and apisig_kommo_explain() read.
 */
#define APISIG_KOMMO_METHOD_MAX 32

/**
 * Names the mistake that makes a request's signature a wrong one, by trying some thousand others:
 * one is named only if it makes what was presented, byte for byte. The body is hashed some thirty
 * times if it is JSON; beyond 64 KiB it is not tried as other encoders write it. One mistake is
 * looked for, not two at a time.
 *
 * `secret`: the channel's, as in apisig_kommo_new().
 * `method`, `url`, `body`: as sent. The method has at most APISIG_KOMMO_METHOD_MAX bytes. If `url` is a
 * whole one, its host is one that may have been signed.
 * `content_md5`, `content_type`, `date`, `signature`: the headers' values as sent; a missing header
 * is an empty string.
 * `now`, `tolerance`: as in apisig_kommo_verify().
 *
 * Returns 0: nothing is wrong; an apisig_mistake; APISIG_MISMATCH: no mistake that is known makes this
 * signature; APISIG_MALFORMED: method, URL or header could not have been signed; or APISIG_ARGUMENT:
 * the secret is empty, `now` or `tolerance` is out of range, or by the rules.
 * These are the mistakes, by what comes behind APISIG_MISTAKE_:
 * SECRET_HEX, SECRET_BASE64, SECRET_NEWLINE, SECRET_SPACE, SECRET_BOM, SECRET_CASE, SECRET_SWAPPED;
 * DIGEST_MD5, DIGEST_SHA256, PLAIN_HASH; UPPER_CASE (which apisig_kommo_verify() lets pass, as it does
 * MD5_UPPER_CASE), BASE64, BASE64_URL, BASE64_OF_HEX, SIGNATURE_NEWLINE, of the signature;
 * MD5_BASE64, MD5_UPPER_CASE;
 * BODY_PRETTY (or compact, or as by Python's json.dumps()), BODY_SLASHES, BODY_UNICODE, BODY_NEWLINE,
 * BODY_EMPTY_JSON, BODY_ONLY, BODY_OTHER;
 * PATH_QUERY, PATH_HOST, PATH_SLASH, PATH_PREFIX (up to 32 slashes on), METHOD_CASE, HEADER_ORDER,
 * LINE_SEPARATOR, CONTENT_TYPE_MISSING, CONTENT_TYPE_CHARSET;
 * DATE_GMT, DATE_UNPADDED, DATE_FORMAT (also of up to two seconds before or after), DATE_STALE,
 * DATE_FUTURE, DATE_SYNTAX.
 * Source: not on the page, which says how to sign: mistakes seen in the field.
 */
APISIG_MUST_USE
int32_t apisig_kommo_diagnose(const char *secret,
                              size_t secret_len,
                              const char *method,
                              size_t method_len,
                              const char *url,
                              size_t url_len,
                              const char *body,
                              size_t body_len,
                              const char *content_md5,
                              size_t content_md5_len,
                              const char *content_type,
                              size_t content_type_len,
                              const char *date,
                              size_t date_len,
                              const char *signature,
                              size_t signature_len,
                              int64_t now,
                              int64_t tolerance);

/**
 * Names the mistake that makes a webhook's signature a wrong one, as apisig_kommo_diagnose() does.
 * Those of secret, digest and signature are the same; BODY_PRETTY, BODY_SLASHES, BODY_UNICODE,
 * BODY_NEWLINE and BODY_EMPTY_JSON say that `body` is not the one that was received, but a parsed and
 * re-encoded copy. WEBHOOK_UNSIGNED: there is no signature and the body is a form, as webhooks of the CRM
 * have it; those are never signed.
 *
 * `secret`: the channel's, as in apisig_kommo_new().
 * `body`, `signature`: as in apisig_kommo_verify_webhook().
 *
 * Returns 0, an apisig_mistake or APISIG_MISMATCH, as there; or APISIG_ARGUMENT: the secret is empty,
 * or by the rules.
 * Source: not on the page: the vendor's page on webhooks.
 */
APISIG_MUST_USE
int32_t apisig_kommo_diagnose_webhook(const char *secret,
                                      size_t secret_len,
                                      const char *body,
                                      size_t body_len,
                                      const char *signature,
                                      size_t signature_len);

/**
 * Shows what a request's signature is made of, a fact a line: the secret by its length and the start
 * of its SHA-256, the body's MD5, the five lines that are signed, the signature, and what is seldom
 * meant, such as a secret with a line feed behind it. Bytes that cannot be seen stand as `\n` or
 * `\xHH`. For people: its words may change.
 *
 * `secret`, `method`, `url`, `body`, `content_md5`, `content_type`, `date`: as in
 * apisig_kommo_diagnose().
 * `out`: the text, in UTF-8. It holds the signature, and shows whatever is in the URL and the headers.
 *
 * Returns the text's length; or APISIG_ARGUMENT: the secret is empty, the method longer than
 * APISIG_KOMMO_METHOD_MAX, or as in apisig_kommo_sign_digest().
 * Source: the page's example in PHP, its steps one by one.
 */
APISIG_MUST_USE
ptrdiff_t apisig_kommo_explain(const char *secret,
                               size_t secret_len,
                               const char *method,
                               size_t method_len,
                               const char *url,
                               size_t url_len,
                               const char *body,
                               size_t body_len,
                               const char *content_md5,
                               size_t content_md5_len,
                               const char *content_type,
                               size_t content_type_len,
                               const char *date,
                               size_t date_len,
                               char *out,
                               size_t out_size);

/* ---- mor ----
 * Kolmisoft MOR API in C: the hash that goes with every request. Source: the vendor's page "MOR
 * API hash construction".
 *
 * The hash covers no method, no names, and not where one value ends. A request that was seen can be sent
 * again as another one: devices_get?user_id=7 has the hash of user_delete?user_id=7, and a
 * user_balance_update of user 12 to 345 that of user 123 to 45. A hash never expires. So send requests
 * over TLS only, give each key no more rights than it needs, and take the hash as proof that the sender
 * has the key, not of what the values are.
 *
 * What a method hashes: the parameters of its own list, if it has one, in the order of the list. Every
 * other method hashes each parameter that is sent and stands in the one order of 209 names, read by type.
 * A user_id of 007 is hashed as 7; a balance that is no number adds nothing. apisig_mor_parameters()
 * answers for a request. Requests whose hashes are public, of servers of four generations, show this rule;
 * a hash that the vendor published shows one example; apisig_mor_is_confirmed() is false where there is
 * neither. A server may differ: its page Settings, Setup, Generate hash shows what it hashes. For a method
 * that is not in the registry, apisig_mor_sign() takes the values joined.
 */

/**
 * What apisig_mor_sign() and apisig_mor_sign_request() write, NUL included.
 */
#define APISIG_MOR_HASH_SIZE 41

/**
 * The longest secret of MOR, in bytes.
 */
#define APISIG_MOR_SECRET_MAX 1024

/**
 * The longest form of a request, in bytes.
 */
#define APISIG_MOR_FORM_MAX 1048576

/**
 * The secrets of a MOR server. See rule 1.
 */
typedef struct apisig_mor apisig_mor;

/**
 * Makes a handle.
 *
 * `secret`: the API secret key, at most APISIG_MOR_SECRET_MAX bytes. It is kept inside the handle,
 * since it is hashed behind the values.
 *
 * Returns the handle, to be freed with apisig_mor_free(), with 0 in `why`; or NULL, with
 * APISIG_ARGUMENT: the secret is empty, or longer than APISIG_MOR_SECRET_MAX; or with
 * APISIG_MEMORY.
 */
APISIG_MUST_USE apisig_mor *apisig_mor_new(const char *secret, size_t secret_len, int32_t *why);

/**
 * Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
 * goes on with the first. No other thread may use the handle meanwhile.
 *
 * `secret`: as in apisig_mor_new().
 *
 * Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, or longer
 * than APISIG_MOR_SECRET_MAX, the handle is NULL or full.
 */
APISIG_MUST_USE
bool apisig_mor_add_secret(apisig_mor *mor,
                           const char *secret,
                           size_t secret_len,
                           int32_t *why);

/**
 * Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
 */
void apisig_mor_free(apisig_mor *mor);

/**
 * Makes the hash of a request: the SHA-1 of its values with the secret behind them.
 *
 * `values`: the values of the parameters, as text that is not URL-encoded, joined in their right
 * order with nothing between them. Nothing shows where one ends: "123" and "456" have the hash of
 * "1234" and "56". apisig_mor_sign_request() knows the order of many methods.
 * `out`: the parameter `hash`, 40 lower-case hex digits. APISIG_MOR_HASH_SIZE bytes are enough.
 *
 * Returns `out`; or NULL by rule 3.
 * Source: the page's Digest::SHA1.hexdigest(hash_string).
 */
APISIG_MUST_USE
const char *apisig_mor_sign(const apisig_mor *mor,
                            const char *values,
                            size_t values_len,
                            char *out,
                            size_t out_size);

/**
 * Checks the hash of a request.
 *
 * `values`: as in apisig_mor_sign().
 * `hash`: the parameter as received, in lower case: the server refuses upper case too.
 *
 * Returns whether the hash is right. In `why`: the index of the secret that matched;
 * APISIG_MISMATCH; or APISIG_ARGUMENT by the rules.
 * Source: the page's "Hash check".
 */
APISIG_MUST_USE
bool apisig_mor_verify(const apisig_mor *mor,
                       const char *values,
                       size_t values_len,
                       const char *hash,
                       size_t hash_len,
                       int32_t *why);

/**
 * Makes the hash of a request, of the values that its method hashes.
 *
 * `method`: as in /billing/api/METHOD, such as "user_balance_get", or an older name of it.
 * Case-sensitive.
 * `form`: the parameters as application/x-www-form-urlencoded, in any order, at most
 * APISIG_MOR_FORM_MAX bytes. The decoded values are hashed, see the top of this section.
 * `out`: the parameter `hash`, 40 lower-case hex digits. APISIG_MOR_HASH_SIZE bytes are enough.
 *
 * Returns `out`, with 0 in `why`; or NULL, with APISIG_METHOD: the method is not in the registry; or
 * with APISIG_ARGUMENT by the rules, or for a form that apisig_mor_refusal() describes: a value of the
 * wrong type or one that the server rewrites; a parameter of the method's list or order, or `hash`,
 * twice; a name with characters other than ASCII letters, digits, `_` and `-`, such as `name[]`; a `;`
 * that is not encoded; more than 1000 fields; a line that starts with `--`.
 * Source: the page's construction, and requests whose hashes are public.
 */
APISIG_MUST_USE
const char *apisig_mor_sign_request(const apisig_mor *mor,
                                    const char *method,
                                    size_t method_len,
                                    const char *form,
                                    size_t form_len,
                                    char *out,
                                    size_t out_size,
                                    int32_t *why);

/**
 * Checks the `hash` in the form of a request against the values that its method hashes, as the server
 * does: a value of the wrong type adds nothing. The hash does not cover the method: compare the method
 * with those that the sender may call.
 *
 * `method`: as in apisig_mor_sign_request().
 * `form`: the parameters as received: the body, or the query of the URL without its `?`, not decoded. If
 * your application reads both together, join them with `&`.
 *
 * Returns whether the hash is right. In `why`: the index of the secret that matched; APISIG_METHOD:
 * the method is not in the registry; APISIG_MALFORMED: servers read the form in different ways, as
 * apisig_mor_refusal() describes; APISIG_MISMATCH, also if there is no hash or it is in upper case; or
 * APISIG_ARGUMENT by the rules.
 * Source: the page's "Hash check"; what is malformed is not part of the documentation.
 */
APISIG_MUST_USE
bool apisig_mor_verify_request(const apisig_mor *mor,
                               const char *method,
                               size_t method_len,
                               const char *form,
                               size_t form_len,
                               int32_t *why);

/**
 * Writes which parameters of a request are hashed and which are not: two lines, of names with a comma
 * between each two. The first has those that are hashed, in their order; it is empty if the secret alone is
 * hashed. The second has all others, in the order of the form.
 *
 * `method`: as in apisig_mor_sign_request().
 * `form`: as in apisig_mor_verify_request().
 * `out`: the text; not longer than the form and 1 more byte.
 *
 * Returns the text's length; or APISIG_METHOD: the method is not in the registry; or APISIG_MALFORMED:
 * as apisig_mor_verify_request(); or APISIG_ARGUMENT by the rules.
 * Source: requests whose hashes are public; core/src/mor/methods.tsv has the source of each method.
 */
APISIG_MUST_USE
ptrdiff_t apisig_mor_parameters(const char *method,
                                size_t method_len,
                                const char *form,
                                size_t form_len,
                                char *out,
                                size_t out_size);

/**
 * Writes why apisig_mor_sign_request() refuses a form: one or two sentences that name the parameter and
 * what its value has to be. They hold no value. The text is empty if the form is not refused.
 *
 * `method`, `form`: as in apisig_mor_sign_request().
 * `out`: the text, at most 255 bytes. The words may change with any version.
 *
 * Returns the text's length; or APISIG_METHOD: the method is not in the registry; or APISIG_ARGUMENT by
 * the rules.
 * Source: as apisig_mor_parameters().
 */
APISIG_MUST_USE
ptrdiff_t apisig_mor_refusal(const char *method,
                             size_t method_len,
                             const char *form,
                             size_t form_len,
                             char *out,
                             size_t out_size);

/**
 * Whether public hashes confirm what a method hashes: requests whose hashes are public, of servers of four
 * generations, or one example that the vendor published. False if only a list of the vendor or of a
 * client library says so, or if the method is not in the registry.
 *
 * `method`: as in apisig_mor_sign_request().
 * Source: as apisig_mor_parameters().
 */
APISIG_MUST_USE bool apisig_mor_is_confirmed(const char *method, size_t method_len);

/* ---- mor_diagnosis ----
 * What was done wrong when a request to MOR was hashed, and how its hash comes about: for whoever holds
 * the secret, and never for an answer to the sender. The second is what the vendor's own page Settings,
 * Setup, Generate hash shows.
 */

/**
 * Names the mistake that makes a hash wrong. None is named for a guess: a mistake is one that, made
 * alone, gives just the hash that was presented.
 *
 * `secret`: the API secret key, at most APISIG_MOR_SECRET_MAX bytes.
 * `method`: as in apisig_mor_sign_request(). Or empty: then what should have been hashed are the values
 * of the form as it stands, in the caller's own order as in apisig_mor_sign().
 * `form`: the parameters as sent or received, as in apisig_mor_verify_request(); a `hash` among them
 * does not count.
 * `hash`: the hash as received. In a mistake's hash the hex may be of either case.
 *
 * Returns 0: nothing is wrong. Or an apisig_mistake, by what comes behind APISIG_MISTAKE_:
 * UPPER_CASE, BASE64, BASE64_URL,
 * BASE64_OF_HEX, ENCODED_TWICE and SIGNATURE_NEWLINE, of the hash;
 * DIGEST_MD5, DIGEST_SHA256 and HMAC;
 * SECRET_HEX, SECRET_BASE64, SECRET_NEWLINE (`echo` without -n makes it too), SECRET_SPACE, SECRET_BOM
 * and SECRET_CASE, SECRET_MISSING and SECRET_FIRST;
 * PLUS_LOST, a + that was sent as it is, such as a telephone number's, and ENCODED_TWICE, of the values;
 * DID_MISSING, of servers before MOR X5; VALUE_TYPE, of a value that the server reads by type;
 * VALUE_ENCODED; VALUE_SEPARATOR, between the values, and before the secret too; VALUE_NAMES, such as of
 * a whole query string; VALUE_MISSING, any of up to 8, else one or all; VALUE_EXTRA, one at any place,
 * `u` and `p`, or the whole form; VALUE_ORDER, any of up to 8, else the form's, the other way round, or
 * sorted by name.
 * Or an apisig_status: APISIG_MISMATCH, no known mistake makes it; APISIG_METHOD, the method is not in
 * the registry; APISIG_MALFORMED, servers read the form in different ways, as in
 * apisig_mor_verify_request(); APISIG_ARGUMENT, the secret is empty or too long, or by the rules.
 *
 * Time: every order of 8 short values is 40,320 hashes, of one block each: about 10 ms if no mistake is
 * found. Whatever the form, no more than 32 MiB are read and hashed; where values are that long, not every
 * order of them is tried.
 * Source: the page's construction, and its note on "the correct order".
 */
APISIG_MUST_USE
int32_t apisig_mor_diagnose(const char *secret,
                            size_t secret_len,
                            const char *method,
                            size_t method_len,
                            const char *form,
                            size_t form_len,
                            const char *hash,
                            size_t hash_len);

/**
 * Explains the hash of a request, a fact a line: the method, how it is known what it hashes, the secret by
 * its length and the first 8 hex digits of its SHA-256; then each value that is hashed, in its order, such
 * as "1. username (3 bytes): bob"; the names of what is not sent and of what is not hashed; values that the
 * server does not hash as they were sent; the hashed text with "<secret>" at its end; the hash; what the
 * hash does not cover; and warnings of what is
 * seldom meant, such as white space around the secret or a value of up to 1024 bytes. Bytes that cannot
 * be seen stand as \n, \r, \t and \xHH.
 *
 * `secret`, `method`: as in apisig_mor_diagnose().
 * `form`: the parameters, as in apisig_mor_sign_request(); a `hash` among them does not count.
 * `out`: the text. The hashed values are shown, a password among them too, and the hash, which never
 * expires: keep it out of logs that others read. The words may change with any version.
 *
 * Returns its length; or APISIG_METHOD: the method is not in the registry; or APISIG_ARGUMENT: the
 * secret is empty or too long, servers read the form in different ways, or by the rules.
 * Source: as apisig_mor_diagnose(); the page's "Hash check".
 */
APISIG_MUST_USE
ptrdiff_t apisig_mor_explain(const char *secret,
                             size_t secret_len,
                             const char *method,
                             size_t method_len,
                             const char *form,
                             size_t form_len,
                             char *out,
                             size_t out_size);

/* ---- retailcrm ----
 * RetailCRM (Simla) simple connection in C: the token, and the register request that carries it.
 * Source: the vendor's page "The procedure of simple connection of the module".
 */

/**
 * What apisig_retailcrm_sign() writes, NUL included.
 */
#define APISIG_RETAILCRM_TOKEN_SIZE 65

/**
 * The longest form that apisig_retailcrm_register() reads, in bytes: 64 KiB.
 */
#define APISIG_RETAILCRM_FORM_MAX 65536

/**
 * The longest JSON in the field register of such a form, in bytes, once decoded.
 */
#define APISIG_RETAILCRM_JSON_MAX 4096

/**
 * The secrets of a module. See rule 1.
 */
typedef struct apisig_retailcrm apisig_retailcrm;

/**
 * What a register request brings, each with its NUL.
 */
typedef struct {
    /**
     * The API key: visible characters of ASCII, 255 at most. Whoever has it may use the account.
     */
    char api_key[256];
    /**
     * The system URL, such as "https://demo.retailcrm.ru": in lower case, without a slash behind it.
     */
    char system_url[262];
} apisig_retailcrm_registration;

/**
 * Makes a handle.
 *
 * `secret`: the module's secret string from the partner account. It is hashed once, here, and not
 * kept.
 *
 * Returns the handle, to be freed with apisig_retailcrm_free(), with 0 in `why`; or NULL, with
 * APISIG_ARGUMENT: the secret is empty; or with APISIG_MEMORY.
 */
APISIG_MUST_USE apisig_retailcrm *apisig_retailcrm_new(const char *secret, size_t secret_len, int32_t *why);

/**
 * Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
 * goes on with the first. No other thread may use the handle meanwhile.
 *
 * `secret`: as in apisig_retailcrm_new().
 *
 * Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, the handle
 * is NULL or full.
 */
APISIG_MUST_USE
bool apisig_retailcrm_add_secret(apisig_retailcrm *retailcrm,
                                 const char *secret,
                                 size_t secret_len,
                                 int32_t *why);

/**
 * Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
 */
void apisig_retailcrm_free(apisig_retailcrm *retailcrm);

/**
 * Makes the token of an API key: its HMAC-SHA256 in hex.
 *
 * `api_key`: the API key as text, not empty.
 * `out`: what is sent as register[token], 64 lower-case hex digits. APISIG_RETAILCRM_TOKEN_SIZE
 * bytes are enough.
 *
 * Returns `out`; or NULL: the API key is empty, or by rule 3.
 * Source: the page's hash_hmac('sha256', '<api-key>', '<secret>').
 */
APISIG_MUST_USE
const char *apisig_retailcrm_sign(const apisig_retailcrm *retailcrm,
                                  const char *api_key,
                                  size_t api_key_len,
                                  char *out,
                                  size_t out_size);

/**
 * Checks the token of a register request.
 *
 * `api_key`, `token`: register[apiKey] and register[token] as received; the token's hex may be of
 * either case. It covers the API key alone, not the system URL sent beside it, and never expires.
 *
 * Returns whether the token is right. In `why`: the index of the secret that matched;
 * APISIG_MISMATCH; APISIG_MALFORMED, the API key is empty; or APISIG_ARGUMENT by the rules.
 * Source: the page's "Module connection request".
 */
APISIG_MUST_USE
bool apisig_retailcrm_verify(const apisig_retailcrm *retailcrm,
                             const char *api_key,
                             size_t api_key_len,
                             const char *token,
                             size_t token_len,
                             int32_t *why);

/**
 * Checks a register request, and gives what it brings.
 *
 * `form`: the raw body, up to APISIG_RETAILCRM_FORM_MAX bytes: either one field register with JSON
 * that has the members token, apiKey and systemUrl, which is what the system sends, or the fields
 * register[token], register[apiKey] and register[systemUrl]. Other fields and members may be there.
 * `hosts`: the hosts that a system URL may have, with a comma and nothing else between them, such as
 * "retailcrm.ru,simla.com": the host itself or any below it, in any case; IDN in punycode. An IPv4
 * address or a name without a dot must be listed itself; IPv6 is never accepted.
 * An empty list allows any name that has a dot. Then whoever saw one register request can send it
 * again with a URL of his own, and receives what the module sends there: the API key.
 * `out`: the API key and the system URL; else two empty strings.
 *
 * Returns whether the token is the API key's, and the URL is https:// and an allowed host: no port,
 * path (but for one slash), query, fragment or user. In `why`: the index of the secret that matched;
 * APISIG_MALFORMED: the form or its JSON cannot be read or is too long, a field is missing or there
 * twice, both forms at once, a member is no string, the API key is empty, longer than 255 bytes or
 * not of visible ASCII, the URL holds a control character or is longer than 262 bytes;
 * APISIG_MISMATCH, a wrong token, whatever the URL; APISIG_URL, the token is right, but the URL is
 * not allowed; or APISIG_ARGUMENT: an entry of `hosts` cannot be a host, or by the rules.
 * The same request holds again at any time: it has neither a time nor a number.
 * Source: the page's "Module connection request". Not on the page: the JSON, and what is asked of
 * the URL.
 */
APISIG_MUST_USE
bool apisig_retailcrm_register(const apisig_retailcrm *retailcrm,
                               const char *form,
                               size_t form_len,
                               const char *hosts,
                               size_t hosts_len,
                               apisig_retailcrm_registration *out,
                               int32_t *why);

/* ---- retailcrm_diagnosis ----
 * RetailCRM's diagnoses in C: why a token is not the one that was expected, and how it comes about.
 * For whoever holds the secret: neither ever belongs into an answer to the sender.
 */

/**
 * Names the mistake that makes this token, where apisig_retailcrm_verify() answered
 * APISIG_MISMATCH. One is looked for, and not two at a time.
 *
 * `secret`: the module's secret string, not empty. Beyond 1024 bytes no other spelling of it is
 * tried.
 * `api_key`, `token`: register[apiKey] and register[token] as received. Beyond 1024 bytes no other
 * spelling of the API key is tried; URL-encoded, as by PHP's urlencode(), it has up to 765.
 *
 * Returns 0: it is the token that apisig_retailcrm_sign() makes; an apisig_mistake; APISIG_MISMATCH:
 * no mistake that is known makes it; or APISIG_ARGUMENT: the secret is empty, or by the rules.
 * These are the mistakes, by what comes behind APISIG_MISTAKE_:
 * UPPER_CASE (apisig_retailcrm_verify() takes such a token for the same, the vendor's own client
 * does not), BASE64, BASE64_URL, BASE64_OF_HEX, ENCODED_TWICE and SIGNATURE_NEWLINE, of the token;
 * SECRET_HEX, SECRET_BASE64, SECRET_NEWLINE, SECRET_SPACE, SECRET_BOM, SECRET_CASE and
 * SECRET_SWAPPED; DIGEST_MD5, DIGEST_SHA1 and PLAIN_HASH;
 * API_KEY_MISSING (it is empty, whatever the token), API_KEY_SPACE, API_KEY_CASE, API_KEY_ENCODED and
 * API_KEY_DECODED.
 * Not on the page.
 */
APISIG_MUST_USE
int32_t apisig_retailcrm_diagnose(const char *secret,
                                  size_t secret_len,
                                  const char *api_key,
                                  size_t api_key_len,
                                  const char *token,
                                  size_t token_len);

/**
 * Explains the token of an API key in English, for a person: a line for each of secret, API key,
 * algorithm, key, message, encoding and token, such as "algorithm: HMAC-SHA256", and one that begins
 * with "warning: " for everything about secret and API key that is seldom meant, such as a line feed
 * at the end. The words may change with any version.
 *
 * `secret`: the module's secret string, not empty.
 * `api_key`: the API key, not empty. Of both no more is shown than their length and the first 8 hex
 * digits of their SHA-256.
 * `out`: the text, a line feed behind each line. The token is in it, which whoever has the API key
 * can register with.
 *
 * Returns its length; or APISIG_ARGUMENT: the secret or the API key is empty, or by the rules.
 * Not on the page.
 */
APISIG_MUST_USE
ptrdiff_t apisig_retailcrm_explain(const char *secret,
                                   size_t secret_len,
                                   const char *api_key,
                                   size_t api_key_len,
                                   char *out,
                                   size_t out_size);

/* ---- retailcrm_module ----
 * RetailCRM's modules in C: what they answer, and where they register themselves. No secret is needed
 * for it. Source: the vendor's page "The procedure of simple connection of the module".
 */

/**
 * Makes the answer to a configuration request: JSON with success, scopes and registerUrl.
 *
 * `scopes`: the rights that the module asks for, with a comma and nothing else between them, such as
 * "order_read,customer_write"; empty for none. Each is of lower-case letters and "_".
 * `register_url`: where the system sends the register request: an absolute https URL in UTF-8,
 * without spaces and control characters.
 * `out`: the body, to be sent with HTTP status 200 and Content-Type application/json.
 *
 * Returns its length; or APISIG_ARGUMENT: another scope or URL, or by the rules.
 * Source: the page's "Connection data request". Not on the page: the members, which are those of
 * the vendor's own clients.
 */
APISIG_MUST_USE
ptrdiff_t apisig_retailcrm_config(const char *scopes,
                                  size_t scopes_len,
                                  const char *register_url,
                                  size_t register_url_len,
                                  char *out,
                                  size_t out_size);

/**
 * Makes the answer to a register request that succeeded: JSON with success and accountUrl.
 *
 * `account_url`: where the user is sent next, by a POST with the field clientId: as `register_url`
 * in apisig_retailcrm_config().
 * `out`: as there.
 *
 * Returns its length; or APISIG_ARGUMENT: another URL, or by the rules.
 * Source: the page's "Module connection request". Not on the page: success.
 */
APISIG_MUST_USE
ptrdiff_t apisig_retailcrm_registered(const char *account_url,
                                      size_t account_url_len,
                                      char *out,
                                      size_t out_size);

/**
 * Makes the answer to a request that failed: JSON with success and errorMsg.
 *
 * `message`: what the user reads in the module's card, in UTF-8.
 * `out`: as in apisig_retailcrm_config(); the HTTP status is 200 here too, or the user reads nothing.
 *
 * Returns its length; or APISIG_ARGUMENT: the message is not UTF-8, or by the rules.
 * Source: the page's "Error processing".
 */
APISIG_MUST_USE
ptrdiff_t apisig_retailcrm_failed(const char *message,
                                  size_t message_len,
                                  char *out,
                                  size_t out_size);

/**
 * The answer to a request that asks for nothing else, such as the one that tells of a module's
 * activity: JSON with success alone, in a static string. It is sent as apisig_retailcrm_config()'s.
 * Not on the page.
 */
const char *apisig_retailcrm_accepted(void);

/**
 * Makes the URL of the request by which a module registers itself: the path is
 * /api/v5/integration-modules/{code}/edit. The request is a POST with the header X-API-KEY, which is
 * the API key, and a form whose field integrationModule is JSON.
 *
 * `system_url`: https:// and a host, as apisig_retailcrm_register() gives it; no list is asked.
 * `code`: the module's code, of letters, digits, "-" and "_".
 * `out`: the URL.
 *
 * Returns its length; or APISIG_ARGUMENT: another system URL or code, or by the rules.
 * Source: the page's "Module connection request". Not on the page: the header and the field, which
 * are those of the vendor's own clients.
 */
APISIG_MUST_USE
ptrdiff_t apisig_retailcrm_edit_url(const char *system_url,
                                    size_t system_url_len,
                                    const char *code,
                                    size_t code_len,
                                    char *out,
                                    size_t out_size);

#ifdef __cplusplus
}
#endif

#endif

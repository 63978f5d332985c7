#define FFI_SCOPE "apisig"
#define FFI_LIB "libapisig.so.0"

/* ---- mistake ----
 */

typedef enum {
    APISIG_MISTAKE_SECRET_HEX = 1,
    APISIG_MISTAKE_SECRET_BASE64 = 2,
    APISIG_MISTAKE_SECRET_NEWLINE = 3,
    APISIG_MISTAKE_SECRET_SPACE = 4,
    APISIG_MISTAKE_SECRET_BOM = 5,
    APISIG_MISTAKE_SECRET_CASE = 6,
    APISIG_MISTAKE_SECRET_SWAPPED = 7,
    APISIG_MISTAKE_SECRET_MISSING = 8,
    APISIG_MISTAKE_SECRET_FIRST = 9,
    APISIG_MISTAKE_DIGEST_MD5 = 10,
    APISIG_MISTAKE_DIGEST_SHA1 = 11,
    APISIG_MISTAKE_DIGEST_SHA256 = 12,
    APISIG_MISTAKE_PLAIN_HASH = 13,
    APISIG_MISTAKE_HEX = 20,
    APISIG_MISTAKE_BASE64 = 21,
    APISIG_MISTAKE_BASE64_OF_HEX = 22,
    APISIG_MISTAKE_BASE64_URL = 23,
    APISIG_MISTAKE_UPPER_CASE = 24,
    APISIG_MISTAKE_SIGNATURE_NEWLINE = 25,
    APISIG_MISTAKE_ENCODED_TWICE = 26,
    APISIG_MISTAKE_PLUS_LOST = 27,
    APISIG_MISTAKE_MD5_BASE64 = 40,
    APISIG_MISTAKE_MD5_UPPER_CASE = 41,
    APISIG_MISTAKE_BODY_PRETTY = 42,
    APISIG_MISTAKE_BODY_SLASHES = 43,
    APISIG_MISTAKE_BODY_UNICODE = 44,
    APISIG_MISTAKE_BODY_NEWLINE = 45,
    APISIG_MISTAKE_BODY_EMPTY_JSON = 46,
    APISIG_MISTAKE_BODY_ONLY = 47,
    APISIG_MISTAKE_BODY_OTHER = 48,
    APISIG_MISTAKE_PATH_QUERY = 50,
    APISIG_MISTAKE_PATH_HOST = 51,
    APISIG_MISTAKE_PATH_PREFIX = 52,
    APISIG_MISTAKE_PATH_SLASH = 53,
    APISIG_MISTAKE_METHOD_CASE = 54,
    APISIG_MISTAKE_HEADER_ORDER = 55,
    APISIG_MISTAKE_CONTENT_TYPE_MISSING = 56,
    APISIG_MISTAKE_CONTENT_TYPE_CHARSET = 57,
    APISIG_MISTAKE_DATE_GMT = 58,
    APISIG_MISTAKE_DATE_UNPADDED = 59,
    APISIG_MISTAKE_DATE_FORMAT = 60,
    APISIG_MISTAKE_DATE_STALE = 61,
    APISIG_MISTAKE_DATE_FUTURE = 62,
    APISIG_MISTAKE_DATE_SYNTAX = 63,
    APISIG_MISTAKE_LINE_SEPARATOR = 64,
    APISIG_MISTAKE_WEBHOOK_UNSIGNED = 65,
    APISIG_MISTAKE_SECRET_DEV_ID = 70,
    APISIG_MISTAKE_USER_ID_TEXT = 71,
    APISIG_MISTAKE_TOKEN_ALPHABET = 72,
    APISIG_MISTAKE_TOKEN_PADDING = 73,
    APISIG_MISTAKE_TOKEN_EXPIRED = 74,
    APISIG_MISTAKE_TOKEN_NOT_YET = 75,
    APISIG_MISTAKE_TOKEN_ALGORITHM = 76,
    APISIG_MISTAKE_TOKEN_CLAIMS = 77,
    APISIG_MISTAKE_TOKEN_PARTS = 78,
    APISIG_MISTAKE_SALT_NUMBER = 80,
    APISIG_MISTAKE_SALT_ENCODED = 81,
    APISIG_MISTAKE_API_KEY_SIGNED = 82,
    APISIG_MISTAKE_API_KEY_AS_SECRET = 83,
    APISIG_MISTAKE_SALT_NEWLINE = 84,
    APISIG_MISTAKE_SALT_MISSING = 85,
    APISIG_MISTAKE_VALUE_ORDER = 90,
    APISIG_MISTAKE_VALUE_NAMES = 91,
    APISIG_MISTAKE_VALUE_EXTRA = 92,
    APISIG_MISTAKE_VALUE_MISSING = 93,
    APISIG_MISTAKE_VALUE_ENCODED = 94,
    APISIG_MISTAKE_VALUE_SEPARATOR = 95,
    APISIG_MISTAKE_HMAC = 96,
    APISIG_MISTAKE_VALUE_TYPE = 97,
    APISIG_MISTAKE_DID_MISSING = 98,
    APISIG_MISTAKE_API_KEY_MISSING = 100,
    APISIG_MISTAKE_API_KEY_SPACE = 101,
    APISIG_MISTAKE_API_KEY_CASE = 102,
    APISIG_MISTAKE_API_KEY_ENCODED = 103,
    APISIG_MISTAKE_API_KEY_DECODED = 104,
} apisig_mistake;

const char *apisig_mistake_text(int32_t mistake);

/* ---- status ----
 */

typedef enum {
    APISIG_OK = 0,
    APISIG_ARGUMENT = -1,
    APISIG_MALFORMED = -2,
    APISIG_MISMATCH = -3,
    APISIG_EXPIRED = -4,
    APISIG_NOT_YET_VALID = -5,
    APISIG_BODY = -6,
    APISIG_ALGORITHM = -7,
    APISIG_RANDOM = -8,
    APISIG_MEMORY = -9,
    APISIG_URL = -10,
    APISIG_METHOD = -11,
} apisig_status;

#define APISIG_SECRETS_MAX 4

const char *apisig_version(void);

const char *apisig_status_text(int32_t status);

/* ---- imbachat ----
 */

#define APISIG_IMBACHAT_TOKEN_SIZE 149

#define APISIG_IMBACHAT_TOKEN_MAX 4096

typedef struct apisig_imbachat apisig_imbachat;

apisig_imbachat *apisig_imbachat_new(const char *secret, size_t secret_len, int32_t *why);

bool apisig_imbachat_add_secret(apisig_imbachat *imbachat,
                                const char *secret,
                                size_t secret_len,
                                int32_t *why);

void apisig_imbachat_free(apisig_imbachat *imbachat);

const char *apisig_imbachat_sign(const apisig_imbachat *imbachat,
                                 int64_t user_id,
                                 int64_t expires_at,
                                 uint8_t *out,
                                 size_t out_size);

bool apisig_imbachat_verify(const apisig_imbachat *imbachat,
                            const char *token,
                            size_t token_len,
                            int64_t now,
                            int64_t leeway,
                            int64_t *user_id,
                            int32_t *why);

int64_t apisig_imbachat_seconds_left(const char *token, size_t token_len, int64_t now, int64_t leeway);

/* ---- imbachat_backend ----
 */

#define APISIG_IMBACHAT_CREDENTIALS_MAX 1024

#define APISIG_IMBACHAT_USER_IDS_MAX 1000

bool apisig_imbachat_verify_login(const char *login,
                                  size_t login_len,
                                  const char *password,
                                  size_t password_len,
                                  const char *presented_login,
                                  size_t presented_login_len,
                                  const char *presented_password,
                                  size_t presented_password_len,
                                  int32_t *why);

bool apisig_imbachat_verify_authorization(const char *login,
                                          size_t login_len,
                                          const char *password,
                                          size_t password_len,
                                          const char *authorization,
                                          size_t authorization_len,
                                          int32_t *why);

const char *apisig_imbachat_unauthorized(void);

const char *apisig_imbachat_www_authenticate(void);

ptrdiff_t apisig_imbachat_user_ids(const char *parameter, size_t parameter_len, int64_t *out, size_t out_max);

/* ---- imbachat_diagnosis ----
 */

int32_t apisig_imbachat_diagnose(const char *secret,
                                 size_t secret_len,
                                 const char *dev_id,
                                 size_t dev_id_len,
                                 const char *token,
                                 size_t token_len,
                                 int64_t now,
                                 int64_t leeway);

ptrdiff_t apisig_imbachat_explain(const char *secret,
                                  size_t secret_len,
                                  const char *token,
                                  size_t token_len,
                                  int64_t now,
                                  uint8_t *out,
                                  size_t out_size);

/* ---- imbachat_widget ----
 */

#define APISIG_IMBACHAT_OPEN_DIALOG_SIZE 47

ptrdiff_t apisig_imbachat_widget(const char *dev_id,
                                 size_t dev_id_len,
                                 int64_t user_id,
                                 const char *token,
                                 size_t token_len,
                                 const char *origin,
                                 size_t origin_len,
                                 uint8_t *out,
                                 size_t out_size);

const char *apisig_imbachat_open_dialog(int64_t user_id, uint8_t *out, size_t out_size);

/* ---- kayako ----
 */

#define APISIG_KAYAKO_SALT_SIZE 33

#define APISIG_KAYAKO_SIGNATURE_SIZE 45

typedef struct apisig_kayako apisig_kayako;

apisig_kayako *apisig_kayako_new(const char *secret, size_t secret_len, int32_t *why);

bool apisig_kayako_add_secret(apisig_kayako *kayako, const char *secret, size_t secret_len, int32_t *why);

void apisig_kayako_free(apisig_kayako *kayako);

const char *apisig_kayako_salt(uint8_t *out, size_t out_size);

const char *apisig_kayako_sign(const apisig_kayako *kayako,
                               const char *salt,
                               size_t salt_len,
                               uint8_t *out,
                               size_t out_size);

bool apisig_kayako_verify(const apisig_kayako *kayako,
                          const char *salt,
                          size_t salt_len,
                          const char *signature,
                          size_t signature_len,
                          int32_t *why);

ptrdiff_t apisig_kayako_sign_parameters(const apisig_kayako *kayako,
                                        const char *api_key,
                                        size_t api_key_len,
                                        const char *salt,
                                        size_t salt_len,
                                        uint8_t *out,
                                        size_t out_size);

ptrdiff_t apisig_kayako_url(const char *base,
                            size_t base_len,
                            const char *route,
                            size_t route_len,
                            bool standard_url,
                            const char *query,
                            size_t query_len,
                            uint8_t *out,
                            size_t out_size);

bool apisig_kayako_verify_request(const apisig_kayako *kayako,
                                  const char *api_key,
                                  size_t api_key_len,
                                  const char *form,
                                  size_t form_len,
                                  int32_t *why);

/* ---- kayako_diagnosis ----
 */

int32_t apisig_kayako_diagnose(const char *secret,
                               size_t secret_len,
                               const char *api_key,
                               size_t api_key_len,
                               const char *salt,
                               size_t salt_len,
                               const char *signature,
                               size_t signature_len);

ptrdiff_t apisig_kayako_explain(const char *secret,
                                size_t secret_len,
                                const char *salt,
                                size_t salt_len,
                                uint8_t *out,
                                size_t out_size);

/* ---- kommo ----
 */

#define APISIG_KOMMO_SIGNATURE_SIZE 41

#define APISIG_KOMMO_TOLERANCE 900

typedef struct apisig_kommo apisig_kommo;

typedef struct {
    uint8_t date[32];
    uint8_t content_type[17];
    uint8_t content_md5[33];
    uint8_t x_signature[41];
} apisig_kommo_headers;

apisig_kommo *apisig_kommo_new(const char *secret, size_t secret_len, int32_t *why);

bool apisig_kommo_add_secret(apisig_kommo *kommo, const char *secret, size_t secret_len, int32_t *why);

void apisig_kommo_free(apisig_kommo *kommo);

int32_t apisig_kommo_sign(const apisig_kommo *kommo,
                          const char *method,
                          size_t method_len,
                          const char *url,
                          size_t url_len,
                          const char *body,
                          size_t body_len,
                          int64_t time,
                          apisig_kommo_headers *out);

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
                                     uint8_t *out,
                                     size_t out_size);

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
                                      uint8_t *out,
                                      size_t out_size);

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

const char *apisig_kommo_sign_webhook(const apisig_kommo *kommo,
                                      const char *body,
                                      size_t body_len,
                                      uint8_t *out,
                                      size_t out_size);

bool apisig_kommo_verify_webhook(const apisig_kommo *kommo,
                                 const char *body,
                                 size_t body_len,
                                 const char *signature,
                                 size_t signature_len,
                                 int32_t *why);

/* ---- kommo_channel ----
 */

#define APISIG_KOMMO_ANSWER_MAX 65536

ptrdiff_t apisig_kommo_url(const char *host,
                           size_t host_len,
                           const char *path,
                           size_t path_len,
                           uint8_t *out,
                           size_t out_size);

ptrdiff_t apisig_kommo_connect_url(const char *host,
                                   size_t host_len,
                                   const char *channel_id,
                                   size_t channel_id_len,
                                   uint8_t *out,
                                   size_t out_size);

ptrdiff_t apisig_kommo_connect_body(const char *account_id,
                                    size_t account_id_len,
                                    const char *title,
                                    size_t title_len,
                                    const char *hook_api_version,
                                    size_t hook_api_version_len,
                                    uint8_t *out,
                                    size_t out_size);

ptrdiff_t apisig_kommo_disconnect_url(const char *host,
                                      size_t host_len,
                                      const char *channel_id,
                                      size_t channel_id_len,
                                      uint8_t *out,
                                      size_t out_size);

ptrdiff_t apisig_kommo_disconnect_body(const char *account_id,
                                       size_t account_id_len,
                                       uint8_t *out,
                                       size_t out_size);

ptrdiff_t apisig_kommo_scope_id(const char *channel_id,
                                size_t channel_id_len,
                                const char *account_id,
                                size_t account_id_len,
                                uint8_t *out,
                                size_t out_size);

ptrdiff_t apisig_kommo_answer(const char *answer,
                              size_t answer_len,
                              const char *name,
                              size_t name_len,
                              uint8_t *out,
                              size_t out_size);

/* ---- kommo_diagnosis ----
 */

#define APISIG_KOMMO_METHOD_MAX 32

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

int32_t apisig_kommo_diagnose_webhook(const char *secret,
                                      size_t secret_len,
                                      const char *body,
                                      size_t body_len,
                                      const char *signature,
                                      size_t signature_len);

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
                               uint8_t *out,
                               size_t out_size);

/* ---- mor ----
 */

#define APISIG_MOR_HASH_SIZE 41

#define APISIG_MOR_SECRET_MAX 1024

#define APISIG_MOR_FORM_MAX 1048576

typedef struct apisig_mor apisig_mor;

apisig_mor *apisig_mor_new(const char *secret, size_t secret_len, int32_t *why);

bool apisig_mor_add_secret(apisig_mor *mor, const char *secret, size_t secret_len, int32_t *why);

void apisig_mor_free(apisig_mor *mor);

const char *apisig_mor_sign(const apisig_mor *mor,
                            const char *values,
                            size_t values_len,
                            uint8_t *out,
                            size_t out_size);

bool apisig_mor_verify(const apisig_mor *mor,
                       const char *values,
                       size_t values_len,
                       const char *hash,
                       size_t hash_len,
                       int32_t *why);

const char *apisig_mor_sign_request(const apisig_mor *mor,
                                    const char *method,
                                    size_t method_len,
                                    const char *form,
                                    size_t form_len,
                                    uint8_t *out,
                                    size_t out_size,
                                    int32_t *why);

bool apisig_mor_verify_request(const apisig_mor *mor,
                               const char *method,
                               size_t method_len,
                               const char *form,
                               size_t form_len,
                               int32_t *why);

ptrdiff_t apisig_mor_parameters(const char *method,
                                size_t method_len,
                                const char *form,
                                size_t form_len,
                                uint8_t *out,
                                size_t out_size);

ptrdiff_t apisig_mor_refusal(const char *method,
                             size_t method_len,
                             const char *form,
                             size_t form_len,
                             uint8_t *out,
                             size_t out_size);

bool apisig_mor_is_confirmed(const char *method, size_t method_len);

/* ---- mor_diagnosis ----
 */

int32_t apisig_mor_diagnose(const char *secret,
                            size_t secret_len,
                            const char *method,
                            size_t method_len,
                            const char *form,
                            size_t form_len,
                            const char *hash,
                            size_t hash_len);

ptrdiff_t apisig_mor_explain(const char *secret,
                             size_t secret_len,
                             const char *method,
                             size_t method_len,
                             const char *form,
                             size_t form_len,
                             uint8_t *out,
                             size_t out_size);

/* ---- retailcrm ----
 */

#define APISIG_RETAILCRM_TOKEN_SIZE 65

#define APISIG_RETAILCRM_FORM_MAX 65536

#define APISIG_RETAILCRM_JSON_MAX 4096

typedef struct apisig_retailcrm apisig_retailcrm;

typedef struct {
    uint8_t api_key[256];
    uint8_t system_url[262];
} apisig_retailcrm_registration;

apisig_retailcrm *apisig_retailcrm_new(const char *secret, size_t secret_len, int32_t *why);

bool apisig_retailcrm_add_secret(apisig_retailcrm *retailcrm,
                                 const char *secret,
                                 size_t secret_len,
                                 int32_t *why);

void apisig_retailcrm_free(apisig_retailcrm *retailcrm);

const char *apisig_retailcrm_sign(const apisig_retailcrm *retailcrm,
                                  const char *api_key,
                                  size_t api_key_len,
                                  uint8_t *out,
                                  size_t out_size);

bool apisig_retailcrm_verify(const apisig_retailcrm *retailcrm,
                             const char *api_key,
                             size_t api_key_len,
                             const char *token,
                             size_t token_len,
                             int32_t *why);

bool apisig_retailcrm_register(const apisig_retailcrm *retailcrm,
                               const char *form,
                               size_t form_len,
                               const char *hosts,
                               size_t hosts_len,
                               apisig_retailcrm_registration *out,
                               int32_t *why);

/* ---- retailcrm_diagnosis ----
 */

int32_t apisig_retailcrm_diagnose(const char *secret,
                                  size_t secret_len,
                                  const char *api_key,
                                  size_t api_key_len,
                                  const char *token,
                                  size_t token_len);

ptrdiff_t apisig_retailcrm_explain(const char *secret,
                                   size_t secret_len,
                                   const char *api_key,
                                   size_t api_key_len,
                                   uint8_t *out,
                                   size_t out_size);

/* ---- retailcrm_module ----
 */

ptrdiff_t apisig_retailcrm_config(const char *scopes,
                                  size_t scopes_len,
                                  const char *register_url,
                                  size_t register_url_len,
                                  uint8_t *out,
                                  size_t out_size);

ptrdiff_t apisig_retailcrm_registered(const char *account_url,
                                      size_t account_url_len,
                                      uint8_t *out,
                                      size_t out_size);

ptrdiff_t apisig_retailcrm_failed(const char *message, size_t message_len, uint8_t *out, size_t out_size);

const char *apisig_retailcrm_accepted(void);

ptrdiff_t apisig_retailcrm_edit_url(const char *system_url,
                                    size_t system_url_len,
                                    const char *code,
                                    size_t code_len,
                                    uint8_t *out,
                                    size_t out_size);

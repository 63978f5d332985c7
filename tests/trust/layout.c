/* What programs that were compiled with the header have built in: sizes, offsets, values. None of it changes while the SONAME
   stays. Compiled as C11, which checks it; where a line fails, a binding that has the number of its own breaks too. */
#include "apisig.h"

_Static_assert(sizeof(apisig_kommo_headers) == 123, "size of apisig_kommo_headers");
_Static_assert(offsetof(apisig_kommo_headers, date) == 0, "date");
_Static_assert(offsetof(apisig_kommo_headers, content_type) == 32, "content_type");
_Static_assert(offsetof(apisig_kommo_headers, content_md5) == 49, "content_md5");
_Static_assert(offsetof(apisig_kommo_headers, x_signature) == 82, "x_signature");
_Static_assert(sizeof(apisig_retailcrm_registration) == 518, "size of apisig_retailcrm_registration");
_Static_assert(offsetof(apisig_retailcrm_registration, api_key) == 0, "api_key");
_Static_assert(offsetof(apisig_retailcrm_registration, system_url) == 256, "system_url");

_Static_assert(APISIG_OK == 0 && APISIG_ARGUMENT == -1 && APISIG_MALFORMED == -2 && APISIG_MISMATCH == -3, "statuses");
_Static_assert(APISIG_EXPIRED == -4 && APISIG_NOT_YET_VALID == -5 && APISIG_BODY == -6 && APISIG_ALGORITHM == -7, "statuses");
_Static_assert(APISIG_RANDOM == -8 && APISIG_MEMORY == -9 && APISIG_URL == -10 && APISIG_METHOD == -11, "statuses");

_Static_assert(APISIG_SECRETS_MAX == 4, "APISIG_SECRETS_MAX");
_Static_assert(APISIG_KOMMO_SIGNATURE_SIZE == 41, "APISIG_KOMMO_SIGNATURE_SIZE");
_Static_assert(APISIG_KOMMO_TOLERANCE == 900, "APISIG_KOMMO_TOLERANCE");
_Static_assert(APISIG_IMBACHAT_TOKEN_SIZE == 149, "APISIG_IMBACHAT_TOKEN_SIZE");
_Static_assert(APISIG_IMBACHAT_OPEN_DIALOG_SIZE == 47, "APISIG_IMBACHAT_OPEN_DIALOG_SIZE");
_Static_assert(APISIG_KAYAKO_SALT_SIZE == 33, "APISIG_KAYAKO_SALT_SIZE");
_Static_assert(APISIG_KAYAKO_SIGNATURE_SIZE == 45, "APISIG_KAYAKO_SIGNATURE_SIZE");
_Static_assert(APISIG_MOR_HASH_SIZE == 41, "APISIG_MOR_HASH_SIZE");
_Static_assert(APISIG_RETAILCRM_TOKEN_SIZE == 65, "APISIG_RETAILCRM_TOKEN_SIZE");

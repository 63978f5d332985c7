//! The mistakes that a diagnosis can name. Each room has an apisig_<room>_diagnose() for whoever holds
//! the secret: a diagnosis never belongs into an answer to the sender, whom it would tell how to
//! sign.
use apisig_diagnosis::Mistake;
use core::ffi::c_char;

/// What was done wrong when something was signed. New mistakes are only ever added.
#[repr(C)]
pub enum apisig_mistake {
    /// The secret was decoded from hex.
    APISIG_MISTAKE_SECRET_HEX = 1,
    /// The secret was decoded from base64.
    APISIG_MISTAKE_SECRET_BASE64 = 2,
    /// One of the two secrets has a line feed at its end.
    APISIG_MISTAKE_SECRET_NEWLINE = 3,
    /// One of the two secrets has white space around it.
    APISIG_MISTAKE_SECRET_SPACE = 4,
    /// One of the two secrets begins with a byte order mark.
    APISIG_MISTAKE_SECRET_BOM = 5,
    /// The secret was put in another case.
    APISIG_MISTAKE_SECRET_CASE = 6,
    /// Secret and message are swapped.
    APISIG_MISTAKE_SECRET_SWAPPED = 7,
    /// The secret did not enter the hash.
    APISIG_MISTAKE_SECRET_MISSING = 8,
    /// The secret stands in front.
    APISIG_MISTAKE_SECRET_FIRST = 9,
    /// It was signed with MD5.
    APISIG_MISTAKE_DIGEST_MD5 = 10,
    /// It was signed with SHA-1.
    APISIG_MISTAKE_DIGEST_SHA1 = 11,
    /// It was signed with SHA-256.
    APISIG_MISTAKE_DIGEST_SHA256 = 12,
    /// It is a plain hash and no HMAC.
    APISIG_MISTAKE_PLAIN_HASH = 13,
    /// It is in hex.
    APISIG_MISTAKE_HEX = 20,
    /// It is in base64.
    APISIG_MISTAKE_BASE64 = 21,
    /// It is the base64 of a hex text.
    APISIG_MISTAKE_BASE64_OF_HEX = 22,
    /// It is in the base64 of URLs, or without padding.
    APISIG_MISTAKE_BASE64_URL = 23,
    /// It is in upper case.
    APISIG_MISTAKE_UPPER_CASE = 24,
    /// It has white space around it, such as the line feed that some encoders append.
    APISIG_MISTAKE_SIGNATURE_NEWLINE = 25,
    /// It was URL-encoded twice.
    APISIG_MISTAKE_ENCODED_TWICE = 26,
    /// A + became a space on its way.
    APISIG_MISTAKE_PLUS_LOST = 27,
    /// Content-MD5 is in base64.
    APISIG_MISTAKE_MD5_BASE64 = 40,
    /// Content-MD5 is in upper case.
    APISIG_MISTAKE_MD5_UPPER_CASE = 41,
    /// The signed body was pretty-printed, or written with other white space, than the one that was
    /// sent.
    APISIG_MISTAKE_BODY_PRETTY = 42,
    /// The signed body escapes its slashes otherwise than the one that was sent.
    APISIG_MISTAKE_BODY_SLASHES = 43,
    /// The signed body escapes its letters otherwise than the one that was sent.
    APISIG_MISTAKE_BODY_UNICODE = 44,
    /// One of the two bodies has a line feed at its end.
    APISIG_MISTAKE_BODY_NEWLINE = 45,
    /// For an empty body {} or [] was signed.
    APISIG_MISTAKE_BODY_EMPTY_JSON = 46,
    /// The body alone was signed, as webhooks and the older version are.
    APISIG_MISTAKE_BODY_ONLY = 47,
    /// The signature is right, but Content-MD5 is not the MD5 of this body.
    APISIG_MISTAKE_BODY_OTHER = 48,
    /// The query was signed with the path.
    APISIG_MISTAKE_PATH_QUERY = 50,
    /// The host was signed with the path.
    APISIG_MISTAKE_PATH_HOST = 51,
    /// The path was signed without its beginning.
    APISIG_MISTAKE_PATH_PREFIX = 52,
    /// One of the two paths has a slash at its end.
    APISIG_MISTAKE_PATH_SLASH = 53,
    /// The method was signed in lower case.
    APISIG_MISTAKE_METHOD_CASE = 54,
    /// The lines were signed in another order.
    APISIG_MISTAKE_HEADER_ORDER = 55,
    /// Content-Type was left out of the signature, or signed but not sent.
    APISIG_MISTAKE_CONTENT_TYPE_MISSING = 56,
    /// Content-Type was signed with a charset, or sent with one that was not signed.
    APISIG_MISTAKE_CONTENT_TYPE_CHARSET = 57,
    /// Date was signed with one name of its zone and sent with another, such as GMT and +0000.
    APISIG_MISTAKE_DATE_GMT = 58,
    /// The day of Date was signed with one digit and sent with two, or the other way round.
    APISIG_MISTAKE_DATE_UNPADDED = 59,
    /// Another Date was signed than was sent, of the same time or a moment beside it.
    APISIG_MISTAKE_DATE_FORMAT = 60,
    /// The signature is right, but its Date is too old.
    APISIG_MISTAKE_DATE_STALE = 61,
    /// The signature is right, but its Date lies in the future.
    APISIG_MISTAKE_DATE_FUTURE = 62,
    /// The signature is right, but its Date cannot be read.
    APISIG_MISTAKE_DATE_SYNTAX = 63,
    /// The lines were signed with something else between them than a line feed.
    APISIG_MISTAKE_LINE_SEPARATOR = 64,
    /// This is a webhook of the CRM, a form, and those carry no signature.
    APISIG_MISTAKE_WEBHOOK_UNSIGNED = 65,
    /// The key was the secret with the widget's dev_id behind it, as in an older version.
    APISIG_MISTAKE_SECRET_DEV_ID = 70,
    /// user_id is a text in the claims.
    APISIG_MISTAKE_USER_ID_TEXT = 71,
    /// The token is, or was when it was signed, in the plain alphabet of base64.
    APISIG_MISTAKE_TOKEN_ALPHABET = 72,
    /// The token's parts are, or were when they were signed, padded with =.
    APISIG_MISTAKE_TOKEN_PADDING = 73,
    /// The token is right, but its time is over.
    APISIG_MISTAKE_TOKEN_EXPIRED = 74,
    /// The token is right, but its time has not come yet.
    APISIG_MISTAKE_TOKEN_NOT_YET = 75,
    /// The token's header names another algorithm, or none.
    APISIG_MISTAKE_TOKEN_ALGORITHM = 76,
    /// The token is rightly signed, but its claims cannot be used.
    APISIG_MISTAKE_TOKEN_CLAIMS = 77,
    /// Something else was signed than the token's first two parts as they stand, such as their JSON.
    APISIG_MISTAKE_TOKEN_PARTS = 78,
    /// The salt was signed as another text of the same number.
    APISIG_MISTAKE_SALT_NUMBER = 80,
    /// The salt was signed URL-encoded.
    APISIG_MISTAKE_SALT_ENCODED = 81,
    /// The API key was signed.
    APISIG_MISTAKE_API_KEY_SIGNED = 82,
    /// The key was the API key.
    APISIG_MISTAKE_API_KEY_AS_SECRET = 83,
    /// One of the two salts has white space around it.
    APISIG_MISTAKE_SALT_NEWLINE = 84,
    /// There is no salt, or it is 0.
    APISIG_MISTAKE_SALT_MISSING = 85,
    /// The values were hashed in another order.
    APISIG_MISTAKE_VALUE_ORDER = 90,
    /// The names of the parameters entered the hash.
    APISIG_MISTAKE_VALUE_NAMES = 91,
    /// A parameter entered the hash that this method does not hash.
    APISIG_MISTAKE_VALUE_EXTRA = 92,
    /// A parameter did not enter the hash that this method hashes.
    APISIG_MISTAKE_VALUE_MISSING = 93,
    /// The values were hashed URL-encoded.
    APISIG_MISTAKE_VALUE_ENCODED = 94,
    /// Something stands between the values.
    APISIG_MISTAKE_VALUE_SEPARATOR = 95,
    /// It is an HMAC.
    APISIG_MISTAKE_HMAC = 96,
    /// A value was hashed as it was sent.
    APISIG_MISTAKE_VALUE_TYPE = 97,
    /// The value of did is not in the hash, as on MOR X3 and older.
    APISIG_MISTAKE_DID_MISSING = 98,
    /// There is no API key.
    APISIG_MISTAKE_API_KEY_MISSING = 100,
    /// One of the two API keys has white space, a line feed or a byte order mark around it.
    APISIG_MISTAKE_API_KEY_SPACE = 101,
    /// The API key was signed in another case.
    APISIG_MISTAKE_API_KEY_CASE = 102,
    /// One of the two API keys is URL-encoded.
    APISIG_MISTAKE_API_KEY_ENCODED = 103,
    /// The API key was decoded from hex or base64.
    APISIG_MISTAKE_API_KEY_DECODED = 104,
}

/// What was done wrong, and what to do instead, in English, in a static string. It never holds
/// anything that was passed in. A number that is no apisig_mistake has a text too.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_mistake_text(mistake: i32) -> *const c_char {
    let known = Mistake::ALL.iter().find(|known| **known as i32 == mistake);
    known.map_or(c"This mistake is not known to this version of the library.", |known| known.text()).as_ptr()
}

const _: () = {
    assert!(Mistake::SecretHex as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_HEX as i32);
    assert!(Mistake::SecretBase64 as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_BASE64 as i32);
    assert!(Mistake::SecretNewline as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_NEWLINE as i32);
    assert!(Mistake::SecretSpace as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_SPACE as i32);
    assert!(Mistake::SecretBom as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_BOM as i32);
    assert!(Mistake::SecretCase as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_CASE as i32);
    assert!(Mistake::SecretSwapped as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_SWAPPED as i32);
    assert!(Mistake::SecretMissing as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_MISSING as i32);
    assert!(Mistake::SecretFirst as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_FIRST as i32);
    assert!(Mistake::DigestMd5 as i32 == apisig_mistake::APISIG_MISTAKE_DIGEST_MD5 as i32);
    assert!(Mistake::DigestSha1 as i32 == apisig_mistake::APISIG_MISTAKE_DIGEST_SHA1 as i32);
    assert!(Mistake::DigestSha256 as i32 == apisig_mistake::APISIG_MISTAKE_DIGEST_SHA256 as i32);
    assert!(Mistake::PlainHash as i32 == apisig_mistake::APISIG_MISTAKE_PLAIN_HASH as i32);
    assert!(Mistake::Hex as i32 == apisig_mistake::APISIG_MISTAKE_HEX as i32);
    assert!(Mistake::Base64 as i32 == apisig_mistake::APISIG_MISTAKE_BASE64 as i32);
    assert!(Mistake::Base64OfHex as i32 == apisig_mistake::APISIG_MISTAKE_BASE64_OF_HEX as i32);
    assert!(Mistake::Base64Url as i32 == apisig_mistake::APISIG_MISTAKE_BASE64_URL as i32);
    assert!(Mistake::UpperCase as i32 == apisig_mistake::APISIG_MISTAKE_UPPER_CASE as i32);
    assert!(Mistake::SignatureNewline as i32 == apisig_mistake::APISIG_MISTAKE_SIGNATURE_NEWLINE as i32);
    assert!(Mistake::EncodedTwice as i32 == apisig_mistake::APISIG_MISTAKE_ENCODED_TWICE as i32);
    assert!(Mistake::PlusLost as i32 == apisig_mistake::APISIG_MISTAKE_PLUS_LOST as i32);
    assert!(Mistake::Md5Base64 as i32 == apisig_mistake::APISIG_MISTAKE_MD5_BASE64 as i32);
    assert!(Mistake::Md5UpperCase as i32 == apisig_mistake::APISIG_MISTAKE_MD5_UPPER_CASE as i32);
    assert!(Mistake::BodyPretty as i32 == apisig_mistake::APISIG_MISTAKE_BODY_PRETTY as i32);
    assert!(Mistake::BodySlashes as i32 == apisig_mistake::APISIG_MISTAKE_BODY_SLASHES as i32);
    assert!(Mistake::BodyUnicode as i32 == apisig_mistake::APISIG_MISTAKE_BODY_UNICODE as i32);
    assert!(Mistake::BodyNewline as i32 == apisig_mistake::APISIG_MISTAKE_BODY_NEWLINE as i32);
    assert!(Mistake::BodyEmptyJson as i32 == apisig_mistake::APISIG_MISTAKE_BODY_EMPTY_JSON as i32);
    assert!(Mistake::BodyOnly as i32 == apisig_mistake::APISIG_MISTAKE_BODY_ONLY as i32);
    assert!(Mistake::BodyOther as i32 == apisig_mistake::APISIG_MISTAKE_BODY_OTHER as i32);
    assert!(Mistake::PathQuery as i32 == apisig_mistake::APISIG_MISTAKE_PATH_QUERY as i32);
    assert!(Mistake::PathHost as i32 == apisig_mistake::APISIG_MISTAKE_PATH_HOST as i32);
    assert!(Mistake::PathPrefix as i32 == apisig_mistake::APISIG_MISTAKE_PATH_PREFIX as i32);
    assert!(Mistake::PathSlash as i32 == apisig_mistake::APISIG_MISTAKE_PATH_SLASH as i32);
    assert!(Mistake::MethodCase as i32 == apisig_mistake::APISIG_MISTAKE_METHOD_CASE as i32);
    assert!(Mistake::HeaderOrder as i32 == apisig_mistake::APISIG_MISTAKE_HEADER_ORDER as i32);
    assert!(Mistake::ContentTypeMissing as i32 == apisig_mistake::APISIG_MISTAKE_CONTENT_TYPE_MISSING as i32);
    assert!(Mistake::ContentTypeCharset as i32 == apisig_mistake::APISIG_MISTAKE_CONTENT_TYPE_CHARSET as i32);
    assert!(Mistake::DateGmt as i32 == apisig_mistake::APISIG_MISTAKE_DATE_GMT as i32);
    assert!(Mistake::DateUnpadded as i32 == apisig_mistake::APISIG_MISTAKE_DATE_UNPADDED as i32);
    assert!(Mistake::DateFormat as i32 == apisig_mistake::APISIG_MISTAKE_DATE_FORMAT as i32);
    assert!(Mistake::DateStale as i32 == apisig_mistake::APISIG_MISTAKE_DATE_STALE as i32);
    assert!(Mistake::DateFuture as i32 == apisig_mistake::APISIG_MISTAKE_DATE_FUTURE as i32);
    assert!(Mistake::DateSyntax as i32 == apisig_mistake::APISIG_MISTAKE_DATE_SYNTAX as i32);
    assert!(Mistake::LineSeparator as i32 == apisig_mistake::APISIG_MISTAKE_LINE_SEPARATOR as i32);
    assert!(Mistake::WebhookUnsigned as i32 == apisig_mistake::APISIG_MISTAKE_WEBHOOK_UNSIGNED as i32);
    assert!(Mistake::SecretDevId as i32 == apisig_mistake::APISIG_MISTAKE_SECRET_DEV_ID as i32);
    assert!(Mistake::UserIdText as i32 == apisig_mistake::APISIG_MISTAKE_USER_ID_TEXT as i32);
    assert!(Mistake::TokenAlphabet as i32 == apisig_mistake::APISIG_MISTAKE_TOKEN_ALPHABET as i32);
    assert!(Mistake::TokenPadding as i32 == apisig_mistake::APISIG_MISTAKE_TOKEN_PADDING as i32);
    assert!(Mistake::TokenExpired as i32 == apisig_mistake::APISIG_MISTAKE_TOKEN_EXPIRED as i32);
    assert!(Mistake::TokenNotYet as i32 == apisig_mistake::APISIG_MISTAKE_TOKEN_NOT_YET as i32);
    assert!(Mistake::TokenAlgorithm as i32 == apisig_mistake::APISIG_MISTAKE_TOKEN_ALGORITHM as i32);
    assert!(Mistake::TokenClaims as i32 == apisig_mistake::APISIG_MISTAKE_TOKEN_CLAIMS as i32);
    assert!(Mistake::TokenParts as i32 == apisig_mistake::APISIG_MISTAKE_TOKEN_PARTS as i32);
    assert!(Mistake::SaltNumber as i32 == apisig_mistake::APISIG_MISTAKE_SALT_NUMBER as i32);
    assert!(Mistake::SaltEncoded as i32 == apisig_mistake::APISIG_MISTAKE_SALT_ENCODED as i32);
    assert!(Mistake::ApiKeySigned as i32 == apisig_mistake::APISIG_MISTAKE_API_KEY_SIGNED as i32);
    assert!(Mistake::ApiKeyAsSecret as i32 == apisig_mistake::APISIG_MISTAKE_API_KEY_AS_SECRET as i32);
    assert!(Mistake::SaltNewline as i32 == apisig_mistake::APISIG_MISTAKE_SALT_NEWLINE as i32);
    assert!(Mistake::SaltMissing as i32 == apisig_mistake::APISIG_MISTAKE_SALT_MISSING as i32);
    assert!(Mistake::ValueOrder as i32 == apisig_mistake::APISIG_MISTAKE_VALUE_ORDER as i32);
    assert!(Mistake::ValueNames as i32 == apisig_mistake::APISIG_MISTAKE_VALUE_NAMES as i32);
    assert!(Mistake::ValueExtra as i32 == apisig_mistake::APISIG_MISTAKE_VALUE_EXTRA as i32);
    assert!(Mistake::ValueMissing as i32 == apisig_mistake::APISIG_MISTAKE_VALUE_MISSING as i32);
    assert!(Mistake::ValueEncoded as i32 == apisig_mistake::APISIG_MISTAKE_VALUE_ENCODED as i32);
    assert!(Mistake::ValueSeparator as i32 == apisig_mistake::APISIG_MISTAKE_VALUE_SEPARATOR as i32);
    assert!(Mistake::Hmac as i32 == apisig_mistake::APISIG_MISTAKE_HMAC as i32);
    assert!(Mistake::ValueType as i32 == apisig_mistake::APISIG_MISTAKE_VALUE_TYPE as i32);
    assert!(Mistake::DidMissing as i32 == apisig_mistake::APISIG_MISTAKE_DID_MISSING as i32);
    assert!(Mistake::ApiKeyMissing as i32 == apisig_mistake::APISIG_MISTAKE_API_KEY_MISSING as i32);
    assert!(Mistake::ApiKeySpace as i32 == apisig_mistake::APISIG_MISTAKE_API_KEY_SPACE as i32);
    assert!(Mistake::ApiKeyCase as i32 == apisig_mistake::APISIG_MISTAKE_API_KEY_CASE as i32);
    assert!(Mistake::ApiKeyEncoded as i32 == apisig_mistake::APISIG_MISTAKE_API_KEY_ENCODED as i32);
    assert!(Mistake::ApiKeyDecoded as i32 == apisig_mistake::APISIG_MISTAKE_API_KEY_DECODED as i32);
};

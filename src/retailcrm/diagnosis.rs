//! RetailCRM's diagnoses in C: why a token is not the one that was expected, and how it comes about.
//! For whoever holds the secret: neither ever belongs into an answer to the sender.
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use apisig_diagnosis::retailcrm::{diagnose, explain};
use core::ffi::c_char;

diagnose! {
    /// Names the mistake that makes this token, where apisig_retailcrm_verify() answered
    /// APISIG_MISMATCH. One is looked for, and not two at a time.
    ///
    /// `secret`: the module's secret string, not empty. Beyond 1024 bytes no other spelling of it is
    /// tried.
    /// `api_key`, `token`: register[apiKey] and register[token] as received. Beyond 1024 bytes no other
    /// spelling of the API key is tried; URL-encoded, as by PHP's urlencode(), it has up to 765.
    ///
    /// Returns 0: it is the token that apisig_retailcrm_sign() makes; an apisig_mistake; APISIG_MISMATCH:
    /// no mistake that is known makes it; or APISIG_ARGUMENT: the secret is empty, or by the rules.
    /// These are the mistakes, by what comes behind APISIG_MISTAKE_:
    /// UPPER_CASE (apisig_retailcrm_verify() takes such a token for the same, the vendor's own client
    /// does not), BASE64, BASE64_URL, BASE64_OF_HEX, ENCODED_TWICE and SIGNATURE_NEWLINE, of the token;
    /// SECRET_HEX, SECRET_BASE64, SECRET_NEWLINE, SECRET_SPACE, SECRET_BOM, SECRET_CASE and
    /// SECRET_SWAPPED; DIGEST_MD5, DIGEST_SHA1 and PLAIN_HASH;
    /// API_KEY_MISSING (it is empty, whatever the token), API_KEY_SPACE, API_KEY_CASE, API_KEY_ENCODED and
    /// API_KEY_DECODED.
    /// Not on the page.
    diagnose: apisig_retailcrm_diagnose,
    diagnosis: apisig_retailcrm_diagnosis,
    parameters: (
        secret: *const c_char,
        secret_len: usize,
        api_key: *const c_char,
        api_key_len: usize,
        token: *const c_char,
        token_len: usize,
    ),
    result: diagnose(bytes(secret, secret_len)?, bytes(api_key, api_key_len)?, bytes(token, token_len)?),
}

/// Explains the token of an API key in English, for a person: a line for each of secret, API key,
/// algorithm, key, message, encoding and token, such as "algorithm: HMAC-SHA256", and one that begins
/// with "warning: " for everything about secret and API key that is seldom meant, such as a line feed
/// at the end. The words may change with any version.
///
/// `secret`: the module's secret string, not empty.
/// `api_key`: the API key, not empty. Of both no more is shown than their length and the first 8 hex
/// digits of their SHA-256.
/// `out`: the text, a line feed behind each line. The token is in it, which whoever has the API key
/// can register with.
///
/// Returns its length; or APISIG_ARGUMENT: the secret or the API key is empty, or by the rules.
/// Not on the page.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_explain(
    secret: *const c_char,
    secret_len: usize,
    api_key: *const c_char,
    api_key_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<DIAGNOSIS_STACK, _>(out, out_size, || {
            explain(bytes(secret, secret_len)?, bytes(api_key, api_key_len)?)
        })
    }
}

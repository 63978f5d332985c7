//! What is wrong with a token of RetailCRM's, and what it is made of: for those who have the secret, never
//! for an answer to the sender. Source: not on the vendor's page.
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use apisig_diagnosis::retailcrm::{diagnose, explain};
use core::ffi::c_char;

diagnose! {
    /// Names the mistake that makes a token wrong: one that, made alone or with a second one, gives the token
    /// that was presented; of two the one to mend first.
    ///
    /// `secret`: the module's secret string, not empty.
    /// `api_key`, `token`: register[apiKey] and register[token] as received.
    ///
    /// Returns 0: it is the token that apisig_retailcrm_sign() makes; a positive apisig_mistake, also
    /// APISIG_MISTAKE_UPPER_CASE, which apisig_retailcrm_verify() accepts; APISIG_MISMATCH: no known mistake
    /// makes it; or APISIG_ARGUMENT: the secret is empty, or by the rules.
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

/// Explains the token of an API key to a person, a fact a line, such as "algorithm: HMAC-SHA256", then
/// warnings, such as of a trailing newline. The words may change.
///
/// `secret`, `api_key`: not empty. The text shows the length of each and the first 8 hex digits of its
/// SHA-256.
/// `out`: the text. It has the token, with which those who have the API key can register.
///
/// Returns its length; or APISIG_ARGUMENT: the secret or the API key is empty, or by the rules.
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

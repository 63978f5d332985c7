//! What is wrong with a signature of Kayako's, and what it is made of: for those who have the secret, never
//! for an answer to the sender. Source: not on the vendor's page.
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use apisig_diagnosis::kayako::{diagnose, explain};
use core::ffi::c_char;

diagnose! {
    /// Names the mistake that makes a signature wrong: one that, made alone or with a second one, gives the
    /// signature that was presented; of two the one to mend first.
    ///
    /// `secret`: the helpdesk's secret key, as text.
    /// `api_key`: the helpdesk's API key, which may have been signed in place of the salt. White space around
    /// it is ignored. If it is empty, that mistake is not tried.
    /// `salt`, `signature`: the two parameters as received, URL-decoded once. Of any length and bytes.
    ///
    /// Returns 0: nothing is wrong; a positive apisig_mistake, also one that the vendor's server forgives, such
    /// as APISIG_MISTAKE_PLUS_LOST; APISIG_MISMATCH: no known mistake makes it; or APISIG_ARGUMENT: the secret
    /// is empty, or by the rules.
    diagnose: apisig_kayako_diagnose,
    diagnosis: apisig_kayako_diagnosis,
    parameters: (
        secret: *const c_char,
        secret_len: usize,
        api_key: *const c_char,
        api_key_len: usize,
        salt: *const c_char,
        salt_len: usize,
        signature: *const c_char,
        signature_len: usize,
    ),
    result: {
        let (api_key, salt) = (bytes(api_key, api_key_len)?, bytes(salt, salt_len)?);
        diagnose(bytes(secret, secret_len)?, api_key, salt, bytes(signature, signature_len)?)
    },
}

/// Explains the signature of a salt to a person, a fact a line, then warnings, such as of white space around
/// secret or salt. Bytes that cannot be seen are written as \n, \r, \t and \xHH. The words may change.
///
/// `secret`: the helpdesk's secret key, as text. The text shows its length and the first 8 hex digits of its
/// SHA-256.
/// `salt`: as it is sent, not URL-encoded. What apisig_kayako_sign() refuses is explained with a warning.
/// `out`: the text. It has a signature, which never expires: keep it out of logs that others read.
///
/// Returns its length; or APISIG_ARGUMENT by the rules.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_explain(
    secret: *const c_char,
    secret_len: usize,
    salt: *const c_char,
    salt_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<DIAGNOSIS_STACK, _>(out, out_size, || {
            Ok(explain(bytes(secret, secret_len)?, bytes(salt, salt_len)?))
        })
    }
}

//! What was done wrong when a request to Kayako was signed, and how its signature comes about: for
//! whoever holds the secret, and never for an answer to the sender. Not on the vendor's page.
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use apisig_diagnosis::kayako::{diagnose, explain};
use core::ffi::c_char;

diagnose! {
    /// Names the mistake that makes a signature wrong. None is named for a guess: a mistake is one that,
    /// made alone, gives just the signature that was presented.
    ///
    /// `secret`: the helpdesk's secret key, as text.
    /// `api_key`: the helpdesk's API key, which is perhaps what was signed, or signed with. White space
    /// around it is left out. Empty, that is not looked for.
    /// `salt`, `signature`: the two parameters as received, URL-decoded once. Of any length and bytes.
    ///
    /// Returns 0: nothing is wrong. Or a positive apisig_mistake: APISIG_MISTAKE_SALT_MISSING, if there is
    /// no salt; one of 1 to 7, 10, 11 and 13 on the secret and the hash; one of 20 to 27 on the signature's
    /// form, of which the vendor's server forgives APISIG_MISTAKE_PLUS_LOST and, but for spaces,
    /// APISIG_MISTAKE_SIGNATURE_NEWLINE; one of 80 to 84 on what was signed. PLUS_LOST and
    /// APISIG_MISTAKE_ENCODED_TWICE can be said of the salt too, of which nothing is forgiven. Or a negative
    /// apisig_status: APISIG_MISMATCH, no known mistake makes it; APISIG_ARGUMENT, the secret is empty, or by
    /// the rules.
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

/// Explains the signature of a salt, a fact a line: the secret, by its length and the first 8 hex
/// digits of its SHA-256; the salt's length; what is the key; the string to sign, with bytes that cannot
/// be seen as \n, \r, \t and \xHH; its HMAC-SHA256 in hex; the signature "not encoded yet", for what
/// encodes a form itself, and "already encoded", for a URL or a body that is put together by hand; the
/// salt likewise; and warnings of what is seldom meant, such as white space around secret or salt.
///
/// `secret`: the helpdesk's secret key, as text.
/// `salt`: as it is sent, not URL-encoded. What apisig_kayako_sign() refuses is explained too, with a
/// warning.
/// `out`: the text. It holds a signature, which never expires: keep it out of logs that others read.
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
            explain(bytes(secret, secret_len)?, bytes(salt, salt_len)?)
        })
    }
}

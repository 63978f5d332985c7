//! What is wrong with a token of ImbaChat's, and what it is made of: for those who have the secret, never for
//! an answer to the sender. Source: the vendor's page "ImbaChat-docs, API".
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use apisig_core::Time;
use apisig_diagnosis::imbachat::{diagnose, explain};
use core::ffi::c_char;

diagnose! {
    /// Names the mistake that makes a token wrong: one that, made alone or with a second one, gives the
    /// signature that was presented; of two the one to mend first.
    ///
    /// `secret`: the widget's Secret key, as text: not empty.
    /// `dev_id`: the widget's id, which an older version had behind the secret in its key; it may be empty.
    /// `token`: as received, at most APISIG_IMBACHAT_TOKEN_MAX bytes.
    /// `now`, `leeway`: as in apisig_imbachat_verify().
    ///
    /// Returns 0: the token is valid; or an apisig_mistake; or APISIG_MISMATCH: no mistake is known that makes
    /// it; or APISIG_MALFORMED: there are not two dots, the token is too long, or its header cannot be read;
    /// or APISIG_ARGUMENT: the secret is empty, `now` or `leeway` is out of range, or by the rules.
    /// Source: the page's "Chat user authorization"; JSON Web Token, RFC 7519.
    diagnose: apisig_imbachat_diagnose,
    diagnosis: apisig_imbachat_diagnosis,
    parameters: (
        secret: *const c_char,
        secret_len: usize,
        dev_id: *const c_char,
        dev_id_len: usize,
        token: *const c_char,
        token_len: usize,
        now: i64,
        leeway: i64,
    ),
    result: {
        let (dev_id, token) = (bytes(dev_id, dev_id_len)?, bytes(token, token_len)?);
        diagnose(bytes(secret, secret_len)?, dev_id, token, Time::new(now)?, leeway)
    },
}

/// Explains a token to a person, in lines such as `claims: {"exp":1590492000,"user_id":1}`, then warnings.
/// Bytes that cannot be seen are written as `\n` or `\xHH`. The words may change.
///
/// `secret`, `token`: as in apisig_imbachat_diagnose(). The text shows the secret's length and the first 8
/// hex digits of its SHA-256.
/// `now`: the time from which on seconds are counted, in Unix seconds.
/// `out`: the text, in UTF-8. It shows the token and its right signature: keep it out of shared logs.
///
/// Returns its length; or APISIG_MALFORMED: there are not two dots, or the token is too long; or
/// APISIG_ARGUMENT: the secret is empty, `now` is out of range, or by the rules.
/// Source: as apisig_imbachat_diagnose().
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_explain(
    secret: *const c_char,
    secret_len: usize,
    token: *const c_char,
    token_len: usize,
    now: i64,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<DIAGNOSIS_STACK, _>(out, out_size, || {
            let (secret, token) = (bytes(secret, secret_len)?, bytes(token, token_len)?);
            explain(secret, token, Time::new(now)?)
        })
    }
}

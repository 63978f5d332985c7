//! What is wrong with a hash of MOR's, and what it is made of: for those who have the secret, never for an
//! answer to the sender. The vendor's own page Settings, Setup, Generate hash shows the latter too.
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use apisig_diagnosis::mor::{diagnose, explain};
use core::ffi::c_char;

diagnose! {
    /// Names the mistake that makes a hash wrong: one that, made alone or with a second one, gives the hash that
    /// was presented; of two the one to mend first.
    ///
    /// `secret`: the API secret key, at most APISIG_MOR_SECRET_MAX bytes.
    /// `method`: as in apisig_mor_sign_request(). If it is empty, the values of the form are hashed as they
    /// stand, in the caller's own order as in apisig_mor_sign().
    /// `form`: the parameters as sent or received, as in apisig_mor_verify_request(); a `hash` among them
    /// is ignored.
    /// `hash`: the hash as received. In a mistake's hash the hex may be of either case.
    ///
    /// Returns 0: nothing is wrong; a positive apisig_mistake; APISIG_MISMATCH: no known mistake makes it;
    /// APISIG_METHOD: the method is not in the registry; APISIG_MALFORMED: servers read the form in different
    /// ways, as in apisig_mor_verify_request(); or APISIG_ARGUMENT: the secret is empty or too long, or by the
    /// rules.
    ///
    /// Time: every order of 8 short values is 40,320 hashes, about 10 ms if no mistake is found. No more than
    /// 36 MiB are hashed, whatever the form: of longer values not every order is tried.
    /// Source: the page's construction, and its note on "the correct order".
    diagnose: apisig_mor_diagnose,
    diagnosis: apisig_mor_diagnosis,
    parameters: (
        secret: *const c_char,
        secret_len: usize,
        method: *const c_char,
        method_len: usize,
        form: *const c_char,
        form_len: usize,
        hash: *const c_char,
        hash_len: usize,
    ),
    result: {
        let (method, form) = (bytes(method, method_len)?, bytes(form, form_len)?);
        diagnose(bytes(secret, secret_len)?, method, form, bytes(hash, hash_len)?)
    },
}

/// Explains the hash of a request to a person, a fact a line: the method and its source, each hashed value
/// in its order, what is not hashed, the hashed text with "<secret>" at its end, the hash; then warnings.
/// Bytes that cannot be seen are written as \n, \r, \t and \xHH. The words may change.
///
/// `secret`, `method`: as in apisig_mor_diagnose(). The text shows the secret's length and the first 8 hex
/// digits of its SHA-256.
/// `form`: the parameters, as in apisig_mor_sign_request(); a `hash` among them is ignored.
/// `out`: the text. It shows the hashed values, a password among them too, and the hash, which never
/// expires: keep it out of logs that others read.
///
/// Returns its length; or APISIG_METHOD: the method is not in the registry; or APISIG_ARGUMENT: the
/// secret is empty or too long, servers read the form in different ways, or by the rules.
/// Source: as apisig_mor_diagnose(); the page's "Hash check".
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_explain(
    secret: *const c_char,
    secret_len: usize,
    method: *const c_char,
    method_len: usize,
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<DIAGNOSIS_STACK, _>(out, out_size, || {
            explain(bytes(secret, secret_len)?, bytes(method, method_len)?, bytes(form, form_len)?)
        })
    }
}

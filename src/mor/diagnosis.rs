//! What was done wrong when a request to MOR was hashed, and how its hash comes about: for whoever holds
//! the secret, and never for an answer to the sender. The second is what the vendor's own page Settings,
//! Setup, Generate hash shows.
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use apisig_diagnosis::mor::{diagnose, explain};
use core::ffi::c_char;

diagnose! {
    /// Names the mistake that makes a hash wrong. None is named for a guess: a mistake is one that, made
    /// alone, gives just the hash that was presented.
    ///
    /// `secret`: the API secret key, at most APISIG_MOR_SECRET_MAX bytes.
    /// `method`: as in apisig_mor_sign_request(). Or empty: then what should have been hashed are the values
    /// of the form as it stands, in the caller's own order as in apisig_mor_sign().
    /// `form`: the parameters as sent or received, as in apisig_mor_verify_request(); a `hash` among them
    /// does not count.
    /// `hash`: the hash as received. In a mistake's hash the hex may be of either case.
    ///
    /// Returns 0: nothing is wrong. Or an apisig_mistake, by what comes behind APISIG_MISTAKE_:
    /// UPPER_CASE, BASE64, BASE64_URL,
    /// BASE64_OF_HEX, ENCODED_TWICE and SIGNATURE_NEWLINE, of the hash;
    /// DIGEST_MD5, DIGEST_SHA256 and HMAC;
    /// SECRET_HEX, SECRET_BASE64, SECRET_NEWLINE (`echo` without -n makes it too), SECRET_SPACE, SECRET_BOM
    /// and SECRET_CASE, SECRET_MISSING and SECRET_FIRST;
    /// PLUS_LOST, a + that was sent as it is, such as a telephone number's, and ENCODED_TWICE, of the values;
    /// DID_MISSING, of servers before MOR X5; VALUE_TYPE, of a value that the server reads by type;
    /// VALUE_ENCODED; VALUE_SEPARATOR, between the values, and before the secret too; VALUE_NAMES, such as of
    /// a whole query string; VALUE_MISSING, any of up to 8, else one or all; VALUE_EXTRA, one at any place,
    /// `u` and `p`, or the whole form; VALUE_ORDER, any of up to 8, else the form's, the other way round, or
    /// sorted by name.
    /// Or an apisig_status: APISIG_MISMATCH, no known mistake makes it; APISIG_METHOD, the method is not in
    /// the registry; APISIG_MALFORMED, servers read the form in different ways, as in
    /// apisig_mor_verify_request(); APISIG_ARGUMENT, the secret is empty or too long, or by the rules.
    ///
    /// Time: every order of 8 short values is 40,320 hashes, of one block each: about 10 ms if no mistake is
    /// found. Whatever the form, no more than 32 MiB are read and hashed; where values are that long, not every
    /// order of them is tried.
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

/// Explains the hash of a request, a fact a line: the method, how it is known what it hashes, the secret by
/// its length and the first 8 hex digits of its SHA-256; then each value that is hashed, in its order, such
/// as "1. username (3 bytes): bob"; the names of what is not sent and of what is not hashed; values that the
/// server does not hash as they were sent; the hashed text with "<secret>" at its end; the hash; what the
/// hash does not cover; and warnings of what is
/// seldom meant, such as white space around the secret or a value of up to 1024 bytes. Bytes that cannot
/// be seen stand as \n, \r, \t and \xHH.
///
/// `secret`, `method`: as in apisig_mor_diagnose().
/// `form`: the parameters, as in apisig_mor_sign_request(); a `hash` among them does not count.
/// `out`: the text. The hashed values are shown, a password among them too, and the hash, which never
/// expires: keep it out of logs that others read. The words may change with any version.
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

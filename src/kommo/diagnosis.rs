//! What is wrong with a signature of Kommo's, and what it is made of: for those who have the secret, never
//! for an answer to the sender. Source: the vendor's page "Connecting chat channel".
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use crate::kommo::request;
use apisig_core::Time;
use apisig_diagnosis::kommo;
use core::ffi::c_char;

/// The longest method that apisig_kommo_diagnose() and apisig_kommo_explain() read.
pub const APISIG_KOMMO_METHOD_MAX: usize = 32;

diagnose! {
    /// Names the mistake that makes a request's signature wrong: one that, made alone or with a second one,
    /// gives the signature that was presented; of two the one to mend first. Other encodings of a JSON body are
    /// tried up to 64 KiB.
    ///
    /// `secret`: the channel's, as in apisig_kommo_new().
    /// `method`, `url`, `body`: as sent. The method has at most APISIG_KOMMO_METHOD_MAX bytes. If `url` is a
    /// whole one, its host is one that may have been signed.
    /// `content_md5`, `content_type`, `date`, `signature`: the headers' values as sent; a missing header
    /// is an empty string.
    /// `now`, `tolerance`: as in apisig_kommo_verify().
    ///
    /// Returns 0: nothing is wrong; an apisig_mistake; APISIG_MISMATCH: no mistake that is known makes this
    /// signature; APISIG_MALFORMED: method, URL or header could not have been signed; or APISIG_ARGUMENT:
    /// the secret is empty, `now` or `tolerance` is out of range, or by the rules.
    /// Source: not on the page, which says how to sign: mistakes seen in the field.
    diagnose: apisig_kommo_diagnose,
    diagnosis: apisig_kommo_diagnosis,
    parameters: (
        secret: *const c_char,
        secret_len: usize,
        method: *const c_char,
        method_len: usize,
        url: *const c_char,
        url_len: usize,
        body: *const c_char,
        body_len: usize,
        content_md5: *const c_char,
        content_md5_len: usize,
        content_type: *const c_char,
        content_type_len: usize,
        date: *const c_char,
        date_len: usize,
        signature: *const c_char,
        signature_len: usize,
        now: i64,
        tolerance: i64,
    ),
    result: {
        let request = request([
            (method, method_len),
            (url, url_len),
            (content_md5, content_md5_len),
            (content_type, content_type_len),
            (date, date_len),
        ])?;
        let (body, signature) = (bytes(body, body_len)?, bytes(signature, signature_len)?);
        let secret = bytes(secret, secret_len)?;
        kommo::diagnose(secret, request, Some(body), signature, Time::new(now)?, tolerance)
    },
}

diagnose! {
    /// Names the mistake that makes a webhook's signature wrong, as apisig_kommo_diagnose() does.
    /// APISIG_MISTAKE_BODY_PRETTY, BODY_SLASHES, BODY_UNICODE, BODY_NEWLINE, BODY_BOM, BODY_SORTED, BODY_TWICE
    /// and BODY_EMPTY_LIST say that `body` is a parsed and re-encoded copy; WEBHOOK_UNSIGNED that the CRM sent
    /// a form, which is never signed.
    ///
    /// `secret`: the channel's, as in apisig_kommo_new().
    /// `body`, `signature`: as in apisig_kommo_verify_webhook().
    ///
    /// Returns 0, an apisig_mistake or APISIG_MISMATCH, as there; or APISIG_ARGUMENT: the secret is empty,
    /// or by the rules.
    /// Source: not on the page: the vendor's page on webhooks.
    diagnose: apisig_kommo_diagnose_webhook,
    diagnosis: apisig_kommo_diagnosis_webhook,
    parameters: (
        secret: *const c_char,
        secret_len: usize,
        body: *const c_char,
        body_len: usize,
        signature: *const c_char,
        signature_len: usize,
    ),
    result: {
        let (body, signature) = (bytes(body, body_len)?, bytes(signature, signature_len)?);
        kommo::diagnose_webhook(bytes(secret, secret_len)?, body, signature)
    },
}

/// Explains a request's signature to a person, a fact a line: the body's MD5, the five lines that are
/// signed, the signature; then warnings, such as of a secret with a trailing newline. Bytes that cannot be
/// seen are written as `\n` or `\xHH`. The words may change.
///
/// `secret`, `method`, `url`, `body`, `content_md5`, `content_type`, `date`: as in apisig_kommo_diagnose().
/// `out`: the text, in UTF-8. It shows the URL, the headers and the signature, and of the secret its length
/// and the start of its SHA-256.
///
/// Returns the text's length; or APISIG_ARGUMENT: the secret is empty, the method longer than
/// APISIG_KOMMO_METHOD_MAX, or as in apisig_kommo_sign_digest().
/// Source: the page's example in PHP, its steps one by one.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_explain(
    secret: *const c_char,
    secret_len: usize,
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_char,
    body_len: usize,
    content_md5: *const c_char,
    content_md5_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    date: *const c_char,
    date_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<DIAGNOSIS_STACK, _>(out, out_size, || {
            let request = request([
                (method, method_len),
                (url, url_len),
                (content_md5, content_md5_len),
                (content_type, content_type_len),
                (date, date_len),
            ])?;
            kommo::explain(bytes(secret, secret_len)?, request, Some(bytes(body, body_len)?))
        })
    }
}

const _: () = assert!(APISIG_KOMMO_METHOD_MAX == kommo::METHOD_MAX);

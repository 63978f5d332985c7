//! What is wrong with a signature of Kommo's, and what it is made of: for whoever holds the secret,
//! never for an answer to the sender. Source: the vendor's page "Connecting chat channel".
use crate::boundary::{DIAGNOSIS_STACK, apisig_out, bytes, text};
use crate::kommo::request;
use apisig_core::Time;
use apisig_diagnosis::kommo;
use core::ffi::c_char;

/// The longest method that apisig_kommo_diagnose() and apisig_kommo_explain() read.
pub const APISIG_KOMMO_METHOD_MAX: usize = 32;

diagnose! {
    /// Names the mistake that makes a request's signature a wrong one, by trying some thousand others:
    /// one is named only if it makes what was presented, byte for byte. The body is hashed some thirty
    /// times if it is JSON; beyond 64 KiB it is not tried as other encoders write it. One mistake is
    /// looked for, not two at a time.
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
    /// These are the mistakes, by what comes behind APISIG_MISTAKE_:
    /// SECRET_HEX, SECRET_BASE64, SECRET_NEWLINE, SECRET_SPACE, SECRET_BOM, SECRET_CASE, SECRET_SWAPPED;
    /// DIGEST_MD5, DIGEST_SHA256, PLAIN_HASH; UPPER_CASE (which apisig_kommo_verify() lets pass, as it does
    /// MD5_UPPER_CASE), BASE64, BASE64_URL, BASE64_OF_HEX, SIGNATURE_NEWLINE, of the signature;
    /// MD5_BASE64, MD5_UPPER_CASE;
    /// BODY_PRETTY (or compact, or as by Python's json.dumps()), BODY_SLASHES, BODY_UNICODE, BODY_NEWLINE,
    /// BODY_EMPTY_JSON, BODY_ONLY, BODY_OTHER;
    /// PATH_QUERY, PATH_HOST, PATH_SLASH, PATH_PREFIX (up to 32 slashes on), METHOD_CASE, HEADER_ORDER,
    /// LINE_SEPARATOR, CONTENT_TYPE_MISSING, CONTENT_TYPE_CHARSET;
    /// DATE_GMT, DATE_UNPADDED, DATE_FORMAT (also of up to two seconds before or after), DATE_STALE,
    /// DATE_FUTURE, DATE_SYNTAX.
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
    /// Names the mistake that makes a webhook's signature a wrong one, as apisig_kommo_diagnose() does.
    /// Those of secret, digest and signature are the same; BODY_PRETTY, BODY_SLASHES, BODY_UNICODE,
    /// BODY_NEWLINE and BODY_EMPTY_JSON say that `body` is not the one that was received, but a parsed and
    /// re-encoded copy. WEBHOOK_UNSIGNED: there is no signature and the body is a form, as webhooks of the CRM
    /// have it; those are never signed.
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

/// Shows what a request's signature is made of, a fact a line: the secret by its length and the start
/// of its SHA-256, the body's MD5, the five lines that are signed, the signature, and what is seldom
/// meant, such as a secret with a line feed behind it. Bytes that cannot be seen stand as `\n` or
/// `\xHH`. For people: its words may change.
///
/// `secret`, `method`, `url`, `body`, `content_md5`, `content_type`, `date`: as in
/// apisig_kommo_diagnose().
/// `out`: the text, in UTF-8. It holds the signature, and shows whatever is in the URL and the headers.
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

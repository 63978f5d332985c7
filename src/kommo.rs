//! Kommo Chat API in C: the four headers of a request, and webhooks. Source: the vendor's page
//! "Connecting chat channel".
use crate::boundary::{MAC_STACK, NO_SECRET, STACK, apisig_out, bytes, handle, known_text, record, text};
use apisig_core::kommo::{self, Headers, Request, StringToSign, webhook};
use apisig_core::{Error, Time};
use core::ffi::c_char;
use core::mem::offset_of;

pub mod channel;
pub mod diagnosis;

/// What apisig_kommo_sign_digest() writes, NUL included.
pub const APISIG_KOMMO_SIGNATURE_SIZE: usize = 41;
/// What apisig_kommo_sign_lines() writes, NUL included.
pub const APISIG_KOMMO_LINES_SIZE: usize = 106;
/// For how many seconds a signature is valid, before and after its Date: 15 minutes.
pub const APISIG_KOMMO_TOLERANCE: i64 = 900;

handle! {
    handle: apisig_kommo,
    keys: kommo::Keys,
    vendor: kommo,
    new: apisig_kommo_new,
    add_secret: apisig_kommo_add_secret,
    free: apisig_kommo_free,
    about: "The secrets of a channel.",
    secret: "the channel's secret, as text: the 40 hex digits are not decoded. It is hashed once, here, \
        and not kept.",
}

/// The values of the headers that a signed request carries, each with its NUL.
#[repr(C)]
pub struct apisig_kommo_headers {
    /// Date, such as "Wed, 23 Nov 2022 19:25:21 +0000".
    pub date: [apisig_out; 32],
    /// Content-Type: "application/json".
    pub content_type: [apisig_out; 17],
    /// Content-MD5: the body's MD5 in lower-case hex.
    pub content_md5: [apisig_out; 33],
    /// X-Signature: 40 lower-case hex digits.
    pub x_signature: [apisig_out; 41],
}

/// Makes the headers of a request. Send the body as it is here, byte for byte.
///
/// `method`: not empty, in any case; it is signed in upper case.
/// `url`: a whole URL with its scheme, or a path that starts with "/", percent-encoded as it is sent.
/// Only the path is signed, "/" if there is none.
/// `body`: the raw bytes, empty for GET.
/// `time`: when the request is sent, in Unix seconds.
/// `out`: the four headers; on error four empty strings.
///
/// Returns APISIG_OK; or APISIG_ARGUMENT: another URL; an empty method; a space, a control character or a byte
/// beyond ASCII in method or URL; a backslash before the query; a path that clients send otherwise,
/// which is one that is not in the normal form of RFC 3986: "/a b/", "/a/../b", "/{a}", "/%41" for "/A",
/// "/%c3" for "/%C3"; or that starts with two slashes; `time` out of range; or by the rules.
/// Source: the page's example in PHP.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_sign(
    kommo: *const apisig_kommo,
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_char,
    body_len: usize,
    time: i64,
    out: *mut apisig_kommo_headers,
) -> i32 {
    // SAFETY: the caller keeps the rules.
    unsafe {
        record::<MAC_STACK, _>(out.cast(), Headers::EMPTY, |headers| {
            let (keys, method) = (&handle(kommo)?.0, bytes(method, method_len)?);
            let (url, body) = (bytes(url, url_len)?, bytes(body, body_len)?);
            kommo::sign(keys, method, url, body, Time::new(time)?, headers)
        })
    }
}

/// As apisig_kommo_sign(), as one text: the values of Date, Content-MD5 and X-Signature, with a line feed
/// between each two. Content-Type is always "application/json".
///
/// `out`: 31, 32 and 40 characters. APISIG_KOMMO_LINES_SIZE bytes are enough.
///
/// Returns `out`; or NULL: for an argument that apisig_kommo_sign() refuses, or by rule 3.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_sign_lines(
    kommo: *const apisig_kommo,
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_char,
    body_len: usize,
    time: i64,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<MAC_STACK, _>(out, out_size, || {
            let (keys, method) = (&handle(kommo)?.0, bytes(method, method_len)?);
            let (url, body) = (bytes(url, url_len)?, bytes(body, body_len)?);
            kommo::sign_lines(keys, method, url, body, Time::new(time)?)
        })
    }
}

/// Signs header values as they are given: X-Signature.
///
/// `method`, `url`: as in apisig_kommo_sign(), but the path is signed as it is given.
/// `content_md5`, `content_type`, `date`: the values of the headers, byte for byte as they are
/// sent; a missing header is an empty string.
/// `out`: 40 lower-case hex digits. APISIG_KOMMO_SIGNATURE_SIZE bytes are enough.
///
/// Returns `out`; or NULL: a URL without scheme that is no path, an empty method, a control character in
/// any of these, a space in the URL, or by the rules.
/// Source: the page's description of X-Signature. The signature that it prints, 25cbdaf2...,
/// belongs to the Content-MD5 that it prints, but that is not the MD5 of the body that it prints.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_sign_digest(
    kommo: *const apisig_kommo,
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
    content_md5: *const c_char,
    content_md5_len: usize,
    content_type: *const c_char,
    content_type_len: usize,
    date: *const c_char,
    date_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<STACK, _>(out, out_size, || {
            let string_to_sign = StringToSign::new(request([
                (method, method_len),
                (url, url_len),
                (content_md5, content_md5_len),
                (content_type, content_type_len),
                (date, date_len),
            ])?)?;
            kommo::sign_digest(&handle(kommo)?.0, &string_to_sign)
        })
    }
}

/// Shows what is signed: method, Content-MD5, Content-Type, Date and path, a line feed between each two.
///
/// The arguments are those of apisig_kommo_sign_digest().
/// `out`: the text. It is never longer than the five strings together and five bytes.
///
/// Returns the text's length; or APISIG_ARGUMENT, as in apisig_kommo_sign_digest().
/// Source: the page's implode("\n", [...]).
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_string_to_sign(
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
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
        text::<NO_SECRET, _>(out, out_size, || {
            StringToSign::new(request([
                (method, method_len),
                (url, url_len),
                (content_md5, content_md5_len),
                (content_type, content_type_len),
                (date, date_len),
            ])?)
        })
    }
}

check! {
    /// Checks a signed request: first the signature over the headers as they were received, then that
    /// Content-MD5 is the MD5 of the body, then that Date is not too far from `now`. Within that time
    /// the same request can come again. The webhooks that Kommo sends are signed in another way: see
    /// apisig_kommo_verify_webhook().
    ///
    /// `method`, `url`, `body`: as received; the body's raw bytes, not a parsed and re-encoded copy.
    /// `content_md5`, `content_type`, `date`, `signature`: the headers' values as received; a missing
    /// header is an empty string. Date is read as `[Wed, ]4 Jan 2023 00:00[:00] +0000`, its zone an
    /// offset, GMT, UT, UTC or Z; hex may be of either case.
    /// `now`: the time of the check, in Unix seconds.
    /// `tolerance`: for how many seconds a signature is valid, before and after its Date, 0 or more:
    /// APISIG_KOMMO_TOLERANCE.
    ///
    /// Returns whether the request is right; the check the index of the secret that matched, or
    /// APISIG_MISMATCH; or, rightly signed, APISIG_BODY, APISIG_MALFORMED (the Date), APISIG_EXPIRED or
    /// APISIG_NOT_YET_VALID. A method, URL or header that could not have been signed, and a fragment in the
    /// URL, is APISIG_MALFORMED too. APISIG_ARGUMENT: `now` or `tolerance` is out of range, or by the rules.
    /// Source: the page's table of headers.
    verify: apisig_kommo_verify,
    check: apisig_kommo_check,
    parameters: (
        kommo: *const apisig_kommo,
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
    stack: STACK,
    result: {
        let keys = &handle(kommo)?.0;
        let request = request([
            (method, method_len),
            (url, url_len),
            (content_md5, content_md5_len),
            (content_type, content_type_len),
            (date, date_len),
        ])?;
        let (body, signature) = (bytes(body, body_len)?, bytes(signature, signature_len)?);
        kommo::check(keys, request, Some(body), signature, Time::new(now)?, tolerance)
    },
}

/// Signs a body alone, every byte of it: what the vendor does with its webhooks, and what its older
/// API took as X-Signature of a request, without Date and Content-MD5.
///
/// `body`: the raw bytes.
/// `out`: 40 lower-case hex digits. APISIG_KOMMO_SIGNATURE_SIZE bytes are enough.
///
/// Returns `out`; or NULL by the rules.
/// Source: not on the page: the vendor's page on webhooks.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_sign_webhook(
    kommo: *const apisig_kommo,
    body: *const c_char,
    body_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<MAC_STACK, _>(out, out_size, || webhook::sign(&handle(kommo)?.0, bytes(body, body_len)?))
    }
}

check! {
    /// Checks a webhook that Kommo sends, or a request of the older API. The signature may be the one of
    /// the body as it was received, or without the CR and LF bytes at its end: the vendor sends a line
    /// end that it does not sign. It covers no time and no URL: the same webhook can come again, which
    /// the ids in it tell. Only the webhooks of a chat channel are signed: JSON, with the header X-Signature.
    /// Those of the CRM are forms (account[...], leads[...]) and carry no signature.
    ///
    /// `body`: the raw bytes as received, not a parsed and re-encoded copy.
    /// `signature`: X-Signature as received, of either case; a missing header is an empty string.
    ///
    /// Returns whether the body is signed with one of the secrets; the check the index of the secret that
    /// matched, or APISIG_MALFORMED: not 40 hex digits, whatever the body; APISIG_MISMATCH; or APISIG_ARGUMENT by
    /// the rules.
    /// Source: not on the page: the vendor's page on webhooks. That the line end is not signed is observed in
    /// webhooks; no page says so.
    verify: apisig_kommo_verify_webhook,
    check: apisig_kommo_check_webhook,
    parameters: (
        kommo: *const apisig_kommo,
        body: *const c_char,
        body_len: usize,
        signature: *const c_char,
        signature_len: usize,
    ),
    stack: STACK,
    result: webhook::check(&handle(kommo)?.0, bytes(body, body_len)?, bytes(signature, signature_len)?),
}

/// Takes in what a signature covers: method, URL, Content-MD5, Content-Type and Date.
pub(crate) unsafe fn request<'a>(strings: [(*const c_char, usize); 5]) -> Result<Request<'a>, Error> {
    let [method, url, content_md5, content_type, date] = strings;
    // SAFETY: the caller keeps the rules.
    let take = |(string, len)| unsafe { bytes(string, len) };
    Ok(Request {
        method: take(method)?,
        url: take(url)?,
        content_md5: take(content_md5)?,
        content_type: take(content_type)?,
        date: take(date)?,
    })
}

/// The core fills these headers as its own.
const _: () = {
    assert!(size_of::<apisig_kommo_headers>() == size_of::<Headers>());
    assert!(offset_of!(apisig_kommo_headers, content_type) == offset_of!(Headers, content_type));
    assert!(offset_of!(apisig_kommo_headers, content_md5) == offset_of!(Headers, content_md5));
    assert!(offset_of!(apisig_kommo_headers, x_signature) == offset_of!(Headers, x_signature));
};

const _: () = assert!(APISIG_KOMMO_TOLERANCE == kommo::TOLERANCE);

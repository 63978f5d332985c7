//! Kayako REST API in C: a salt and its signature go with every request. Source: the vendor's page
//! on generating an API signature.
use crate::boundary::{MAC_STACK, NO_SECRET, STACK, apisig_out, bytes, handle, known_text, random, text};
use apisig_core::kayako::{self, request};
use core::ffi::c_char;

pub mod diagnosis;

/// What apisig_kayako_salt() writes, NUL included.
pub const APISIG_KAYAKO_SALT_SIZE: usize = 33;
/// What apisig_kayako_sign() writes, NUL included.
pub const APISIG_KAYAKO_SIGNATURE_SIZE: usize = 45;

handle! {
    handle: apisig_kayako,
    keys: kayako::Keys,
    vendor: kayako,
    new: apisig_kayako_new,
    add_secret: apisig_kayako_add_secret,
    free: apisig_kayako_free,
    about: "The secrets of a helpdesk.",
    secret: "the helpdesk's secret key, as text: what looks like base64 is not decoded. It is hashed \
        once, here, and not kept.",
}

/// Makes a salt: 16 random bytes of the operating system as 32 lower-case hex digits. Use each once.
///
/// `out`: APISIG_KAYAKO_SALT_SIZE bytes are enough.
///
/// Returns `out`; or NULL: the operating system gave no random bytes (APISIG_RANDOM), or by rule 3.
/// Source: instead of the page's mt_rand(), whose ten digits can be guessed.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_salt(out: *mut apisig_out, out_size: usize) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe { known_text::<NO_SECRET, _>(out, out_size, || Ok(kayako::salt(&random()?))) }
}

/// Signs a salt: base64 of its HMAC-SHA256.
///
/// `salt`: the bytes that are sent as `salt`, not URL-encoded. Not empty and not "0", which the
/// vendor's server treats as missing.
/// `out`: the parameter `signature`, base64 with its padding. It is not URL-encoded: encode it
/// once, together with the other parameters. APISIG_KAYAKO_SIGNATURE_SIZE bytes are enough.
///
/// Returns `out`; or NULL: the salt is empty or "0", or by rule 3.
/// Source: the page's base64_encode(hash_hmac('sha256', $salt, $secretKey, true)).
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_sign(
    kayako: *const apisig_kayako,
    salt: *const c_char,
    salt_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<MAC_STACK, _>(out, out_size, || kayako::sign(&handle(kayako)?.0, bytes(salt, salt_len)?))
    }
}

check! {
    /// Checks the signature of a salt.
    ///
    /// `salt`, `signature`: the two parameters as received, URL-decoded once. The signature covers the
    /// salt alone, neither the API key nor the rest of the request, and never expires.
    ///
    /// Returns whether the signature is right; the check the index of the secret that matched, or
    /// APISIG_MISMATCH; APISIG_MALFORMED, the salt is empty or "0"; or APISIG_ARGUMENT by the rules.
    /// Source: the same formula, as the vendor's server checks it.
    verify: apisig_kayako_verify,
    check: apisig_kayako_check,
    parameters: (
        kayako: *const apisig_kayako,
        salt: *const c_char,
        salt_len: usize,
        signature: *const c_char,
        signature_len: usize,
    ),
    stack: MAC_STACK,
    result: kayako::check(&handle(kayako)?.0, bytes(salt, salt_len)?, bytes(signature, signature_len)?),
}

/// Signs a salt, and puts the parameters of a request behind a form or query, encoded once:
/// `apikey=...&salt=...&signature=...`, with %2B, %2F and %3D in the signature. Without a form it makes
/// the parameters alone.
///
/// The result goes into a URL's query (GET, DELETE; see apisig_kayako_url()), a form (POST), or both (PUT) as
/// it is. Code that encodes a form itself, such as http_build_query() or an HTTP client, would encode it
/// twice: give such code the API key, the salt and the result of apisig_kayako_sign().
///
/// `api_key`: the helpdesk's API key, as text. White space around it is ignored.
/// `salt`: fresh, from apisig_kayako_salt(); not encoded. Not empty and not "0".
/// `form`: the other fields, encoded; or empty. It may be a query that starts with a route. The signature
/// of a staff user, a field of the vendor's, is sent as staffsignature.
/// `out`: the form, an & and the parameters. In these, bytes that need it are %XX, and a space is +, as
/// in PHP's urlencode().
///
/// Returns its length; or APISIG_ARGUMENT: the API key is white space; the salt is none; the form has a field
/// that the vendor's PHP reads as apikey, salt or signature, such as signature[] or one with a space in front;
/// more than 1000 fields with these, or a line that starts with two hyphens; or by the rules.
/// Source: the page's parameters, and its urlencode(base64_encode(...)).
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_sign_form(
    kayako: *const apisig_kayako,
    api_key: *const c_char,
    api_key_len: usize,
    salt: *const c_char,
    salt_len: usize,
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<STACK, _>(out, out_size, || {
            let (keys, api_key) = (&handle(kayako)?.0, bytes(api_key, api_key_len)?);
            request::sign_form(keys, api_key, bytes(salt, salt_len)?, bytes(form, form_len)?)
        })
    }
}

/// Makes the URL of a request, such as
/// https://help.example.com/api/index.php?e=/Base/User&apikey=...&salt=...&signature=...
///
/// `base`: where the helpdesk is, a URL of http or https without query. It may end with /, /api, /api/ or
/// /api/index.php; the rest of the path is added.
/// `route`: app, controller and more, such as /Base/User/1. It starts with a slash. It is percent-encoded
/// here, except letters, digits and / - . _
/// `standard_url`: index.php?/Base/User, which the vendor calls the standard URL; else
/// index.php?e=/Base/User, which goes through servers that take no other query than names with values.
/// `query`: encoded once, as apisig_kayako_sign_form() makes it; or empty, for POST, whose parameters the
/// vendor's server reads in the body alone. It has no field e.
/// `out`: the URL. With a query it is a credential, which never expires: keep it out of logs.
///
/// Returns its length; or APISIG_ARGUMENT: the base is no such URL, the route does not start with a
/// slash, the query has a field e, base or query have a # or anything but visible ASCII, or the base has
/// a backslash; or by the rules.
/// Source: not on the page: as the vendor's PHP library makes it.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_url(
    base: *const c_char,
    base_len: usize,
    route: *const c_char,
    route_len: usize,
    standard_url: bool,
    query: *const c_char,
    query_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            let (base, route) = (bytes(base, base_len)?, bytes(route, route_len)?);
            apisig_messages::kayako::url(base, route, standard_url, bytes(query, query_len)?)
        })
    }
}

/// Returns the one spelling of a signature that apisig_kayako_verify_request() accepts in several: with white
/// space around it, or spaces for +. A replay store remembers this one.
///
/// `signature`: as received, URL-decoded once.
/// `out`: base64 with its padding. APISIG_KAYAKO_SIGNATURE_SIZE bytes are enough.
///
/// Returns `out`; or NULL: it is not a signature, or by rule 3.
/// Source: as apisig_kayako_verify_request().
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_spelled(
    signature: *const c_char,
    signature_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<NO_SECRET, _>(out, out_size, || request::spelled(bytes(signature, signature_len)?))
    }
}

check! {
    /// Checks the parameters of a request as the vendor's server does: for a server in tests, a gateway, a proxy.
    /// White space around the API key and the signature is ignored, and spaces in the signature are + that were
    /// not encoded. Unlike there, the comparison is in constant time, and a name that is repeated, or that only
    /// PHP reads as one of these, is refused.
    ///
    /// `api_key`: the helpdesk's own. White space around it is ignored.
    /// `form`: raw, still encoded: the query, without its ?, of GET and DELETE; the form of POST; of PUT the
    /// query if there is one, else the form. JSON and multipart/form-data are not read: convert their fields to
    /// a form.
    ///
    /// Returns whether API key and signature are right; the check the index of the secret that matched, or
    /// APISIG_MALFORMED: the salt is missing, empty or "0" (the vendor answers 401 and NO SALT PROVIDED!), or
    /// apikey, salt or signature is repeated, a list, or has a name that only PHP reads so, or the form has more
    /// than 1000 fields or a line that starts with two hyphens; APISIG_MISMATCH: API key or signature is missing
    /// or wrong (401 and FAILED TO AUTHENTICATE); or APISIG_ARGUMENT: `api_key` is white space, or by the rules.
    /// Source: not on the page: as the vendor's server does it.
    verify: apisig_kayako_verify_request,
    check: apisig_kayako_check_request,
    parameters: (
        kayako: *const apisig_kayako,
        api_key: *const c_char,
        api_key_len: usize,
        form: *const c_char,
        form_len: usize,
    ),
    stack: STACK,
    result: request::check_request(&handle(kayako)?.0, bytes(api_key, api_key_len)?, bytes(form, form_len)?),
}

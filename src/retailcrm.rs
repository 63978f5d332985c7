//! RetailCRM (Simla) simple connection in C: the token, and the register request that carries it.
//! Source: the vendor's page "The procedure of simple connection of the module".
use crate::boundary::{MAC_STACK, STACK, apisig_out, bytes, checked_record, handle, known_text};
use apisig_core::retailcrm::register::{self, Registration};
use apisig_core::retailcrm::{self, form, system_url::Hosts};
use core::ffi::c_char;
use core::mem::offset_of;

pub mod diagnosis;
pub mod module;
pub mod unsigned;

/// What apisig_retailcrm_sign() writes, NUL included.
pub const APISIG_RETAILCRM_TOKEN_SIZE: usize = 65;
/// The longest form of RetailCRM's that is read, in bytes: 64 KiB.
pub const APISIG_RETAILCRM_FORM_MAX: usize = 65536;
/// The longest JSON in a field of such a form, in bytes, once decoded.
pub const APISIG_RETAILCRM_JSON_MAX: usize = 4096;

handle! {
    handle: apisig_retailcrm,
    keys: retailcrm::Keys,
    vendor: retailcrm,
    new: apisig_retailcrm_new,
    add_secret: apisig_retailcrm_add_secret,
    free: apisig_retailcrm_free,
    about: "The secrets of a module.",
    secret: "the module's secret string from the partner account. It is hashed once, here, and not kept.",
}

/// Makes the token of an API key: its HMAC-SHA256 in hex.
///
/// `api_key`: the API key as text, not empty.
/// `out`: what is sent as register[token], 64 lower-case hex digits. APISIG_RETAILCRM_TOKEN_SIZE
/// bytes are enough.
///
/// Returns `out`; or NULL: the API key is empty, or by rule 3.
/// Source: the page's hash_hmac('sha256', '<api-key>', '<secret>').
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_sign(
    retailcrm: *const apisig_retailcrm,
    api_key: *const c_char,
    api_key_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<MAC_STACK, _>(out, out_size, || {
            retailcrm::sign(&handle(retailcrm)?.0, bytes(api_key, api_key_len)?)
        })
    }
}

check! {
    /// Checks the token of a register request.
    ///
    /// `api_key`, `token`: register[apiKey] and register[token] as received; the token's hex may be of
    /// either case. It covers the API key alone, not the system URL sent beside it, and never expires.
    ///
    /// Returns whether the token is right; the check the index of the secret that matched, or
    /// APISIG_MISMATCH; APISIG_MALFORMED, the API key is empty; or APISIG_ARGUMENT by the rules.
    /// Source: the page's "Module connection request".
    verify: apisig_retailcrm_verify,
    check: apisig_retailcrm_check,
    parameters: (
        retailcrm: *const apisig_retailcrm,
        api_key: *const c_char,
        api_key_len: usize,
        token: *const c_char,
        token_len: usize,
    ),
    stack: MAC_STACK,
    result: retailcrm::check(&handle(retailcrm)?.0, bytes(api_key, api_key_len)?, bytes(token, token_len)?),
}

/// The bytes of an API key, NUL included.
pub const APISIG_RETAILCRM_API_KEY_SIZE: usize = 256;
/// The bytes of a system URL, NUL included.
pub const APISIG_RETAILCRM_SYSTEM_URL_SIZE: usize = 262;

/// What a register request brings, each with its NUL.
#[repr(C)]
pub struct apisig_retailcrm_registration {
    /// The API key: visible characters of ASCII, 255 at most. Anyone who has it may use the account.
    pub api_key: [apisig_out; APISIG_RETAILCRM_API_KEY_SIZE],
    /// The system URL, such as "https://demo.retailcrm.ru": in lower case, without a slash behind it.
    pub system_url: [apisig_out; APISIG_RETAILCRM_SYSTEM_URL_SIZE],
}

/// Checks a register request, and gives what it brings.
///
/// `form`: the raw body, up to APISIG_RETAILCRM_FORM_MAX bytes: either one field register with JSON
/// that has the members token, apiKey and systemUrl, which is what the system sends, or the fields
/// register[token], register[apiKey] and register[systemUrl]. Other fields and members may be there,
/// but no field that a server may take for a part of register, such as register.token or register[.
/// `hosts`: the hosts that a system URL may have, with a comma and nothing else between them, such as
/// "retailcrm.ru,simla.com": the host itself or any below it, in any case; IDN in punycode. An IPv4
/// address or a name without a dot must be listed itself; IPv6 is never accepted.
/// An empty list allows any name that has a dot. Then a sender who has seen one register
/// request can repeat it with another URL, and receives what the module sends there: the API key.
/// `out`: the API key and the system URL; else two empty strings.
///
/// Returns the index of the secret that matched: the token is the API key's, and the URL is https:// and an
/// allowed host, without port, path (but for one slash), query, fragment and user. Or a negative status:
/// APISIG_MALFORMED: the form or its JSON cannot be read or is too long, servers read the form in different
/// ways (more than 1000 fields, empty ones too; a line that starts with two hyphens; such a field), a field
/// is missing or repeated, both forms at once, a member is no string, the API key is empty, longer than
/// 255 bytes or not of visible ASCII, the URL has a control character or is longer than 262 bytes;
/// APISIG_MISMATCH, a wrong token, whatever the URL; APISIG_URL, the token is right, but the URL is
/// not allowed; or APISIG_ARGUMENT: an entry of `hosts` cannot be a host, or by the rules.
/// The same request can be replayed at any time: it has no timestamp and no nonce.
/// Source: the page's "Module connection request". Not on the page: the JSON, and what is asked of
/// the URL.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_check_register(
    retailcrm: *const apisig_retailcrm,
    form: *const c_char,
    form_len: usize,
    hosts: *const c_char,
    hosts_len: usize,
    out: *mut apisig_retailcrm_registration,
) -> i32 {
    // SAFETY: the caller keeps the rules.
    unsafe {
        checked_record::<REGISTER_STACK, _>(out.cast(), Registration::EMPTY, |registration| {
            let (keys, form) = (&handle(retailcrm)?.0, bytes(form, form_len)?);
            register::register(keys, form, Hosts::new(bytes(hosts, hosts_len)?)?, registration)
        })
    }
}

/// Its JSON, which contains an API key, is decoded on the stack.
const REGISTER_STACK: usize = 4 * STACK;

/// The core fills this registration as its own, and the macros are its limits.
const _: () = {
    assert!(size_of::<apisig_retailcrm_registration>() == size_of::<Registration>());
    assert!(offset_of!(apisig_retailcrm_registration, system_url) == offset_of!(Registration, system_url));
    assert!(APISIG_RETAILCRM_FORM_MAX == form::FORM_MAX);
    assert!(APISIG_RETAILCRM_JSON_MAX == form::JSON_MAX);
};

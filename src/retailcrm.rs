//! RetailCRM (Simla) simple connection in C: the token of a register request. Source: the vendor's
//! page "The procedure of simple connection of the module".
use crate::boundary::{self, STACK, apisig_out, bytes, handle, known_text, verdict};
use apisig_core::retailcrm;
use core::ffi::c_char;

/// What apisig_retailcrm_sign() writes, NUL included.
pub const APISIG_RETAILCRM_TOKEN_SIZE: usize = 65;

/// The secrets of a module. See rule 1.
#[derive(Default)]
pub struct apisig_retailcrm(retailcrm::Keys);

impl apisig_retailcrm {
    fn keys(&mut self) -> &mut retailcrm::Keys {
        &mut self.0
    }
}

/// Makes a handle.
///
/// `secret`: the module's secret string from the partner account. It is hashed once, here, and not
/// kept.
///
/// Returns the handle, to be freed with apisig_retailcrm_free(), with 0 in `why`; or NULL, with
/// APISIG_ARGUMENT: the secret is empty; or with APISIG_MEMORY.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_new(
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> *mut apisig_retailcrm {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::new(secret, secret_len, why, apisig_retailcrm::keys) }
}

/// Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
/// goes on with the first. No other thread may use the handle meanwhile.
///
/// `secret`: as in apisig_retailcrm_new().
///
/// Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, the handle
/// is NULL or full.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_add_secret(
    retailcrm: *mut apisig_retailcrm,
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::add_secret(retailcrm, secret, secret_len, why, apisig_retailcrm::keys) }
}

/// Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apisig_retailcrm_free(retailcrm: *mut apisig_retailcrm) {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::free(retailcrm) }
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
        known_text::<STACK, _>(out, out_size, || {
            retailcrm::sign(&handle(retailcrm)?.0, bytes(api_key, api_key_len)?)
        })
    }
}

/// Checks the token of a register request.
///
/// `api_key`, `token`: register[apiKey] and register[token] as received; the token's hex may be of
/// either case. It covers the API key alone, not the system URL sent beside it, and never expires.
///
/// Returns whether the token is right. In `why`: the index of the secret that matched;
/// APISIG_MISMATCH; APISIG_MALFORMED, the API key is empty; or APISIG_ARGUMENT by the rules.
/// Source: the page's "Module connection request".
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_verify(
    retailcrm: *const apisig_retailcrm,
    api_key: *const c_char,
    api_key_len: usize,
    token: *const c_char,
    token_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe {
        verdict::<STACK>(why, || {
            retailcrm::verify(&handle(retailcrm)?.0, bytes(api_key, api_key_len)?, bytes(token, token_len)?)
        })
    }
}

//! Kayako REST API in C: a salt and its signature go with every request. Source: the vendor's page
//! on generating an API signature.
use crate::boundary::{self, NO_SECRET, STACK, apisig_out, bytes, handle, known_text, random, verdict};
use apisig_core::kayako;
use core::ffi::c_char;

/// What apisig_kayako_salt() writes, NUL included.
pub const APISIG_KAYAKO_SALT_SIZE: usize = 33;
/// What apisig_kayako_sign() writes, NUL included.
pub const APISIG_KAYAKO_SIGNATURE_SIZE: usize = 45;

/// The secrets of a helpdesk. See rule 1.
#[derive(Default)]
pub struct apisig_kayako(kayako::Keys);

impl apisig_kayako {
    fn keys(&mut self) -> &mut kayako::Keys {
        &mut self.0
    }
}

/// Makes a handle.
///
/// `secret`: the helpdesk's secret key, as text: what looks like base64 is not decoded. It is
/// hashed once, here, and not kept.
///
/// Returns the handle, to be freed with apisig_kayako_free(), with 0 in `why`; or NULL, with
/// APISIG_ARGUMENT: the secret is empty; or with APISIG_MEMORY.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_new(
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> *mut apisig_kayako {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::new(secret, secret_len, why, apisig_kayako::keys) }
}

/// Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
/// goes on with the first. No other thread may use the handle meanwhile.
///
/// `secret`: as in apisig_kayako_new().
///
/// Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, the handle
/// is NULL or full.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_add_secret(
    kayako: *mut apisig_kayako,
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::add_secret(kayako, secret, secret_len, why, apisig_kayako::keys) }
}

/// Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apisig_kayako_free(kayako: *mut apisig_kayako) {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::free(kayako) }
}

/// Makes a salt: 16 random bytes of the operating system as 32 lower-case hex digits. Use each one
/// once.
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
/// vendor's server takes for no salt.
/// `out`: the parameter `signature`, base64 with its padding. It is not URL-encoded: encode it
/// once, together with the other parameters. APISIG_KAYAKO_SIGNATURE_SIZE bytes are enough.
///
/// Returns `out`; or NULL: for such a salt, or by rule 3.
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
        known_text::<STACK, _>(out, out_size, || kayako::sign(&handle(kayako)?.0, bytes(salt, salt_len)?))
    }
}

/// Checks the signature of a salt.
///
/// `salt`, `signature`: the two parameters as received, URL-decoded once. The signature covers the
/// salt alone, neither the API key nor the rest of the request, and never expires.
///
/// Returns whether the signature is right. In `why`: the index of the secret that matched;
/// APISIG_MISMATCH; APISIG_MALFORMED, the salt is empty or "0"; or APISIG_ARGUMENT by the rules.
/// Source: the same formula, as the vendor's server checks it.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kayako_verify(
    kayako: *const apisig_kayako,
    salt: *const c_char,
    salt_len: usize,
    signature: *const c_char,
    signature_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe {
        verdict::<STACK>(why, || {
            kayako::verify(&handle(kayako)?.0, bytes(salt, salt_len)?, bytes(signature, signature_len)?)
        })
    }
}

//! Kolmisoft MOR API in C: the hash that goes with every request. Source: the vendor's page "MOR
//! API hash construction".
use crate::boundary::{self, STACK, apisig_out, bytes, handle, known_text, verdict};
use apisig_core::mor;
use core::ffi::c_char;

/// What apisig_mor_sign() writes, NUL included.
pub const APISIG_MOR_HASH_SIZE: usize = 41;
/// The longest secret of MOR, in bytes.
pub const APISIG_MOR_SECRET_MAX: usize = 1024;

/// The secrets of a MOR server. See rule 1.
#[derive(Default)]
pub struct apisig_mor(mor::Keys);

impl apisig_mor {
    fn keys(&mut self) -> &mut mor::Keys {
        &mut self.0
    }
}

/// Makes a handle.
///
/// `secret`: the API secret key, at most APISIG_MOR_SECRET_MAX bytes. It is kept inside the handle,
/// since it is hashed behind the values.
///
/// Returns the handle, to be freed with apisig_mor_free(), with 0 in `why`; or NULL, with
/// APISIG_ARGUMENT: the secret is empty, or longer than APISIG_MOR_SECRET_MAX; or with
/// APISIG_MEMORY.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_new(
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> *mut apisig_mor {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::new(secret, secret_len, why, apisig_mor::keys) }
}

/// Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
/// goes on with the first. No other thread may use the handle meanwhile.
///
/// `secret`: as in apisig_mor_new().
///
/// Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, or longer
/// than APISIG_MOR_SECRET_MAX, the handle is NULL or full.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_add_secret(
    mor: *mut apisig_mor,
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::add_secret(mor, secret, secret_len, why, apisig_mor::keys) }
}

/// Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apisig_mor_free(mor: *mut apisig_mor) {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::free(mor) }
}

/// Makes the hash of a request: the SHA-1 of its values with the secret behind them.
///
/// `values`: the values of the parameters, as text that is not URL-encoded, joined in their right
/// order with nothing between them. Nothing shows where one ends: "123" and "456" have the hash of
/// "1234" and "56".
/// `out`: the parameter `hash`, 40 lower-case hex digits. APISIG_MOR_HASH_SIZE bytes are enough.
///
/// Returns `out`; or NULL by rule 3.
/// Source: the page's Digest::SHA1.hexdigest(hash_string).
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_sign(
    mor: *const apisig_mor,
    values: *const c_char,
    values_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<STACK, _>(out, out_size, || mor::sign(&handle(mor)?.0, bytes(values, values_len)?))
    }
}

/// Checks the hash of a request.
///
/// `values`: as in apisig_mor_sign().
/// `hash`: the parameter as received; its hex may be of either case.
///
/// Returns whether the hash is right. In `why`: the index of the secret that matched;
/// APISIG_MISMATCH; or APISIG_ARGUMENT by the rules.
/// Source: the page's "Hash check".
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_verify(
    mor: *const apisig_mor,
    values: *const c_char,
    values_len: usize,
    hash: *const c_char,
    hash_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe {
        verdict::<STACK>(why, || {
            mor::verify(&handle(mor)?.0, bytes(values, values_len)?, bytes(hash, hash_len)?)
        })
    }
}

const _: () = assert!(APISIG_MOR_SECRET_MAX == mor::SECRET_MAX);

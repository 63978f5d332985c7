//! Kolmisoft MOR API in C: the hash that goes with every request. Source: the vendor's page "MOR
//! API hash construction".
//!
//! The hash is the SHA-1 of values with the secret behind them, and nothing shows where one ends:
//! "123" and "456789" have the hash of "1234" and "56789", be the second one a value or the secret. A
//! user_balance_update of user 12 to 345 so has the hash of one of user 123 to 45. Whoever saw a
//! request can send such another one, and the same one again for ever. So send requests over TLS
//! alone; let a key do no more than it has to; take the hash for a sign that the sender has the key,
//! and not for one of what each value is.
//!
//! Which values are hashed, and in which order, each method has of its own: apisig_mor_parameters().
//! The registry is from what the vendor published. apisig_mor_is_confirmed() says whether a published
//! hash shows it; all else rests on lists of the vendor or of a client library alone. A server may
//! differ: its own page Settings, Setup, Generate hash shows the order. What the registry lacks or has
//! in another order goes to apisig_mor_sign() as joined values.
use crate::boundary::{self, NO_SECRET, STACK, apisig_out, bytes, handle, known_text, set, text, verdict};
use apisig_core::Error;
use apisig_core::mor::{self, methods, request};
use core::ffi::c_char;

/// What apisig_mor_sign() and apisig_mor_sign_request() write, NUL included.
pub const APISIG_MOR_HASH_SIZE: usize = 41;
/// The longest secret of MOR, in bytes.
pub const APISIG_MOR_SECRET_MAX: usize = 1024;
/// The longest form of a request, in bytes.
pub const APISIG_MOR_FORM_MAX: usize = 1048576;

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
/// "1234" and "56". apisig_mor_sign_request() knows the order of many methods.
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

/// Makes the hash of a request, of the values that its method hashes.
///
/// `method`: as in /billing/api/METHOD, such as "user_balance_get"; also by an older name. Compared
/// exactly.
/// `form`: the parameters as application/x-www-form-urlencoded, in any order, at most
/// APISIG_MOR_FORM_MAX bytes. Hashed are the decoded values of the method's parameters, in its own
/// order; one that is missing or empty adds nothing, and others do not enter.
/// `out`: the parameter `hash`, 40 lower-case hex digits. APISIG_MOR_HASH_SIZE bytes are enough.
///
/// Returns `out`, with 0 in `why`; or NULL, with APISIG_METHOD: the method is not in the registry,
/// join its values in their right order for apisig_mor_sign(); or with APISIG_ARGUMENT by the rules,
/// or for a form that servers read in different ways: a hashed parameter or `hash` twice; an array,
/// `name[]` or `name[key]`, or any other name of more than ASCII letters, digits, `_` and `-`; a `;`
/// that is not encoded.
/// Source: the page's construction, with the order that its note on "the correct order" asks for; the
/// vendor's pages of single methods.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_sign_request(
    mor: *const apisig_mor,
    method: *const c_char,
    method_len: usize,
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
    why: *mut i32,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        let mut status = Error::Argument as i32;
        let written = known_text::<STACK, _>(out, out_size, || {
            request::sign(&handle(mor)?.0, bytes(method, method_len)?, bytes(form, form_len)?)
                .inspect_err(|error| status = *error as i32)
        });
        set(why, if written.is_null() { status } else { 0 });
        written
    }
}

/// Checks the `hash` in the form of a request, against the values that its method hashes. The hash
/// covers no names: that the method's own list is hashed keeps a value from being moved unnoticed to
/// a parameter that is not hashed.
///
/// `method`, `form`: as in apisig_mor_sign_request(), but as received: the body, or the query of the
/// URL without its `?`, not decoded. The hex of its hash may be of either case.
///
/// Returns whether the hash is right. In `why`: the index of the secret that matched; APISIG_METHOD:
/// the method is not in the registry; APISIG_MALFORMED: the form is too long, or servers read it in
/// different ways, as in apisig_mor_sign_request(); APISIG_MISMATCH, also where there is no hash; or
/// APISIG_ARGUMENT by the rules.
/// Source: the page's "Hash check"; not on the page: what is malformed.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_verify_request(
    mor: *const apisig_mor,
    method: *const c_char,
    method_len: usize,
    form: *const c_char,
    form_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe {
        verdict::<STACK>(why, || {
            request::verify(&handle(mor)?.0, bytes(method, method_len)?, bytes(form, form_len)?)
        })
    }
}

/// Writes which parameters a method hashes: their names in their order, a comma between each two. An
/// empty text means the secret alone.
///
/// `method`: as in apisig_mor_sign_request().
/// `out`: at most 255 characters today.
///
/// Returns the text's length; or APISIG_METHOD: the method is not in the registry; or APISIG_ARGUMENT
/// by the rules.
/// Source: the vendor's pages of single methods, and a client library's lists: core/src/mor/methods.tsv
/// says which for each method.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_parameters(
    method: *const c_char,
    method_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            Ok(methods::Method::find(bytes(method, method_len)?)?.parameters_text())
        })
    }
}

/// Whether a hash that the vendor published with a method shows which parameters it hashes and in
/// which order, those of that example at least. False for a method that is not in the registry.
///
/// `method`: as in apisig_mor_sign_request().
/// Source: as of apisig_mor_parameters().
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_is_confirmed(method: *const c_char, method_len: usize) -> bool {
    // SAFETY: the caller keeps the rules.
    let method = unsafe { bytes(method, method_len) };
    method.and_then(methods::Method::find).is_ok_and(methods::Method::is_confirmed)
}

const _: () = {
    assert!(APISIG_MOR_SECRET_MAX == mor::SECRET_MAX);
    assert!(APISIG_MOR_FORM_MAX == request::FORM_MAX);
};

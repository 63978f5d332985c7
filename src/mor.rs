//! Kolmisoft MOR API in C: the hash that goes with every request. Source: the vendor's page "MOR
//! API hash construction".
//!
//! The hash covers no method, no names, and not where one value ends. A request that was seen can be sent
//! again as another one: devices_get?user_id=7 has the hash of user_delete?user_id=7, and a
//! user_balance_update of user 12 to 345 that of user 123 to 45. A hash never expires. So send requests
//! over TLS only, give each key no more rights than it needs, and take the hash as proof that the sender
//! has the key, not of what the values are.
//!
//! What a method hashes: the parameters of its own list, if it has one, in the order of the list. Every
//! other method hashes each parameter that is sent and stands in the one order of 209 names, read by type.
//! A user_id of 007 is hashed as 7; a balance that is no number adds nothing. apisig_mor_parameters()
//! answers for a request. Requests whose hashes are public, of servers of four generations, show this rule;
//! a hash that the vendor published shows one example; apisig_mor_is_confirmed() is false where there is
//! neither. A server may differ: its page Settings, Setup, Generate hash shows what it hashes. For a method
//! that is not in the registry, apisig_mor_sign() takes the values joined.
use crate::boundary::{MAC_STACK, NO_SECRET, apisig_out, bytes, handle, known_text, text};
use apisig_core::mor::{self, request};
use apisig_diagnosis::mor::{is_confirmed, parameters, refusal};
use core::ffi::c_char;

pub mod diagnosis;

/// What apisig_mor_sign() and apisig_mor_sign_request() write, NUL included.
pub const APISIG_MOR_HASH_SIZE: usize = 41;
/// The longest secret of MOR, in bytes.
pub const APISIG_MOR_SECRET_MAX: usize = 1024;
/// The longest form of a request, in bytes.
pub const APISIG_MOR_FORM_MAX: usize = 1048576;

/// As [`MAC_STACK`], of a call that reads a form: the places of 209 parameters are on its stack.
const REQUEST_STACK: usize = 3072;

handle! {
    handle: apisig_mor,
    keys: mor::Keys,
    vendor: mor,
    new: apisig_mor_new,
    add_secret: apisig_mor_add_secret,
    free: apisig_mor_free,
    about: "The secrets of a MOR server.",
    secret: "the API secret key, at most APISIG_MOR_SECRET_MAX bytes. It is kept inside the handle, since \
        it is hashed behind the values.",
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
        known_text::<MAC_STACK, _>(out, out_size, || mor::sign(&handle(mor)?.0, bytes(values, values_len)?))
    }
}

check! {
    /// Checks the hash of a request.
    ///
    /// `values`: as in apisig_mor_sign().
    /// `hash`: the parameter as received, in lower case: the server refuses upper case too.
    ///
    /// Returns whether the hash is right; the check the index of the secret that matched, or
    /// APISIG_MISMATCH; or APISIG_ARGUMENT by the rules.
    /// Source: the page's "Hash check".
    verify: apisig_mor_verify,
    check: apisig_mor_check,
    parameters: (
        mor: *const apisig_mor,
        values: *const c_char,
        values_len: usize,
        hash: *const c_char,
        hash_len: usize,
    ),
    stack: MAC_STACK,
    result: mor::check(&handle(mor)?.0, bytes(values, values_len)?, bytes(hash, hash_len)?),
}

/// Makes the hash of a request, of the values that its method hashes.
///
/// `method`: as in /billing/api/METHOD, such as "user_balance_get", or an older name of it.
/// Case-sensitive.
/// `form`: the parameters as application/x-www-form-urlencoded, in any order, at most
/// APISIG_MOR_FORM_MAX bytes. The decoded values are hashed, see the top of this section.
/// `out`: the parameter `hash`, 40 lower-case hex digits. APISIG_MOR_HASH_SIZE bytes are enough.
///
/// Returns `out`; or NULL: by rule 3, or for a method or a form that apisig_mor_refusal() refuses: a value of
/// the wrong type or one that the server rewrites; a parameter of the method's list or order, or `hash`,
/// twice; a name with characters other than ASCII letters, digits, `_` and `-`, such as `name[]`; a `;` that
/// is not encoded; more than 1000 fields, empty ones too; a line that starts with `--`; a value of more than
/// 4096 bytes for a parameter that is read by type.
/// Source: the page's construction, and requests whose hashes are public.
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
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<REQUEST_STACK, _>(out, out_size, || {
            request::sign(&handle(mor)?.0, bytes(method, method_len)?, bytes(form, form_len)?)
        })
    }
}

/// Signs a form, and puts its hash behind it: what is sent as the body of a POST.
///
/// `method`, `form`: as in apisig_mor_sign_request(). The form has no hash.
/// `out`: the form, an & and hash=...; without a form the hash alone.
///
/// Returns its length; or APISIG_METHOD: the method is not in the registry; or APISIG_ARGUMENT by the
/// rules, if the form has a hash, if it has 1000 fields already, or if apisig_mor_refusal() describes it.
/// Source: as apisig_mor_sign_request().
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_sign_form(
    mor: *const apisig_mor,
    method: *const c_char,
    method_len: usize,
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<REQUEST_STACK, _>(out, out_size, || {
            request::sign_form(&handle(mor)?.0, bytes(method, method_len)?, bytes(form, form_len)?)
        })
    }
}

/// Makes the URL of a request, such as https://mor.example.com/billing/api/user_balance_get
///
/// `base`: where the server is, a URL of http or https, of visible ASCII, without user name, query,
/// fragment and backslash. It may end in slashes.
/// `method`: lower-case letters, digits and _; it need not be in the registry.
/// `out`: the URL.
///
/// Returns its length; or APISIG_ARGUMENT: another base or method, or by the rules.
/// Source: the page's /billing/api/METHOD.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_url(
    base: *const c_char,
    base_len: usize,
    method: *const c_char,
    method_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            apisig_messages::mor::url(bytes(base, base_len)?, bytes(method, method_len)?)
        })
    }
}

check! {
    /// Checks the `hash` in the form of a request against the values that its method hashes, as the server
    /// does: a value of the wrong type adds nothing. The hash does not cover the method: compare the method
    /// with those that the sender may call.
    ///
    /// `method`: as in apisig_mor_sign_request().
    /// `form`: the parameters as received: the body, or the query of the URL without its `?`, not decoded. If
    /// your application reads both together, join them with `&`.
    ///
    /// Returns whether the hash is right; the check the index of the secret that matched, or APISIG_METHOD:
    /// the method is not in the registry; APISIG_MALFORMED: servers read the form in different ways, as
    /// apisig_mor_refusal() describes; APISIG_MISMATCH, also if there is no hash or it is in upper case; or
    /// APISIG_ARGUMENT by the rules.
    /// Source: the page's "Hash check"; what is malformed is not part of the documentation.
    verify: apisig_mor_verify_request,
    check: apisig_mor_check_request,
    parameters: (
        mor: *const apisig_mor,
        method: *const c_char,
        method_len: usize,
        form: *const c_char,
        form_len: usize,
    ),
    stack: REQUEST_STACK,
    result: request::check(&handle(mor)?.0, bytes(method, method_len)?, bytes(form, form_len)?),
}

/// Writes which parameters of a request are hashed and which are not: two lines, of names with a comma
/// between each two. The first has those that are hashed, in their order; it is empty if the secret alone is
/// hashed. The second has all others, in the order of the form.
///
/// `method`: as in apisig_mor_sign_request().
/// `form`: as in apisig_mor_verify_request().
/// `out`: the text; not longer than the form and 1 more byte.
///
/// Returns the text's length; or APISIG_METHOD: the method is not in the registry; or APISIG_MALFORMED:
/// as apisig_mor_verify_request(); or APISIG_ARGUMENT by the rules.
/// Source: requests whose hashes are public; core/src/mor/methods.tsv has the source of each method.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_parameters(
    method: *const c_char,
    method_len: usize,
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || parameters(bytes(method, method_len)?, bytes(form, form_len)?))
    }
}

/// Writes why apisig_mor_sign_request() refuses a form: one or two sentences that name the parameter and
/// what its value has to be. They contain no value. The text is empty if the form is not refused.
///
/// `method`, `form`: as in apisig_mor_sign_request().
/// `out`: the text, at most 255 bytes. The words may change with any version.
///
/// Returns the text's length; or APISIG_METHOD: the method is not in the registry; or APISIG_ARGUMENT by
/// the rules.
/// Source: as apisig_mor_parameters().
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_refusal(
    method: *const c_char,
    method_len: usize,
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || refusal(bytes(method, method_len)?, bytes(form, form_len)?))
    }
}

/// Whether public hashes confirm what a method hashes: requests whose hashes are public, of servers of four
/// generations, or one example that the vendor published. False if only a list of the vendor or of a
/// client library says so, or if the method is not in the registry.
///
/// `method`: as in apisig_mor_sign_request().
/// Source: as apisig_mor_parameters().
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_mor_is_confirmed(method: *const c_char, method_len: usize) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe { bytes(method, method_len).is_ok_and(is_confirmed) }
}

const _: () = {
    assert!(APISIG_MOR_SECRET_MAX == mor::SECRET_MAX);
    assert!(APISIG_MOR_FORM_MAX == request::FORM_MAX);
};

//! ImbaChat in C: user tokens. Source: the vendor's page "ImbaChat-docs, API".
use crate::boundary::{STACK, apisig_out, bytes, handle, known_text};
use crate::wipe::wiped;
use apisig_core::{Error, Time, imbachat};
use core::ffi::c_char;

pub mod backend;
pub mod diagnosis;
pub mod widget;

/// What apisig_imbachat_sign() writes at most, NUL included.
pub const APISIG_IMBACHAT_TOKEN_SIZE: usize = 149;
/// The longest token that apisig_imbachat_verify() reads, in bytes.
pub const APISIG_IMBACHAT_TOKEN_MAX: usize = 4096;

handle! {
    handle: apisig_imbachat,
    keys: imbachat::Keys,
    vendor: imbachat,
    new: apisig_imbachat_new,
    add_secret: apisig_imbachat_add_secret,
    free: apisig_imbachat_free,
    about: "The secrets of a widget.",
    secret: "the widget's Secret key, as text. It is hashed once, here, and not kept.",
}

/// Makes the token of a user, a JWT with HS256, byte for byte as the page's getJWT() does.
///
/// `user_id`: the user's id on your site, 1 or more.
/// `expires_at`: the first second at which the token is no longer valid, in Unix seconds. It may be past.
/// `out`: the token. APISIG_IMBACHAT_TOKEN_SIZE bytes are enough.
///
/// Returns `out`; or NULL: a number is out of range, or by rule 3.
/// Source: the page's getJWT($user_id, $secret_key, $time); `expires_at` is the time of the call plus $time.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_sign(
    imbachat: *const apisig_imbachat,
    user_id: i64,
    expires_at: i64,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe {
        known_text::<STACK, _>(out, out_size, || {
            imbachat::sign(&handle(imbachat)?.0, user_id, Time::new(expires_at)?)
        })
    }
}

check! {
    /// Checks the token of a user.
    ///
    /// `token`: as received, at most APISIG_IMBACHAT_TOKEN_MAX bytes. Its header must say HS256 and
    /// neither `crit` nor `b64`. Its claims must have the integers `exp` and `user_id`, the latter 1 or
    /// more; `nbf` is optional, anything else is passed over. Header and claims may have 32
    /// members each, none of them twice, and nest objects and arrays 32 deep.
    /// `now`: the time of the check, in Unix seconds.
    /// `leeway`: by how many seconds the clocks may differ, 0 or more.
    ///
    /// Returns whether the token is valid; apisig_imbachat_check() returns its user, and
    /// apisig_imbachat_check_secret() the index of the secret that matched. Else these return
    /// APISIG_MALFORMED, APISIG_ALGORITHM, APISIG_MISMATCH, APISIG_NOT_YET_VALID or APISIG_EXPIRED; or
    /// APISIG_ARGUMENT: `now` or `leeway` is out of range, or by the rules.
    /// Source: the page's "Chat user authorization"; JSON Web Token, RFC 7519.
    verify: apisig_imbachat_verify,
    check: apisig_imbachat_check_secret,
    parameters: (
        imbachat: *const apisig_imbachat,
        token: *const c_char,
        token_len: usize,
        now: i64,
        leeway: i64,
    ),
    stack: STACK,
    result: {
        let (imbachat, token) = (handle(imbachat)?, bytes(token, token_len)?);
        Ok(imbachat::check(&imbachat.0, token, Time::new(now)?, leeway)?.index)
    },
}

/// As apisig_imbachat_verify(). Returns the user's id, 1 or more; or the negative status.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_check(
    imbachat: *const apisig_imbachat,
    token: *const c_char,
    token_len: usize,
    now: i64,
    leeway: i64,
) -> i64 {
    let user_id = wiped::<STACK, _>(|| {
        // SAFETY: the caller keeps the rules.
        let (imbachat, token) = unsafe { (handle(imbachat)?, bytes(token, token_len)?) };
        Ok(imbachat::check(&imbachat.0, token, Time::new(now)?, leeway)?.user_id)
    });
    user_id.unwrap_or_else(|error: Error| error as i64)
}

/// Returns for how many seconds a verified token stays valid. A replay store remembers it that long. Nothing
/// is checked here but that the token can be read.
///
/// `token`, `now`, `leeway`: as in apisig_imbachat_verify().
///
/// Returns the token's `exp` plus `leeway` less `now`: 1 or more, also if it has expired since, and at
/// most up to the year 9999; or APISIG_MALFORMED; or APISIG_ARGUMENT, `now` or `leeway` is out of
/// range, or by the rules.
/// Source: as apisig_imbachat_verify().
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_seconds_left(
    token: *const c_char,
    token_len: usize,
    now: i64,
    leeway: i64,
) -> i64 {
    // SAFETY: the caller keeps the rules.
    let token = unsafe { bytes(token, token_len) };
    token
        .and_then(|token| imbachat::seconds_left(token, Time::new(now)?, leeway))
        .unwrap_or_else(|error| error as i64)
}

const _: () = {
    assert!(APISIG_IMBACHAT_TOKEN_SIZE == imbachat::TOKEN_LEN + 1);
    assert!(APISIG_IMBACHAT_TOKEN_MAX == imbachat::TOKEN_MAX);
};

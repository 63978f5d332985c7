//! ImbaChat's backend API in C: what a site needs to answer the requests that ImbaChat sends for its
//! users. Source: the vendor's page "ImbaChat-docs, API".
use crate::boundary::{STACK, bytes, integers};
use apisig_core::imbachat::{self, backend};
use apisig_messages::imbachat::backend::{UNAUTHORIZED, USER_IDS_MAX, WWW_AUTHENTICATE, user_ids};
use core::ffi::c_char;

/// The most bytes that apisig_imbachat_verify_authorization() reads: login, colon and password.
pub const APISIG_IMBACHAT_CREDENTIALS_MAX: usize = 1024;

/// The most user ids that apisig_imbachat_user_ids() gives.
pub const APISIG_IMBACHAT_USER_IDS_MAX: usize = 1000;

check! {
    /// Checks the API login and password of a request from ImbaChat, both always and in constant time:
    /// the login without regard to ASCII case, the password exactly.
    ///
    /// `login`, `password`: your own, from the widget's settings; not empty.
    /// `presented_login`, `presented_password`: as received by HTTP Basic authorization, decoded.
    ///
    /// Returns whether both are right; the check 0, or APISIG_MISMATCH; or APISIG_ARGUMENT, a string of
    /// your own is empty, or by the rules.
    /// Source: the page's example of authorization verification, whose `!=` takes "0e9999" for "0e1234".
    verify: apisig_imbachat_verify_login,
    check: apisig_imbachat_check_login,
    parameters: (
        login: *const c_char,
        login_len: usize,
        password: *const c_char,
        password_len: usize,
        presented_login: *const c_char,
        presented_login_len: usize,
        presented_password: *const c_char,
        presented_password_len: usize,
    ),
    stack: STACK,
    result: imbachat::check_login(
        bytes(login, login_len)?,
        bytes(password, password_len)?,
        bytes(presented_login, presented_login_len)?,
        bytes(presented_password, presented_password_len)?,
    ),
}

check! {
    /// Checks the API login and password in the Authorization header of a request from ImbaChat, as
    /// apisig_imbachat_verify_login() does: both always, in constant time, the login case-insensitively.
    ///
    /// `login`, `password`: your own, from the widget's settings; not empty. The login has no colon, and
    /// neither has a control character: HTTP Basic cannot carry them.
    /// `authorization`: the header's value as received, `Basic cm9vdDphYmM=`: the scheme in any case, then
    /// base64 with its padding, of a login, which ends at the first colon, and a password, in all
    /// APISIG_IMBACHAT_CREDENTIALS_MAX bytes at most. A missing header is an empty string.
    ///
    /// Returns whether both are right; the check 0, or APISIG_MALFORMED: a missing or broken header;
    /// APISIG_MISMATCH; or APISIG_ARGUMENT, a string of your own is empty, or by the rules.
    /// Source: the page's "Authorization"; HTTP Basic, RFC 7617.
    verify: apisig_imbachat_verify_authorization,
    check: apisig_imbachat_check_authorization,
    parameters: (
        login: *const c_char,
        login_len: usize,
        password: *const c_char,
        password_len: usize,
        authorization: *const c_char,
        authorization_len: usize,
    ),
    stack: DECODED_STACK,
    result: backend::check_authorization(
        bytes(login, login_len)?,
        bytes(password, password_len)?,
        bytes(authorization, authorization_len)?,
    ),
}

/// The body of the answer to a request that is not authorized: JSON, whose status is 401 and whose
/// header WWW-Authenticate is apisig_imbachat_www_authenticate(). The string is static.
/// Source: what the page's PHP prints, as version 1.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_imbachat_unauthorized() -> *const c_char {
    UNAUTHORIZED.as_ptr()
}

/// The header WWW-Authenticate beside apisig_imbachat_unauthorized(). The string is static.
/// Source: the page's PHP.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_imbachat_www_authenticate() -> *const c_char {
    WWW_AUTHENTICATE.as_ptr()
}

/// Reads which users ImbaChat asks about.
///
/// `parameter`: the value of user_ids, URL-decoded: decimal numbers with a comma between each two,
/// `1,2`. Leading zeros, and white space around a number, are allowed; empty elements are skipped.
/// `out`: the numbers, in their order, if there are `out_max` or fewer; else it is left as it is.
/// APISIG_IMBACHAT_USER_IDS_MAX are enough. It may be NULL if `out_max` is 0.
///
/// Returns how many numbers there are, 0 or more; or APISIG_MALFORMED: anything else stands there, a
/// number is below 1 or above INT64_MAX, or there are more than APISIG_IMBACHAT_USER_IDS_MAX; or
/// APISIG_ARGUMENT, by the rules.
/// Source: the page's "Getting information about users", whose preg_replace() makes P11-A the user 11.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_user_ids(
    parameter: *const c_char,
    parameter_len: usize,
    out: *mut i64,
    out_max: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe { integers(out, out_max, || user_ids(bytes(parameter, parameter_len)?)) }
}

/// The decoded password lies above the stack that every check uses.
const DECODED_STACK: usize = STACK + APISIG_IMBACHAT_CREDENTIALS_MAX;

const _: () = {
    assert!(APISIG_IMBACHAT_CREDENTIALS_MAX == backend::CREDENTIALS_MAX);
    assert!(APISIG_IMBACHAT_USER_IDS_MAX == USER_IDS_MAX);
};

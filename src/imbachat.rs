//! ImbaChat in C: user tokens; what a site answers ImbaChat's own requests with, and the API login and
//! password that they come with; the chat widget of a page. Source: the vendor's page "ImbaChat-docs,
//! API".
use crate::boundary::{
    self, NO_SECRET, STACK, apisig_out, bytes, handle, integers, known_text, set, text, verdict,
};
use apisig_core::{Time, imbachat, imbachat_backend, imbachat_widget};
use core::ffi::c_char;

/// What apisig_imbachat_sign() writes at most, NUL included.
pub const APISIG_IMBACHAT_TOKEN_SIZE: usize = 149;
/// The longest token that apisig_imbachat_verify() reads, in bytes.
pub const APISIG_IMBACHAT_TOKEN_MAX: usize = 4096;
/// The most bytes that apisig_imbachat_verify_authorization() reads: login, colon and password.
pub const APISIG_IMBACHAT_CREDENTIALS_MAX: usize = 1024;
/// The most user ids that apisig_imbachat_user_ids() gives.
pub const APISIG_IMBACHAT_USER_IDS_MAX: usize = 1000;
/// What apisig_imbachat_open_dialog() writes at most, NUL included.
pub const APISIG_IMBACHAT_OPEN_DIALOG_SIZE: usize = 47;

/// The secrets of a widget. See rule 1.
#[derive(Default)]
pub struct apisig_imbachat(imbachat::Keys);

impl apisig_imbachat {
    fn keys(&mut self) -> &mut imbachat::Keys {
        &mut self.0
    }
}

/// Makes a handle.
///
/// `secret`: the widget's Secret key, as text. It is hashed once, here, and not kept.
///
/// Returns the handle, to be freed with apisig_imbachat_free(), with 0 in `why`; or NULL, with
/// APISIG_ARGUMENT: the secret is empty; or with APISIG_MEMORY.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_new(
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> *mut apisig_imbachat {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::new(secret, secret_len, why, apisig_imbachat::keys) }
}

/// Adds a secret that checks still accept, up to APISIG_SECRETS_MAX with the first one; signing
/// goes on with the first. No other thread may use the handle meanwhile.
///
/// `secret`: as in apisig_imbachat_new().
///
/// Returns true, with 0 in `why`; or false, with APISIG_ARGUMENT: the secret is empty, the handle
/// is NULL or full.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_add_secret(
    imbachat: *mut apisig_imbachat,
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::add_secret(imbachat, secret, secret_len, why, apisig_imbachat::keys) }
}

/// Wipes and frees a handle that no thread uses any more. NULL is allowed, and nothing happens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apisig_imbachat_free(imbachat: *mut apisig_imbachat) {
    // SAFETY: the caller keeps the rules.
    unsafe { boundary::free(imbachat) }
}

/// Makes the token of a user, a JWT with HS256, byte for byte as the page's getJWT() does.
///
/// `user_id`: the user's id on your site, 1 or more.
/// `expires_at`: the first second at which the token no longer holds, in Unix seconds. It may be
/// past.
/// `out`: the token. APISIG_IMBACHAT_TOKEN_SIZE bytes are enough.
///
/// Returns `out`; or NULL: a number is out of range, or by rule 3.
/// Source: the page's getJWT($user_id, $secret_key, $time), where `expires_at` is the time of the
/// call plus $time.
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

/// Checks the token of a user.
///
/// `token`: as received, at most APISIG_IMBACHAT_TOKEN_MAX bytes. Its header must say HS256 and
/// neither `crit` nor `b64`. Its claims must hold the integers `exp` and `user_id`, the latter 1 or
/// more; `nbf` may stand there, anything else is passed over. Header and claims may hold 32
/// members each, none of them twice, and nest objects and arrays 32 deep.
/// `now`: the time of the check, in Unix seconds.
/// `leeway`: for how many seconds the clocks may differ, 0 or more.
/// `user_id`: unless NULL, receives the user's id if the token holds, else 0.
///
/// Returns whether the token holds. In `why`: the index of the secret that matched;
/// APISIG_MALFORMED, APISIG_ALGORITHM, APISIG_MISMATCH, APISIG_NOT_YET_VALID, APISIG_EXPIRED; or
/// APISIG_ARGUMENT, `now` or `leeway` is out of range, or by the rules.
/// Source: the page's "Chat user authorization"; JSON Web Token, RFC 7519.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_verify(
    imbachat: *const apisig_imbachat,
    token: *const c_char,
    token_len: usize,
    now: i64,
    leeway: i64,
    user_id: *mut i64,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe {
        set(user_id, 0);
        verdict::<STACK>(why, || {
            let token = bytes(token, token_len)?;
            let verified = imbachat::verify(&handle(imbachat)?.0, token, Time::new(now)?, leeway)?;
            set(user_id, verified.user_id);
            Ok(verified.index)
        })
    }
}

/// Checks the API login and password of a request from ImbaChat, both always and in constant time:
/// the login without regard to ASCII case, the password exactly.
///
/// `login`, `password`: your own, from the widget's settings; not empty.
/// `presented_login`, `presented_password`: as received by HTTP Basic authorization, decoded.
///
/// Returns whether both are right. In `why`: 0; APISIG_MISMATCH; or APISIG_ARGUMENT, a string of
/// your own is empty, or by the rules.
/// Source: the page's example of authorization verification, whose `!=` takes "0e9999" for
/// "0e1234".
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_verify_login(
    login: *const c_char,
    login_len: usize,
    password: *const c_char,
    password_len: usize,
    presented_login: *const c_char,
    presented_login_len: usize,
    presented_password: *const c_char,
    presented_password_len: usize,
    why: *mut i32,
) -> bool {
    // SAFETY: the caller keeps the rules.
    unsafe {
        verdict::<STACK>(why, || {
            imbachat::verify_login(
                bytes(login, login_len)?,
                bytes(password, password_len)?,
                bytes(presented_login, presented_login_len)?,
                bytes(presented_password, presented_password_len)?,
            )
        })
    }
}

/// Checks the Authorization header of a request from ImbaChat, as apisig_imbachat_verify_login() does
/// its login and password.
///
/// `login`, `password`: your own, from the widget's settings; not empty. The login holds no colon, and
/// neither holds a control character: nobody could present one that does.
/// `authorization`: the header's value as received, `Basic cm9vdDphYmM=`: the scheme in any case, then
/// base64 with its padding, of a login, which ends at the first colon, and a password, in all
/// APISIG_IMBACHAT_CREDENTIALS_MAX bytes at most. A missing header is an empty string.
///
/// Returns whether both are right. In `why`: 0; APISIG_MALFORMED: a missing or broken header;
/// APISIG_MISMATCH; or APISIG_ARGUMENT, a string of your own is empty, or by the rules.
/// Source: the page's "Authorization"; HTTP Basic, RFC 7617.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_verify_authorization(
    login: *const c_char,
    login_len: usize,
    password: *const c_char,
    password_len: usize,
    authorization: *const c_char,
    authorization_len: usize,
    why: *mut i32,
) -> bool {
    // The decoded password lies above the stack that every check uses.
    const DECODED: usize = STACK + APISIG_IMBACHAT_CREDENTIALS_MAX;
    // SAFETY: the caller keeps the rules.
    unsafe {
        verdict::<DECODED>(why, || {
            imbachat_backend::verify_authorization(
                bytes(login, login_len)?,
                bytes(password, password_len)?,
                bytes(authorization, authorization_len)?,
            )
        })
    }
}

/// The body of the answer to a request that is not authorized: JSON, whose status is 401 and whose
/// header WWW-Authenticate is apisig_imbachat_www_authenticate(). The string is static.
///
/// Source: what the page's PHP prints, as version 1.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_imbachat_unauthorized() -> *const c_char {
    imbachat_backend::UNAUTHORIZED.as_ptr()
}

/// The value of the header WWW-Authenticate that goes with apisig_imbachat_unauthorized(). The string
/// is static.
///
/// Source: the page's PHP.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_imbachat_www_authenticate() -> *const c_char {
    imbachat_backend::WWW_AUTHENTICATE.as_ptr()
}

/// Reads which users ImbaChat asks about.
///
/// `parameter`: the value of user_ids, URL-decoded: decimal numbers with a comma between each two,
/// `1,2`. A number may have leading zeros, and white space around it; nothing at all between two commas
/// is passed over.
/// `out`: the numbers, in their order, if there are `out_max` or fewer; else it is left as it is.
/// APISIG_IMBACHAT_USER_IDS_MAX are enough. It may be NULL if `out_max` is 0.
///
/// Returns how many numbers there are, 0 or more; or APISIG_MALFORMED: anything else stands there, a
/// number is below 1 or above INT64_MAX, or there are more than APISIG_IMBACHAT_USER_IDS_MAX; or
/// APISIG_ARGUMENT, by the rules.
/// Source: the page's "Getting information about users", whose preg_replace() makes of P11-A the user
/// 11.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_user_ids(
    parameter: *const c_char,
    parameter_len: usize,
    out: *mut i64,
    out_max: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe { integers(out, out_max, || imbachat_backend::user_ids(bytes(parameter, parameter_len)?)) }
}

/// Makes the two script elements that show the chat on a page. Nothing in the arguments can run as a
/// script of its own.
///
/// `dev_id`: the widget's id: letters, digits, `-` and `_`.
/// `user_id`: who looks at the page, 1 or more.
/// `token`: that user's token, from apisig_imbachat_sign(): UTF-8, not empty.
/// `origin`: where the vendor's script comes from, such as `http://127.0.0.1:8000`; empty for
/// `https://imbachat.com`.
/// `out`: HTML.
///
/// Returns the text's length; or APISIG_ARGUMENT: an argument is not as above, or by the rules.
/// Source: the page's "How to enable the widget", without its http:, which browsers block on a page that
/// came by https.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_widget(
    dev_id: *const c_char,
    dev_id_len: usize,
    user_id: i64,
    token: *const c_char,
    token_len: usize,
    origin: *const c_char,
    origin_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            imbachat_widget::widget(
                bytes(dev_id, dev_id_len)?,
                user_id,
                bytes(token, token_len)?,
                bytes(origin, origin_len)?,
            )
        })
    }
}

/// Makes the JavaScript call that opens a dialog with a user, on a page with the widget:
/// `window.imbaApi.openDialog(2)`. It may stand in a script or in an attribute such as onclick.
///
/// `user_id`: whom to write to, 1 or more.
/// `out`: the call. APISIG_IMBACHAT_OPEN_DIALOG_SIZE bytes are enough.
///
/// Returns `out`; or NULL: the number is out of range, or by rule 3.
/// Source: the page's "Widget API".
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_imbachat_open_dialog(
    user_id: i64,
    out: *mut apisig_out,
    out_size: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    unsafe { known_text::<NO_SECRET, _>(out, out_size, || imbachat_widget::open_dialog(user_id)) }
}

const _: () = {
    assert!(APISIG_IMBACHAT_TOKEN_SIZE == imbachat::TOKEN_LEN + 1);
    assert!(APISIG_IMBACHAT_TOKEN_MAX == imbachat::TOKEN_MAX);
    assert!(APISIG_IMBACHAT_CREDENTIALS_MAX == imbachat_backend::CREDENTIALS_MAX);
    assert!(APISIG_IMBACHAT_USER_IDS_MAX == imbachat_backend::USER_IDS_MAX);
    assert!(APISIG_IMBACHAT_OPEN_DIALOG_SIZE == imbachat_widget::OPEN_DIALOG_LEN + 1);
};

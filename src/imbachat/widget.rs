//! ImbaChat's frontend in C: the chat widget of a page, and the button that opens a dialog. No secret is
//! needed for it. Source: the vendor's page "ImbaChat-docs, API".
use crate::boundary::{NO_SECRET, apisig_out, bytes, known_text, text};
use apisig_messages::imbachat as widget;
use core::ffi::c_char;

/// What apisig_imbachat_open_dialog() writes at most, NUL included.
pub const APISIG_IMBACHAT_OPEN_DIALOG_SIZE: usize = 47;

/// Makes the two script elements that show the chat on a page. No argument can run as a script of its own.
///
/// `dev_id`: the widget's id: letters, digits, `-` and `_`.
/// `user_id`: who looks at the page, 1 or more.
/// `token`: that user's token, from apisig_imbachat_sign(): UTF-8, not empty.
/// `origin`: where the script comes from, such as `http://127.0.0.1:8000`; empty for `https://imbachat.com`.
/// `out`: HTML.
///
/// Returns the text's length; or APISIG_ARGUMENT: an argument is not as above, or by the rules.
/// Source: the page's "How to enable the widget", without its http:, which browsers block on https pages.
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
            widget::widget(
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
    unsafe { known_text::<NO_SECRET, _>(out, out_size, || widget::open_dialog(user_id)) }
}

const _: () = assert!(APISIG_IMBACHAT_OPEN_DIALOG_SIZE == widget::OPEN_DIALOG_LEN + 1);

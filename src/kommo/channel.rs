//! Kommo's channels in C: where a request goes, what connects and disconnects a channel, and how an
//! answer is read. No secret is needed for it. Source: the vendor's page "Connecting chat channel".
use crate::boundary::{NO_SECRET, apisig_out, bytes, text};
use apisig_messages::kommo as channel;
use core::ffi::c_char;

/// The most bytes of an answer that apisig_kommo_answer() reads.
pub const APISIG_KOMMO_ANSWER_MAX: usize = 65536;

/// Makes the URL of a request: host and path.
///
/// `host`: "amojo.kommo.com", or "amojo.amocrm.ru": letters, digits, `.` and `-`, and an optional port.
/// "https://" may precede it; "http://" is for tests on your own machine: bodies would be read on the way.
/// `path`: it starts with "/", and is sent as it is, a query too, of which nothing is signed. ASCII,
/// no space, control character or `#`, and no part of it is `.` or `..`: escape what is put into it,
/// as PHP's rawurlencode() does.
/// `out`: the text. It is never longer than both strings together and eight bytes.
///
/// Returns the text's length; or APISIG_ARGUMENT: another host or path, or by the rules.
/// Source: the page's general requirements; for amoCRM not on the page.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_url(
    host: *const c_char,
    host_len: usize,
    path: *const c_char,
    path_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || channel::url(bytes(host, host_len)?, bytes(path, path_len)?))
    }
}

/// Makes the URL that connects a channel to an account, by POST:
/// `https://host/v2/origin/custom/channel_id/connect`.
///
/// `host`: as in apisig_kommo_url().
/// `channel_id`: of letters, digits, `-` and `_`, not empty.
/// `out`: the text. It is never longer than both strings together and 34 bytes.
///
/// Returns the text's length; or APISIG_ARGUMENT: another host or id, or by the rules.
/// Source: the page's `$path`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_connect_url(
    host: *const c_char,
    host_len: usize,
    channel_id: *const c_char,
    channel_id_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            channel::connect_url(bytes(host, host_len)?, bytes(channel_id, channel_id_len)?)
        })
    }
}

/// Makes the body that connects a channel:
/// `{"account_id":"...","title":"...","hook_api_version":"..."}`.
///
/// `account_id`: the account's amojo_id, of letters, digits, `-` and `_`, not empty.
/// `title`: the channel's name, in UTF-8.
/// `hook_api_version`: "v1" or "v2", the form that webhooks shall have.
/// `out`: the text, as PHP's json_encode() writes it with JSON_UNESCAPED_SLASHES,
/// JSON_UNESCAPED_UNICODE and JSON_UNESCAPED_LINE_TERMINATORS. It is never longer than the three
/// strings together, five bytes more for each of the title's, and 50 bytes.
///
/// Returns the text's length; or APISIG_ARGUMENT: another id or version, a title that is not UTF-8,
/// or by the rules.
/// Source: the page's table of the request's body, and its `$body`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_connect_body(
    account_id: *const c_char,
    account_id_len: usize,
    title: *const c_char,
    title_len: usize,
    hook_api_version: *const c_char,
    hook_api_version_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            channel::connect_body(
                bytes(account_id, account_id_len)?,
                bytes(title, title_len)?,
                bytes(hook_api_version, hook_api_version_len)?,
            )
        })
    }
}

/// Makes the URL that disconnects a channel, by DELETE:
/// `https://host/v2/origin/custom/channel_id/disconnect`.
///
/// The arguments and the result are those of apisig_kommo_connect_url(); the text is three bytes longer.
/// Source: not on the page: the vendor's reference of the Chat API.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_disconnect_url(
    host: *const c_char,
    host_len: usize,
    channel_id: *const c_char,
    channel_id_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            channel::disconnect_url(bytes(host, host_len)?, bytes(channel_id, channel_id_len)?)
        })
    }
}

/// Makes the body that disconnects a channel: `{"account_id":"..."}`.
///
/// `account_id`: as in apisig_kommo_connect_body().
/// `out`: the text. It is 17 bytes longer than the id.
///
/// Returns the text's length; or APISIG_ARGUMENT: another id, or by the rules.
/// Source: not on the page: the vendor's reference of the Chat API.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_disconnect_body(
    account_id: *const c_char,
    account_id_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || channel::disconnect_body(bytes(account_id, account_id_len)?))
    }
}

/// Makes the id that a connected channel has in an account, `channel_id_account_id`: it stands in
/// the path of every request but the two that connect and disconnect.
///
/// `channel_id`, `account_id`: of letters, digits, `-` and `_`, not empty.
/// `out`: the text. It is one byte longer than both strings together.
///
/// Returns the text's length; or APISIG_ARGUMENT: another id, or by the rules.
/// Source: the page's example of a result.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_scope_id(
    channel_id: *const c_char,
    channel_id_len: usize,
    account_id: *const c_char,
    account_id_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            channel::scope_id(bytes(channel_id, channel_id_len)?, bytes(account_id, account_id_len)?)
        })
    }
}

/// Reads an answer of the API: the text of a member that is a string, such as `scope_id`, or
/// `error_type` where a request was refused.
///
/// `answer`: the body of the answer, a JSON object of at most APISIG_KOMMO_ANSWER_MAX bytes and 32
/// members, no two of one name, and with at most 32 objects and arrays inside one another.
/// `name`: the member's; members of objects within the answer are not looked at.
/// `out`: the text with its escapes resolved, in UTF-8: any character may be in it, NUL too. It is
/// never longer than the answer.
///
/// Returns the text's length; or APISIG_MALFORMED: the answer is not like that, or has no such
/// string; or APISIG_ARGUMENT: the name is not UTF-8, or by the rules.
/// Source: the page's example of a result; the vendor's page on HTTP status codes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_kommo_answer(
    answer: *const c_char,
    answer_len: usize,
    name: *const c_char,
    name_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            channel::answer(bytes(answer, answer_len)?, bytes(name, name_len)?)
        })
    }
}

const _: () = assert!(APISIG_KOMMO_ANSWER_MAX == channel::ANSWER_MAX);

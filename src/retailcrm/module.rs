//! RetailCRM's modules in C: what they answer, and where they register themselves. No secret is needed
//! for it. Source: the vendor's page "The procedure of simple connection of the module".
use crate::boundary::{NO_SECRET, apisig_out, bytes, text};
use apisig_messages::retailcrm as answers;
use core::ffi::c_char;

/// Makes the answer to a configuration request: JSON with success, scopes and registerUrl.
///
/// `scopes`: the rights that the module asks for, with a comma and nothing else between them, such as
/// "order_read,customer_write"; empty for none. Each is of lower-case letters and "_".
/// `register_url`: where the system sends the register request: an absolute https URL in UTF-8,
/// without spaces and control characters.
/// `out`: the body, to be sent with HTTP status 200 and Content-Type application/json.
///
/// Returns its length; or APISIG_ARGUMENT: another scope or URL, or by the rules.
/// Source: the page's "Connection data request". Not on the page: the members, which are those of
/// the vendor's own clients.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_config(
    scopes: *const c_char,
    scopes_len: usize,
    register_url: *const c_char,
    register_url_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            answers::config(bytes(scopes, scopes_len)?, bytes(register_url, register_url_len)?)
        })
    }
}

/// Makes the answer to a register request that succeeded: JSON with success and accountUrl.
///
/// `account_url`: where the user is sent next, by a POST with the field clientId: as `register_url`
/// in apisig_retailcrm_config().
/// `out`: as there.
///
/// Returns its length; or APISIG_ARGUMENT: another URL, or by the rules.
/// Source: the page's "Module connection request". Not on the page: success.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_registered(
    account_url: *const c_char,
    account_url_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || answers::registered(bytes(account_url, account_url_len)?))
    }
}

/// Makes the answer to a request that failed: JSON with success and errorMsg.
///
/// `message`: what the user reads in the module's card, in UTF-8.
/// `out`: as in apisig_retailcrm_config(); the HTTP status is 200 here too, or the user reads nothing.
///
/// Returns its length; or APISIG_ARGUMENT: the message is not UTF-8, or by the rules.
/// Source: the page's "Error processing".
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_failed(
    message: *const c_char,
    message_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe { text::<NO_SECRET, _>(out, out_size, || answers::failed(bytes(message, message_len)?)) }
}

/// The answer to a request that asks for nothing else, such as the one that tells of a module's
/// activity: JSON with success alone, in a static string. It is sent as apisig_retailcrm_config()'s.
/// Not on the page.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_retailcrm_accepted() -> *const c_char {
    answers::ACCEPTED.as_ptr()
}

/// Makes the URL of the request by which a module registers itself: the path is
/// /api/v5/integration-modules/{code}/edit. The request is a POST with the header X-API-KEY, which is
/// the API key, and a form whose field integrationModule is JSON.
///
/// `system_url`: https:// and a host, as apisig_retailcrm_check_register() gives it; no list is asked.
/// `code`: the module's code, of letters, digits, "-" and "_".
/// `out`: the URL.
///
/// Returns its length; or APISIG_ARGUMENT: another system URL or code, or by the rules.
/// Source: the page's "Module connection request". Not on the page: the header and the field, which
/// are those of the vendor's own clients.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_edit_url(
    system_url: *const c_char,
    system_url_len: usize,
    code: *const c_char,
    code_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe {
        text::<NO_SECRET, _>(out, out_size, || {
            answers::edit_url(bytes(system_url, system_url_len)?, bytes(code, code_len)?)
        })
    }
}

//! RetailCRM's requests that nothing signs, in C. Anyone who knows a clientId can send them: give each
//! account a long random one, and look it up. Source: the vendor's page "The procedure of simple
//! connection of the module".
use crate::boundary::{NO_SECRET, apisig_out, bytes, text};
use apisig_messages::retailcrm::{TEXT_MAX, activity, client_id};
use core::ffi::c_char;

/// The longest clientId and the longest system URL in these forms, in bytes, once decoded.
pub const APISIG_RETAILCRM_TEXT_MAX: usize = 512;

/// Reads the clientId that a user's browser brings to the account URL: the field clientId of a POST.
///
/// `form`: the raw body, up to APISIG_RETAILCRM_FORM_MAX bytes. Other fields may be there.
/// `out`: the clientId: UTF-8 without control characters, 1 to APISIG_RETAILCRM_TEXT_MAX bytes.
///
/// Returns its length; or APISIG_MALFORMED: the form is too long or servers read it in different ways, as
/// in apisig_retailcrm_check_register(); the field is missing, repeated or not such a text, or PHP takes
/// another field for it, such as clientId[]; or APISIG_ARGUMENT by the rules.
/// Source: not on the page: the field, which is that of the vendor's own clients.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_client_id(
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe { text::<NO_SECRET, _>(out, out_size, || client_id(bytes(form, form_len)?)) }
}

/// Reads the request that tells of a module's activity.
///
/// `form`: the raw body, up to APISIG_RETAILCRM_FORM_MAX bytes, with the field clientId, and perhaps
/// systemUrl. The activity is either one field activity with JSON of at most APISIG_RETAILCRM_JSON_MAX
/// bytes, whose members active and freeze are true or false; or the fields activity[active] and
/// activity[freeze] with the words true or false. Other fields and members may be there.
/// `out`: four lines with a line feed between each two: whether the module is active, "true" or "false";
/// whether the account is frozen, likewise; the clientId; and the system URL, empty if there is none. The
/// last two are as in apisig_retailcrm_client_id(). Show the system URL, but send nothing there.
///
/// Returns its length; or APISIG_MALFORMED: as apisig_retailcrm_client_id(), for each of these fields;
/// active or freeze is missing, repeated or something else; both forms of the activity at once; a field
/// that a server may take for a part of it, such as activity.active or activity[; or APISIG_ARGUMENT by the
/// rules.
/// Source: not on the page: the fields, which are those of the vendor's own clients.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn apisig_retailcrm_activity(
    form: *const c_char,
    form_len: usize,
    out: *mut apisig_out,
    out_size: usize,
) -> isize {
    // SAFETY: the caller keeps the rules.
    unsafe { text::<NO_SECRET, _>(out, out_size, || activity(bytes(form, form_len)?)) }
}

const _: () = assert!(APISIG_RETAILCRM_TEXT_MAX == TEXT_MAX);

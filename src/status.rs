//! What every vendor shares: the reasons why there is no result, and the library's version.
use apisig_core::Error;
use core::ffi::c_char;

/// The most secrets of a handle, the current one included.
pub const APISIG_SECRETS_MAX: usize = 4;

/// The library's version, such as "0.1.0". The string is static.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// What a status means and what to do about it, in English, as a static string. It never contains
/// anything that was passed in. 0 or more, as a check answers, means that all is well; a negative
/// number that is no apisig_status has a text too.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_status_text(status: i32) -> *const c_char {
    let reason = Error::ALL.iter().find(|reason| **reason as i32 == status);
    match reason {
        Some(reason) => reason.text(),
        None if status >= 0 => Error::WELL,
        None => Error::UNKNOWN,
    }
    .as_ptr()
}

const _: () = assert!(APISIG_SECRETS_MAX == apisig_core::SECRETS_MAX);

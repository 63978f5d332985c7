//! What every room shares: the reasons why there is no result, and the library's version.
use apisig_core::Error;
use core::ffi::c_char;

/// The most secrets that a handle can hold, the current one included.
pub const APISIG_SECRETS_MAX: usize = 4;

/// Why there is no result, or why a check does not hold. New reasons are only ever added at the
/// end.
#[repr(C)]
pub enum apisig_status {
    /// All is well.
    APISIG_OK = 0,
    /// The caller's own mistake, as the function tells it: a NULL with a length, a NULL handle, an
    /// empty secret or one too many, a value out of range, a control character or a missing scheme
    /// in what is to be signed.
    APISIG_ARGUMENT = -1,
    /// What was presented cannot be read.
    APISIG_MALFORMED = -2,
    /// What was presented is not what one of the secrets makes.
    APISIG_MISMATCH = -3,
    /// The signature is right, but its time is over.
    APISIG_EXPIRED = -4,
    /// The signature is right, but its time has not come yet.
    APISIG_NOT_YET_VALID = -5,
    /// The signature is right, but for another body: Content-MD5 is not the MD5 of this one.
    APISIG_BODY = -6,
    /// The token's algorithm is not HS256.
    APISIG_ALGORITHM = -7,
    /// The operating system gave no random bytes.
    APISIG_RANDOM = -8,
    /// There is no memory left.
    APISIG_MEMORY = -9,
    /// The signature is right, but a URL that it does not cover is not one that you allow.
    APISIG_URL = -10,
    /// The method is not in the registry.
    APISIG_METHOD = -11,
}

/// The library's version, such as "0.1.0". The string is static.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// What a status means and what to do about it, in English, in a static string. It never holds
/// anything that was passed in. 0 or more, as a check answers, means that all is well; a negative
/// number that is no apisig_status has a text too.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_status_text(status: i32) -> *const c_char {
    let reason = Error::ALL.into_iter().find(|reason| *reason as i32 == status);
    match reason {
        Some(reason) => reason.text(),
        None if status >= 0 => c"All is well.",
        None => c"This status is not known to this version of the library.",
    }
    .as_ptr()
}

const _: () = {
    assert!(APISIG_SECRETS_MAX == apisig_core::SECRETS_MAX);
    assert!(Error::Argument as i32 == apisig_status::APISIG_ARGUMENT as i32);
    assert!(Error::Malformed as i32 == apisig_status::APISIG_MALFORMED as i32);
    assert!(Error::Mismatch as i32 == apisig_status::APISIG_MISMATCH as i32);
    assert!(Error::Expired as i32 == apisig_status::APISIG_EXPIRED as i32);
    assert!(Error::NotYetValid as i32 == apisig_status::APISIG_NOT_YET_VALID as i32);
    assert!(Error::Body as i32 == apisig_status::APISIG_BODY as i32);
    assert!(Error::Algorithm as i32 == apisig_status::APISIG_ALGORITHM as i32);
    assert!(Error::Random as i32 == apisig_status::APISIG_RANDOM as i32);
    assert!(Error::Memory as i32 == apisig_status::APISIG_MEMORY as i32);
    assert!(Error::Url as i32 == apisig_status::APISIG_URL as i32);
    assert!(Error::Method as i32 == apisig_status::APISIG_METHOD as i32);
};

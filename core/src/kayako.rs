//! Kayako REST API: a signature in base64, HMAC-SHA256 over a random salt.
//! Source: the vendor's page on generating an API signature.
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::crypto::keys;
use crate::crypto::mac::HmacSha256;
use crate::text::encoding::{base64, from_base64, hex};
use subtle::Choice;

pub mod request;

/// The helpdesk's secret keys.
pub type Keys = keys::Keys<HmacSha256>;

/// A salt from 16 random bytes: hex needs no escaping in a URL, and is never "0".
pub fn salt(random: &[u8; 16]) -> [u8; 32] {
    hex(random)
}

/// Makes the signature of a salt, base64 that is not URL-encoded. A salt that the vendor's server
/// treats as missing is [`Error::ArgumentSalt`].
pub fn sign(keys: &Keys, salt: &[u8]) -> Result<[u8; 44], Error> {
    if is_none(salt) {
        return Err(Error::ArgumentSalt);
    }
    Ok(base64(&keys.current()?.of(salt)))
}

/// Checks a signature, base64 that is no longer URL-encoded. Returns the index of the secret that
/// matched.
pub fn check(keys: &Keys, salt: &[u8], signature: &[u8]) -> Result<usize, Error> {
    if is_none(salt) {
        return Err(Error::Malformed);
    }
    // Read behind the MAC, the processor does both at once.
    let fits =
        |mac: [u8; 32]| from_base64(signature).map_or(Choice::from(0), |presented| equal(&mac, &presented));
    keys.find(|key| fits(key.of(salt)))
}

/// The vendor's server asks PHP's `empty()`, which is true for "0" too.
pub fn is_none(salt: &[u8]) -> bool {
    matches!(salt, b"" | b"0")
}

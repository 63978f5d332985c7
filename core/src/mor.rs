//! Kolmisoft MOR API: `hash`, the SHA-1 of the parameters' values with the secret behind them. It covers
//! neither the method nor the names.
//! Source: the vendor's page "MOR API hash construction".
use crate::crypto::constant_time::equal;
use crate::crypto::hash::{Sha1, hash};
use crate::crypto::keys;
use crate::text::Text;
use crate::text::encoding::hex;
use crate::{Error, Key};

pub mod methods;
pub mod order;
pub mod request;
mod table;

/// The API secret keys.
pub type Keys = keys::Keys<Suffix>;

/// The longest secret, in bytes.
pub const SECRET_MAX: usize = 1024;

/// A secret that is hashed behind the message, and so has to be kept as it is.
pub struct Suffix {
    secret: [u8; SECRET_MAX],
    len: usize,
}

impl Default for Suffix {
    fn default() -> Self {
        Suffix { secret: [0; SECRET_MAX], len: 0 }
    }
}

impl Key for Suffix {
    fn set(&mut self, secret: &[u8]) -> Result<(), Error> {
        let space = self.secret.get_mut(..secret.len()).ok_or(Error::ArgumentSecretLength)?;
        space.copy_from_slice(secret);
        self.len = secret.len();
        Ok(())
    }
}

impl Suffix {
    pub(crate) fn hash(&self, values: &(impl Text + ?Sized)) -> [u8; 20] {
        hash::<Sha1>(&(values, self.secret.get(..self.len).unwrap_or_default()))
    }
}

/// Makes the hash of values that are already joined, nothing between them.
pub fn sign(keys: &Keys, values: &[u8]) -> Result<[u8; 40], Error> {
    Ok(hex(&keys.current()?.hash(values)))
}

/// Checks a hash. Returns the index of the secret that matched.
pub fn check(keys: &Keys, values: &[u8], hash: &[u8]) -> Result<usize, Error> {
    let hash = presented(hash).ok_or(Error::Mismatch)?;
    keys.find(|key| equal(&hex::<20, 40>(&key.hash(values)), &hash))
}

/// A hash as it was presented. The server compares it as text: upper case is none.
fn presented(hash: &[u8]) -> Option<[u8; 40]> {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    hash.try_into().ok().filter(|hash: &[u8; 40]| hash.iter().all(is_digit))
}

//! The secrets of a handle: the current one, and those that are being rotated out.
use crate::Error;
use subtle::Choice;

/// The most secrets that a handle can hold.
pub const SECRETS_MAX: usize = 4;

/// What a vendor makes of a secret, once.
pub trait Key: Default {
    /// Takes a secret that is not empty. One that is too long for the vendor is an error.
    fn set(&mut self, secret: &[u8]) -> Result<(), Error>;
}

/// Up to [`SECRETS_MAX`] keys. The first one signs; a check accepts any. Without a key nothing is
/// signed, nothing accepted.
///
/// Keys are made where they stay: moving them would leave copies behind.
#[derive(Default)]
pub struct Keys<K> {
    keys: [K; SECRETS_MAX],
    count: usize,
}

impl<K: Key> Keys<K> {
    /// Adds a secret behind those that are there. An empty one, or one too many, is an error.
    pub fn add(&mut self, secret: &[u8]) -> Result<(), Error> {
        if secret.is_empty() {
            return Err(Error::ArgumentSecret);
        }
        let free = self.keys.get_mut(self.count).ok_or(Error::ArgumentSecretCount)?;
        free.set(secret)?;
        self.count += 1;
        Ok(())
    }

    /// The one that signs. Without any there is no handle.
    pub fn current(&self) -> Result<&K, Error> {
        self.keys.first().filter(|_| self.count > 0).ok_or(Error::ArgumentHandle)
    }

    /// The index of the first key that `fits`: 0 is the current one.
    pub(crate) fn find(&self, fits: impl Fn(&K) -> Choice) -> Result<usize, Error> {
        let mut keys = self.keys.iter().take(self.count);
        // Declassified by check: which key fits.
        keys.position(|key| fits(key).into()).ok_or(Error::Mismatch)
    }
}

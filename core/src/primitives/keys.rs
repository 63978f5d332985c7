//! The secrets of a handle: the current one, and those that are being rotated out.
use crate::Error;

/// So many secrets a handle holds at most.
pub const SECRETS_MAX: usize = 4;

/// What a room makes of a secret, once.
pub trait Key: Sized {
    /// Takes a secret that is not empty.
    fn new(secret: &[u8]) -> Result<Self, Error>;
}

/// Up to [`SECRETS_MAX`] keys. The first one signs; a check accepts any.
pub struct Keys<K> {
    current: K,
    previous: [Option<K>; SECRETS_MAX - 1],
}

impl<K: Key> Keys<K> {
    /// Hashes the current secret. An empty one, or one too long for the room, is [`Error::Argument`].
    pub fn new(secret: &[u8]) -> Result<Self, Error> {
        Ok(Keys { current: key(secret)?, previous: [const { None }; SECRETS_MAX - 1] })
    }

    /// Adds a secret that checks still accept. One too many is [`Error::Argument`] too.
    pub fn add(&mut self, secret: &[u8]) -> Result<(), Error> {
        let free = self.previous.iter_mut().find(|place| place.is_none());
        *free.ok_or(Error::Argument)? = Some(key(secret)?);
        Ok(())
    }

    pub(crate) fn current(&self) -> &K {
        &self.current
    }

    /// The index of the first key that `fits`: 0 is the current one.
    pub(crate) fn find(&self, fits: impl FnMut(&K) -> bool) -> Result<usize, Error> {
        let previous = self.previous.iter().flatten();
        core::iter::once(&self.current).chain(previous).position(fits).ok_or(Error::Mismatch)
    }
}

fn key<K: Key>(secret: &[u8]) -> Result<K, Error> {
    if secret.is_empty() {
        return Err(Error::Argument);
    }
    K::new(secret)
}

//! HMAC (RFC 2104) with the key hashed once: what is kept is the state after the key's inner and outer block.
use super::hash::{BLOCK, Hash, Hasher, Sha1, Sha256};
use super::keys::Key;
use super::text::{Sink, Text};
use crate::Error;

/// A key that is ready to sign. The secret itself is not kept.
#[derive(Clone, Copy)]
pub struct Hmac<H: Hash> {
    inner: H::State,
    outer: H::State,
}

/// Kommo's MAC.
pub type HmacSha1 = Hmac<Sha1>;

/// The MAC of ImbaChat, RetailCRM and Kayako.
pub type HmacSha256 = Hmac<Sha256>;

impl<H: Hash> Hmac<H> {
    /// The MAC of a text.
    #[inline]
    pub fn of(&self, message: &(impl Text + ?Sized)) -> H::Digest {
        let mut inner = Hasher::<H>::resume(self.inner, BLOCK as u64);
        message.write(&mut inner);
        let mut outer = Hasher::<H>::resume(self.outer, BLOCK as u64);
        outer.push(inner.finish().as_ref());
        outer.finish()
    }
}

impl<H: Hash> Key for Hmac<H> {
    fn new(secret: &[u8]) -> Result<Self, Error> {
        let mut block = [0; BLOCK];
        match block.get_mut(..secret.len()) {
            Some(start) => start.copy_from_slice(secret),
            None => {
                let mut hasher = Hasher::<H>::new();
                hasher.push(secret);
                for (byte, hashed) in block.iter_mut().zip(hasher.finish().as_ref()) {
                    *byte = *hashed;
                }
            }
        }
        let state_after = |pad: u8| {
            let mut state = H::START;
            H::compress(&mut state, &[block.map(|byte| byte ^ pad)]);
            state
        };
        Ok(Hmac { inner: state_after(0x36), outer: state_after(0x5c) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{KeyInit, Mac};

    #[test]
    fn equal_to_the_oracle_at_every_length_of_key_and_message() {
        let bytes: Vec<u8> = (0..700u32).map(|i| (i * 131 % 253) as u8).collect();
        for key_len in (1..140).chain([200, 256, 257, 700]) {
            let key = &bytes[..key_len];
            let (sha1, sha256) = (HmacSha1::new(key).unwrap(), HmacSha256::new(key).unwrap());
            for len in (0..130).chain([183, 184, 247, 248, 249, 256, 257, 320, 700]) {
                let message = &bytes[..len];
                let mut oracle = hmac::Hmac::<sha1::Sha1>::new_from_slice(key).unwrap();
                oracle.update(message);
                assert_eq!(sha1.of(message)[..], oracle.finalize().into_bytes()[..]);
                let mut oracle = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
                oracle.update(message);
                assert_eq!(sha256.of(message)[..], oracle.finalize().into_bytes()[..]);
            }
        }
    }
}

//! HMAC (RFC 2104) with the key hashed once: what is kept is the state after the key's inner and
//! outer block.
//!
//! Over the bare compression functions and not over the crate `hmac`, which hashes block by block
//! through its buffers: a short MAC takes 137 ns instead of 163. The crate is the oracle of the
//! tests.
use super::hash::{BLOCK, Hash, Hasher, Sha1, Sha256, hash};
use super::keys::Key;
use crate::Error;
use crate::text::{Text, copy};

/// A key that is ready to sign. The secret itself is not kept.
#[derive(Clone, Copy)]
pub struct Hmac<H: Hash> {
    inner: H::State,
    outer: H::State,
}

/// HMAC-SHA1.
pub type HmacSha1 = Hmac<Sha1>;

/// HMAC-SHA256.
pub type HmacSha256 = Hmac<Sha256>;

impl<H: Hash> Hmac<H> {
    /// The MAC of a text. Inlined, so that pieces of a known length are copied as such.
    #[inline(always)]
    pub fn of(&self, message: &(impl Text + ?Sized)) -> H::Digest {
        let mut inner = Hasher::<H>::resume(self.inner, BLOCK as u64);
        message.write(&mut inner);
        let mut state = self.outer;
        H::compress(&mut state, &[outer_block::<H>(inner.finish().as_ref())]);
        H::digest(&state)
    }
}

/// The only block behind the outer key's: a digest and its padding, two constants apart from the
/// digest.
#[inline]
fn outer_block<H: Hash>(digest: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    start_with(&mut block, digest);
    if let Some(end) = block.get_mut(digest.len()) {
        *end = 0x80;
    }
    if let Some(length) = block.last_chunk_mut() {
        *length = H::length(8 * (BLOCK + digest.len()) as u64);
    }
    block
}

impl<H: Hash> Default for Hmac<H> {
    fn default() -> Self {
        Hmac { inner: H::START, outer: H::START }
    }
}

impl<H: Hash> Key for Hmac<H> {
    fn set(&mut self, secret: &[u8]) -> Result<(), Error> {
        let mut block = [0; BLOCK];
        match block.get_mut(..secret.len()) {
            Some(start) => copy(start, secret),
            None => start_with(&mut block, hash::<H>(secret).as_ref()),
        }
        *self = Self::default();
        H::compress(&mut self.inner, &[block.map(|byte| byte ^ 0x36)]);
        H::compress(&mut self.outer, &[block.map(|byte| byte ^ 0x5c)]);
        Ok(())
    }
}

/// Copies `bytes` to the start of a block that is long enough.
#[inline]
fn start_with(block: &mut [u8; BLOCK], bytes: &[u8]) {
    if let Some(start) = block.get_mut(..bytes.len()) {
        copy(start, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{KeyInit, Mac};

    /// SHA-1 that counts its calls and blocks.
    struct Counting;

    thread_local! {
        static COUNTED: core::cell::Cell<(usize, usize)> = const { core::cell::Cell::new((0, 0)) };
    }

    impl Hash for Counting {
        type State = [u32; 5];
        type Digest = [u8; 20];
        const START: Self::State = Sha1::START;

        fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]) {
            COUNTED.set((COUNTED.get().0 + 1, COUNTED.get().1 + blocks.len()));
            Sha1::compress(state, blocks);
        }

        fn digest(state: &Self::State) -> Self::Digest {
            Sha1::digest(state)
        }
    }

    /// The key is not hashed again; a message of up to three blocks takes one call, the outer hash another.
    #[test]
    fn no_compression_too_many() {
        let mut mac = Hmac::<Counting>::default();
        mac.set(b"secret").unwrap();
        for (len, expected) in
            [(0, (2, 2)), (55, (2, 2)), (56, (2, 3)), (150, (2, 4)), (183, (2, 4)), (65_536, (4, 1026))]
        {
            COUNTED.set((0, 0));
            mac.of(&vec![7; len][..]);
            assert_eq!(COUNTED.get(), expected, "{len} bytes");
        }
    }

    #[test]
    fn equal_to_the_oracle_at_every_length_of_key_and_message() {
        let bytes: Vec<u8> = (0..700u32).map(|i| (i * 131 % 253) as u8).collect();
        for key_len in (1..140).chain([200, 256, 257, 700]) {
            let key = &bytes[..key_len];
            let (mut sha1, mut sha256) = (HmacSha1::default(), HmacSha256::default());
            sha1.set(key).unwrap();
            sha256.set(key).unwrap();
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

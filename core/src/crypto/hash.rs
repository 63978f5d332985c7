//! MD5, SHA-1 and SHA-256 as one streaming hasher: they share blocks and padding, and differ in
//! what [`Hash`] names.
use super::md5;
use crate::text::{Sink, Text, copy};

/// The compression functions work on blocks of this many bytes.
pub const BLOCK: usize = 64;

/// What tells one hash from another.
pub trait Hash {
    /// The words between two blocks.
    type State: Copy;
    /// The result, as bytes.
    type Digest: Copy + AsRef<[u8]>;
    /// The state before the first block.
    const START: Self::State;

    /// Works whole blocks into the state.
    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]);
    /// The message's length in bits, in the byte order of the padding.
    #[inline]
    fn length(bits: u64) -> [u8; 8] {
        bits.to_be_bytes()
    }
    /// The state as bytes.
    fn digest(state: &Self::State) -> Self::Digest;
}

/// The hash of a message.
#[inline]
pub fn hash<H: Hash>(message: &(impl Text + ?Sized)) -> H::Digest {
    let mut hasher = Hasher::<H>::default();
    message.write(&mut hasher);
    hasher.finish()
}

/// A message of up to three blocks, padding included, is compressed by one call.
const GATHERED: usize = 3 * BLOCK;

/// A hash in the making.
pub struct Hasher<H: Hash> {
    state: H::State,
    /// How many bytes the state has seen, whole blocks.
    compressed: u64,
    /// What is not compressed yet. Behind it all is zero, as the padding wants it.
    gathered: [u8; GATHERED],
    filled: usize,
}

impl<H: Hash> Default for Hasher<H> {
    #[inline]
    fn default() -> Self {
        Self::resume(H::START, 0)
    }
}

impl<H: Hash> Hasher<H> {
    /// Goes on from a state that has seen so many bytes, whole blocks.
    #[inline]
    pub fn resume(state: H::State, compressed: u64) -> Self {
        Hasher { state, compressed, gathered: [0; GATHERED], filled: 0 }
    }

    /// Pads the message and gives its digest, once. By reference: a hasher that is handed over is
    /// copied, all of it. Inlined, so that a short hash is one piece of code.
    #[inline(always)]
    pub fn finish(&mut self) -> H::Digest {
        const LENGTH: usize = size_of::<u64>();
        let total = self.compressed.wrapping_add(self.filled as u64);
        self.push(&[0x80]);
        if self.filled > GATHERED - LENGTH {
            self.compress_gathered();
        }
        let end = (self.filled + LENGTH).next_multiple_of(BLOCK);
        let blocks = self.gathered.get_mut(..end).unwrap_or_default();
        if let Some(length) = blocks.last_chunk_mut() {
            *length = H::length(total.wrapping_mul(8));
        }
        H::compress(&mut self.state, blocks.as_chunks().0);
        H::digest(&self.state)
    }

    #[cold]
    fn compress_gathered(&mut self) {
        H::compress(&mut self.state, self.gathered.as_chunks().0);
        self.compressed = self.compressed.wrapping_add(GATHERED as u64);
        self.gathered = [0; GATHERED];
        self.filled = 0;
    }

    /// Appends bytes to what is gathered. None if they do not fit.
    #[inline]
    fn gather(&mut self, bytes: &[u8]) -> Option<()> {
        let filled = self.filled.checked_add(bytes.len())?;
        copy(self.gathered.get_mut(self.filled..filled)?, bytes);
        self.filled = filled;
        Some(())
    }

    /// Goes on with more bytes than fit.
    #[cold]
    fn overflow(&mut self, bytes: &[u8]) {
        let free = GATHERED.saturating_sub(self.filled);
        let (head, rest) = bytes.split_at_checked(free).unwrap_or((bytes, &[]));
        self.gather(head);
        self.compress_gathered();
        let (blocks, tail) = rest.as_chunks();
        H::compress(&mut self.state, blocks);
        self.compressed = self.compressed.wrapping_add((rest.len() - tail.len()) as u64);
        self.gather(tail);
    }
}

impl<H: Hash> Sink for Hasher<H> {
    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        if self.gather(bytes).is_none() {
            self.overflow(bytes);
        }
    }
}

/// MD5.
pub struct Md5;

impl Hash for Md5 {
    type State = [u32; 4];
    type Digest = [u8; 16];
    const START: Self::State = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

    #[inline]
    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]) {
        md5::compress(state, blocks);
    }

    #[inline]
    fn length(bits: u64) -> [u8; 8] {
        bits.to_le_bytes()
    }

    #[inline]
    fn digest(state: &Self::State) -> Self::Digest {
        words_to_bytes(state, u32::to_le_bytes)
    }
}

/// SHA-1.
pub struct Sha1;

impl Hash for Sha1 {
    type State = [u32; 5];
    type Digest = [u8; 20];
    const START: Self::State = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];

    #[inline]
    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]) {
        sha1::block_api::compress(state, blocks);
    }

    #[inline]
    fn digest(state: &Self::State) -> Self::Digest {
        words_to_bytes(state, u32::to_be_bytes)
    }
}

/// SHA-256.
pub struct Sha256;

impl Hash for Sha256 {
    type State = [u32; 8];
    type Digest = [u8; 32];
    const START: Self::State = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];

    #[inline]
    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]) {
        sha2::block_api::compress256(state, blocks);
    }

    #[inline]
    fn digest(state: &Self::State) -> Self::Digest {
        words_to_bytes(state, u32::to_be_bytes)
    }
}

#[inline]
fn words_to_bytes<const N: usize, const M: usize>(words: &[u32; N], bytes: fn(u32) -> [u8; 4]) -> [u8; M] {
    const { assert!(M == 4 * N) };
    let mut out = [0; M];
    for (four, word) in out.as_chunks_mut().0.iter_mut().zip(words) {
        *four = bytes(*word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::digest::Digest;

    /// Lengths around every block border, in pieces of every kind, against RustCrypto's own
    /// hashers.
    #[test]
    fn equal_to_the_oracle_at_every_length_and_cut() {
        let message: Vec<u8> = (0..1100u32).map(|i| (i * 31 % 251) as u8).collect();
        for len in 0..message.len() {
            let message = &message[..len];
            for piece in [1, 3, 64, 100, 255, 256, 257, 1100] {
                assert_eq!(in_pieces::<Md5>(message, piece)[..], ::md5::Md5::digest(message)[..]);
                assert_eq!(in_pieces::<Sha1>(message, piece)[..], sha1::Sha1::digest(message)[..]);
                assert_eq!(in_pieces::<Sha256>(message, piece)[..], sha2::Sha256::digest(message)[..]);
            }
        }
    }

    fn in_pieces<H: Hash>(message: &[u8], piece: usize) -> H::Digest {
        let mut hasher = Hasher::<H>::default();
        for piece in message.chunks(piece) {
            hasher.push(piece);
        }
        hasher.finish()
    }
}

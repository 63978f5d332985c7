//! Names the mistake that makes a signature: the right one is tried, then each change of one slot, then each
//! change of two. What can be changed is the vendor's table.
use crate::Mistake;
use crate::attempt::{Attempt, Digest, Place, Ready};
use crate::readings::Readings;
use crate::report::Diagnosis;
use crate::twist::{Kind, Names};
use apisig_core::Error;
use core::ops::Range;

/// What a vendor's slots know. The first two, secret and algorithm, are the same for all.
pub trait Case<'a> {
    /// Makes change number `at` of a slot, and names the mistake. `Some(None)` if it changes nothing here, None if the slot has
    /// no more.
    fn change(&self, slot: usize, at: usize, attempt: &mut Attempt<'a>) -> Option<Option<Mistake>>;
}

/// The slots that are the same for all; of what comes behind them the first one may change the key too, others the
/// message alone.
const SECRET: usize = 0;
const ALGORITHM: usize = 1;
const OWN_KEYS: usize = 2;
/// No vendor has more of them.
const SLOTS: usize = 9;

const SECRET_NAMES: Names = |kind| match kind {
    Kind::Hex => Mistake::SecretHex,
    Kind::Base64 => Mistake::SecretBase64,
    Kind::Newline => Mistake::SecretNewline,
    Kind::Space => Mistake::SecretSpace,
    Kind::Bom => Mistake::SecretBom,
    Kind::Case => Mistake::SecretCase,
    Kind::Plus | Kind::Decoded | Kind::Encoded => Mistake::SecretEncoded,
    Kind::Latin1 => Mistake::SecretLatin1,
};

/// Other algorithms than an HMAC of the right digest, which stands for None.
const OTHER_THAN_HMAC: [(Option<Digest>, Place, Mistake); 10] = [
    (Some(Digest::Md5), Place::Key, Mistake::DigestMd5),
    (Some(Digest::Sha1), Place::Key, Mistake::DigestSha1),
    (Some(Digest::Sha256), Place::Key, Mistake::DigestSha256),
    (None, Place::First, Mistake::PlainHash),
    (None, Place::Last, Mistake::PlainHash),
    (None, Place::Nowhere, Mistake::PlainHash),
    (None, Place::Message, Mistake::SecretSwapped),
    (None, Place::KeyOfHex(Digest::Md5), Mistake::DigestHex),
    (None, Place::KeyOfHex(Digest::Sha1), Mistake::DigestHex),
    (None, Place::KeyOfHex(Digest::Sha256), Mistake::DigestHex),
];

/// Likewise, than a hash of the message with the secret behind it.
const OTHER_THAN_HASH: [(Option<Digest>, Place, Mistake); 10] = [
    (Some(Digest::Md5), Place::Last, Mistake::DigestMd5),
    (Some(Digest::Sha256), Place::Last, Mistake::DigestSha256),
    (Some(Digest::Sha1), Place::Key, Mistake::Hmac),
    (Some(Digest::Sha256), Place::Key, Mistake::Hmac),
    (Some(Digest::Md5), Place::Key, Mistake::Hmac),
    (Some(Digest::Sha1), Place::KeyAndLast, Mistake::Hmac),
    (Some(Digest::Sha256), Place::KeyAndLast, Mistake::Hmac),
    (Some(Digest::Md5), Place::KeyAndLast, Mistake::Hmac),
    (None, Place::Nowhere, Mistake::SecretMissing),
    (None, Place::First, Mistake::SecretFirst),
];

fn change_algorithm(at: usize, attempt: &mut Attempt) -> Option<Option<Mistake>> {
    let table: &[_] = if attempt.place == Place::Key { &OTHER_THAN_HMAC } else { &OTHER_THAN_HASH };
    let (digest, place, mistake) = *table.get(at)?;
    let (before, digest) = ((attempt.digest, attempt.place), digest.unwrap_or(attempt.digest));
    (attempt.digest, attempt.place) = (digest, place);
    Some((before != (digest, place)).then_some(mistake))
}

/// So many blocks are hashed at most while one mistake is looked for, and two: some hundredths of a second.
const ONE_MAX: usize = 1 << 19;
const TWO_MAX: usize = 1 << 16;

/// Of each slot the first changes are common. Two of those are looked for first, then a common one and one of the next, and
/// so on.
const COMMON: usize = 32;
const STEP: usize = 16;
/// No slot has more changes that are looked for together with others.
const CHANGES_MAX: usize = 1024;

/// Diagnoses what was presented where the right attempt was expected.
pub fn diagnose<'a>(case: &dyn Case<'a>, right: &Attempt<'a>, presented: &Readings) -> Diagnosis {
    let mut search = Search { case, right, presented, left: ONE_MAX };
    if let Some(found) = search.fits(right, &right.key()) {
        return Ok([found.err(), None]);
    }
    if presented.is_none() {
        return Err(Error::Mismatch);
    }
    let one = search.one();
    search.left = TWO_MAX;
    one.or_else(|| search.two()).ok_or(Error::Mismatch)
}

struct Search<'s, 'a> {
    case: &'s dyn Case<'a>,
    right: &'s Attempt<'a>,
    presented: &'s Readings,
    /// How many blocks may still be hashed.
    left: usize,
}

type Two = [Option<Mistake>; 2];

impl<'a> Search<'_, 'a> {
    fn one(&mut self) -> Option<Two> {
        let key = self.right.key();
        for slot in 0..SLOTS {
            for at in 0.. {
                let mut attempt = *self.right;
                let Some(changed) = self.change(slot, at, &mut attempt) else { break };
                if let Some(mistake) = changed
                    && let Some(form) = self.fits_in(slot, &attempt, &key)
                {
                    return Some(match form {
                        Ok(()) => [Some(mistake), None],
                        // Most checks take it.
                        Err(Mistake::UpperCase) => [Some(mistake), Some(Mistake::UpperCase)],
                        Err(form) => [Some(form), Some(mistake)],
                    });
                }
            }
        }
        None
    }

    fn two(&mut self) -> Option<Two> {
        let (common, all) = (0..COMMON, (COMMON..CHANGES_MAX).step_by(STEP).map(|from| from..from + STEP));
        let rarer = all.flat_map(|rare| [(rare.clone(), 0..COMMON), (0..COMMON, rare)]);
        core::iter::once((common.clone(), common)).chain(rarer).find_map(|(firsts, seconds)| {
            (0..SLOTS).find_map(|slot| self.two_of(slot, firsts.clone(), seconds.clone()))
        })
    }

    /// The first one in this slot, the second one in a later one.
    fn two_of(&mut self, slot: usize, firsts: Range<usize>, seconds: Range<usize>) -> Option<Two> {
        for at in firsts {
            let mut one = *self.right;
            let Some(changed) = self.change(slot, at, &mut one) else { break };
            let Some(first) = changed else { continue };
            let key = one.key();
            for later in slot + 1..SLOTS {
                for at in seconds.clone() {
                    let mut two = one;
                    let Some(changed) = self.change(later, at, &mut two) else { break };
                    if let Some(second) = changed
                        && self.fits_in(later, &two, &key) == Some(Ok(()))
                    {
                        return Some([Some(first), Some(second)]);
                    }
                }
            }
        }
        None
    }

    fn change(&mut self, slot: usize, at: usize, attempt: &mut Attempt<'a>) -> Option<Option<Mistake>> {
        if self.left == 0 {
            return None;
        }
        attempt.cost = 0;
        let changed = match slot {
            SECRET => attempt.secret.change(SECRET_NAMES, at),
            ALGORITHM => change_algorithm(at, attempt),
            _ => self.case.change(slot, at, attempt),
        };
        self.left = self.left.saturating_sub(attempt.cost);
        changed
    }

    /// Likewise, of an attempt that differs in this slot from the one that the key is of: few do in their keys.
    fn fits_in(
        &mut self,
        slot: usize,
        attempt: &Attempt,
        key: &(Option<Ready>, usize),
    ) -> Option<Result<(), Mistake>> {
        if slot > OWN_KEYS && attempt.place != Place::Message {
            return self.fits(attempt, key);
        }
        let key = attempt.key();
        self.left = self.left.saturating_sub(key.1);
        self.fits(attempt, &key)
    }

    /// How the attempt's signature was presented, if it was.
    #[inline(never)]
    fn fits(&mut self, attempt: &Attempt, key: &(Option<Ready>, usize)) -> Option<Result<(), Mistake>> {
        let (mac, blocks) = attempt.mac_by(&key.0);
        self.left = self.left.saturating_sub(blocks);
        self.presented.of(mac.as_bytes())
    }
}

/// One of the orders that the first `len` of some can have, by its number: its digits, in a factorial number
/// system, say which of those that are left comes next.
pub fn permutation<const N: usize>(all: [u8; N], len: usize, mut number: usize) -> [u8; N] {
    let mut left = all.map(Some);
    core::array::from_fn(|taken| {
        let count = len.saturating_sub(taken).max(1);
        let next = left.iter_mut().filter(|one| one.is_some()).nth(number % count);
        number /= count;
        next.and_then(Option::take).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readings::Form;
    use core::cell::Cell;
    use hmac::digest::Digest as _;
    use hmac::{KeyInit, Mac};

    /// A vendor without slots of its own.
    struct Bare;

    impl<'a> Case<'a> for Bare {
        fn change(&self, _: usize, _: usize, _: &mut Attempt<'a>) -> Option<Option<Mistake>> {
            None
        }
    }

    const SECRET: &[u8] = b"66b50586fF";
    const MESSAGE: &[u8] = b"one and another";

    fn oracle(secret: &[u8], message: &[u8]) -> Vec<u8> {
        hmac::Hmac::<sha2::Sha256>::new_from_slice(secret)
            .unwrap()
            .chain_update(message)
            .finalize()
            .into_bytes()
            .to_vec()
    }

    fn diagnose(secret: &[u8], mac: &[u8]) -> Result<Option<Mistake>, Error> {
        diagnosed(secret, MESSAGE, mac).map(|[first, _]| first)
    }

    fn diagnosed(secret: &[u8], message: &[u8], mac: &[u8]) -> Diagnosis {
        let presented = Readings::new(hex::encode(mac).as_bytes(), Form::Hex);
        super::diagnose(&Bare, &Attempt::hmac(Digest::Sha256, secret, [message], ""), &presented)
    }

    #[test]
    fn every_other_secret_is_named() {
        let message = MESSAGE;
        assert_eq!(diagnose(SECRET, &oracle(SECRET, message)), Ok(None));
        for (ours, theirs, mistake) in [
            (SECRET, &b"\x66\xb5\x05\x86\xff"[..], Mistake::SecretHex),
            (b"c2VjcmV0", b"secret", Mistake::SecretBase64),
            (SECRET, b"66b50586fF\n", Mistake::SecretNewline),
            (SECRET, b"66b50586fF\r\n", Mistake::SecretNewline),
            (b"66b50586fF\n", SECRET, Mistake::SecretNewline),
            (b"66b50586fF\r\n", SECRET, Mistake::SecretNewline),
            (SECRET, b" 66b50586fF", Mistake::SecretSpace),
            (SECRET, b"66b50586fF ", Mistake::SecretSpace),
            (b" 66b50586fF\t", SECRET, Mistake::SecretSpace),
            (SECRET, b"\xef\xbb\xbf66b50586fF", Mistake::SecretBom),
            (b"\xef\xbb\xbf66b50586fF", SECRET, Mistake::SecretBom),
            (SECRET, b"66b50586ff", Mistake::SecretCase),
            (SECRET, b"66B50586FF", Mistake::SecretCase),
        ] {
            assert_eq!(diagnose(ours, &oracle(theirs, message)), Ok(Some(mistake)), "{mistake:?}");
        }
    }

    #[test]
    fn other_digests_plain_hashes_and_swapped_arguments_are_named() {
        let message = MESSAGE;
        let sha1 = hmac::Hmac::<sha1::Sha1>::new_from_slice(SECRET).unwrap().chain_update(message).finalize();
        let md5 = hmac::Hmac::<md5::Md5>::new_from_slice(SECRET).unwrap().chain_update(message).finalize();
        let sha256 = |text: &[u8]| sha2::Sha256::digest(text).to_vec();
        for (mac, mistake) in [
            (sha1.into_bytes().to_vec(), Mistake::DigestSha1),
            (md5.into_bytes().to_vec(), Mistake::DigestMd5),
            (sha256(message), Mistake::PlainHash),
            (sha256(&[message, SECRET].concat()), Mistake::PlainHash),
            (sha256(&[SECRET, message].concat()), Mistake::PlainHash),
            (oracle(message, SECRET), Mistake::SecretSwapped),
        ] {
            assert_eq!(diagnose(SECRET, &mac), Ok(Some(mistake)), "{mistake:?}");
        }
        let long = [7; 100];
        let found = diagnosed(SECRET, &long, &oracle(&long, SECRET));
        assert_eq!(found, Ok([Some(Mistake::SecretSwapped), None]));
    }

    #[test]
    fn nothing_is_blamed_for_a_random_mac() {
        for round in 0..20_u32 {
            let mac = sha2::Sha256::digest(round.to_le_bytes());
            assert_eq!(diagnose(SECRET, &mac), Err(Error::Mismatch));
            assert_eq!(diagnose(b"", &mac), Err(Error::Mismatch));
        }
    }

    #[test]
    fn each_order_comes_once() {
        for len in 0..=6 {
            let all: [u8; 6] = core::array::from_fn(|at| at as u8);
            let orders: std::collections::HashSet<_> = (0..(1..=len).product())
                .map(|number| permutation(all, len, number)[..len].to_vec())
                .collect();
            assert_eq!(orders.len(), (1..=len).product::<usize>());
            assert!(orders.iter().all(|order| order.iter().all(|at| usize::from(*at) < len)));
        }
    }

    /// Secret and algorithm, both wrong.
    #[test]
    fn two_mistakes_are_named_in_order() {
        let sha1 = hmac::Hmac::<sha1::Sha1>::new_from_slice(b"66b50586fF\n").unwrap().chain_update(MESSAGE);
        let found = diagnosed(SECRET, MESSAGE, &sha1.finalize().into_bytes());
        assert_eq!(found, Ok([Some(Mistake::SecretNewline), Some(Mistake::DigestSha1)]));
    }

    /// A vendor with more changes than can be tried: the search ends.
    #[test]
    fn the_work_is_bounded() {
        struct Endless(Cell<usize>);
        impl<'a> Case<'a> for Endless {
            fn change(&self, slot: usize, _: usize, _: &mut Attempt<'a>) -> Option<Option<Mistake>> {
                self.0.set(self.0.get() + usize::from(slot > OWN_KEYS));
                Some(Some(Mistake::BodyOther))
            }
        }
        for (message, blocks) in [(&b"short"[..], 2), (&[7; 10_000], 158)] {
            let (endless, presented) = (Endless(Cell::new(0)), Readings::new(&[b'0'; 64], Form::Hex));
            let right = Attempt::hmac(Digest::Sha256, SECRET, [message], "");
            assert_eq!(super::diagnose(&endless, &right, &presented), Err(Error::Mismatch));
            let (most, tried) = ((ONE_MAX + TWO_MAX) / blocks, endless.0.get());
            assert!(tried <= most + 2 && tried > 0, "{tried}");
        }
    }
}

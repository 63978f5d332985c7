//! Names the mistake that makes a signature: the right one is tried, then each change of one slot, then each
//! change of two. What can be changed is the vendor's table.
use crate::Mistake;
use crate::attempt::{Attempt, Digest, HMAC, Part, Place, SECRET};
use crate::readings::Readings;
use crate::report::Diagnosis;
use crate::twist::{Kind, Names, Spelt, Twist, without_padding};
use apisig_core::Error;
use apisig_core::Sink;
use apisig_core::text::Line;
use core::cell::Cell;
use core::ops::ControlFlow::{self, Break, Continue};
use core::ops::Range;

/// What a vendor's slots know.
pub trait Case<'a> {
    /// Tries each change of a slot; in [`KEYS`] those of the secret that only this vendor has. From [`OWN`] on the slots
    /// are the vendor's.
    fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow;

    /// Called with each attempt that matches. The last call is the one that is reported.
    fn fits(&self, _: &Attempt<'a>) {}
}

pub const KEYS: usize = 0;
const DIGEST: usize = 1;
const PLACE: usize = 2;
pub const OWN: usize = 3;
/// The three above, and six at most of a vendor's own.
const SLOTS: usize = 9;

/// A vendor that signs one text.
pub struct OneText(pub Names);

impl<'a> Case<'a> for OneText {
    fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow {
        if slot == OWN { tries.twists(0, self.0) } else { Continue(()) }
    }
}

/// Up to two mistakes, in the order in which to mend them.
pub type Mistakes = [Option<Mistake>; 2];

/// Goes on, or ends a slot: with what was found, if anything was.
pub type Flow = ControlFlow<Option<Mistakes>>;

/// Takes the changes of an attempt.
pub struct Tries<'t, 'a> {
    pub of: Attempt<'a>,
    /// How many blocks may still be hashed.
    left: &'t Cell<usize>,
    take: &'t mut dyn FnMut(&Attempt<'a>, Mistake) -> Flow,
}

impl<'a> Tries<'_, 'a> {
    /// Counts what was hashed to make a change.
    pub fn spend(&self, blocks: usize) -> Flow {
        self.left.set(self.left.get().saturating_sub(blocks));
        if self.left.get() == 0 { Break(None) } else { Continue(()) }
    }

    pub fn attempt(&mut self, changed: &Attempt<'a>, mistake: Mistake) -> Flow {
        (self.take)(changed, mistake)
    }

    /// Puts something else in the place of a text, if it is something else.
    #[inline(never)]
    pub fn replace(&mut self, at: usize, by: Spelt<'a>, mistake: Mistake) -> Flow {
        let mut other = self.of;
        match other.texts.get_mut(at) {
            Some(text) if by.is_other_than(text.text) => *text = by,
            _ => return Continue(()),
        }
        self.attempt(&other, mistake)
    }

    /// Does to a text what happens to one anywhere; each slot has its own names for that.
    pub fn twists(&mut self, at: usize, names: Names) -> Flow {
        let text = self.of.texts.get(at).map_or(&b""[..], |text| text.text);
        Kind::twists().try_for_each(|(kind, twist)| self.replace(at, Spelt { text, twist }, names(kind)))
    }

    #[inline(never)]
    fn secrets(&mut self) -> Flow {
        self.twists(SECRET, SECRET_NAMES)?;
        // A hash without a key has another name for none.
        for nothing in NO_SECRETS.iter().skip(usize::from(self.of.place != HMAC)) {
            self.replace(SECRET, Spelt::new(nothing, Twist::Plain), Mistake::SecretEmpty)?;
        }
        let text = self.of.texts[SECRET].text;
        let padding = b"==".get(..(4 - text.len() % 4) % 4).unwrap_or_default();
        [Twist::Around(b"", padding), Twist::Cut(without_padding)]
            .into_iter()
            .try_for_each(|twist| self.replace(SECRET, Spelt { text, twist }, Mistake::SecretPadding))
    }

    fn hashes(&mut self, others: &[Other]) -> Flow {
        let of = self.of;
        others.iter().try_for_each(|(digest, place, mistake)| {
            let (digest, place) = (digest.unwrap_or(of.digest), place.unwrap_or(of.place));
            let is_other = (digest, place) != (of.digest, of.place);
            if is_other { self.attempt(&Attempt { digest, place, ..of }, *mistake) } else { Continue(()) }
        })
    }
}

const SECRET_NAMES: Names = |kind| match kind {
    Kind::Hex => Mistake::SecretHex,
    Kind::Base64 => Mistake::SecretBase64,
    Kind::Newline => Mistake::SecretNewline,
    Kind::Space => Mistake::SecretSpace,
    Kind::Bom => Mistake::SecretBom,
    Kind::Quotes => Mistake::SecretQuotes,
    Kind::Case => Mistake::SecretCase,
    Kind::Plus | Kind::Decoded | Kind::Encoded => Mistake::SecretEncoded,
    Kind::Latin1 => Mistake::SecretLatin1,
};

/// What an unset variable becomes: in Python, JavaScript, and PHP or JSON.
const NO_SECRETS: [&[u8]; 4] = [b"", b"None", b"undefined", b"null"];

/// Another digest, another place of the secret, or both.
type Other = (Option<Digest>, Option<Place>, Mistake);

const DIGESTS: [Other; 3] = [
    (Some(Digest::Md5), None, Mistake::DigestMd5),
    (Some(Digest::Sha1), None, Mistake::DigestSha1),
    (Some(Digest::Sha256), None, Mistake::DigestSha256),
];

const S: Part = Part::Secret;
const M: Part = Part::Message;
const N: Part = Part::Nothing;

const fn place(key: Part, text: [Part; 2], inner: Option<Digest>) -> Option<Place> {
    Some(Place { key, text, inner })
}

/// Where the secret goes other than into the key of an HMAC.
const OTHER_THAN_HMAC: [Other; 7] = [
    (None, place(N, [S, M], None), Mistake::PlainHash),
    (None, place(N, [M, S], None), Mistake::PlainHash),
    (None, place(N, [M, N], None), Mistake::PlainHash),
    (None, place(M, [S, N], None), Mistake::SecretSwapped),
    (None, place(S, [M, N], Some(Digest::Md5)), Mistake::DigestHex),
    (None, place(S, [M, N], Some(Digest::Sha1)), Mistake::DigestHex),
    (None, place(S, [M, N], Some(Digest::Sha256)), Mistake::DigestHex),
];

/// Where the secret goes other than behind what is hashed. Every HMAC is the mistake `Hmac`, whatever its digest.
const OTHER_THAN_HASH: [Other; 9] = [
    (Some(Digest::Sha1), Some(HMAC), Mistake::Hmac),
    (Some(Digest::Sha256), Some(HMAC), Mistake::Hmac),
    (Some(Digest::Md5), Some(HMAC), Mistake::Hmac),
    (Some(Digest::Sha1), place(S, [M, S], None), Mistake::Hmac),
    (Some(Digest::Sha256), place(S, [M, S], None), Mistake::Hmac),
    (Some(Digest::Md5), place(S, [M, S], None), Mistake::Hmac),
    (None, place(N, [M, N], None), Mistake::SecretMissing),
    (None, place(N, [S, M], None), Mistake::SecretFirst),
    (None, place(N, [M, S], Some(Digest::Sha1)), Mistake::DigestHex),
];

/// The most blocks that are hashed to find one mistake, and two: some hundredths of a second.
const ONE_MAX: usize = 1 << 19;
pub const TWO_MAX: usize = 1 << 16;

/// The first changes of a slot are common. Pairs of these are tried first, then pairs of a common and a rarer one.
const COMMON: Range<usize> = 0..16;
const RARER: [Range<usize>; 4] = [16..48, 48..96, 96..160, 160..1024];

/// Diagnoses what was presented where the right attempt was expected.
pub fn diagnose<'a>(case: &dyn Case<'a>, right: &Attempt<'a>, presented: &Readings) -> Diagnosis {
    let search = Search { case, right, presented, left: Cell::new(ONE_MAX) };
    if let Some(found) = search.fits(right) {
        return Ok([found.err(), None]);
    }
    if presented.is_none() {
        return Err(Error::Mismatch);
    }
    let one = search.one();
    search.left.set(TWO_MAX);
    one.or_else(|| search.two()).ok_or(Error::Mismatch)
}

struct Search<'s, 'a> {
    case: &'s dyn Case<'a>,
    right: &'s Attempt<'a>,
    presented: &'s Readings,
    left: Cell<usize>,
}

impl<'a> Search<'_, 'a> {
    fn one(&self) -> Option<Mistakes> {
        (0..SLOTS).find_map(|slot| {
            self.each(slot, self.right, 0..usize::MAX, &mut |attempt, mistake| match self.fits(attempt) {
                None => Continue(()),
                Some(Ok(())) => Break(Some([Some(mistake), None])),
                // Most checks take it.
                Some(Err(Mistake::UpperCase)) => Break(Some([Some(mistake), Some(Mistake::UpperCase)])),
                Some(Err(form)) => Break(Some([Some(form), Some(mistake)])),
            })
        })
    }

    fn two(&self) -> Option<Mistakes> {
        let rarer = RARER.into_iter().flat_map(|rarer| [(rarer.clone(), COMMON), (COMMON, rarer)]);
        core::iter::once((COMMON, COMMON)).chain(rarer).find_map(|(firsts, seconds)| {
            (0..SLOTS).find_map(|slot| self.two_of(slot, firsts.clone(), &seconds))
        })
    }

    /// The first one in this slot, the second one in a later one.
    fn two_of(&self, slot: usize, firsts: Range<usize>, seconds: &Range<usize>) -> Option<Mistakes> {
        self.each(slot, self.right, firsts, &mut |one, first| {
            let found = (slot + 1..SLOTS).find_map(|later| {
                self.each(later, one, seconds.clone(), &mut |two, second| match self.fits(two) {
                    Some(Ok(())) => Break(Some([Some(first), Some(second)])),
                    _ => Continue(()),
                })
            });
            if found.is_some() { Break(found) } else { Continue(()) }
        })
    }

    /// Tries the changes of a slot that have these numbers.
    fn each(
        &self,
        slot: usize,
        of: &Attempt<'a>,
        numbers: Range<usize>,
        take: &mut dyn FnMut(&Attempt<'a>, Mistake) -> Flow,
    ) -> Option<Mistakes> {
        if self.left.get() == 0 {
            return None;
        }
        let mut number = 0;
        let mut counted = |attempt: &Attempt<'a>, mistake| {
            let at = number;
            number += 1;
            match at {
                _ if self.left.get() == 0 || at >= numbers.end => Break(None),
                _ if at < numbers.start => Continue(()),
                _ => take(attempt, mistake),
            }
        };
        let tries = &mut Tries { of: *of, left: &self.left, take: &mut counted };
        let flow = match slot {
            KEYS => match tries.secrets() {
                Continue(()) => self.case.changes(KEYS, tries),
                found => found,
            },
            DIGEST => tries.hashes(&DIGESTS),
            PLACE if self.right.place == HMAC => tries.hashes(&OTHER_THAN_HMAC),
            PLACE => tries.hashes(&OTHER_THAN_HASH),
            _ => self.case.changes(slot, tries),
        };
        flow.break_value().flatten()
    }

    /// How the attempt's signature was presented, if it was.
    #[inline(never)]
    fn fits(&self, attempt: &Attempt<'a>) -> Option<Result<(), Mistake>> {
        let (mac, blocks) = attempt.mac();
        self.left.set(self.left.get().saturating_sub(blocks));
        let form = self.presented.of(&mac)?;
        self.case.fits(attempt);
        Some(form)
    }
}

/// The permutation of `all` with this number. Each digit of the number, in the factorial number system, picks the next
/// of those that are left.
#[inline(never)]
pub fn permutation<const N: usize>(all: &[u8], mut number: usize) -> Line<N> {
    let (mut order, mut is_left) = (Line::default(), [true; N]);
    // Never divided by 0, which the compiler does not see: there is one left at least.
    for count in (1..=all.len()).rev().map(|count| count.max(1)) {
        let mut left = all.iter().zip(&mut is_left).filter(|(_, is_left)| **is_left);
        if let Some((one, is_left)) = left.nth(number % count) {
            order.push(&[*one]);
            *is_left = false;
        }
        number /= count;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attempt::Scheme;
    use crate::readings::Form;
    use core::cell::Cell;
    use hmac::digest::Digest as _;
    use hmac::{KeyInit, Mac};

    /// A vendor without slots of its own.
    struct Bare;

    impl<'a> Case<'a> for Bare {
        fn changes(&self, _: usize, _: &mut Tries<'_, 'a>) -> Flow {
            Continue(())
        }
    }

    const SECRET: &[u8] = b"66b50586fF";
    const SCHEME: Scheme = Scheme { digest: super::Digest::Sha256, place: HMAC, form: Form::Hex };
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
        super::diagnose(&Bare, &Attempt::right(SCHEME, secret, [message], ""), &presented)
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
            let all: Vec<u8> = (0..len as u8).collect();
            let orders: std::collections::HashSet<_> = (0..(1..=len).product())
                .map(|number| permutation::<6>(&all, number).as_bytes().to_vec())
                .collect();
            assert_eq!(orders.len(), (1..=len).product::<usize>());
            assert!(orders.iter().all(|order| order.iter().all(|at| usize::from(*at) < len)));
            assert!(orders.iter().all(|order| order.len() == len));
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
            fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow {
                loop {
                    self.0.set(self.0.get() + usize::from(slot >= OWN));
                    let of = tries.of;
                    tries.attempt(&of, Mistake::BodyOther)?;
                }
            }
        }
        for (message, blocks) in [(&b"short"[..], 2), (&[7; 10_000], 158)] {
            let (endless, presented) = (Endless(Cell::new(0)), Readings::new(&[b'0'; 64], Form::Hex));
            let right = Attempt::right(SCHEME, SECRET, [message], "");
            assert_eq!(super::diagnose(&endless, &right, &presented), Err(Error::Mismatch));
            let (most, tried) = ((ONE_MAX + TWO_MAX) / blocks, endless.0.get());
            assert!(tried <= most + 2 && tried > 0, "{tried}");
        }
    }
}

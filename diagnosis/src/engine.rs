//! Names the mistake that makes a signature: the right one is tried, then each change of one slot, then each
//! change of two. What can be changed is the vendor's table.
use crate::Mistake;
use crate::mor::values::Values;
use crate::page::Page;
use crate::readings::{Form, Readings};
use crate::report::Diagnosis;
use crate::twist::{Kind, Names, Spelt, Twist};
use apisig_core::Error;
use apisig_core::crypto::hash::{BLOCK, Hash, Hasher, Md5, Sha1, Sha256};
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::Hmac;
use apisig_core::text::encoding::{base64, base64url, hex};
use apisig_core::text::{Line, Sink, Text, write_into};
use core::cell::Cell;
use core::ops::Range;

/// The digests that are in use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Md5,
    Sha1,
    Sha256,
}

/// Where the secret goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is the key of an HMAC.
    Key,
    /// Likewise, and stands behind the message too.
    KeyAndLast,
    /// Likewise, and what is signed is the message's digest in hex.
    KeyOfHex(Digest),
    /// It is signed, and the message is the key.
    Message,
    /// There is no HMAC: it stands in front of what is hashed, behind it, or nowhere.
    First,
    Last,
    Nowhere,
}

/// What made a signature, perhaps.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub digest: Digest,
    pub place: Place,
    pub secret: Spelt<'a>,
    pub message: Message<'a>,
    /// How many blocks were hashed to make the change.
    pub cost: usize,
}

#[derive(Clone, Copy)]
#[allow(clippy::large_enum_variant, reason = "nothing is allocated")]
pub enum Message<'a> {
    Lines(Lines<'a>),
    Values(Values<'a>),
}

/// Texts, and how they are joined.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    pub parts: [Spelt<'a>; 6],
    /// Which parts are taken, in their order; the rest of them count for nothing.
    pub order: [u8; 5],
    pub len: usize,
    pub between: &'static str,
    pub end: &'static str,
}

impl<'a> Attempt<'a> {
    /// An HMAC of some texts.
    pub fn hmac<const N: usize>(
        digest: Digest,
        secret: &'a [u8],
        texts: [&'a [u8]; N],
        between: &'static str,
    ) -> Self {
        let mut parts = [Spelt::new(b"", Twist::Plain); 6];
        parts.iter_mut().zip(texts).for_each(|(part, text)| part.text = text);
        let lines = Lines { parts, order: [0, 1, 2, 3, 4], len: N.min(5), between, end: "" };
        let secret = Spelt::new(secret, Twist::Plain);
        Attempt { digest, place: Place::Key, secret, message: Message::Lines(lines), cost: 0 }
    }
}

impl Text for Message<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let page = &mut Page(sink);
        match self {
            Message::Lines(lines) => lines.write_to(page),
            Message::Values(values) => values.write_to(page),
        }
    }
}

impl Lines<'_> {
    fn write_to(&self, sink: &mut Page) {
        let mut before = "";
        for number in self.order.iter().take(self.len) {
            before.write(sink);
            before = self.between;
            self.parts.get(usize::from(*number)).write(sink);
        }
        self.end.write(sink);
    }
}

/// A MAC or a digest of any kind.
pub struct Mac {
    bytes: [u8; 32],
    len: usize,
}

impl Mac {
    fn new(digest: impl AsRef<[u8]>) -> Self {
        let (mut bytes, digest) = ([0; 32], digest.as_ref());
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
        Mac { bytes, len: digest.len() }
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// As a vendor writes it.
    pub fn write(&self, form: Form, sink: &mut Page) {
        let mut line = Line::<43>::default();
        match form {
            Form::Hex => self.as_bytes().iter().for_each(|byte| sink.push(&hex::<1, 2>(&[*byte]))),
            Form::Base64 => sink.push(&base64::<32, 44>(&self.bytes)),
            Form::Base64Url => {
                line.extend_with(|free| base64url(&self.bytes, free));
                line.write(sink);
            }
        }
    }
}

/// A message and the secret as they are hashed; counts the bytes.
#[derive(Default)]
struct Hashed<'h, 'a> {
    first: Option<&'h Spelt<'a>>,
    message: Option<&'h Message<'a>>,
    last: Option<&'h Spelt<'a>>,
    count: Cell<usize>,
}

impl Text for Hashed<'_, '_> {
    fn write(&self, sink: &mut impl Sink) {
        let mut counted = Counted(sink, 0);
        let page = &mut Page(&mut counted);
        self.first.write(page);
        self.message.write(page);
        self.last.write(page);
        self.count.set(counted.1);
    }
}

struct Counted<'s>(&'s mut dyn Sink, usize);

impl Sink for Counted<'_> {
    fn push(&mut self, bytes: &[u8]) {
        self.1 = self.1.saturating_add(bytes.len());
        self.0.push(bytes);
    }
}

impl Attempt<'_> {
    /// Its key, as far as an HMAC has hashed it; and how many blocks that were.
    fn key(&self) -> (Option<Ready>, usize) {
        let text = match self.place {
            Place::First | Place::Last | Place::Nowhere => return (None, 0),
            Place::Message => Hashed { message: Some(&self.message), ..Default::default() },
            _ => Hashed { first: Some(&self.secret), ..Default::default() },
        };
        (Some(self.digest.key(&text)), text.count.get() / BLOCK + 2)
    }

    /// What it makes.
    pub fn mac(&self) -> Mac {
        self.mac_by(&self.key().0).0
    }

    /// Likewise by a key that is ready, and how many blocks are hashed for that.
    fn mac_by(&self, key: &Option<Ready>) -> (Mac, usize) {
        let Attempt { digest, place, secret, message, .. } = self;
        let (secret, message) = (Some(secret), Some(message));
        let text = match place {
            Place::First => Hashed { first: secret, message, ..Default::default() },
            Place::Last | Place::KeyAndLast => Hashed { message, last: secret, ..Default::default() },
            Place::Message => Hashed { last: secret, ..Default::default() },
            _ => Hashed { message, ..Default::default() },
        };
        let mac = match (key, place) {
            (None, _) => digest.hash(&text),
            (Some(key), Place::KeyOfHex(inner)) => {
                let mut digits = Line::<64>::default();
                inner.hash(&text).write(Form::Hex, &mut Page(&mut digits));
                key.of(&Hashed {
                    first: Some(&Spelt::new(digits.as_bytes(), Twist::Plain)),
                    ..Default::default()
                })
            }
            (Some(key), _) => key.of(&text),
        };
        (mac, text.count.get() / BLOCK + 2)
    }
}

/// The key of an HMAC, hashed.
enum Ready {
    Md5(Hmac<Md5>),
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
}

impl Ready {
    #[inline(never)]
    fn of(&self, text: &Hashed) -> Mac {
        match self {
            Ready::Md5(key) => Mac::new(key.of(text)),
            Ready::Sha1(key) => Mac::new(key.of(text)),
            Ready::Sha256(key) => Mac::new(key.of(text)),
        }
    }
}

impl Digest {
    fn hash(self, text: &Hashed) -> Mac {
        match self {
            Digest::Md5 => Mac::new(hash::<Md5>(text)),
            Digest::Sha1 => Mac::new(hash::<Sha1>(text)),
            Digest::Sha256 => Mac::new(hash::<Sha256>(text)),
        }
    }

    fn key(self, key: &Hashed) -> Ready {
        match self {
            Digest::Md5 => Ready::Md5(ready(key)),
            Digest::Sha1 => Ready::Sha1(ready(key)),
            Digest::Sha256 => Ready::Sha256(ready(key)),
        }
    }

    /// How it is called.
    pub fn name(self) -> &'static str {
        match self {
            Digest::Md5 => "MD5",
            Digest::Sha1 => "SHA1",
            Digest::Sha256 => "SHA256",
        }
    }
}

#[inline(never)]
fn hash<H: Hash>(text: &Hashed) -> H::Digest {
    let mut hasher = Hasher::<H>::default();
    text.write(&mut hasher);
    hasher.finish()
}

/// The key of an HMAC may have any length: one that is longer than a block is hashed first.
#[inline(never)]
fn ready<H: Hash>(key: &Hashed) -> Hmac<H> {
    let mut hmac = Hmac::<H>::default();
    let _ = match write_into(key, &mut [0; BLOCK]) {
        Some(key) => hmac.set(key),
        None => hmac.set(hash::<H>(key).as_ref()),
    };
    hmac
}

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

/// The message, where it is one text.
pub fn part<'t, 'a>(attempt: &'t mut Attempt<'a>) -> Option<&'t mut Spelt<'a>> {
    match &mut attempt.message {
        Message::Lines(Lines { parts: [part, ..], .. }) => Some(part),
        Message::Values(_) => None,
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

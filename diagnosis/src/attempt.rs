//! What perhaps made a signature: an algorithm, a secret and a message; and the signature that they make.
use crate::mor::values::Values;
use crate::page::Page;
use crate::readings::Form;
use crate::twist::{Spelt, Twist};
use apisig_core::crypto::hash::{BLOCK, Hash, Hasher, Md5, Sha1, Sha256};
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::Hmac;
use apisig_core::text::encoding::{base64, base64url, hex};
use apisig_core::text::{Line, Sink, Text, write_into};
use core::cell::Cell;

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
    pub fn key(&self) -> (Option<Ready>, usize) {
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
    pub fn mac_by(&self, key: &Option<Ready>) -> (Mac, usize) {
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
pub enum Ready {
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

/// The message, where it is one text.
pub fn part<'t, 'a>(attempt: &'t mut Attempt<'a>) -> Option<&'t mut Spelt<'a>> {
    match &mut attempt.message {
        Message::Lines(Lines { parts: [part, ..], .. }) => Some(part),
        Message::Values(_) => None,
    }
}

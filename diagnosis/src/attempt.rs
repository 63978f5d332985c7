//! What perhaps made a signature: an algorithm, a secret and a message; and the signature that they make.
use crate::mor::values::Values;
use crate::page::Page;
use crate::readings::Form;
use crate::twist::{Spelt, Twist};
use apisig_core::crypto::constant_time::equal;
use apisig_core::crypto::hash::{BLOCK, Hash, Md5, Sha1, Sha256, hash};
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

/// How a vendor makes its signatures.
#[derive(Clone, Copy)]
pub struct Scheme {
    pub digest: Digest,
    pub place: Place,
    pub form: Form,
}

impl Text for Scheme {
    #[inline(never)]
    fn write(&self, sink: &mut impl Sink) {
        let kind = if self.place == Place::Key { "HMAC-" } else { "" };
        let form = match self.form {
            Form::Hex => ", in lower-case hex",
            Form::Base64 => ", in base64",
            Form::Base64Url => ", in base64url without padding",
        };
        (kind, self.digest.name(), form).write(sink);
    }
}

/// What made a signature, perhaps.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub digest: Digest,
    pub place: Place,
    /// Those of a message that is made of lines, and at [`SECRET`] the secret.
    pub texts: [Spelt<'a>; 7],
    pub message: Message<'a>,
}

/// Its number among the texts.
pub const SECRET: usize = 6;

#[derive(Clone, Copy)]
#[allow(clippy::large_enum_variant, reason = "nothing is allocated")]
pub enum Message<'a> {
    Lines(Lines),
    Values(Values<'a>),
}

impl Lines {
    /// All lines but one.
    pub fn without(mut self, line: usize) -> Self {
        let kept = self.order.into_iter().take(self.len).filter(|at| usize::from(*at) != line);
        self.len = self.order.iter_mut().zip(kept).map(|(place, at)| *place = at).count();
        self
    }
}

/// How texts are joined.
#[derive(Clone, Copy)]
pub struct Lines {
    /// Which are taken, in their order; the rest of them count for nothing.
    pub order: [u8; 5],
    pub len: usize,
    pub between: &'static str,
    pub end: &'static str,
}

impl<'a> Attempt<'a> {
    /// The right one of a scheme, of some texts.
    pub fn right<const N: usize>(
        scheme: Scheme,
        secret: &'a [u8],
        lines: [&'a [u8]; N],
        between: &'static str,
    ) -> Self {
        Attempt { place: scheme.place, ..Attempt::hmac(scheme.digest, secret, lines, between) }
    }

    /// An HMAC of some texts.
    pub fn hmac<const N: usize>(
        digest: Digest,
        secret: &'a [u8],
        lines: [&'a [u8]; N],
        between: &'static str,
    ) -> Self {
        let mut texts = [Spelt::new(b"", Twist::Plain); 7];
        texts.iter_mut().zip(lines).for_each(|(text, line)| text.text = line);
        texts[SECRET].text = secret;
        let message = Message::Lines(Lines { order: [0, 1, 2, 3, 4], len: N.min(5), between, end: "" });
        Attempt { digest, place: Place::Key, texts, message }
    }

    /// Its key, as far as an HMAC has hashed it; and how many blocks that were.
    #[inline(never)]
    pub fn key(&self) -> (Option<Ready>, usize) {
        let text = match self.place {
            Place::First | Place::Last | Place::Nowhere => return (None, 0),
            Place::Message => self.hashed(false, true, false),
            _ => self.hashed(true, false, false),
        };
        (Some(self.digest.key(&text)), text.blocks())
    }

    /// What it makes.
    #[inline(never)]
    pub fn mac(&self) -> Mac {
        self.mac_by(&self.key().0).0
    }

    /// Likewise by a key that is ready, and how many blocks are hashed for that.
    pub fn mac_by(&self, key: &Option<Ready>) -> (Mac, usize) {
        let text = match self.place {
            Place::First => self.hashed(true, true, false),
            Place::Last | Place::KeyAndLast => self.hashed(false, true, true),
            Place::Message => self.hashed(false, false, true),
            _ => self.hashed(false, true, false),
        };
        let mac = match (key, self.place) {
            (None, _) => self.digest.hash(&text),
            (Some(key), Place::KeyOfHex(inner)) => {
                let mut digits = Line::<64>::default();
                Written(inner.hash(&text), Form::Hex).write(&mut Page::new(&mut digits));
                // What is hashed has one type, so that all is compiled once: the digits stand in the place of a secret.
                key.of(&Attempt::hmac(inner, digits.as_bytes(), [], "").hashed(true, false, false))
            }
            (Some(key), _) => key.of(&text),
        };
        (mac, text.blocks())
    }

    fn write_message(&self, sink: &mut Page) {
        let (order, len, between, end) = match &self.message {
            Message::Values(values) => return values.write_to(sink),
            Message::Lines(Lines { order, len, between, end }) => (order, *len, between, end),
        };
        for (at, number) in order.iter().take(len).enumerate() {
            if at > 0 {
                sink.push(between.as_bytes());
            }
            if let Some(text) = self.texts.get(usize::from(*number)) {
                text.write_to(sink);
            }
        }
        sink.push(end.as_bytes());
    }

    /// The secret in front, the message, and the secret behind it: those that are wanted.
    fn hashed(&self, first: bool, message: bool, last: bool) -> Hashed<'_, 'a> {
        Hashed { attempt: self, first, message, last, count: Cell::new(0) }
    }
}

/// The message alone.
impl Text for Attempt<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.write_message(&mut Page::new(sink));
    }
}

/// What is hashed; counts the bytes.
struct Hashed<'h, 'a> {
    attempt: &'h Attempt<'a>,
    first: bool,
    message: bool,
    last: bool,
    count: Cell<usize>,
}

impl Hashed<'_, '_> {
    /// How many blocks were hashed, with those of the padding and of an HMAC.
    fn blocks(&self) -> usize {
        self.count.get() / BLOCK + 2
    }
}

impl Text for Hashed<'_, '_> {
    fn write(&self, sink: &mut impl Sink) {
        let (secret, sink) = (&self.attempt.texts[SECRET], &mut Page::new(sink));
        if self.first {
            secret.write_to(sink);
        }
        if self.message {
            self.attempt.write_message(sink);
        }
        if self.last {
            secret.write_to(sink);
        }
        self.count.set(sink.len);
    }
}

/// A MAC or a digest of any kind.
#[derive(Clone, Copy)]
pub struct Mac {
    /// Behind it are zeros.
    pub bytes: [u8; 32],
    pub len: usize,
}

impl Mac {
    pub fn new(digest: impl AsRef<[u8]>) -> Self {
        let (mut bytes, digest) = ([0; 32], digest.as_ref());
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
        Mac { bytes, len: digest.len() }
    }

    /// Takes the same time wherever they differ.
    pub fn is(&self, other: &Mac) -> bool {
        self.len == other.len && equal(&self.bytes, &other.bytes).into()
    }
}

/// A MAC as a vendor writes it.
pub struct Written(pub Mac, pub Form);

impl Text for Written {
    #[inline(never)]
    fn write(&self, sink: &mut impl Sink) {
        let (mac, mut line) = (&self.0, Line::<43>::default());
        match self.1 {
            Form::Hex => mac.bytes.iter().take(mac.len).for_each(|byte| sink.push(&hex::<1, 2>(&[*byte]))),
            Form::Base64 => sink.push(&base64::<32, 44>(&mac.bytes)),
            Form::Base64Url => {
                line.extend_with(|free| base64url(&mac.bytes, free));
                line.write(sink);
            }
        }
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
            Digest::Md5 => Mac::new(hashed::<Md5>(text)),
            Digest::Sha1 => Mac::new(hashed::<Sha1>(text)),
            Digest::Sha256 => Mac::new(hashed::<Sha256>(text)),
        }
    }

    fn key(self, key: &Hashed) -> Ready {
        match self {
            Digest::Md5 => Ready::Md5(ready(key)),
            Digest::Sha1 => Ready::Sha1(ready(key)),
            Digest::Sha256 => Ready::Sha256(ready(key)),
        }
    }

    /// Of how many bytes it is.
    pub fn len(self) -> usize {
        match self {
            Digest::Md5 => 16,
            Digest::Sha1 => 20,
            Digest::Sha256 => 32,
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
fn hashed<H: Hash>(text: &Hashed) -> H::Digest {
    hash::<H>(text)
}

/// The key of an HMAC may have any length: one that is longer than a block is hashed first.
#[inline(never)]
fn ready<H: Hash>(key: &Hashed) -> Hmac<H> {
    let mut hmac = Hmac::<H>::default();
    let _ = match write_into(key, &mut [0; BLOCK]) {
        Some(key) => hmac.set(key),
        None => hmac.set(hashed::<H>(key).as_ref()),
    };
    hmac
}

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

/// The digests that are in use, with how many bytes they have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Md5 = 16,
    Sha1 = 20,
    Sha256 = 32,
}

/// What enters a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Secret,
    Message,
}

/// Where the parts go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Into the key of an HMAC. Without any it is a plain hash.
    pub key: &'static [Part],
    pub text: &'static [Part],
    /// Not the text is signed, but this digest of it in hex.
    pub inner: Option<Digest>,
}

/// As an HMAC should be made.
pub const HMAC: Place = place(&[Part::Secret], &[Part::Message], None);

pub const fn place(key: &'static [Part], text: &'static [Part], inner: Option<Digest>) -> Place {
    Place { key, text, inner }
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
        let kind = if self.place == HMAC { "HMAC-" } else { "" };
        let name = match self.digest {
            Digest::Md5 => "MD5",
            Digest::Sha1 => "SHA1",
            Digest::Sha256 => "SHA256",
        };
        let form = match self.form {
            Form::Hex => ", in lower-case hex",
            Form::Base64 => ", in base64",
            Form::Base64Url => ", in base64url without padding",
        };
        (kind, name, form).write(sink);
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
        let mut texts = [Spelt::new(b"", Twist::Plain); 7];
        texts.iter_mut().zip(lines).for_each(|(text, line)| text.text = line);
        texts[SECRET].text = secret;
        let message = Message::Lines(Lines { order: [0, 1, 2, 3, 4], len: N.min(5), between, end: "" });
        Attempt { digest: scheme.digest, place: scheme.place, texts, message }
    }

    /// What it makes, and how many blocks are hashed for that.
    #[inline(never)]
    pub fn mac(&self) -> (Mac, usize) {
        let (Place { key, text, inner }, count) = (self.place, &Cell::new(0));
        let hashed = |parts, inner| Hashed { attempt: self, parts, inner, count };
        let mac = self.digest.of(&hashed(key, None), &hashed(text, inner));
        // With those of the padding and of an HMAC.
        (mac, count.get() / BLOCK + 2)
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
}

/// The message alone.
impl Text for Attempt<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.write_message(&mut Page::new(sink));
    }
}

/// What is hashed; counts the bytes.
#[derive(Clone, Copy)]
struct Hashed<'h, 'a> {
    attempt: &'h Attempt<'a>,
    parts: &'static [Part],
    inner: Option<Digest>,
    count: &'h Cell<usize>,
}

impl Text for Hashed<'_, '_> {
    fn write(&self, sink: &mut impl Sink) {
        let (attempt, sink) = (self.attempt, &mut Page::new(sink));
        if let Some(inner) = self.inner {
            let hash = inner.of(&Hashed { parts: &[], ..*self }, &Hashed { inner: None, ..*self });
            return Written(hash, Form::Hex).write(sink);
        }
        self.parts.iter().for_each(|part| match part {
            Part::Secret => attempt.texts[SECRET].write_to(sink),
            Part::Message => attempt.write_message(sink),
        });
        self.count.set(self.count.get() + sink.len);
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

impl Digest {
    /// The HMAC of a text; without a key its hash.
    fn of(self, key: &Hashed, text: &Hashed) -> Mac {
        match self {
            Digest::Md5 => mac::<Md5>(key, text),
            Digest::Sha1 => mac::<Sha1>(key, text),
            Digest::Sha256 => mac::<Sha256>(key, text),
        }
    }
}

/// The key of an HMAC may have any length: one that is longer than a block is hashed first.
#[inline(never)]
fn mac<H: Hash>(key: &Hashed, text: &Hashed) -> Mac {
    if key.parts.is_empty() {
        return Mac::new(hash::<H>(text));
    }
    let mut hmac = Hmac::<H>::default();
    let _ = match write_into(key, &mut [0; BLOCK]) {
        Some(key) => hmac.set(key),
        None => hmac.set(hash::<H>(key).as_ref()),
    };
    Mac::new(hmac.of(text))
}

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
    Nothing,
    Secret,
    Message,
}

/// Where the parts go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What is the key of an HMAC. If it is nothing, there is none, but a plain hash.
    pub key: Part,
    pub text: [Part; 2],
    /// Not the text is signed, but this digest of it in hex.
    pub inner: Option<Digest>,
}

/// As an HMAC should be made.
pub const HMAC: Place = Place { key: Part::Secret, text: [Part::Message, Part::Nothing], inner: None };

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
    /// Those that the lines are of, and at [`SECRET`] the secret.
    pub texts: [Spelt<'a>; 7],
    pub lines: Lines,
    /// In place of the lines.
    pub values: Option<Values<'a>>,
}

/// The index of the secret in the texts.
pub const SECRET: usize = 6;

/// How texts are joined.
#[derive(Clone, Copy)]
pub struct Lines {
    /// The numbers of those that are taken.
    pub order: Line<5>,
    /// What stands in front of each, by its number.
    pub names: &'static [&'static str],
    pub between: &'static str,
    pub end: &'static str,
}

impl Lines {
    /// All lines but one.
    pub fn without(self, line: usize) -> Self {
        Lines {
            order: numbers(self.order.as_bytes().iter().map(|at| usize::from(*at)).filter(|at| *at != line)),
            ..self
        }
    }
}

/// An order: which comes first, and so on.
pub fn numbers<const N: usize>(numbers: impl IntoIterator<Item = usize>) -> Line<N> {
    let mut line = Line::default();
    numbers.into_iter().for_each(|number| line.push(&[number as u8]));
    line
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
        let lines = Lines { order: numbers(0..N), names: &[], between, end: "" };
        Attempt { digest: scheme.digest, place: scheme.place, texts, lines, values: None }
    }

    /// What it makes, and how many blocks are hashed for that.
    #[inline(never)]
    pub fn mac(&self) -> (Mac, usize) {
        let (Place { key, text, inner }, count) = (self.place, &Cell::new(0));
        let hashed = |parts, inner| Hashed { attempt: self, parts, inner, count };
        let mac = self.digest.of(&hashed([key, Part::Nothing], None), &hashed(text, inner));
        // With those of the padding and of an HMAC.
        (mac, count.get() / BLOCK + 2)
    }

    fn write_message(&self, sink: &mut Page) {
        if let Some(values) = &self.values {
            return values.write_to(sink);
        }
        let Lines { order, names, between, end } = &self.lines;
        for (at, number) in order.as_bytes().iter().enumerate() {
            let number = usize::from(*number);
            ((at > 0).then_some(between), names.get(number), self.texts.get(number)).write(sink);
        }
        end.write(sink);
    }
}

/// The message alone.
impl Text for Attempt<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.write_message(&mut Page::new(sink));
    }
}

const NOTHING: [Part; 2] = [Part::Nothing; 2];

/// What is hashed; counts the bytes.
#[derive(Clone, Copy)]
struct Hashed<'h, 'a> {
    attempt: &'h Attempt<'a>,
    parts: [Part; 2],
    inner: Option<Digest>,
    count: &'h Cell<usize>,
}

impl Text for Hashed<'_, '_> {
    fn write(&self, sink: &mut impl Sink) {
        let (attempt, sink) = (self.attempt, &mut Page::new(sink));
        if let Some(inner) = self.inner {
            let hash = inner.of(&Hashed { parts: NOTHING, ..*self }, &Hashed { inner: None, ..*self });
            return Written(hash, Form::Hex).write(sink);
        }
        self.parts.iter().for_each(|part| match part {
            Part::Nothing => {}
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
    if key.parts == NOTHING {
        return Mac::new(hash::<H>(text));
    }
    let mut hmac = Hmac::<H>::default();
    let _ = match write_into(key, &mut [0; BLOCK]) {
        Some(key) => hmac.set(key),
        None => hmac.set(hash::<H>(key).as_ref()),
    };
    Mac::new(hmac.of(text))
}

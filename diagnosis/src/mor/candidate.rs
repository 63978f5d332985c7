//! Kolmisoft MOR API: what was perhaps hashed for a request, the right text or one that differs from it
//! by a mistake.
use crate::page::Page;
use crate::spellings::url_encoding::UrlEncoding;
use apisig_core::crypto::hash::{BLOCK, Hash, Hasher};
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::Hmac;
use apisig_core::mor::request::Request;
use apisig_core::text::form::{Encoded, Field, fields};
use apisig_core::text::{Sink, Text};

/// A text that was perhaps hashed.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    /// The secret, where it stands in front.
    pub in_front: &'a [u8],
    pub fields: Fields<'a>,
    /// What stands behind each name, where names are hashed too.
    pub behind_name: Option<&'static str>,
    pub spelling: Spelling,
    /// What stands between two fields.
    pub between: &'static str,
    pub before_secret: &'static str,
    /// The secret, where it stands behind.
    pub secret: &'a [u8],
}

/// The fields that are hashed, in their order.
#[derive(Clone, Copy)]
pub enum Fields<'a> {
    Listed(&'a [Field<'a>]),
    /// All of a form, as [`sent`].
    Form(&'a [u8]),
    /// What a method hashes.
    Request(&'a Request<'a>),
    /// Likewise, of values that are taken as they were sent and not as the server reads them.
    Untyped(&'a Request<'a>),
}

impl<'a> Fields<'a> {
    /// At least as many bytes as are read for them, and stand around them.
    fn size(self) -> usize {
        match self {
            Fields::Listed(fields) => {
                fields.iter().map(|it| it.name.as_sent().len() + it.value.as_sent().len() + 4).sum()
            }
            // The shortest field is one byte and its &.
            Fields::Form(form) => 3 * form.len(),
            Fields::Request(request) | Fields::Untyped(request) => 3 * request.form().len(),
        }
    }

    /// With the values that add nothing, and each as it was sent.
    pub fn untyped(self) -> Self {
        match self {
            Fields::Request(request) => Fields::Untyped(request),
            _ => self,
        }
    }

    /// Those that are kept. None if they are too many for a list.
    pub fn list(self, keep: fn(&Field) -> bool) -> Option<List<'a>> {
        let (mut list, mut fits) = (List::default(), true);
        self.each(&mut |field| fits &= !keep(&field) || list.push(field));
        fits.then_some(list)
    }

    pub fn each(self, take: &mut dyn FnMut(Field<'a>)) {
        match self {
            Fields::Listed(fields) => fields.iter().for_each(|field| take(*field)),
            Fields::Form(form) => sent(form).for_each(take),
            Fields::Request(request) => request.each_hashed(take),
            Fields::Untyped(request) => request.each_sent(&mut |parameter, value| {
                take(Field { name: Encoded::new(parameter.0), value });
            }),
        }
    }
}

/// How values are written.
#[derive(Clone, Copy)]
pub enum Spelling {
    /// Decoded, as is right.
    Plain,
    /// As they stand in the form.
    AsSent,
    Encoded(&'static UrlEncoding),
    DecodedTwice,
    /// A space in front is a + that was lost, as of a telephone number.
    PlusInFront,
    /// Every space is.
    PlusForSpace,
}

impl<'a> Candidate<'a> {
    /// The right text.
    pub fn right(fields: Fields<'a>, secret: &'a [u8]) -> Self {
        let spelling = Spelling::Plain;
        Candidate {
            in_front: b"",
            fields,
            behind_name: None,
            spelling,
            between: "",
            before_secret: "",
            secret,
        }
    }

    /// At least as many bytes as are read and hashed for it.
    pub fn cost(&self) -> usize {
        let size = self.fields.size();
        // %XX for a byte.
        let spelt = if matches!(self.spelling, Spelling::Encoded(_)) { 3 * size } else { size };
        spelt + self.in_front.len() + self.secret.len() + BLOCK
    }

    #[inline(never)]
    pub fn hash<H: Hash>(&self) -> H::Digest {
        let mut hasher = Hasher::<H>::default();
        self.write(&mut hasher);
        hasher.finish()
    }

    #[inline(never)]
    pub fn hmac<H: Hash>(&self, secret: &[u8]) -> H::Digest {
        let mut key = Hmac::<H>::default();
        // The key of an HMAC may have any length.
        let _ = key.set(secret);
        key.of(self)
    }

    fn write_field(&self, field: Field, sink: &mut Page) {
        if let Some(behind_name) = self.behind_name {
            (field.name, behind_name).write(sink);
        }
        self.spelling.write(field.value, sink);
    }
}

impl Text for Candidate<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.write_to(&mut Page(sink));
    }
}

impl Candidate<'_> {
    /// Compiled once for every sink.
    fn write_to(&self, sink: &mut Page) {
        sink.push(self.in_front);
        let mut before = "";
        self.fields.each(&mut |field| {
            before.write(sink);
            before = self.between;
            self.write_field(field, sink);
        });
        (self.before_secret, self.secret).write(sink);
    }
}

/// The longest value that is decoded twice.
const VALUE_MAX: usize = 1024;

impl Spelling {
    fn write(self, value: Encoded, sink: &mut Page) {
        match self {
            Spelling::Plain => value.write(sink),
            Spelling::AsSent => sink.push(value.as_sent()),
            Spelling::Encoded(encoding) => encoding.write(value.bytes(), sink),
            Spelling::DecodedTwice => match value.decode_into(&mut [0; VALUE_MAX]) {
                Some(decoded) => Encoded::new(decoded).write(sink),
                None => value.write(sink),
            },
            Spelling::PlusInFront => write_plus(value, |at| at == 0, sink),
            Spelling::PlusForSpace => write_plus(value, |_| true, sink),
        }
    }
}

/// A `+` for every space that stands at a place where one is.
fn write_plus(value: Encoded, is_plus: impl Fn(usize) -> bool, sink: &mut Page) {
    for (at, byte) in value.bytes().enumerate() {
        sink.push(&[if byte == b' ' && is_plus(at) { b'+' } else { byte }]);
    }
}

/// The fields of a form but for `hash`.
pub fn sent(form: &[u8]) -> impl Iterator<Item = Field<'_>> + Clone {
    fields(form).filter(|field| !field.name.is("hash"))
}

/// Whether it adds something.
pub fn has_value(field: &Field) -> bool {
    field.value.bytes().next().is_some()
}

/// The most fields that are tried in other orders, and with more and fewer of them.
const LIST_MAX: usize = 32;

/// Fields that can be put in another order.
#[derive(Clone, Copy, Default)]
pub struct List<'a> {
    fields: [Field<'a>; LIST_MAX],
    len: usize,
}

impl<'a> List<'a> {
    /// None if they are too many.
    pub fn of(fields: impl IntoIterator<Item = Field<'a>>) -> Option<Self> {
        let mut list = List::default();
        fields.into_iter().all(|field| list.push(field)).then_some(list)
    }

    /// False if it does not fit.
    #[inline(never)]
    fn push(&mut self, field: Field<'a>) -> bool {
        let place = self.fields.get_mut(self.len).map(|place| *place = field);
        self.len += usize::from(place.is_some());
        place.is_some()
    }

    pub fn fields(&self) -> &[Field<'a>] {
        self.fields.get(..self.len).unwrap_or_default()
    }

    pub fn fields_mut(&mut self) -> &mut [Field<'a>] {
        self.fields.get_mut(..self.len).unwrap_or_default()
    }

    pub fn has_name(&self, name: &str) -> bool {
        self.fields().iter().any(|field| field.name.is(name))
    }

    /// Whether there is a field of this one's name.
    pub fn has(&self, field: &Field) -> bool {
        self.fields().iter().any(|other| other.name.bytes().eq(field.name.bytes()))
    }

    pub fn sorted_by_name(mut self) -> Self {
        for _ in 0..self.len {
            for at in 1..self.len {
                if let Some([one, next]) = self.fields.get_mut(at - 1..at + 1)
                    && next.name.bytes().lt(one.name.bytes())
                {
                    core::mem::swap(one, next);
                }
            }
        }
        self
    }
}

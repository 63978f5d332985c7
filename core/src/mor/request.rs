//! Kolmisoft MOR API: the hash of a whole request, of the values that its method hashes, in their
//! order. Sources: the vendor's page "MOR API hash construction", and the registry of methods.
use super::methods::Method;
use super::order::{NAME_MAX, ORDER, Parameter, Type};
use super::{Keys, presented};
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::text::encoding::hex;
use crate::text::form::{self, Encoded, Field, fields, is_read_alike, placed_fields};
use crate::text::{Sink, Text};

/// The longest form, in bytes.
pub const FORM_MAX: usize = 1 << 20;

/// The longest value of a parameter that is read by type, in bytes as it stands in the form.
pub const TYPED_MAX: usize = 4096;

/// So many places are looked at in one step.
const CHUNK: usize = 16;

/// What a form says to a method. As a [`Text`] it is the values that are hashed, joined.
pub struct Request<'a> {
    method: Option<Method>,
    form: &'a [u8],
    /// For each of the method's parameters where its field starts in the form, plus 1; 0 if there is none.
    places: [u32; ORDER.len()],
    hash: Option<Encoded<'a>>,
}

impl<'a> Request<'a> {
    /// Finds the method's parameters and the hash in a form. A form that servers read in different ways is
    /// refused: one value might be checked and another one used.
    ///
    /// Without a method no parameter is looked for.
    pub fn read(method: Option<Method>, form: &'a [u8]) -> Result<Request<'a>, Refusal> {
        if form.len() > FORM_MAX {
            return Err(Refusal::TooLong);
        }
        // Older servers in Ruby cut at a semicolon.
        if form.contains(&b';') {
            return Err(Refusal::Semicolon);
        }
        if !is_read_alike(form) {
            return Err(Refusal::Multipart);
        }
        let mut request = Request { method, form, places: [0; ORDER.len()], hash: None };
        placed_fields(form).try_for_each(|(start, field)| request.take(start, field))?;
        Ok(request)
    }

    fn take(&mut self, start: usize, field: Field<'a>) -> Result<(), Refusal> {
        if !is_plain(field.name) {
            return Err(Refusal::Name);
        }
        let mut space = [0; NAME_MAX];
        // A longer one is no name that is hashed.
        let Some(name) = field.name.decoded(&mut space) else { return Ok(()) };
        if name == b"hash" {
            let before = self.hash.replace(field.value);
            return before.map_or(Ok(()), |_| Err(Refusal::Twice(b"hash")));
        }
        let Some(at) = self.method.and_then(|method| method.position(name)) else { return Ok(()) };
        // A value is read by its type more than once: no long one is.
        let parameter = self.parameter(at);
        if parameter.1.is_typed() && field.value.as_sent().len() > TYPED_MAX {
            return Err(Refusal::Value(parameter));
        }
        let before = self.places.get_mut(at).map(|place| core::mem::replace(place, start as u32 + 1));
        if before == Some(0) { Ok(()) } else { Err(Refusal::Twice(parameter.0)) }
    }

    fn parameter(&self, at: usize) -> Parameter {
        let parameter = self.method.and_then(|method| method.parameter(at));
        parameter.unwrap_or(Parameter(b"", Type::Never))
    }

    /// The form itself.
    pub fn form(&self) -> &'a [u8] {
        self.form
    }

    /// Whether it is of a method without a list of its own.
    pub fn is_by_order(&self) -> bool {
        self.method.is_some_and(Method::is_by_order)
    }

    /// Shows each of the method's parameters that was sent, in its order, with its value as it was sent.
    pub fn each_sent(&self, take: &mut dyn FnMut(Parameter, Encoded<'a>)) {
        self.each_of(|_| true, take);
    }

    /// Shows those of some types. Compiled once, which an iterator would not be.
    #[inline(never)]
    fn each_of(&self, is_wanted: fn(Type) -> bool, take: &mut dyn FnMut(Parameter, Encoded<'a>)) {
        // Most places are empty, and many are passed over at once.
        let chunks = self.places.chunks(CHUNK).enumerate();
        for (chunk, places) in
            chunks.filter(|(_, places)| places.iter().fold(0, |all, place| all | place) > 0)
        {
            for (at, place) in places.iter().enumerate().filter(|(_, place)| **place > 0) {
                let parameter = self.parameter(chunk * CHUNK + at);
                if is_wanted(parameter.1) {
                    let field = self.form.get(*place as usize - 1..).and_then(|form| fields(form).next());
                    take(parameter, field.unwrap_or_default().value);
                }
            }
        }
    }

    /// Shows what is hashed, in its order: the parameters that have a value, as the server reads them.
    #[inline(never)]
    pub fn each_hashed(&self, take: &mut dyn FnMut(Field<'a>)) {
        self.each_sent(&mut |parameter, value| {
            if let Some(value) = self.read_value(parameter, value) {
                take(Field { name: Encoded::new(parameter.0), value });
            }
        });
    }

    /// What is not hashed, in the order of the form.
    pub fn others(&self) -> impl Iterator<Item = Field<'a>> {
        fields(self.form).filter(|field| {
            let mut space = [0; NAME_MAX];
            let name = field.name.decoded(&mut space);
            let at = name.and_then(|name| self.method.and_then(|method| method.position(name)));
            at.and_then(|at| self.read_value(self.parameter(at), field.value)).is_none()
        })
    }

    /// The value as the server reads it. None if it adds nothing.
    fn read_value(&self, Parameter(name, kind): Parameter, value: Encoded<'a>) -> Option<Encoded<'a>> {
        let is_left_out = self.method.is_some_and(|method| method.leaves_out(name, value));
        kind.read(value).filter(|read| !is_left_out && !read.is(""))
    }

    /// Shows what a server reads otherwise than it was sent: a value of the wrong type, or one that it
    /// rewrites. Not a parameter that never adds anything.
    pub fn each_rewritten(&self, take: &mut dyn FnMut(Parameter)) {
        self.each_of(Type::is_typed, &mut |parameter, value| {
            let Parameter(name, kind) = parameter;
            let is_left_out = self.method.is_some_and(|method| method.leaves_out(name, value));
            // What is read is the value, or its end.
            let is_as_sent =
                || kind.read(value).is_some_and(|it| it.as_sent().len() == value.as_sent().len());
            if !is_left_out && !value.is("") && !is_as_sent() {
                take(parameter);
            }
        });
    }

    /// Why it is not signed: the server reads a value otherwise than it was sent.
    pub fn refusal(&self) -> Option<Refusal> {
        let mut first = None;
        self.each_rewritten(&mut |parameter| first = first.or(Some(Refusal::Value(parameter))));
        first
    }
}

/// What has no value adds nothing.
impl Text for Request<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.each_hashed(&mut |field| field.value.write(sink));
    }
}

/// Not empty either.
fn is_plain(name: Encoded<'_>) -> bool {
    let mut bytes = name.bytes().peekable();
    bytes.peek().is_some() && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Why a form is not signed.
#[derive(Clone, Copy)]
pub enum Refusal {
    /// Longer than [`FORM_MAX`].
    TooLong,
    /// One that is not encoded.
    Semicolon,
    /// Servers may read it as another kind of form.
    Multipart,
    /// A name with a character that none has.
    Name,
    /// This parameter is repeated.
    Twice(&'static [u8]),
    /// The server reads this parameter's value otherwise than it was sent.
    Value(Parameter),
}

/// Makes the hash of a request of one's own. What cannot be signed is the caller's mistake: a [`Refusal`] tells why.
pub fn sign(keys: &Keys, method: &[u8], form: &[u8]) -> Result<[u8; 40], Error> {
    let request = Request::read(Some(Method::find(method)?), form).map_err(|_| Error::ArgumentForm)?;
    match request.refusal() {
        None => Ok(hex(&keys.current()?.hash(&request))),
        Some(_) => Err(Error::ArgumentForm),
    }
}

/// Signs a form, and puts the hash behind it. An error as of [`sign`], and for a form that [`form::with`]
/// does not take.
pub fn sign_form<'a>(keys: &Keys, method: &[u8], form: &'a [u8]) -> Result<impl Text + 'a, Error> {
    form::with(form, ["hash"], ("hash=", sign(keys, method, form)?))
}

/// Checks the hash in a form. Returns the index of the secret that matched.
pub fn check(keys: &Keys, method: &[u8], form: &[u8]) -> Result<usize, Error> {
    let request = Request::read(Some(Method::find(method)?), form).map_err(|_| Error::Malformed)?;
    let mut hash = [0; 40];
    let hash = request.hash.and_then(|value| presented(value.decode_into(&mut hash)?));
    let hash = hash.ok_or(Error::Mismatch)?;
    keys.find(|key| equal(&hex::<20, 40>(&key.hash(&request)), &hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_limited() {
        let mut keys = Keys::default();
        keys.add(b"secret").unwrap();
        let hash = sign(&keys, b"balance", b"").unwrap();
        let form = |len: usize| {
            let form = [b"hash=", &hash[..], b"&u="].concat();
            [&form[..], &b"a".repeat(len - form.len())].concat()
        };
        assert_eq!(check(&keys, b"balance", &form(FORM_MAX)), Ok(0));
        assert_eq!(check(&keys, b"balance", &form(FORM_MAX + 1)), Err(Error::Malformed));
        let method = Method::find(b"balance").ok();
        assert!(matches!(Request::read(method, &form(FORM_MAX + 1)), Err(Refusal::TooLong)));
    }
}

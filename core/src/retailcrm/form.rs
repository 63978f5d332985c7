//! RetailCRM: how its forms are read. A form has an object, such as `register`, and other fields beside it.
//! The page shows the object as fields `register[token]` and so on; what the system sends is one field of
//! JSON. Both are read.
use crate::Error;
use crate::text::form::{self, Encoded, fields, is_read_alike};
use crate::text::json::{self, Value};
use crate::text::{Sink, Text};

/// The longest form that is read, in bytes.
pub const FORM_MAX: usize = 64 * 1024;
/// The longest JSON of an object, in bytes: three of the longest values, each character as `\u` and its
/// digits, fit into it.
pub const JSON_MAX: usize = 4096;

/// A form that every server reads in the same way.
#[derive(Clone, Copy)]
pub struct Form<'a>(&'a [u8]);

impl<'a> Form<'a> {
    /// [`Error::Malformed`] for one that is too long, or that servers read in different ways.
    pub fn new(form: &'a [u8]) -> Result<Self, Error> {
        let is_sound = form.len() <= FORM_MAX && is_read_alike(form);
        is_sound.then_some(Form(form)).ok_or(Error::Malformed)
    }

    /// The value of the only field of this name, if there is one: see [`only`](form::only).
    pub fn only(self, name: &str) -> Result<Option<Encoded<'a>>, Error> {
        form::only(self.0, name)
    }

    /// These members of an object. Other members may be there too. JSON is decoded to `space`.
    ///
    /// [`Error::Malformed`]: a repeated member; both notations at once; a field that servers may
    /// take for a member, but that is not written as `object[member]`.
    #[inline(never)]
    pub fn members<'s, const N: usize>(
        self,
        object: &str,
        names: [&str; N],
        space: &'s mut [u8; JSON_MAX],
    ) -> Result<[Member<'s>; N], Error>
    where
        'a: 's,
    {
        let mut members = [Member::Missing; N];
        let mut set = |is_it: &dyn Fn(&str) -> bool, member| {
            let place = members.iter_mut().zip(names).find(|(_, name)| is_it(name));
            let before = place.map(|(place, _)| core::mem::replace(place, member));
            if before.is_none_or(Member::is_missing) { Ok(()) } else { Err(Error::Malformed) }
        };
        let (mut json, mut has_fields) = (None, false);
        for field in fields(self.0).filter(|field| field.name.after(object).is_some_and(is_of_object)) {
            let rest = field.name.behind(object).ok_or(Error::Malformed)?;
            if rest.is("") {
                json = if json.is_none() { Some(field.value) } else { return Err(Error::Malformed) };
            } else if is_member(rest) {
                has_fields = true;
                set(&|name| is_named(rest, name), Member::Field(field.value))?;
            } else {
                return Err(Error::Malformed);
            }
        }
        if let Some(json) = json {
            let json = json.decode_into(space).filter(|_| !has_fields).ok_or(Error::Malformed)?;
            json::members(json, |member, value| set(&|name| member.is(name), Member::Json(value)))?;
        }
        Ok(members)
    }
}

/// Whether a field is the object or one of its members, by what follows the object's name: for PHP, or
/// for servers to which a `.` is what `[` is to PHP.
fn is_of_object(rest: Encoded) -> bool {
    matches!(rest.bytes().next(), None | Some(0 | b'[' | b'.' | b' '))
}

/// `[member]`.
fn is_member(rest: Encoded) -> bool {
    let mut bytes = rest.bytes();
    let is_open = bytes.next() == Some(b'[');
    let end = bytes.find(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    is_open && end == Some(b']') && bytes.next().is_none()
}

fn is_named(rest: Encoded, member: &str) -> bool {
    rest.behind("[").and_then(|rest| rest.behind(member)).is_some_and(|rest| rest.is("]"))
}

/// A member of an object, as it stands in either notation. As a [`Text`] it is what it stands for.
#[derive(Clone, Copy)]
pub enum Member<'a> {
    /// It is not there.
    Missing,
    /// A field of its own.
    Field(Encoded<'a>),
    /// In JSON.
    Json(Value<'a>),
}

impl<'a> Member<'a> {
    fn is_missing(self) -> bool {
        matches!(self, Member::Missing)
    }

    /// The member, if it is there and a text.
    pub fn text(self) -> Result<impl Text + 'a, Error> {
        match self {
            Member::Field(_) | Member::Json(Value::Text(_)) => Ok(self),
            _ => Err(Error::Malformed),
        }
    }
}

impl Text for Member<'_> {
    fn write(&self, sink: &mut impl Sink) {
        match self {
            Member::Field(value) => value.write(sink),
            Member::Json(Value::Text(text)) => text.write(sink),
            _ => (),
        }
    }
}

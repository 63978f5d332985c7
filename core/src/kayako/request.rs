//! Kayako REST API: all the parameters of a request, and how the vendor's server reads them.
//! Source: the vendor's page on generating an API signature; not on the page, but as its PHP library
//! and its framework do it: what the server takes for what.
use super::{Keys, sign};
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::text::encoding::{base64, from_base64};
use crate::text::form::{self, Encoded, EncodedOnce, is_read_alike, only};
use crate::text::{Sink, Text};
use subtle::{Choice, ConstantTimeEq};

/// The names of the parameters.
const NAMES: [&str; 3] = ["apikey", "salt", "signature"];

/// The parameters of a request, as a query string that **is encoded once**.
struct Parameters<'a> {
    api_key: &'a [u8],
    salt: &'a [u8],
    signature: [u8; 44],
}

impl Text for Parameters<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let [api_key, salt, signature] = [self.api_key, self.salt, &self.signature].map(EncodedOnce);
        ("apikey=", api_key, "&salt=", salt, "&signature=", signature).write(sink);
    }
}

/// Signs a salt, and puts it and the API key behind a form or query, which may be empty.
/// An API key of white space alone, a salt that the vendor's server treats as missing, and a form that
/// [`form::with`] does not take are errors.
///
/// They stand behind the form, since a query may start with a route that has no name.
pub fn sign_form<'a>(
    keys: &Keys,
    api_key: &'a [u8],
    salt: &'a [u8],
    form: &'a [u8],
) -> Result<impl Text + 'a, Error> {
    form::with(form, NAMES, Parameters { api_key: trim(api_key)?, salt, signature: sign(keys, salt)? })
}

/// Checks a query string or a form's body just as the vendor's server does, but in constant time. It
/// refuses a repeated name, a list, and a name that only PHP reads so. Returns the index of the
/// secret that matched.
pub fn check_request(keys: &Keys, api_key: &[u8], form: &[u8]) -> Result<usize, Error> {
    let api_key = trim(api_key)?;
    if !is_read_alike(form) {
        return Err(Error::Malformed);
    }
    let [presented, salt, signature] = NAMES.map(|name| only(form, name).map(Option::unwrap_or_default));
    let (presented, salt, signature) = (presented?, salt?, signature?);
    if salt.is("") || salt.is("0") {
        return Err(Error::Malformed);
    }
    let signature = read_signature(signature.bytes()).ok_or(Error::Mismatch)?;
    let is_key = is_key(presented, api_key);
    keys.find(|key| is_key & equal(&key.of(&salt), &signature))
}

/// Compares all of the API key, whatever was presented.
fn is_key(presented: Encoded, api_key: &[u8]) -> Choice {
    let mut presented = presented.bytes().skip_while(is_trimmed);
    let difference =
        api_key.iter().fold(0, |difference, own| difference | (own ^ presented.next().unwrap_or(!own)));
    let ends = presented.all(|byte| is_trimmed(&byte));
    difference.ct_eq(&0) & Choice::from(u8::from(ends))
}

/// The vendor's server makes a `+` of each space, which a `+` that nobody encoded has become, and trims
/// then: so no space is trimmed.
fn read_signature(presented: impl Iterator<Item = u8>) -> Option<[u8; 32]> {
    let plus = |byte| if byte == b' ' { b'+' } else { byte };
    let mut characters = presented.map(plus).skip_while(is_trimmed);
    let text: [u8; 44] = core::array::from_fn(|_| characters.next().unwrap_or_default());
    let ends = characters.all(|byte| is_trimmed(&byte));
    from_base64(&text).filter(|_| ends)
}

/// The one spelling of a signature, decoded, that [`check_request`] accepts in several. None has another one's.
pub fn spelled(signature: &[u8]) -> Result<[u8; 44], Error> {
    read_signature(signature.iter().copied()).map(|mac| base64(&mac)).ok_or(Error::Malformed)
}

/// An API key without the white space that the vendor's server would trim.
pub fn trim(api_key: &[u8]) -> Result<&[u8], Error> {
    let kept = |byte: &u8| !is_trimmed(byte);
    let ends = api_key.iter().position(kept).zip(api_key.iter().rposition(kept));
    ends.and_then(|(first, last)| api_key.get(first..=last)).ok_or(Error::ArgumentApiKey)
}

/// What PHP's `trim()` takes away.
fn is_trimmed(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b)
}

//! Kayako: the parameters of a request, as the vendor's server reads them.
use crate::har::members;
use crate::kind::{Check, Kind, Likeness, Missing, keys};
use crate::request::Request;
use crate::share::Shareable;
use crate::verdict::{Change, bytes, string};
use apisig_core::kayako::{self, request};
use apisig_core::text::form::{Encoded, fields, only};
use apisig_core::{EncodedOnce, Error, Time};
use apisig_diagnosis::Report;
use apisig_diagnosis::kayako::{diagnose, explain};
use serde_json::Value;
use std::borrow::Cow;

pub(crate) const KINDS: &[Kind] = &[Kind {
    name: "kayako",
    title: "a request of Kayako's REST API",
    is_it,
    shareable: Shareable::Parameters,
    check: |request| Ok(Box::new(Parameters::new(request)?)),
}];

fn has(form: &[u8], name: &str) -> bool {
    fields(form).any(|field| field.name.after(name).is_some_and(|rest| rest.is("")))
}

fn is_it(request: &Request) -> Option<Likeness> {
    let body = form(request);
    let forms = [request.query(), body.as_deref()];
    let is_signed = |form: &&[u8]| has(form, "salt") && has(form, "signature");
    if forms.into_iter().flatten().any(|form| is_signed(&form)) {
        return Some(Likeness::Own("it has salt and signature"));
    }
    let is_api = request.path().ends_with(b"/api/index.php");
    is_api.then_some(Likeness::Place("it goes to /api/index.php"))
}

/// The fields of the body, of which the server also reads JSON.
fn form(request: &Request) -> Option<Cow<'_, [u8]>> {
    let json = || serde_json::from_slice::<Value>(request.body.as_deref()?).ok();
    request.form().or_else(|| Some(Cow::Owned(members(json()?.as_object()?))))
}

/// The parameters: those of the query, or of the body.
struct Parameters {
    form: Vec<u8>,
    is_elsewhere: bool,
    /// Not a form or a query by itself: what is not there was not sent.
    is_whole: bool,
}

impl Parameters {
    /// The server reads those of a POST in its body, of GET and DELETE in the query, of PUT in either.
    fn new(request: &Request) -> Result<Self, Missing> {
        let (query, body) = (request.query(), form(request));
        let has_salt = |form: Option<&[u8]>| form.is_some_and(|form| has(form, "salt"));
        let is_in_query = has_salt(query);
        let reads_body = matches!(request.method().as_str(), "POST" | "PUT");
        if !is_in_query && body.is_none() && reads_body {
            return Err(Missing::Parts(vec!["body"]));
        }
        let (right, other) = if reads_body { (body.as_deref(), query) } else { (query, body.as_deref()) };
        let is_elsewhere = !has_salt(right) && has_salt(other);
        let form = if is_elsewhere { other } else { right };
        let is_elsewhere = is_elsewhere && request.method.as_deref().is_some_and(|method| method != "PUT");
        Ok(Parameters {
            form: form.unwrap_or_default().to_vec(),
            is_elsewhere,
            is_whole: request.url.is_some(),
        })
    }

    fn part(&self, name: &str) -> Result<Encoded<'_>, Error> {
        only(&self.form, name).map(Option::unwrap_or_default)
    }

    /// API key, salt, and the signature, whose spaces are + that were not encoded.
    fn parts(&self) -> Result<[Vec<u8>; 3], Error> {
        let plus = |byte| if byte == b' ' { b'+' } else { byte };
        let signature = self.part("signature")?.bytes().map(plus).collect();
        Ok([bytes(self.part("apikey")?), bytes(self.part("salt")?), signature])
    }
}

impl Check for Parameters {
    /// Its own API key is taken for the right one, of which nothing else is known.
    fn verify(&self, secret: &[u8], _now: Time) -> Result<(), Error> {
        let [api_key, salt, signature] = self.parts()?;
        if self.is_elsewhere {
            return Err(Error::Malformed);
        }
        let checked = match request::trim(&api_key) {
            Ok(_) => request::check_request(&keys(secret)?, &api_key, &self.form),
            Err(_) if self.is_whole => {
                kayako::check(&keys(secret)?, &salt, &signature).and(Err(Error::Malformed))
            }
            Err(_) => kayako::check(&keys(secret)?, &salt, &signature),
        };
        checked.map(|_| ())
    }

    fn diagnose(&self, secret: &[u8], now: Time) -> Report {
        match (self.verify(secret, now), self.parts()) {
            (Ok(()), _) => Report::RIGHT,
            (_, Ok([api_key, salt, signature])) => diagnose(secret, &api_key, &salt, &signature),
            (_, Err(error)) => error.into(),
        }
    }

    fn explain(&self, secret: &[u8], _now: Time) -> Result<String, Error> {
        let [_, salt, _] = self.parts()?;
        Ok(string(explain(secret, &salt)))
    }

    fn changes(&self, secret: &[u8]) -> Vec<Change> {
        let Ok([_, salt, sent]) = self.parts() else { return Vec::new() };
        let right = keys(secret).and_then(|keys| kayako::sign(&keys, &salt)).ok();
        let right = right.filter(|right| request::spelled(&sent) != Ok(*right));
        let right = right.map(|right| bytes(EncodedOnce(&right))).unwrap_or_default();
        Change::of("signature, URL-encoded", &right, b"")
    }

    fn notes(&self, secret: &[u8]) -> Vec<String> {
        let signature = self.parts().map(|[_, _, signature]| signature).unwrap_or_default();
        let is_hex =
            secret.is_empty() && signature.len() == 64 && signature.iter().all(u8::is_ascii_hexdigit);
        let has_key = self.part("apikey").is_ok_and(|key| !key.is(""));
        let notes = [
            is_hex.then_some("the signature is hex; the server wants base64 of the same bytes"),
            (!has_key).then_some("there is no apikey; the vendor's server requires one"),
            self.is_elsewhere.then_some(
                "the server reads the parameters of a POST in its body, and those of a GET in its URL",
            ),
        ];
        notes.into_iter().flatten().map(str::to_owned).collect()
    }
}

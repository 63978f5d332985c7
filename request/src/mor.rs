//! Kolmisoft MOR: the hash of a request.
use crate::kind::{Check, Kind, Likeness, Missing, keys};
use crate::request::Request;
use crate::share::Shareable;
use crate::verdict::{Change, bytes, string};
use apisig_core::mor::request;
use apisig_core::text::form::{fields, only};
use apisig_core::{Error, Time};
use apisig_diagnosis::Report;
use apisig_diagnosis::mor::{diagnose, explain};

pub(crate) const KINDS: &[Kind] = &[Kind {
    name: "mor",
    title: "a request of the MOR API",
    is_it,
    shareable: Shareable::Parameters,
    check: |request| Ok(Box::new(Hashed::new(request)?)),
}];

const PLACE: &[u8] = b"/billing/api/";

fn is_it(request: &Request) -> Option<Likeness> {
    let is_api = method(request).is_some();
    let body = request.form();
    let forms = [request.query(), body.as_deref()];
    let has_hash = forms
        .into_iter()
        .flatten()
        .any(|form| fields(form).any(|field| field.name.is("hash") && field.value.as_sent().len() == 40));
    match (is_api, has_hash) {
        (true, _) => Some(Likeness::Own("it goes to /billing/api/")),
        (false, true) => Some(Likeness::Common("it has a hash of 40 characters")),
        _ => None,
    }
}

/// The last step of the path.
fn method(request: &Request) -> Option<&[u8]> {
    let path = request.path();
    let at = path.windows(PLACE.len()).position(|part| part == PLACE)?;
    let method = path.get(at + PLACE.len()..)?;
    let end = method.iter().position(|byte| *byte == b'/').unwrap_or(method.len());
    method.get(..end)
}

/// A request: its method, and all its parameters.
struct Hashed {
    method: Vec<u8>,
    form: Vec<u8>,
}

impl Hashed {
    /// The server takes the parameters of the URL and of the body as one form.
    fn new(request: &Request) -> Result<Self, Missing> {
        let method = method(request).ok_or("URL");
        let body = request.form();
        let forms = [request.query(), body.as_deref()];
        let form =
            forms.into_iter().flatten().filter(|form| !form.is_empty()).collect::<Vec<_>>().join(&b'&');
        let may_be_in_body = body.is_none() && request.body.is_none() && request.method() != "GET";
        let is_known = !may_be_in_body || only(&form, "hash") != Ok(None);
        match (method, is_known) {
            (Ok(method), true) => Ok(Hashed { method: method.to_vec(), form }),
            (method, is_known) => {
                let body = (!is_known).then_some("body");
                Err(Missing::Parts(method.err().into_iter().chain(body).collect()))
            }
        }
    }

    fn hash(&self) -> Result<Vec<u8>, Error> {
        only(&self.form, "hash").map(|hash| bytes(hash.unwrap_or_default()))
    }
}

impl Check for Hashed {
    fn verify(&self, secret: &[u8], _now: Time) -> Result<(), Error> {
        request::check(&keys(secret)?, &self.method, &self.form).map(|_| ())
    }

    fn diagnose(&self, secret: &[u8], _now: Time) -> Report {
        match self.hash() {
            Ok(hash) => diagnose(secret, &self.method, &self.form, &hash),
            Err(error) => error.into(),
        }
    }

    fn explain(&self, secret: &[u8], _now: Time) -> Result<String, Error> {
        Ok(string(explain(secret, &self.method, &self.form)?))
    }

    fn changes(&self, secret: &[u8]) -> Vec<Change> {
        let right = keys(secret).and_then(|keys| request::sign(&keys, &self.method, &self.form));
        right
            .map_or_else(|_| Vec::new(), |right| Change::of("hash", &right, &self.hash().unwrap_or_default()))
    }
}

//! Kayako on the command line: a salt and its signature.
use crate::curl::{Body, HttpRequest};
use crate::output::Failure;
use crate::vendor::{Noted, Signed, Vendor, bytes, needed, string};
use apisig_core::kayako::{self, Keys, request};
use apisig_core::{Encoded, Error, form_field};
use apisig_diagnosis::Report;
use apisig_diagnosis::kayako::{diagnose, diagnose_request, explain};
use apisig_messages::kayako::url;
use clap::Args;

/// An example for each verb. Signatures are those of the vendor's page, made with another secret.
pub const EXAMPLES: [(&str, &str); 4] = [
    (
        "sign",
        "apisig sign kayako --secret-file secret.txt --api-key key --curl \\\n    \
         --base https://help.example.com --route /Base/User/1",
    ),
    (
        "verify",
        "apisig verify kayako --secret-file secret.txt --query \\\n    \
         'salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D'",
    ),
    ("explain", "apisig explain kayako --secret-file secret.txt --salt 1234567890"),
    (
        "diagnose",
        "apisig diagnose kayako --secret-file secret.txt --salt 1234567890 \\\n    \
         --signature VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D",
    ),
];

#[derive(Args)]
pub struct Salt {
    /// Salt, not URL-encoded [default: to sign, a fresh one]
    #[arg(long)]
    salt: Option<String>,
    /// Signature to check: decoded, or with % as in a URL
    #[arg(long)]
    signature: Option<String>,
    /// In place of both: the request's URL, query string or form, as it was sent
    #[arg(long, conflicts_with_all = ["salt", "signature"])]
    query: Option<String>,
    /// API key, for a request and to diagnose
    #[arg(long, default_value = "")]
    api_key: String,
    /// To sign, for --curl: the helpdesk's URL
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// To sign, for --curl: the route of the request
    #[arg(long, default_value = "/Base/User")]
    route: String,
}

/// The parameters of a request, decoded once.
struct Presented<'a> {
    salt: Vec<u8>,
    signature: Vec<u8>,
    api_key: Vec<u8>,
    sent_key: Vec<u8>,
    /// The form that they are in, if any.
    form: Option<&'a [u8]>,
    /// An error if two fields have one name.
    is_readable: Result<(), Error>,
    note: Option<&'static str>,
}

impl Presented<'_> {
    /// Checks the whole request as the vendor's server does, if there is one; else the signature alone.
    fn check(&self, keys: &Keys) -> Result<(), Error> {
        self.is_readable?;
        let checked = match self.form.filter(|_| !self.api_key.is_empty()) {
            Some(form) => request::check_request(keys, &self.api_key, form),
            None => kayako::check(keys, &self.salt, &self.signature),
        };
        checked.map(|_| ())
    }
}

impl Salt {
    fn presented(&self) -> Result<Presented<'_>, Failure> {
        let Some(query) = &self.query else { return self.presented_alone() };
        let form = query_of(query).as_bytes();
        let fields = ["apikey", "salt", "signature"].map(|name| form_field(form, name));
        let is_readable = fields.iter().find_map(|field| field.err()).map_or(Ok(()), Err);
        let [sent_key, salt, signature] = fields.map(|field| field.ok().flatten().unwrap_or_default());
        let (salt, signature, sent_key) = (bytes(salt), decoded(signature), bytes(sent_key));
        let api_key =
            if self.api_key.is_empty() { sent_key.clone() } else { self.api_key.clone().into_bytes() };
        let note = form.windows(5).any(|piece| piece == b"&amp;").then_some(ESCAPED);
        Ok(Presented { salt, signature, api_key, sent_key, form: Some(form), is_readable, note })
    }

    /// Base64 has no %: a signature with one is as it is in a URL.
    fn presented_alone(&self) -> Result<Presented<'_>, Failure> {
        let salt = needed(&self.salt, "--salt or --query")?.as_bytes().to_vec();
        let signature = needed(&self.signature, "--signature or --query")?.as_bytes();
        let (signature, note) = match signature.contains(&b'%') {
            true => (decoded(Encoded::new(signature)), AS_IN_A_URL),
            false => (signature.to_vec(), DECODED),
        };
        let api_key = self.api_key.clone().into_bytes();
        let (sent_key, form, is_readable) = (Vec::new(), None, Ok(()));
        Ok(Presented { salt, signature, api_key, sent_key, form, is_readable, note: Some(note) })
    }

    /// A GET of the route, if the helpdesk is known.
    fn request(&self, keys: &Keys, salt: &str) -> Result<Option<HttpRequest>, Failure> {
        let Some(base) = &self.base else { return Ok(None) };
        let query = string(request::sign_form(keys, self.api_key.as_bytes(), salt.as_bytes(), b"")?);
        let url = string(url(base.as_bytes(), self.route.as_bytes(), false, query.as_bytes())?);
        Ok(Some(HttpRequest { method: "GET".into(), url, headers: Vec::new(), body: Body::default() }))
    }
}

impl Vendor for Salt {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let salt = match &self.salt {
            Some(salt) => salt.clone(),
            None => {
                let mut random = [0; 16];
                getrandom::fill(&mut random).map_err(|error| Failure::usage(error.to_string()))?;
                string(kayako::salt(&random))
            }
        };
        let signature = string(kayako::sign(&keys, salt.as_bytes())?);
        let request = self.request(&keys, &salt)?;
        Ok(Signed { values: vec![("salt", salt), ("signature", signature)], request })
    }

    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let presented = self.presented()?;
        Ok(Noted::from(presented.check(&keys)).note(presented.note))
    }

    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure> {
        let salt = match &self.query {
            Some(_) => self.presented()?.salt,
            None => needed(&self.salt, "--salt or --query")?.as_bytes().to_vec(),
        };
        Ok(string(explain(secret, &salt)).into())
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let presented = self.presented()?;
        let Presented { api_key, sent_key, salt, signature, note, form, .. } = &presented;
        let report = match form {
            Some(_) => diagnose_request(secret, self.api_key.as_bytes(), sent_key, salt, signature),
            None => diagnose(secret, api_key, salt, signature),
        };
        let found = match presented.check(&keys) {
            // The signature alone is right.
            Ok(()) if form.is_some() && sent_key.is_empty() => report,
            Ok(()) => Report::RIGHT,
            Err(error) if presented.is_readable.is_err() => error.into(),
            Err(error) if report.mistake() == Ok(None) => error.into(),
            Err(_) => report,
        };
        Ok(Noted::from(found).note(*note))
    }
}

const ESCAPED: &str = "the query is escaped for HTML: write & for each &amp;";
const DECODED: &str = "the signature was read as decoded, since it has no %";
const AS_IN_A_URL: &str = "the signature was read as it is in a URL, since it has a %, and decoded once";

/// A signature as the vendor's server reads it: its spaces are + that were not encoded.
fn decoded(signature: Encoded) -> Vec<u8> {
    signature.bytes().map(|byte| if byte == b' ' { b'+' } else { byte }).collect()
}

/// The part of a URL after its ?; or a query string or form itself.
fn query_of(text: &str) -> &str {
    let text = text.split('#').next().unwrap_or_default();
    text.split_once('?').filter(|(before, _)| !before.contains('=')).map_or(text, |(_, query)| query)
}

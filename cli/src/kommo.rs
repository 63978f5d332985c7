//! Kommo on the command line: a request and its headers.
use crate::curl::{Body, HttpRequest};
use crate::moment::{clock, moment};
use crate::output::Failure;
use crate::secret::{is_standard_input, read};
use crate::vendor::{Noted, Signed, Vendor, string};
use apisig_core::kommo::{self, Headers, Keys};
use apisig_core::{Error, Time};
use apisig_diagnosis::Report;
use apisig_diagnosis::kommo::{diagnose, explain};
use clap::Args;
use std::path::PathBuf;

/// An example for each verb. Signatures are those of the vendor's page, made with another secret.
pub const EXAMPLES: [(&str, &str); 4] = [
    (
        "sign",
        "apisig sign kommo --secret-file secret.txt --body-file body.json --curl \\\n    \
         --url https://amojo.kommo.com/v2/origin/custom/1/connect",
    ),
    (
        "verify",
        "apisig verify kommo --secret-file secret.txt --body-file body.json \\\n    \
         --url /v2/origin/custom/1/connect \\\n    \
         -H 'Content-Type: application/json' \\\n    \
         -H 'Content-MD5: a3c0e73dc69f8cf3941418999fd019da' \\\n    \
         -H 'Date: Wed, 23 Nov 2022 19:25:21 +0000' \\\n    \
         -H 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c'",
    ),
    (
        "explain",
        "apisig explain kommo --secret-file secret.txt --body-file body.json \\\n    \
         --url /v2/origin/custom/1/connect --now 2022-11-23T19:25:21Z",
    ),
    (
        "diagnose",
        "apisig diagnose kommo --secret-file secret.txt --body-file body.json \\\n    \
         --url /v2/origin/custom/1/connect \\\n    \
         -H 'Content-Type: application/json' \\\n    \
         -H 'Content-MD5: a3c0e73dc69f8cf3941418999fd019da' \\\n    \
         -H 'Date: Wed, 23 Nov 2022 19:25:21 +0000' \\\n    \
         -H 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c'",
    ),
];

#[derive(Args)]
pub struct Request {
    /// HTTP method
    #[arg(long, default_value = "POST")]
    method: String,
    /// URL of the request, or its path, percent-encoded as it is sent
    #[arg(long)]
    url: String,
    /// Body of the request, byte for byte [default: to sign, empty;
    /// otherwise unknown, and Content-MD5 is not checked]
    #[arg(long, conflicts_with = "body_file")]
    body: Option<String>,
    /// File with the body; - is standard input
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// A header that was sent, such as "Date: Wed, 23 Nov 2022 19:25:21 +0000"
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// Time of the request or of the check: Unix seconds, RFC 3339 or as in a log
    /// [default: to sign, the clock's; to check, the request's own]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true, value_parser = moment)]
    now: Option<Time>,
    /// For how many seconds a signature is valid, before and after its Date
    #[arg(long, value_name = "SECONDS", default_value_t = kommo::TOLERANCE)]
    tolerance: i64,
}

impl Request {
    /// None if no body was given.
    fn body(&self) -> Result<Option<Body>, Failure> {
        let Some(path) = &self.body_file else { return Ok(self.body.clone().map(Body::from)) };
        let file = Some(path.clone()).filter(|path| !is_standard_input(path));
        Ok(Some(Body { bytes: read(path)?, file }))
    }

    fn now(&self) -> Result<Time, Failure> {
        self.now.map_or_else(clock, Ok)
    }

    /// Without --now a request is checked at its own time, and staleness by the clock is a note.
    fn time_of_check(&self) -> Result<(Time, Option<&'static str>), Failure> {
        let (now, own) = (self.now()?, Time::parse(self.header("Date").as_bytes()));
        let Some(own) = own.ok().filter(|_| self.now.is_none() && self.tolerance >= 0) else {
            return Ok((now, None));
        };
        let note = match own.within(self.tolerance, now) {
            Err(Error::Expired) => Some(TOO_OLD),
            Err(Error::NotYetValid) => Some(TOO_EARLY),
            _ => None,
        };
        Ok((own, note))
    }

    /// The value of a header, "" if it was not sent.
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().filter_map(|header| header.split_once(':'));
        let mut values = found.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        // Two of them are ambiguous: a character that no header can have.
        match (values.next(), values.next()) {
            (Some((_, value)), None) => value.trim(),
            (None, _) => "",
            _ => "\0",
        }
    }

    fn sent<'a>(&'a self) -> kommo::Request<'a> {
        kommo::Request {
            method: self.method.as_bytes(),
            url: self.url.as_bytes(),
            content_md5: self.header("Content-MD5").as_bytes(),
            content_type: self.header("Content-Type").as_bytes(),
            date: self.header("Date").as_bytes(),
        }
    }

    fn headers(&self, keys: &Keys, body: &[u8]) -> Result<Vec<(&'static str, String)>, Failure> {
        let mut made = Headers::EMPTY;
        kommo::sign(keys, self.method.as_bytes(), self.url.as_bytes(), body, self.now()?, &mut made)?;
        let value = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned();
        Ok(vec![
            ("Date", value(&made.date)),
            ("Content-Type", value(&made.content_type)),
            ("Content-MD5", value(&made.content_md5)),
            ("X-Signature", value(&made.x_signature)),
        ])
    }
}

impl Vendor for Request {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let body = self.body()?.unwrap_or_default();
        if !self.headers.is_empty() {
            return Err(Failure::usage("-H is for received headers: leave it out to sign"));
        }
        let headers = self.headers(&keys(secret)?, &body.bytes)?;
        let url = match self.url.starts_with('/') {
            true => format!("https://amojo.kommo.com{}", self.url),
            false => self.url.clone(),
        };
        let request =
            HttpRequest { method: self.method.to_ascii_uppercase(), url, headers: headers.clone(), body };
        Ok(Signed { values: headers, request: Some(request) })
    }

    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure> {
        let (keys, signature, body) = (keys(secret)?, self.header("X-Signature").as_bytes(), self.body()?);
        let (sent, (now, stale)) = (self.sent(), self.time_of_check()?);
        let bytes = body.as_ref().map(|body| &body.bytes[..]);
        let checked = kommo::check(&keys, sent, bytes, signature, now, self.tolerance);
        let noted = Noted::from(checked.map(|_| ())).note(stale);
        let noted = noted.note(signature.is_empty().then_some(NO_SIGNATURE));
        Ok(noted.note(body.is_none().then_some(NO_BODY)))
    }

    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure> {
        let body = self.body()?;
        if !self.headers.is_empty() {
            let text = string(explain(secret, self.sent(), body.as_ref().map(|body| &body.bytes[..]))?);
            return Ok(Noted::from(text).note(body.is_none().then_some(NO_BODY)));
        }
        // Without sent headers, those that sign() makes.
        let body = body.unwrap_or_default().bytes;
        let made = self.headers(&keys(secret)?, &body)?;
        let value =
            |name| made.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
        let sent = kommo::Request {
            content_md5: value("Content-MD5").as_bytes(),
            content_type: value("Content-Type").as_bytes(),
            date: value("Date").as_bytes(),
            ..self.sent()
        };
        Ok(string(explain(secret, sent, Some(&body))?).into())
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure> {
        let (signature, body) = (self.header("X-Signature").as_bytes(), self.body()?);
        let bytes = body.as_ref().map(|body| &body.bytes[..]);
        let (now, stale) = self.time_of_check()?;
        let found = diagnose(secret, self.sent(), bytes, signature, now, self.tolerance);
        let noted = Noted::from(found).note(stale);
        let noted = noted.note(signature.is_empty().then_some(NO_SIGNATURE));
        Ok(noted.note(body.is_none().then_some(NO_BODY)))
    }
}

const NO_SIGNATURE: &str = "X-Signature is missing: pass it with -H";
const NO_BODY: &str = "no body was given; Content-MD5 was not checked";
const TOO_OLD: &str = "checked at its own time; by the clock its Date is too old";
const TOO_EARLY: &str = "checked at its own time; by the clock its Date is in the future";

fn keys(secret: &[u8]) -> Result<Keys, Failure> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    Ok(keys)
}

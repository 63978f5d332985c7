//! Kommo on the command line: a request and its headers.
use crate::output::Failure;
use crate::secret::{clock, read};
use crate::vendor::{HttpRequest, Signed, Vendor, string};
use apisig_core::kommo::{self, Headers, Keys, diagnosis, explanation};
use apisig_core::{Error, Mistake, Time};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Request {
    /// Method of the request
    #[arg(long, default_value = "POST")]
    method: String,
    /// URL of the request, or its path
    #[arg(long)]
    url: String,
    /// Body of the request, byte for byte
    #[arg(long, default_value = "", conflicts_with = "body_file")]
    body: String,
    /// File that holds the body; - is standard input
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// A header that was sent, such as "Date: Wed, 23 Nov 2022 19:25:21 +0000"
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// Time of the request or of the check, in Unix seconds [default: now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    now: Option<i64>,
    /// For how many seconds a signature holds, before and after its Date
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    tolerance: i64,
}

impl Request {
    fn body(&self) -> Result<Vec<u8>, Failure> {
        match &self.body_file {
            Some(path) => read(path).map_err(|error| Failure::file(path, &error)),
            None => Ok(self.body.clone().into_bytes()),
        }
    }

    fn now(&self) -> Result<Time, Failure> {
        Ok(Time::new(self.now.unwrap_or_else(clock))?)
    }

    /// The value of a header that was sent, "" if it was not.
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().filter_map(|header| header.split_once(':'));
        let mut values = found.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        // Of two nobody can say which was meant: a character that no header can hold.
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

    fn headers(&self, keys: &Keys) -> Result<Vec<(&'static str, String)>, Failure> {
        let mut made = Headers::EMPTY;
        kommo::sign(
            keys,
            self.method.as_bytes(),
            self.url.as_bytes(),
            &self.body()?,
            self.now()?,
            &mut made,
        )?;
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
        let headers = self.headers(&keys(secret)?)?;
        let url = match self.url.starts_with('/') {
            true => format!("https://amojo.kommo.com{}", self.url),
            false => self.url.clone(),
        };
        let request = HttpRequest {
            method: self.method.to_uppercase(),
            url,
            headers: headers.clone(),
            body: self.body()?,
        };
        Ok(Signed { values: headers, request: Some(request) })
    }

    fn verify(&self, secret: &[u8]) -> Result<Result<(), Error>, Failure> {
        let signature = self.header("X-Signature").as_bytes();
        let checked =
            kommo::verify(&keys(secret)?, self.sent(), &self.body()?, signature, self.now()?, self.tolerance);
        Ok(checked.map(|_| ()))
    }

    fn explain(&self, secret: &[u8]) -> Result<String, Failure> {
        // Without the headers that were sent, those that would be.
        let made;
        let mut sent = self.sent();
        if self.headers.is_empty() {
            made = self.headers(&keys(secret)?)?;
            let value =
                |name| made.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
            (sent.date, sent.content_type) = (value("Date").as_bytes(), value("Content-Type").as_bytes());
            sent.content_md5 = value("Content-MD5").as_bytes();
        }
        Ok(string(explanation::explain(secret, sent, &self.body()?)?))
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Result<Option<Mistake>, Error>, Failure> {
        let signature = self.header("X-Signature").as_bytes();
        Ok(diagnosis::diagnose(secret, self.sent(), &self.body()?, signature, self.now()?, self.tolerance))
    }
}

fn keys(secret: &[u8]) -> Result<Keys, Failure> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    Ok(keys)
}

//! The interface between the command and a vendor.
use crate::curl::HttpRequest;
use crate::moment::clock;
use crate::output::Failure;
use apisig_core::{Error, Text};
use apisig_diagnosis::Report;
use apisig_request::{Check, Missing};

/// A vendor's inputs, from the command line.
pub trait Vendor {
    /// Signs.
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure>;
    /// Checks: the reason if the input is not valid.
    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure>;
    /// Shows every step.
    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure>;
    /// Names the mistake.
    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure>;
}

/// Inputs that are checked like a pasted request.
pub trait Pasted {
    /// Signs.
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure>;
    /// What is checked.
    fn check(&self) -> Result<impl Check, Failure>;
}

impl<V: Pasted> Vendor for V {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        Pasted::sign(self, secret)
    }

    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure> {
        Ok(self.check()?.verify(secret, clock()?).into())
    }

    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure> {
        Ok(self.check()?.explain(secret, clock()?)?.into())
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure> {
        Ok(self.check()?.report(secret, clock()?).into())
    }
}

/// What was signed.
pub struct Signed {
    /// Names and values, as they are sent.
    pub values: Vec<(&'static str, String)>,
    /// The request with them, if there is one.
    pub request: Option<HttpRequest>,
}

/// An answer, and sentences about what was assumed for it. They do not change the exit status.
pub struct Noted<T> {
    pub answer: T,
    pub notes: Vec<&'static str>,
}

impl<T> From<T> for Noted<T> {
    fn from(answer: T) -> Self {
        Noted { answer, notes: Vec::new() }
    }
}

impl<T> Noted<T> {
    pub fn note(mut self, note: Option<&'static str>) -> Self {
        self.notes.extend(note);
        self
    }
}

/// A text of the library as bytes.
pub fn bytes(text: impl Text) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

/// A text of the library as a string.
pub fn string(text: impl Text) -> String {
    String::from_utf8_lossy(&bytes(text)).into_owned()
}

/// A value that only some verbs require.
pub fn needed<'a>(value: &'a Option<String>, option: &str) -> Result<&'a str, Failure> {
    value.as_deref().ok_or_else(|| Failure::usage(format!("{option} is required here")))
}

/// A check that has all its parts.
pub fn checked<T>(check: Result<T, Missing>) -> Result<T, Failure> {
    check.map_err(|why| match why {
        Missing::Parts(parts) => Failure::usage(format!("{} is missing", parts.join(", "))),
        Missing::Twice(name) => Failure::usage(format!("{name} is repeated: pass it once")),
    })
}

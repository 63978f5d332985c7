//! Kolmisoft MOR on the command line: the hash of a request, which covers no method, and the vendor's "Generate
//! hash".
use crate::curl::{Body, HttpRequest};
use crate::output::{Answer, Failure, Style};
use crate::secret::Secret;
use crate::vendor::{Noted, Signed, Vendor, bytes, string};
use apisig_core::mor::{Keys, request};
use apisig_core::{EncodedOnce, Error, form_field};
use apisig_diagnosis::Report;
use apisig_diagnosis::mor::{diagnose, explain};
use apisig_messages::mor::url;
use clap::{Args, Subcommand};
use serde_json::json;

/// An example for each verb. Signatures are those of the vendor's page, made with another secret.
pub const EXAMPLES: [(&str, &str); 4] = [
    (
        "sign",
        "apisig sign mor --secret-file secret.txt --method user_balance_get \\\n    \
         --form username=admin --base https://mor.example.com --curl",
    ),
    (
        "verify",
        "apisig verify mor --secret-file secret.txt --method user_balance_get \\\n    \
         --form username=admin --hash 379fc926ac3fb433b979914a17825811d2b5f816",
    ),
    (
        "explain",
        "apisig explain mor --secret-file secret.txt --method user_balance_get \\\n    \
         --form username=admin",
    ),
    (
        "diagnose",
        "apisig diagnose mor --secret-file secret.txt --method user_calls_get \\\n    \
         --form 'calltype=answered&hash=f24d93179e3ad322dffda65d43070d002a04b111'",
    ),
];

#[derive(Args)]
pub struct Request {
    /// Method, such as user_balance_get. Without a method, explain and diagnose
    /// hash the fields in the given order
    #[arg(long, default_value = "")]
    method: String,
    /// Parameters as a query string, URL-encoded
    #[arg(long, default_value = "")]
    form: String,
    /// Hash to check, if the form has none
    #[arg(long)]
    hash: Option<String>,
    /// To sign, for --curl: the server's URL
    #[arg(long, value_name = "URL")]
    base: Option<String>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Show the hash of a request by its URL, and the hashed values in their order.
    /// If the URL has a hash, also show whether it is right
    Hash {
        #[command(flatten)]
        secret: Secret,
        /// URL or path of a request, such as "/billing/api/users_get?u=admin"
        uri: String,
    },
}

impl Command {
    pub fn run(self, style: Style) -> Result<Answer, Failure> {
        let Command::Hash { secret, uri } = self;
        let address = uri.split('#').next().unwrap_or_default();
        let (path, form) = address.split_once('?').unwrap_or((address, ""));
        let method = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().as_bytes();
        let secret = secret.read()?;
        let has_hash = !matches!(form_field(form.as_bytes(), "hash"), Ok(None));
        let verdict = request::check(&keys(&secret)?, method, form.as_bytes());
        if verdict == Err(Error::Malformed) {
            return style.verified(Err(Error::Malformed).into());
        }
        let mut text = string(explain(&secret, method, form.as_bytes())?);
        let is_right = has_hash.then_some(verdict.is_ok());
        let said = is_right.map(|is_right| if is_right { "right" } else { "wrong" });
        text.extend(said.map(|said| format!("hash in the URL: {said}\n")));
        let json = json!({"explanation": text.lines().collect::<Vec<_>>(), "valid": is_right});
        Ok(style.answer(is_right != Some(false), text, json))
    }
}

impl Request {
    /// The method decides which values are hashed.
    fn method(&self) -> Result<&[u8], Failure> {
        let is_there = !self.method.is_empty();
        is_there.then_some(self.method.as_bytes()).ok_or_else(|| Failure::usage("--method is required here"))
    }

    /// With two hashes it is not clear which one to check.
    fn hash(&self) -> Result<Vec<u8>, Failure> {
        match (&self.hash, form_field(self.form.as_bytes(), "hash")) {
            (Some(hash), Ok(None)) => Ok(hash.clone().into_bytes()),
            (None, Ok(Some(hash))) => Ok(bytes(hash)),
            // The diagnosis refuses a form with two.
            (None, Err(_)) => Ok(Vec::new()),
            (Some(_), _) => Err(Failure::usage("the form has a hash: leave out --hash")),
            (None, Ok(None)) => Err(Failure::usage("there is no hash: pass --hash, or a form with one")),
        }
    }

    /// The form with the hash appended, encoded as one value.
    fn with_hash(&self, hash: &str) -> String {
        let separator = if self.form.is_empty() { "" } else { "&" };
        format!("{}{separator}hash={}", self.form, string(EncodedOnce(hash.as_bytes())))
    }

    fn request(&self, base: &str, secret: &[u8]) -> Result<HttpRequest, Failure> {
        let method = self.method()?;
        let url = url(base.as_bytes(), method)
            .map_err(|_| Failure::usage("--base is not a server's URL, such as https://mor.example.com"))?;
        if !matches!(form_field(self.form.as_bytes(), "hash"), Ok(None)) {
            return Err(Failure::usage("the form has a hash already: leave it out to sign"));
        }
        Ok(HttpRequest {
            method: "POST".into(),
            url: string(url),
            headers: vec![("Content-Type", "application/x-www-form-urlencoded".into())],
            body: Body::from(string(request::sign_form(&keys(secret)?, method, self.form.as_bytes())?)),
        })
    }
}

fn keys(secret: &[u8]) -> Result<Keys, Failure> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    Ok(keys)
}

impl Vendor for Request {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let hash = string(request::sign(&keys(secret)?, self.method()?, self.form.as_bytes())?);
        let request = self.base.as_ref().map(|base| self.request(base, secret)).transpose()?;
        Ok(Signed { values: vec![("hash", hash)], request })
    }

    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure> {
        let form = self.hash.as_ref().map_or_else(|| self.form.clone(), |hash| self.with_hash(hash));
        Ok(request::check(&keys(secret)?, self.method()?, form.as_bytes()).map(|_| ()).into())
    }

    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure> {
        Ok(string(explain(secret, self.method.as_bytes(), self.form.as_bytes())?).into())
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure> {
        Ok(diagnose(secret, self.method.as_bytes(), self.form.as_bytes(), &self.hash()?).into())
    }
}

//! Kolmisoft MOR on the command line: the hash of a request, and the vendor's "Generate hash".
use crate::output::{Failure, Style};
use crate::secret::Secret;
use crate::vendor::{HttpRequest, Signed, Vendor, needed, string};
use apisig_core::mor::{Keys, diagnosis, explanation, request};
use apisig_core::{Error, Mistake};
use clap::{Args, Subcommand};

#[derive(Args)]
pub struct Request {
    /// Method, such as user_balance_get; to explain and diagnose without one,
    /// the fields are hashed in the order given
    #[arg(long, default_value = "")]
    method: String,
    /// Parameters as a query string, URL-encoded
    #[arg(long, default_value = "")]
    form: String,
    /// Hash that was presented
    #[arg(long)]
    hash: Option<String>,
    /// To sign: the server's address, for --curl
    #[arg(long, value_name = "URL")]
    base: Option<String>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Show the hash of a request's address and what went into it, in its order
    Hash {
        #[command(flatten)]
        secret: Secret,
        /// Address or path of a request, such as "/billing/api/users_get?u=admin"
        uri: String,
    },
}

impl Command {
    pub fn run(self, style: Style) -> Result<bool, Failure> {
        let Command::Hash { secret, uri } = self;
        let (path, form) = uri.split_once('?').unwrap_or((&uri, ""));
        let method = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let text = explanation::explain(&secret.read()?, method.as_bytes(), form.as_bytes()).map(string)?;
        style.explained(&text)
    }
}

impl Request {
    /// Without its method nobody knows what a request hashes.
    fn method(&self) -> Result<&[u8], Failure> {
        let is_there = !self.method.is_empty();
        is_there
            .then_some(self.method.as_bytes())
            .ok_or_else(|| Failure::usage("--method is needed for this"))
    }

    fn hash(&self) -> Result<&[u8], Failure> {
        needed(&self.hash, "--hash").map(str::as_bytes)
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
        let separator = if self.form.is_empty() { "" } else { "&" };
        let send = self.base.as_ref().map(|base| HttpRequest {
            method: "POST".into(),
            url: format!("{}/billing/api/{}", base.trim_end_matches('/'), self.method),
            headers: vec![("Content-Type", "application/x-www-form-urlencoded".into())],
            body: format!("{}{separator}hash={hash}", self.form).into_bytes(),
        });
        Ok(Signed { values: vec![("hash", hash)], request: send })
    }

    fn verify(&self, secret: &[u8]) -> Result<Result<(), Error>, Failure> {
        let separator = if self.form.is_empty() { "" } else { "&" };
        let form = match &self.hash {
            Some(hash) => format!("{}{separator}hash={hash}", self.form),
            None => self.form.clone(),
        };
        Ok(request::verify(&keys(secret)?, self.method()?, form.as_bytes()).map(|_| ()))
    }

    fn explain(&self, secret: &[u8]) -> Result<String, Failure> {
        Ok(string(explanation::explain(secret, self.method.as_bytes(), self.form.as_bytes())?))
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Result<Option<Mistake>, Error>, Failure> {
        Ok(diagnosis::diagnose(secret, self.method.as_bytes(), self.form.as_bytes(), self.hash()?))
    }
}

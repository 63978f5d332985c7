//! Kayako on the command line: a salt and its signature.
use crate::output::Failure;
use crate::vendor::{HttpRequest, Signed, Vendor, needed, string};
use apisig_core::kayako::{self, Keys, diagnosis, explanation, request};
use apisig_core::{Error, Mistake};
use clap::Args;

#[derive(Args)]
pub struct Salt {
    /// Salt, not URL-encoded [default to sign: a fresh one]
    #[arg(long)]
    salt: Option<String>,
    /// Signature that was presented, not URL-encoded
    #[arg(long)]
    signature: Option<String>,
    /// API key, for a request and to diagnose
    #[arg(long, default_value = "")]
    api_key: String,
    /// To sign: the helpdesk's address, for --curl
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// To sign: the route of the request, for --curl
    #[arg(long, default_value = "/Base/User")]
    route: String,
}

impl Salt {
    fn salt(&self) -> Result<&[u8], Failure> {
        needed(&self.salt, "--salt").map(str::as_bytes)
    }

    fn signature(&self) -> Result<&[u8], Failure> {
        needed(&self.signature, "--signature").map(str::as_bytes)
    }

    /// A GET of the route, if the helpdesk is known.
    fn request(&self, keys: &Keys, salt: &str) -> Result<Option<HttpRequest>, Failure> {
        let Some(base) = &self.base else { return Ok(None) };
        let query = string(request::sign_parameters(keys, self.api_key.as_bytes(), salt.as_bytes())?);
        let url = string(request::url(base.as_bytes(), self.route.as_bytes(), false, query.as_bytes())?);
        Ok(Some(HttpRequest { method: "GET".into(), url, headers: Vec::new(), body: Vec::new() }))
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

    fn verify(&self, secret: &[u8]) -> Result<Result<(), Error>, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        Ok(kayako::verify(&keys, self.salt()?, self.signature()?).map(|_| ()))
    }

    fn explain(&self, secret: &[u8]) -> Result<String, Failure> {
        Ok(string(explanation::explain(secret, self.salt()?)?))
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Result<Option<Mistake>, Error>, Failure> {
        Ok(diagnosis::diagnose(secret, self.api_key.as_bytes(), self.salt()?, self.signature()?))
    }
}

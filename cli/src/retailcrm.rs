//! RetailCRM on the command line: the token of an API key.
use crate::output::Failure;
use crate::vendor::{Noted, Signed, Vendor, needed, string};
use apisig_core::Error;
use apisig_core::retailcrm::{self, Keys};
use apisig_diagnosis::Report;
use apisig_diagnosis::retailcrm::{diagnose, explain};
use clap::Args;

/// An example for each verb. Signatures are those of the vendor's page, made with another secret.
pub const EXAMPLES: [(&str, &str); 4] = [
    ("sign", "apisig sign retailcrm --secret-file secret.txt --api-key api_key"),
    (
        "verify",
        "apisig verify retailcrm --secret-file secret.txt --api-key api_key \\\n    \
         --token 016ab397889c59a1f61a07d69857880a0d867aa1b0edb1014971757cf7a25bb1",
    ),
    ("explain", "apisig explain retailcrm --secret-file secret.txt --api-key api_key"),
    (
        "diagnose",
        "apisig diagnose retailcrm --secret-file secret.txt --api-key api_key \\\n    \
         --token a6323d39441a8431100c237db614d47d801d68ed64d18902b76ef1bd8995fd82",
    ),
];

#[derive(Args)]
pub struct Token {
    /// API key of the register request
    #[arg(long)]
    api_key: String,
    /// Token to check
    #[arg(long)]
    token: Option<String>,
}

impl Token {
    fn token(&self) -> Result<&[u8], Failure> {
        needed(&self.token, "--token").map(str::as_bytes)
    }
}

impl Vendor for Token {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let token = string(retailcrm::sign(&keys, self.api_key.as_bytes())?);
        Ok(Signed { values: vec![("token", token)], request: None })
    }

    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        Ok(retailcrm::check(&keys, self.api_key.as_bytes(), self.token()?).map(|_| ()).into())
    }

    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure> {
        Ok(string(explain(secret, self.api_key.as_bytes())?).into())
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure> {
        Ok(diagnose(secret, self.api_key.as_bytes(), self.token()?).into())
    }
}

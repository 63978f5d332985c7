//! The login of ImbaChat's requests on the command line: the header Authorization. The secret is
//! `login:password`.
use crate::moment::clock;
use crate::output::Failure;
use crate::vendor::{Noted, Signed, Vendor, checked, needed};
use apisig_core::Error;
use apisig_diagnosis::Report;
use apisig_request::imbachat::{Login, authorization};
use apisig_request::{Check, Request};
use clap::Args;

/// An example for each verb. The credentials are those of the vendor's page.
pub const EXAMPLES: [(&str, &str); 4] = [
    ("sign", "apisig sign imbachat-login --secret-file login.txt"),
    (
        "verify",
        "apisig verify imbachat-login --secret-file login.txt \\\n    \
         --authorization 'Basic cm9vdDphYmM='",
    ),
    ("explain", "apisig explain imbachat-login --secret-file login.txt"),
    (
        "diagnose",
        "apisig diagnose imbachat-login --secret-file login.txt \\\n    \
         --authorization 'Basic cm9vdDphYmM='",
    ),
];

#[derive(Args)]
pub struct Header {
    /// Value of the header Authorization
    #[arg(long)]
    authorization: Option<String>,
}

impl Header {
    fn check(&self) -> Result<Login, Failure> {
        let value = needed(&self.authorization, "--authorization")?;
        login(value)
    }
}

fn login(value: &str) -> Result<Login, Failure> {
    let headers = Some(vec![("Authorization".into(), value.into())]);
    checked(Login::new(&Request { headers, ..Request::default() }))
}

impl Vendor for Header {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        // The library's words for a secret that is no login and password.
        login("")?.explain(secret, clock()?)?;
        Ok(Signed { values: vec![("Authorization", authorization(secret))], request: None })
    }

    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure> {
        Ok(self.check()?.verify(secret, clock()?).into())
    }

    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure> {
        Ok(login("")?.explain(secret, clock()?)?.into())
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure> {
        let check = self.check()?;
        Ok(Noted::from(check.report(secret, clock()?)).note(check.difference(secret)))
    }
}

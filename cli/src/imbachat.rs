//! ImbaChat on the command line: a user's token.
use crate::output::Failure;
use crate::secret::clock;
use crate::vendor::{Signed, Vendor, needed, string};
use apisig_core::imbachat::{self, Keys, diagnosis, explanation};
use apisig_core::{Error, Mistake, Time};
use clap::Args;

#[derive(Args)]
pub struct Token {
    /// Token that was presented
    #[arg(long)]
    token: Option<String>,
    /// To sign: the user's id on your site, 1 or more
    #[arg(long, value_name = "ID")]
    user_id: Option<i64>,
    /// To sign: for how many seconds the token holds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, allow_negative_numbers = true)]
    ttl: i64,
    /// To diagnose: the widget's id, which older versions put behind the secret
    #[arg(long, default_value = "")]
    dev_id: String,
    /// Time of the call, in Unix seconds [default: now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    now: Option<i64>,
    /// For how many seconds the clocks may differ
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    leeway: i64,
}

impl Token {
    fn now(&self) -> Result<Time, Failure> {
        Ok(Time::new(self.now.unwrap_or_else(clock))?)
    }

    fn token(&self) -> Result<&[u8], Failure> {
        needed(&self.token, "--token").map(str::as_bytes)
    }
}

impl Vendor for Token {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let user_id = self.user_id.ok_or_else(|| Failure::usage("--user-id is needed for this"))?;
        let expires_at = Time::new(self.now()?.unix_seconds().saturating_add(self.ttl))?;
        let token = string(imbachat::sign(&keys, user_id, expires_at)?);
        Ok(Signed { values: vec![("token", token)], request: None })
    }

    fn verify(&self, secret: &[u8]) -> Result<Result<(), Error>, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        Ok(imbachat::verify(&keys, self.token()?, self.now()?, self.leeway).map(|_| ()))
    }

    fn explain(&self, secret: &[u8]) -> Result<String, Failure> {
        Ok(string(explanation::explain(secret, self.token()?, self.now()?)?))
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Result<Option<Mistake>, Error>, Failure> {
        Ok(diagnosis::diagnose(secret, self.dev_id.as_bytes(), self.token()?, self.now()?, self.leeway))
    }
}

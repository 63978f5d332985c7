//! ImbaChat on the command line: a user's token.
use crate::moment::{clock, moment};
use crate::output::Failure;
use crate::vendor::{Noted, Signed, Vendor, needed, string};
use apisig_core::imbachat::{self, Keys};
use apisig_core::{Error, Time};
use apisig_diagnosis::Report;
use apisig_diagnosis::imbachat::{diagnose, explain};
use clap::Args;

/// An example for each verb. Signatures are those of the vendor's page, made with another secret.
pub const EXAMPLES: [(&str, &str); 4] = [
    ("sign", "apisig sign imbachat --secret-file secret.txt --user-id 42 --ttl 3600"),
    (
        "verify",
        "apisig verify imbachat --secret-file secret.txt \\\n    \
         --now '[23/Nov/2022:19:25:21 +0000]' \\\n    \
         --token eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    ),
    (
        "explain",
        "apisig explain imbachat --secret-file secret.txt \\\n    \
         --token eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    ),
    (
        "diagnose",
        "apisig diagnose imbachat --secret-file secret.txt \\\n    \
         --token eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    ),
];

#[derive(Args)]
pub struct Token {
    /// Token to check
    #[arg(long)]
    token: Option<String>,
    /// To sign: the user's id on your site, 1 or more
    #[arg(long, value_name = "ID")]
    user_id: Option<i64>,
    /// To sign: for how many seconds the token is valid
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, allow_negative_numbers = true)]
    ttl: i64,
    /// To diagnose: the widget's id, which older versions appended to the secret
    #[arg(long, default_value = "")]
    dev_id: String,
    /// Time of the call: Unix seconds, RFC 3339 or as in a log
    /// [default: the clock's]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true, value_parser = moment)]
    now: Option<Time>,
    /// By how many seconds the clocks may differ
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    leeway: i64,
}

impl Token {
    fn now(&self) -> Result<Time, Failure> {
        self.now.map_or_else(clock, Ok)
    }

    fn token(&self) -> Result<&[u8], Failure> {
        needed(&self.token, "--token").map(str::as_bytes)
    }
}

impl Vendor for Token {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let user_id = self.user_id.ok_or_else(|| Failure::usage("--user-id is required here"))?;
        let expires_at = Time::new(self.now()?.unix_seconds().saturating_add(self.ttl))?;
        let token = string(imbachat::sign(&keys, user_id, expires_at)?);
        Ok(Signed { values: vec![("token", token)], request: None })
    }

    fn verify(&self, secret: &[u8]) -> Result<Noted<Result<(), Error>>, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        Ok(imbachat::check(&keys, self.token()?, self.now()?, self.leeway).map(|_| ()).into())
    }

    fn explain(&self, secret: &[u8]) -> Result<Noted<String>, Failure> {
        Ok(string(explain(secret, self.token()?, self.now()?)?).into())
    }

    fn diagnose(&self, secret: &[u8]) -> Result<Noted<Report>, Failure> {
        let dev_id = self.dev_id.as_bytes();
        Ok(diagnose(secret, dev_id, self.token()?, self.now()?, self.leeway).into())
    }
}

//! A webhook of a Kommo chat channel on the command line: its body and its signature.
use crate::output::Failure;
use crate::secret::read;
use crate::vendor::{Pasted, Signed, checked};
use apisig_core::kommo::{Keys, webhook};
use apisig_core::text::without_line_end;
use apisig_request::kommo;
use apisig_request::{Check, Request};
use clap::Args;
use std::path::PathBuf;

/// An example for each verb. Signatures are those of the vendor's page, made with another secret.
pub const EXAMPLES: [(&str, &str); 4] = [
    ("sign", "apisig sign kommo-webhook --secret-file secret.txt --body-file body.json"),
    (
        "verify",
        "apisig verify kommo-webhook --secret-file secret.txt --body-file body.json \\\n    \
         -H 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c'",
    ),
    ("explain", "apisig explain kommo-webhook --secret-file secret.txt --body-file body.json"),
    (
        "diagnose",
        "apisig diagnose kommo-webhook --secret-file secret.txt --body-file body.json \\\n    \
         -H 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c'",
    ),
];

#[derive(Args)]
pub struct Webhook {
    /// Body of the webhook, byte for byte
    #[arg(long, conflicts_with = "body_file", required_unless_present = "body_file")]
    body: Option<String>,
    /// File with the body; - is standard input
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// The header that was sent, "X-Signature: …". Others are not looked at
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    headers: Vec<String>,
}

impl Webhook {
    fn body(&self) -> Result<Vec<u8>, Failure> {
        let body = self.body.clone().unwrap_or_default().into_bytes();
        self.body_file.as_ref().map_or(Ok(body), |path| read(path))
    }
}

impl Pasted for Webhook {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let signature = webhook::sign(&keys, without_line_end(&self.body()?))?;
        let value = String::from_utf8_lossy(&signature).into_owned();
        Ok(Signed { values: vec![("X-Signature", value)], request: None })
    }

    fn check(&self) -> Result<impl Check, Failure> {
        let headers = self.headers.iter().filter_map(|header| header.split_once(':'));
        let headers = headers.map(|(name, value)| (name.trim().into(), value.trim().into())).collect();
        checked(kommo::Webhook::new(&Request {
            headers: Some(headers),
            body: Some(self.body()?),
            ..Request::default()
        }))
    }
}

//! A register request of RetailCRM on the command line: its form.
use crate::output::Failure;
use crate::secret::read;
use crate::vendor::{Pasted, Signed, checked, string};
use apisig_core::EncodedOnce;
use apisig_core::retailcrm::{self, Keys};
use apisig_request::retailcrm::Register;
use apisig_request::{Check, Request};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// An example for each verb. Signatures are those of the vendor's page, made with another secret.
pub const EXAMPLES: [(&str, &str); 4] = [
    (
        "sign",
        "apisig sign retailcrm-register --secret-file secret.txt --api-key api_key \\\n    \
         --system-url https://demo.retailcrm.ru",
    ),
    (
        "verify",
        "apisig verify retailcrm-register --secret-file secret.txt \\\n    \
         --hosts retailcrm.ru,simla.com --form-file form.txt",
    ),
    (
        "explain",
        "apisig explain retailcrm-register --secret-file secret.txt \\\n    \
         --form-file form.txt",
    ),
    (
        "diagnose",
        "apisig diagnose retailcrm-register --secret-file secret.txt \\\n    \
         --form-file form.txt",
    ),
];

#[derive(Args)]
pub struct Form {
    /// Body of the request, as it was sent
    #[arg(long, conflicts_with = "form_file")]
    form: Option<String>,
    /// File with the body; - is standard input
    #[arg(long, value_name = "FILE")]
    form_file: Option<PathBuf>,
    /// Hosts that the system URL may have, or be below, with a comma between
    /// [default: any public name]
    #[arg(long, default_value = "", hide_default_value = true)]
    hosts: String,
    /// To sign: the API key
    #[arg(long, default_value = "")]
    api_key: String,
    /// To sign: the system URL
    #[arg(long, value_name = "URL", default_value = "")]
    system_url: String,
}

impl Pasted for Form {
    fn sign(&self, secret: &[u8]) -> Result<Signed, Failure> {
        let mut keys = Keys::default();
        keys.add(secret)?;
        let token = string(retailcrm::sign(&keys, self.api_key.as_bytes())?);
        let json = json!({"token": token, "apiKey": self.api_key, "systemUrl": self.system_url}).to_string();
        let form = format!("register={}", string(EncodedOnce(json.as_bytes())));
        Ok(Signed { values: vec![("form", form)], request: None })
    }

    fn check(&self) -> Result<impl Check, Failure> {
        let body = match (&self.form_file, &self.form) {
            (Some(path), _) => read(path)?,
            (None, Some(form)) => form.clone().into_bytes(),
            (None, None) => return Err(Failure::usage("--form or --form-file is required here")),
        };
        // An editor's line end behind the form is not of it.
        let body = Some(body.trim_ascii_end().to_vec());
        Ok(checked(Register::new(&Request { body, ..Request::default() }))?.of_hosts(&self.hosts))
    }
}

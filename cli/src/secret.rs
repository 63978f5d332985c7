//! Where the secret comes from: a file, standard input or the environment, and never the command line, which every user of
//! the machine can read.
use crate::output::Failure;
use clap::Args;
use std::io::Read;
use std::path::PathBuf;

#[derive(Args)]
pub struct Secret {
    /// File that holds the secret; - is standard input. A line end behind it is left out
    #[arg(long, value_name = "FILE", help_heading = "Secret")]
    secret_file: Option<PathBuf>,
    /// Environment variable that holds the secret
    #[arg(long, value_name = "NAME", default_value = "APISIG_SECRET", help_heading = "Secret")]
    secret_env: String,
    /// Take the secret's line end as part of it
    #[arg(long, help_heading = "Secret")]
    secret_verbatim: bool,
}

impl Secret {
    pub fn read(&self) -> Result<Vec<u8>, Failure> {
        let mut secret = match &self.secret_file {
            Some(path) => read(path).map_err(|error| Failure::file(path, &error))?,
            None => {
                std::env::var_os(&self.secret_env).map(std::os::unix::ffi::OsStringExt::into_vec).ok_or_else(
                    || Failure::usage(format!("no secret: give --secret-file, or set {}", self.secret_env)),
                )?
            }
        };
        if !self.secret_verbatim {
            let end =
                [&b"\r\n"[..], b"\n"].iter().find(|end| secret.ends_with(end)).map_or(0, |end| end.len());
            secret.truncate(secret.len() - end);
        }
        if secret.is_empty() { Err(Failure::usage("the secret is empty")) } else { Ok(secret) }
    }
}

/// The bytes of a file, or of standard input.
pub fn read(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}

/// Seconds since 1970, for what is signed now.
pub fn clock() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
}

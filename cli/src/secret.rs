//! Reads the secret from a file, standard input or the environment, never from the command line, which every user of the
//! machine can read.
use crate::output::Failure;
use clap::Args;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Args)]
pub struct Secret {
    /// File with the secret; - is standard input. A trailing newline is removed
    #[arg(long, value_name = "FILE", help_heading = "Secret")]
    secret_file: Option<PathBuf>,
    /// Environment variable with the secret
    #[arg(long, value_name = "NAME", default_value = "APISIG_SECRET", help_heading = "Secret")]
    secret_env: String,
    /// Keep a trailing newline of the secret
    #[arg(long, help_heading = "Secret")]
    secret_verbatim: bool,
}

impl Secret {
    /// Whether one was passed at all.
    pub fn is_given(&self) -> bool {
        self.secret_file.is_some() || std::env::var_os(&self.secret_env).is_some()
    }

    pub fn read(&self) -> Result<Vec<u8>, Failure> {
        let mut secret = match &self.secret_file {
            Some(path) => read(path)?,
            None => std::env::var_os(&self.secret_env)
                .map(std::os::unix::ffi::OsStringExt::into_vec)
                .ok_or_else(|| {
                    Failure::usage(
                        "no secret: pass --secret-file, or set APISIG_SECRET or the variable of --secret-env",
                    )
                })?,
        };
        if !self.secret_verbatim {
            let end =
                [&b"\r\n"[..], b"\n"].iter().find(|end| secret.ends_with(end)).map_or(0, |end| end.len());
            secret.truncate(secret.len() - end);
        }
        if secret.is_empty() { Err(Failure::usage("the secret is empty")) } else { Ok(secret) }
    }
}

/// The bytes of a file, or of standard input, which can be read once: a second read would be empty.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_at_most(path, usize::MAX - 1)
}

/// Likewise, one byte more than so many at most.
pub fn read_at_most(path: &Path, max: usize) -> Result<Vec<u8>, Failure> {
    static IS_TAKEN: AtomicBool = AtomicBool::new(false);
    let failure = |error| Failure::file(path, &error);
    let mut bytes = Vec::new();
    let source: Box<dyn Read> = match is_standard_input(path) {
        false => Box::new(std::fs::File::open(path).map_err(failure)?),
        true if IS_TAKEN.swap(true, Ordering::Relaxed) => {
            return Err(Failure::usage("two inputs cannot both be standard input: put one into a file"));
        }
        true => Box::new(std::io::stdin()),
    };
    source.take(max as u64 + 1).read_to_end(&mut bytes).map_err(failure)?;
    Ok(bytes)
}

/// Standard input, by any of its names.
pub fn is_standard_input(path: &Path) -> bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].iter().any(|name| path == Path::new(name))
}

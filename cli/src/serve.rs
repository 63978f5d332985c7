//! Stands in for the vendors on this machine: `apisig serve`. Checks each request as the vendor's server does, answers as
//! it does, and shows what is wrong.
mod exchange;
mod http;
mod page;
mod record;
mod tls;

use crate::output::{Answer, Failure};
use crate::secret::Secret;
use apisig_core::Error;
use apisig_request::{Finding, Request, Taken, Times, Verdict, kinds};
use clap::Args;
use exchange::Exchange;
use record::Record;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::mpsc::{SyncSender, sync_channel};

/// The vendors whose servers are stood in for, each in a file.
macro_rules! stands {
    ($($vendor:ident: $($module:ident $name:ident $arguments:ident $about:literal),+;)*) => {
        $(mod $vendor;)*
        const STANDS: &[(&str, Stand)] = &[$((stringify!($vendor), $vendor::STAND)),*];
    };
}
for_each_vendor!(stands);

/// A vendor's server.
pub struct Stand {
    /// The kind of request whose signature is checked. None: what authorizes it is no signature.
    kind: Option<&'static str>,
    /// Whether a request goes to it, by its path.
    is_mine: fn(&Request) -> bool,
    /// Whether a request has a signature at all: a script that is loaded has none.
    is_signed: fn(&Request) -> bool,
    /// What else the vendor refuses, in words.
    other: fn(&Request, &[u8]) -> Option<&'static str>,
    /// The answer to a request that is accepted, or refused for this.
    answer: fn(&Request, Option<Refused>) -> Reply,
    /// Whether browsers send it from other sites.
    is_from_browsers: bool,
    /// Whether no body of its requests has a credential.
    is_open: bool,
}

/// Why a request is refused.
#[derive(Clone, Copy)]
pub enum Refused {
    /// By the check of its signature.
    Check(Error),
    /// For something else.
    Other(&'static str),
}

/// The answer to a request.
pub struct Reply {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
}

impl Reply {
    pub fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Reply { status, kind, body: body.into() }
    }
}

/// Stand in for the vendors on this machine, and show why requests are refused
///
/// A vendor's secret is in a file, --secret kommo=secret.txt, or in the environment: APISIG_SECRET_KOMMO. RetailCRM's is the API key of the
/// system. Point your integration at the address, and look at it in a browser: it shows the requests as they come in.
#[derive(Args)]
pub struct Serve {
    /// Port on the loopback interface; 0 takes a free one
    #[arg(long, default_value_t = 8377)]
    port: u16,
    /// File with the secret of a vendor; a trailing newline is removed
    #[arg(long, value_name = "VENDOR=FILE", value_parser = secret_file)]
    secret: Vec<(String, PathBuf)>,
    /// Another name that clients may give in Host, such as demo.retailcrm.ru
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Serve https, and write the certificate into this file, for clients to trust
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,
    /// Write what comes in as HAR, without credentials
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

fn secret_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((vendor, file)) if STANDS.iter().any(|(name, _)| *name == vendor) => {
            Ok((vendor.into(), file.into()))
        }
        _ => {
            let names: Vec<_> = STANDS.iter().map(|(name, _)| *name).collect();
            Err(format!("it is VENDOR=FILE, with one of: {}", names.join(", ")))
        }
    }
}

impl Serve {
    /// Serves until the process is ended. A port that is taken leaves every file as it is.
    pub fn run(self) -> Result<Answer, Failure> {
        let secrets = self.secrets()?;
        let listener = http::bind(self.port)?;
        let hosts = self.host.iter().map(|name| name.to_ascii_lowercase()).collect();
        let tls = self.tls.as_deref().map(|file| tls::acceptor(file, &self.host)).transpose()?;
        let record = self.record.as_deref().map(|file| Record::new(file, tls.is_some())).transpose()?;
        http::serve(listener, tls, hosts, Stands { secrets, record })
    }

    fn secrets(&self) -> Result<BTreeMap<&'static str, Vec<u8>>, Failure> {
        let mut secrets = BTreeMap::new();
        for (vendor, _) in STANDS {
            let file = self.secret.iter().find(|(name, _)| name == vendor).map(|(_, file)| file.clone());
            let secret = Secret::at(file, format!("APISIG_SECRET_{}", vendor.to_ascii_uppercase()));
            if secret.is_given() {
                secrets.insert(*vendor, secret.read()?);
            }
        }
        if secrets.is_empty() {
            return Err(Failure::usage("no secret: pass --secret VENDOR=FILE, or set APISIG_SECRET_VENDOR"));
        }
        Ok(secrets)
    }
}

/// All vendors, their secrets, and where requests are recorded.
pub struct Stands {
    secrets: BTreeMap<&'static str, Vec<u8>>,
    record: Option<Record>,
}

impl Stands {
    /// Checks and answers a request.
    pub fn answer(&mut self, request: &Request) -> (Reply, Exchange) {
        let Some((vendor, stand)) = STANDS.iter().find(|(_, stand)| (stand.is_mine)(request)) else {
            let reply = Reply::new(404, "text/plain", "No supported vendor uses this path.\n");
            return Exchange::unknown(request, reply, "No supported vendor uses this path.");
        };
        let Some(secret) = self.secrets.get(vendor) else {
            let reply = Reply::new(503, "text/plain", format!("apisig serve has no secret of {vendor}.\n"));
            return Exchange::unknown(request, reply, "There is no secret of this vendor: pass --secret.");
        };
        if !stand.is_from_browsers && is_of_another_site(request) {
            let reply = Reply::new(403, "text/plain", "Another site's page sent this.\n");
            return Exchange::unknown(request, reply, "A page of another site sent this.");
        }
        let verdict = stand.verdict(request, secret);
        let refused = stand.refusal(request, secret, verdict.as_ref());
        let reply = (stand.answer)(request, refused);
        let exchange = Exchange::of(vendor, stand, request, &reply, refused, verdict.as_ref());
        if let Some(record) = &mut self.record
            && !record.add(&exchange)
        {
            say("The record is full, or cannot be written: it ends here.\n".into());
            self.record = None;
        }
        (reply, exchange)
    }
}

impl Stand {
    fn verdict(&self, request: &Request, secret: &[u8]) -> Option<Verdict> {
        let kind = kinds().find(|kind| Some(kind.name) == self.kind).filter(|_| (self.is_signed)(request))?;
        let now = request.time?;
        let times = Times { at: Some(now), clock: now };
        Some(Verdict::new(request, Taken { kind, likeness: None }, Some(secret), times))
    }

    /// What the verdict finds, or else the vendor.
    fn refusal(&self, request: &Request, secret: &[u8], verdict: Option<&Verdict>) -> Option<Refused> {
        let wrong = match verdict.map(|verdict| &verdict.finding) {
            Some(Finding::Checked { report, .. }) => match report.mistake() {
                Ok(None) => None,
                Ok(Some(_)) => Some(Error::Mismatch),
                Err(error) => Some(error),
            },
            Some(_) => Some(Error::Malformed),
            None => None,
        };
        wrong.map(Refused::Check).or_else(|| (self.other)(request, secret).map(Refused::Other))
    }
}

/// Browsers say where a request comes from.
fn is_of_another_site(request: &Request) -> bool {
    let site = request.header("Sec-Fetch-Site").ok().flatten();
    site.is_some_and(|site| site != b"none" && site != b"same-origin")
}

/// Prints a text, if somebody reads. A terminal that stands still stops no request: what it cannot take is left out.
fn say(text: String) {
    static LINES: LazyLock<SyncSender<String>> = LazyLock::new(|| {
        let (sender, receiver) = sync_channel::<String>(1000);
        std::thread::spawn(move || {
            receiver.iter().for_each(|text| drop(std::io::stdout().write_all(text.as_bytes())))
        });
        sender
    });
    let _ = LINES.try_send(text);
}

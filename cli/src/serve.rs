//! Stands in for the vendors on this machine: `apisig serve`. Checks each request as the vendor's server does, answers as
//! it does, and shows what is wrong.
mod exchange;
mod http;
mod page;
mod record;
mod tls;

use crate::moment::clock;
use crate::output::{Answer, Failure};
use crate::secret::Secret;
use apisig_core::{Error, Time};
use apisig_request::{Kind, Request, Taken, Times, Verdict, kinds};
use clap::Args;
use exchange::Exchange;
use record::Record;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// The vendors whose servers are stood in for, each in a file.
macro_rules! vendors {
    ($($vendor:ident)*) => {
        $(mod $vendor;)*
        const STANDS: &[(&str, Stand)] = &[$((stringify!($vendor), $vendor::STAND)),*];
    };
}
vendors! { kommo imbachat retailcrm kayako mor }

/// A vendor's server.
pub struct Stand {
    /// The kind of request that is explained. None: what authorizes it is no signature.
    kind: Option<&'static str>,
    /// Whether a request goes to it, by its path.
    is_mine: fn(&Request) -> bool,
    /// Checks a request.
    check: fn(&Request, &[u8], Time) -> Result<(), Error>,
    /// The answer to a request, of which the check says this.
    answer: fn(&Request, Result<(), Error>) -> Reply,
    /// Parameters that no record shows, beside the credentials of the kind.
    others: &'static [&'static str],
}

impl Stand {
    fn kind(&self) -> Option<&'static Kind> {
        kinds().find(|kind| Some(kind.name) == self.kind)
    }
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
    /// Serves until the process is ended.
    pub fn run(self) -> Result<Answer, Failure> {
        let stands =
            Stands { secrets: self.secrets()?, record: self.record.as_deref().map(Record::new).transpose()? };
        let tls = self.tls.as_deref().map(|file| tls::acceptor(file, &self.host)).transpose()?;
        http::serve(self.port, tls, self.host, stands)
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
            let reply = Reply::new(404, "text/plain", "No vendor that apisig knows has this path.\n");
            return Exchange::unknown(request, reply, "no vendor has this path");
        };
        let Some(secret) = self.secrets.get(vendor) else {
            let reply = Reply::new(503, "text/plain", format!("apisig serve has no secret of {vendor}.\n"));
            return Exchange::unknown(request, reply, "there is no secret of this vendor: see --secret");
        };
        let now = request.time.or(clock().ok());
        let result = now.ok_or(Error::ArgumentTime).and_then(|now| (stand.check)(request, secret, now));
        let verdict = now.and_then(|now| verdict(stand, request, secret, now));
        let reply = (stand.answer)(request, result);
        let exchange = Exchange::of(vendor, stand, request, &reply, result, verdict.as_ref());
        if let Some(record) = &mut self.record {
            record.add(&exchange);
        }
        (reply, exchange)
    }
}

fn verdict(stand: &Stand, request: &Request, secret: &[u8], now: Time) -> Option<Verdict> {
    let times = Times { at: Some(now), clock: now };
    Some(Verdict::new(request, Taken { kind: stand.kind()?, likeness: None }, Some(secret), times))
}

/// The check of a kind.
fn by_kind(name: &str, request: &Request, secret: &[u8], now: Time) -> Result<(), Error> {
    let kind = kinds().find(|kind| kind.name == name).ok_or(Error::Malformed)?;
    let check = (kind.check)(request).map_err(|_| Error::Malformed)?;
    check.verify(secret, now)
}

/// Prints a line, if somebody reads.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

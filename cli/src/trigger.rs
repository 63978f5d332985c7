//! Sends what a vendor sends, and judges the answer as the vendor does: `apisig trigger`.
use crate::output::{Answer, Failure, Style};
use crate::secret::{Secret, read};
use apisig_diagnosis::Mistake;
use apisig_request::{name, visible};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// The vendors that send something, each in a file.
macro_rules! vendors {
    ($($vendor:ident)*) => {
        $(mod $vendor;)*
        const VENDORS: &[(&str, &[Event])] = &[$((stringify!($vendor), $vendor::EVENTS)),*];
    };
}
vendors! {
    kommo
    imbachat
    retailcrm
}

/// What a vendor sends.
pub struct Event {
    name: &'static str,
    /// The payload if none is given; empty: it has none.
    data: &'static str,
    make: fn(&Input) -> Result<Sent, Failure>,
    /// Whether the vendor takes this answer; else what it expects.
    judge: fn(&Received) -> Result<(), &'static str>,
    /// Whether this answer refuses the request; and what is said if it does not.
    refuses: fn(&Received) -> bool,
    refusal: &'static str,
}

/// What a request is made of.
pub struct Input<'a> {
    secret: &'a Secret,
    data: &'a [u8],
    broken: Option<Mistake>,
}

/// A request.
#[derive(Default)]
pub struct Sent {
    /// Of the URL; empty: none is added.
    query: String,
    headers: Vec<(&'static str, String)>,
    /// None: it is a GET.
    body: Option<Vec<u8>>,
}

/// Its answer.
pub struct Received {
    status: u16,
    body: Vec<u8>,
    after: Duration,
}

/// The mistakes that can be made: in the secret, in the signature, in the body.
const BROKEN: [Mistake; 6] = [
    Mistake::SecretNewline,
    Mistake::SecretSpace,
    Mistake::SecretBom,
    Mistake::SecretCase,
    Mistake::Base64,
    Mistake::BodyOther,
];

/// For how long an answer is waited for, and how much of it is read.
const TIMEOUT: Duration = Duration::from_secs(30);
const ANSWER_MAX: u64 = 1 << 20;

#[derive(Args)]
#[command(after_long_help = events())]
pub struct Trigger {
    /// Who sends it
    #[arg(value_parser = PossibleValuesParser::new(VENDORS.iter().map(|(vendor, _)| *vendor)))]
    vendor: String,
    /// What is sent: --help lists the events of each vendor
    event: String,
    /// Where your integration listens, http or https
    #[arg(long, value_name = "URL")]
    to: String,
    /// File with the payload, in place of the event's own; - is standard input
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// File with the certificates to trust, as PEM, in place of the public ones. The server's certificate must not be a CA certificate
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Make this mistake, such as SECRET_NEWLINE, so that the request must be refused
    #[arg(long, value_name = "MISTAKE", value_parser = broken)]
    broken: Option<Mistake>,
    #[command(flatten)]
    secret: Secret,
}

impl Trigger {
    pub fn run(&self, style: Style) -> Result<Answer, Failure> {
        let event = self.event()?;
        let data = match &self.data {
            Some(_) if event.data.is_empty() => return Err(Failure::usage("this event has no payload")),
            Some(path) => read(path)?,
            None => event.data.into(),
        };
        let sent = (event.make)(&Input { secret: &self.secret, data: &data, broken: self.broken })?;
        let received = send(&self.to, &sent, self.roots()?)?;
        let (is_valid, verdict) = match self.broken.map(|_| (event.refuses)(&received)) {
            None => match (event.judge)(&received) {
                Ok(()) => (true, "The answer is as the vendor wants it."),
                Err(expected) => (false, expected),
            },
            Some(true) => (true, "The request was refused, as it has to be."),
            Some(false) => (false, event.refusal),
        };
        Ok(shown(style, &received, is_valid, verdict))
    }

    /// The certificates that are trusted.
    fn roots(&self) -> Result<RootCerts, Failure> {
        let Some(path) = &self.ca else { return Ok(RootCerts::WebPki) };
        let none = || Failure::usage(format!("{}: it has no certificate in PEM", path.display()));
        let mut roots = Vec::new();
        for item in parse_pem(&read(path)?) {
            if let PemItem::Certificate(certificate) = item.map_err(|_| none())? {
                roots.push(certificate);
            }
        }
        if roots.is_empty() { Err(none()) } else { Ok(roots.into()) }
    }

    fn event(&self) -> Result<&'static Event, Failure> {
        let events =
            VENDORS.iter().find(|(vendor, _)| *vendor == self.vendor).map_or(&[][..], |(_, events)| events);
        events.iter().find(|event| event.name == self.event).ok_or_else(|| {
            let names: Vec<_> = events.iter().map(|event| event.name).collect();
            Failure::usage(format!("{} sends: {}", self.vendor, names.join(", ")))
        })
    }
}

/// For the help: the events of each vendor, and the mistakes that can be made.
fn events() -> String {
    let listed = |events: &[Event]| events.iter().map(|event| event.name).collect::<Vec<_>>().join(", ");
    let lines = VENDORS.iter().map(|(vendor, events)| format!("  {vendor}: {}\n", listed(events)));
    format!("Events:\n{}Mistakes: {}", lines.collect::<String>(), names(&BROKEN))
}

fn broken(text: &str) -> Result<Mistake, String> {
    let is_it = |mistake: &Mistake| name(mistake.name()).eq_ignore_ascii_case(text);
    BROKEN.into_iter().find(is_it).ok_or_else(|| format!("it is one of: {}", names(&BROKEN)))
}

fn names(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| name(mistake.name())).collect::<Vec<_>>().join(", ")
}

impl Input<'_> {
    /// The secret, or what a mistake makes of it.
    fn secret(&self) -> Result<Vec<u8>, Failure> {
        let secret = self.secret.read()?;
        Ok(match self.broken {
            Some(Mistake::SecretNewline) => [&secret, &b"\n"[..]].concat(),
            Some(Mistake::SecretSpace) => [b" ", &secret[..]].concat(),
            Some(Mistake::SecretBom) => ["\u{feff}".as_bytes(), &secret].concat(),
            Some(Mistake::SecretCase) => in_another_case(secret)?,
            _ => secret,
        })
    }

    /// A signature in hex, or what a mistake makes of it.
    fn signature(&self, hex: &str) -> Result<String, Failure> {
        if self.broken != Some(Mistake::Base64) {
            return Ok(hex.into());
        }
        let bytes = hex::decode(hex).map_err(|error| Failure::usage(error.to_string()))?;
        Ok(STANDARD.encode(bytes))
    }

    /// An error for a mistake that such a request cannot have.
    fn only(&self, possible: &[Mistake]) -> Result<(), Failure> {
        match self.broken {
            Some(mistake) if !possible.contains(&mistake) => {
                Err(Failure::usage(format!("--broken of this event is one of: {}", names(possible))))
            }
            _ => Ok(()),
        }
    }
}

fn in_another_case(secret: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let upper = secret.to_ascii_uppercase();
    let other = if upper == secret { secret.to_ascii_lowercase() } else { upper };
    if other == secret {
        Err(Failure::usage("the secret has no letters, and so no other case"))
    } else {
        Ok(other)
    }
}

/// Sends a request as it is: no redirect is followed, and an error status is an answer.
fn send(to: &str, sent: &Sent, roots: RootCerts) -> Result<Received, Failure> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent(concat!("apisig/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    // What follows a # is not sent; a login in the URL would be in an error.
    let to = to.split('#').next().unwrap_or_default();
    if to.split('/').nth(2).is_some_and(|authority| authority.contains('@')) {
        return Err(Failure::usage("--to has a login: leave it out"));
    }
    let separator = if sent.query.is_empty() {
        ""
    } else if to.contains('?') {
        "&"
    } else {
        "?"
    };
    let url = format!("{to}{separator}{}", sent.query);
    let start = Instant::now();
    let answer = match &sent.body {
        None => with(agent.get(&url), &sent.headers).call(),
        Some(body) => with(agent.post(&url), &sent.headers).send(body),
    };
    // What a server has sent may be in it.
    let failed =
        |error: ureq::Error| Failure::usage(format!("{to}: {}", visible(error.to_string().as_bytes())));
    let mut answer = answer.map_err(failed)?;
    let body = answer.body_mut().with_config().limit(ANSWER_MAX).read_to_vec().map_err(failed)?;
    Ok(Received { status: answer.status().as_u16(), body, after: start.elapsed() })
}

fn with<T>(request: ureq::RequestBuilder<T>, headers: &[(&str, String)]) -> ureq::RequestBuilder<T> {
    headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
}

fn shown(style: Style, received: &Received, is_valid: bool, verdict: &str) -> Answer {
    let body = String::from_utf8_lossy(&received.body);
    let milliseconds = received.after.as_millis();
    let json = json!({
        "valid": is_valid,
        "text": verdict,
        "status": received.status,
        "milliseconds": milliseconds,
        "body": body,
    });
    let visible = visible(body.as_bytes());
    let text = format!("{verdict}\nstatus {} after {milliseconds} ms\n{visible}\n", received.status);
    style.answer(is_valid, text, json)
}

impl Received {
    /// The answer as JSON.
    fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

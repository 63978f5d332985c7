//! The verdict on a request: right or wrong, why, and what to change.
use crate::kind::{Check, Missing, Taken};
use crate::request::Request;
use apisig_core::{Error, Text, Time};
use apisig_diagnosis::{Report, Visible};

/// When a request is checked.
#[derive(Clone, Copy)]
pub struct Times {
    /// The time of the check. None: that of the log or of the HAR, or else the request's own.
    pub at: Option<Time>,
    /// The time by which a note says that it is too old, or too early.
    pub clock: Time,
}

/// What is to be sent in place of something else.
#[derive(Debug, PartialEq)]
pub struct Change {
    /// The header or parameter.
    pub name: &'static str,
    /// Its right value.
    pub right: String,
}

impl Change {
    /// If something else was sent.
    pub(crate) fn of(name: &'static str, right: &[u8], sent: &[u8]) -> Vec<Change> {
        let is_other = !right.is_empty() && right != sent;
        is_other
            .then(|| Change { name, right: String::from_utf8_lossy(right).into_owned() })
            .into_iter()
            .collect()
    }
}

/// What was found about a request.
pub struct Verdict {
    /// What it was taken for.
    pub taken: Taken,
    /// What came out.
    pub finding: Finding,
    /// What was assumed, and what is missing.
    pub notes: Vec<String>,
}

/// What came out of a check.
pub enum Finding {
    /// It was checked.
    Checked {
        /// What is wrong, if anything is.
        report: Report,
        /// What to change, where something is wrong.
        changes: Vec<Change>,
        /// Every step to the right signature, a fact a line; empty if the request cannot be explained.
        explanation: String,
    },
    /// Without the secret: what its form shows.
    WithoutSecret(Report),
    /// These parts were not pasted.
    Missing(Vec<&'static str>),
    /// This header is repeated.
    Twice(&'static str),
}

impl Finding {
    /// Whether it is right. None if it could not be checked.
    pub fn is_valid(&self) -> Option<bool> {
        match self {
            Finding::Checked { report, .. } => Some(report.mistake() == Ok(None)),
            Finding::Twice(_) => Some(false),
            Finding::WithoutSecret(_) | Finding::Missing(_) => None,
        }
    }
}

impl Verdict {
    /// Checks a request as what it was taken for, or is said to be.
    pub fn new(request: &Request, taken: Taken, secret: Option<&[u8]>, times: Times) -> Self {
        let mut notes = request.notes.clone();
        let at = times.at.or(request.time);
        let finding = match (taken.kind.check)(request) {
            Err(Missing::Parts(parts)) => Finding::Missing(parts),
            Err(Missing::Twice(name)) => Finding::Twice(name),
            Ok(check) => {
                notes.extend(check.notes(secret.unwrap_or_default()));
                match secret {
                    None => Finding::WithoutSecret(check.diagnose(b"", at.unwrap_or(times.clock))),
                    Some(secret) => {
                        notes.extend(age(&*check, secret, at, times.clock));
                        checked(&*check, secret, at.or(check.own_time(times.clock)).unwrap_or(times.clock))
                    }
                }
            }
        };
        Verdict { taken, finding, notes }
    }
}

fn checked(check: &dyn Check, secret: &[u8], now: Time) -> Finding {
    let report = check.report(secret, now);
    let changes = if report.mistake() == Ok(None) { Vec::new() } else { check.changes(secret) };
    Finding::Checked { report, changes, explanation: check.explain(secret, now).unwrap_or_default() }
}

/// A request that is checked at its own time may be too old by the clock.
fn age(check: &dyn Check, secret: &[u8], at: Option<Time>, clock: Time) -> Option<String> {
    let own = check.own_time(clock).filter(|_| at.is_none())?;
    check.verify(secret, own).ok()?;
    match check.verify(secret, clock) {
        Err(Error::Expired) => Some("checked at its own time; by the clock it is too old".into()),
        Err(Error::NotYetValid) => Some("checked at its own time; by the clock its time has not come".into()),
        _ => None,
    }
}

/// Bytes for a person: what cannot be seen is escaped.
pub fn visible(text: &[u8]) -> String {
    string(Visible(text))
}

/// A text of the library.
pub(crate) fn string(text: impl Text) -> String {
    String::from_utf8_lossy(&bytes(text)).into_owned()
}

/// Its bytes.
pub(crate) fn bytes(text: impl Text) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

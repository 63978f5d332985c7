//! The interface between what was pasted and a vendor: a kind of request, by what it is known, and its check.
use crate::request::{Request, Twice};
use crate::share::Shareable;
use crate::verdict::Change;
use apisig_core::{Error, Key, Keys, Time};
use apisig_diagnosis::Report;

/// A kind of request that is checked.
pub struct Kind {
    /// As the command calls it.
    pub name: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// Whether a request is one, and by what it shows.
    pub is_it: fn(&Request) -> Option<Likeness>,
    /// What of it can be given to others.
    pub shareable: Shareable,
    /// Takes the parts that are checked.
    pub check: fn(&Request) -> Result<Box<dyn Check>, Missing>,
}

/// By what a request is taken for a kind.
#[derive(Clone, Copy, Debug)]
pub enum Likeness {
    /// Where it goes, without anything that is checked.
    Place(&'static str),
    /// What many requests have.
    Common(&'static str),
    /// What only this kind has.
    Own(&'static str),
}

impl Likeness {
    /// The words for it.
    pub fn why(self) -> &'static str {
        let (Likeness::Place(why) | Likeness::Common(why) | Likeness::Own(why)) = self;
        why
    }

    fn rank(self) -> u8 {
        match self {
            Likeness::Place(_) => 0,
            Likeness::Common(_) => 1,
            Likeness::Own(_) => 2,
        }
    }
}

/// What a request was taken for.
#[derive(Clone, Copy)]
pub struct Taken {
    /// The kind.
    pub kind: &'static Kind,
    /// By what. None if the caller said so.
    pub likeness: Option<Likeness>,
}

impl Taken {
    /// What the caller says it is. Of several requests only those that are like it.
    pub fn of(kind: &'static Kind, request: &Request, is_alone: bool) -> Option<Self> {
        let likeness = (kind.is_it)(request);
        (is_alone || likeness.is_some()).then_some(Taken { kind, likeness })
    }

    /// The words for why.
    pub fn why(&self) -> &'static str {
        self.likeness.map_or("you said so", |likeness| likeness.why())
    }

    pub(crate) fn is_less_than(&self, other: &Taken) -> bool {
        self.likeness.map(Likeness::rank) < other.likeness.map(Likeness::rank)
    }
}

/// Why a request cannot be checked.
pub enum Missing {
    /// These parts were not pasted.
    Parts(Vec<&'static str>),
    /// Servers may take one or the other: it is refused.
    Twice(&'static str),
}

impl From<Twice> for Missing {
    fn from(Twice(name): Twice) -> Self {
        Missing::Twice(name)
    }
}

/// The parts of a request that are checked, and how the library does it.
pub trait Check {
    /// Checks it, as the library does.
    fn verify(&self, secret: &[u8], now: Time) -> Result<(), Error>;
    /// Names the mistake that makes the signature. An empty secret is not known.
    fn diagnose(&self, secret: &[u8], now: Time) -> Report;
    /// Names the mistake, or why the check fails: right is what both find right. A diagnosis goes by the vendor's
    /// words, which are stricter here and there, and a check looks at more than the signature.
    fn report(&self, secret: &[u8], now: Time) -> Report {
        let report = self.diagnose(secret, now);
        match self.verify(secret, now) {
            Err(error) if report.mistake() == Ok(None) => error.into(),
            _ => report,
        }
    }
    /// Every step from the parts to the signature.
    fn explain(&self, secret: &[u8], now: Time) -> Result<String, Error>;
    /// What is right, part by part, where something else was sent.
    fn changes(&self, _secret: &[u8]) -> Vec<Change> {
        Vec::new()
    }
    /// A time at which it is neither too old nor too early, if it says so itself.
    fn own_time(&self, _clock: Time) -> Option<Time> {
        None
    }
    /// What else there is to know, in sentences.
    fn notes(&self, _secret: &[u8]) -> Vec<String> {
        Vec::new()
    }
}

/// One secret.
pub(crate) fn keys<K: Key>(secret: &[u8]) -> Result<Keys<K>, Error> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    Ok(keys)
}

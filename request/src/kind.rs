//! The interface between what was pasted and a vendor: a kind of request, by what it is known, and its check.
use crate::request::{Request, Twice};
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
    pub fn why(&self) -> &'static str {
        let (Likeness::Place(why) | Likeness::Common(why) | Likeness::Own(why)) = self;
        why
    }

    pub(crate) fn is_more_than(&self, other: &Likeness) -> bool {
        let rank = |likeness: &Likeness| match likeness {
            Likeness::Place(_) => 0,
            Likeness::Common(_) => 1,
            Likeness::Own(_) => 2,
        };
        rank(self) > rank(other)
    }
}

/// What a request was taken for.
#[derive(Clone, Copy)]
pub struct Taken {
    /// The kind.
    pub kind: &'static Kind,
    /// By what.
    pub likeness: Likeness,
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
    /// Names the mistake. An empty secret is not known.
    fn diagnose(&self, secret: &[u8], now: Time) -> Report;
    /// Every step from the parts to the signature.
    fn explain(&self, secret: &[u8], now: Time) -> Result<String, Error>;
    /// What is right, part by part, where something else was sent.
    fn changes(&self, secret: &[u8]) -> Vec<Change>;
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

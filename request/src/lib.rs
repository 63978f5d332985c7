//! Reads what a person pastes: a curl command, raw HTTP, lines of a log, HAR, an `.http` file, a bare query
//! or token. Says which check each request is for, and why; checks it, and says what is wrong and what to
//! change.
//!
//! No clock, no file, no socket: the time and the secret come from the caller.
#![forbid(unsafe_code)]
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::borrow::Cow;

mod bare;
mod chunked;
mod clean;
mod cmd;
mod curl;
mod dump;
mod har;
mod heads;
mod http_file;
mod httpie;
mod kind;
mod literal;
mod log;
mod moment;
mod multipart;
mod options;
#[cfg(test)]
#[path = "../../core/random.rs"]
mod random;
mod raw;
mod request;
mod share;
mod shell;
mod transcript;
mod url;
mod verdict;
mod wget;
mod words;

pub use kind::{Check, Kind, Likeness, Missing, Taken};
pub use moment::moment;
pub use request::{Header, Request, Twice};
pub use share::{Shareable, is_credential, is_plain_form, shareable};
pub use verdict::{Change, Finding, Times, Verdict, visible};
pub use words::{found, listed, name, object};

/// The most bytes that are read.
pub const PASTED_MAX: usize = 1 << 20;
/// The most requests, and the most headers of one.
pub const REQUESTS_MAX: usize = 1000;

/// The forms of a pasted text, each in a file: what it is called, whether a text has it, and how it is read.
/// The first that fits is taken.
const FORMS: &[Form] = &[
    har::FORM,
    har::LOG,
    curl::FORM,
    log::FORM,
    wget::FORM,
    httpie::FORM,
    transcript::FORM,
    log::WORDS,
    http_file::FORM,
    raw::FORM,
    bare::FORM,
    dump::FORM,
    url::FORM,
    bare::TOKEN,
];

/// The vendors, each in a file named for it: the kinds of requests that are checked.
macro_rules! vendors {
    ($($vendor:ident)*) => {
        $(pub mod $vendor;)*
        const VENDORS: &[&[Kind]] = &[$($vendor::KINDS),*];
    };
}
vendors! {
    kommo
    imbachat
    retailcrm
    kayako
    mor
}

struct Form {
    name: &'static str,
    is_it: fn(&[u8]) -> bool,
    read: fn(&[u8]) -> Result<Vec<Request>, Unreadable>,
}

/// What was pasted.
pub struct Pasted {
    /// What it was read as, such as `a curl command, without its prompt`.
    pub form: String,
    /// One or more, in their order.
    pub requests: Vec<Request>,
}

/// Why a text cannot be read, and what to do.
#[derive(Debug)]
pub struct Unreadable(String);

impl Unreadable {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Unreadable(text.into())
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Reads a pasted text.
pub fn read(text: &[u8]) -> Result<Pasted, Unreadable> {
    if text.len() > PASTED_MAX {
        return Err(Unreadable::new(
            "The text is longer than 1 MiB. Paste the one request that was refused.",
        ));
    }
    let (text, without) = clean::cleaned(&in_utf_8(text));
    let form = FORMS.iter().find(|form| (form.is_it)(&text)).ok_or_else(|| {
        Unreadable::new(
            "This is none of: a curl command (in a browser: Copy as cURL), raw HTTP, log lines, HAR, an .http file, \
             code or a dump of headers, a URL, a query, a form, a token.",
        )
    })?;
    let mut requests = (form.read)(&text)?;
    let headers = requests.iter_mut().filter_map(|request| request.headers.as_mut()).flatten();
    headers.for_each(|(name, _)| *name = dump::header_name(name));
    let without =
        if without.is_empty() { String::new() } else { format!(", without {}", without.join(" and ")) };
    match requests.len() {
        0 => Err(Unreadable::new(format!("There is no request in {}.", form.name))),
        1..=REQUESTS_MAX => Ok(Pasted { form: form.name.to_owned() + &without, requests }),
        _ => Err(Unreadable::new("There are more than 1000 requests. Paste those that were refused.")),
    }
}

/// Windows saves what a command prints in UTF-16, and editors a byte order mark.
fn in_utf_8(text: &[u8]) -> Cow<'_, [u8]> {
    let unit: fn([u8; 2]) -> u16 = match text {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        text => return Cow::Borrowed(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)),
    };
    let units = text.as_chunks().0.iter().skip(1).map(|pair| unit(*pair));
    let characters = char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(characters.collect::<String>().into_bytes())
}

/// Every kind of request that is checked, by its vendor's order.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    VENDORS.iter().copied().flatten()
}

/// What the requests of a text are taken for: each that is like a kind, or like the one that the caller
/// wants.
pub fn taken<'a>(requests: &'a [Request], wanted: Option<&'static Kind>) -> Vec<(&'a Request, Taken)> {
    let is_alone = requests.len() == 1;
    let of = |request| match wanted {
        Some(kind) => Taken::of(kind, request, is_alone),
        None => recognize(request),
    };
    let mut taken: Vec<_> = requests.iter().filter_map(|request| Some((request, of(request)?))).collect();
    // Beside a request that only one vendor has, what many have is of others: the tokens and logins of a
    // page's own.
    let is_own = |taken: &Taken| matches!(taken.likeness, Some(Likeness::Own(_)));
    if taken.iter().any(|(_, taken)| is_own(taken)) {
        taken.retain(|(_, taken)| !matches!(taken.likeness, Some(Likeness::Common(_))));
    }
    taken
}

/// The kind that a request is most like, the first one of those that are alike.
fn recognize(request: &Request) -> Option<Taken> {
    let alike = kinds().filter_map(|kind| Taken::of(kind, request, false));
    alike.reduce(|best, other| if best.is_less_than(&other) { other } else { best })
}

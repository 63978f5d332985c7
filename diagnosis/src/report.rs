//! What a diagnosis says: the mistakes that were found, or hints at what the form alone shows.
use crate::Mistake;
use crate::attempt::Scheme;
use crate::page::{Decimal, Page};
use crate::readings::Form;
use apisig_core::Error;
use apisig_core::text::{Line, Sink, Text};

/// What a diagnosis finds: nothing wrong, or the mistakes that make what was presented, in the order in which to
/// mend them. [`Error::Mismatch`] if none are known that do.
pub type Diagnosis = Result<[Option<Mistake>; 2], Error>;

/// A diagnosis, and hints: details of what it finds, or what the form shows where it finds nothing. As a [`Text`] it is a line for each, in that order:
/// `found NAME TEXT` or `hint TEXT`.
#[derive(Clone, Copy)]
pub struct Report {
    /// What was found.
    pub diagnosis: Diagnosis,
    pub(crate) hints: [Option<Hint>; HINTS_MAX],
}

const HINTS_MAX: usize = 5;

/// The longest list of names in a hint.
pub const NAMES_MAX: usize = 160;

/// What was found out, and what stands before and behind it.
#[derive(Clone, Copy)]
pub struct Hint(pub &'static str, pub Line<NAMES_MAX>, pub &'static str);

impl Hint {
    pub fn with(before: &'static str, found: &impl Text, behind: &'static str) -> Self {
        let mut line = Line::default();
        found.write(&mut line);
        Hint(before, line, behind)
    }
}

impl From<&'static str> for Hint {
    fn from(text: &'static str) -> Self {
        Hint(text, Line::default(), "")
    }
}

impl From<Diagnosis> for Report {
    fn from(diagnosis: Diagnosis) -> Self {
        Report { diagnosis, hints: [None; HINTS_MAX] }
    }
}

impl From<Error> for Report {
    fn from(error: Error) -> Self {
        Err(error).into()
    }
}

impl From<Mistake> for Report {
    fn from(mistake: Mistake) -> Self {
        Ok([Some(mistake), None]).into()
    }
}

impl Report {
    /// Nothing is wrong.
    pub const RIGHT: Report = Report { diagnosis: Ok([None, None]), hints: [None; HINTS_MAX] };

    /// The first mistake to mend.
    pub fn mistake(&self) -> Result<Option<Mistake>, Error> {
        self.diagnosis.map(|[first, _]| first)
    }

    /// The hints, each as a text.
    pub fn hints(&self) -> impl Iterator<Item = impl Text> {
        self.hints.iter().flatten()
    }

    /// The text, unless there is nothing to say but the status.
    pub fn text(self) -> Result<Report, Error> {
        let is_empty = self.hints().next().is_none();
        self.diagnosis.err().filter(|_| is_empty).map_or(Ok(self), Err)
    }

    /// The same hints, of a caller who has no secret.
    pub fn without_secret(self) -> Self {
        Report { diagnosis: Err(Error::ArgumentSecret), ..self }
    }

    /// With a hint, if nothing was found and this is so.
    pub fn hint(self, is_so: bool, hint: impl Into<Hint>) -> Self {
        let is_found = self.diagnosis != Err(Error::Mismatch);
        self.detail(is_so && !is_found, hint.into())
    }

    /// Likewise, whatever was found.
    #[inline(never)]
    pub fn detail(mut self, is_so: bool, hint: Hint) -> Self {
        if let Some(free) = self.hints.iter_mut().find(|hint| hint.is_none()) {
            *free = is_so.then_some(hint);
        }
        self
    }

    /// With one about what was presented, or about what it should have been.
    pub fn of_signature(self, presented: &[u8], scheme: Scheme) -> Self {
        let is_found = self.diagnosis.iter().flatten().flatten().any(|mistake| is_of_scheme(*mistake));
        let form = by_form(presented, scheme);
        self.detail(is_found, Hint::with("This vendor's signatures are ", &scheme, "."))
            .hint(form.is_some(), form.unwrap_or_default())
    }
}

/// Whether a mistake is about the digest, or about the form that it is written in.
fn is_of_scheme(mistake: Mistake) -> bool {
    use Mistake::*;
    matches!(
        mistake,
        DigestMd5
            | DigestSha1
            | DigestSha256
            | DigestHex
            | PlainHash
            | Hmac
            | Hex
            | Base64
            | Base64OfHex
            | Base64Url
    )
}

impl Text for Report {
    fn write(&self, sink: &mut impl Sink) {
        let page = &mut Page::new(sink);
        for mistake in self.diagnosis.iter().flatten().flatten() {
            "found ".write(page);
            write_name(mistake.name(), page);
            (" ", mistake.text().to_bytes(), "\n").write(page);
        }
        self.hints().for_each(|hint| ("hint ", hint, "\n").write(page));
    }
}

impl Text for Hint {
    fn write(&self, sink: &mut impl Sink) {
        (self.0, self.1, self.2).write(sink);
    }
}

/// Seconds as `41 minutes old` or `3 seconds ahead of the clock`.
pub struct Age(pub i64);

impl Text for Age {
    fn write(&self, sink: &mut impl Sink) {
        let seconds = self.0.saturating_abs();
        let units = [(86_400, " days"), (3_600, " hours"), (60, " minutes"), (1, " seconds")];
        let (unit, name) = units.into_iter().find(|(unit, _)| seconds >= 2 * unit).unwrap_or((1, " seconds"));
        let name = if seconds == 1 { " second" } else { name };
        let end = if self.0 < 0 { " ahead of the clock" } else { " old" };
        (Decimal(seconds.checked_div(unit).unwrap_or_default()), name, end).write(sink);
    }
}

/// `NotYetValid` as `NOT_YET_VALID`.
fn write_name(camel: &str, sink: &mut Page) {
    for (at, letter) in camel.bytes().enumerate() {
        if letter.is_ascii_uppercase() && at > 0 {
            "_".write(sink);
        }
        sink.push(&[letter.to_ascii_uppercase()]);
    }
}

/// What a signature looks like, if not as the vendor writes it.
fn by_form(presented: &[u8], scheme: Scheme) -> Option<&'static str> {
    let (form, len) = (scheme.form, scheme.digest as usize);
    let read = |form: Form| form.read(presented, &mut [0; 64]).map(<[u8]>::len);
    if presented.trim_ascii().is_empty() {
        return Some("There is no signature.");
    }
    if read(form) == Some(len) {
        return None;
    }
    let in_hex = read(Form::Hex);
    Some(match in_hex.or(read(Form::Base64)).or(read(Form::Base64Url)) {
        Some(16) => "The signature has as many bytes as an MD5: this vendor's are longer.",
        Some(20) if len != 20 => {
            "The signature has as many bytes as a SHA-1: this vendor's are those of SHA-256."
        }
        Some(32) if len != 32 => {
            "The signature has as many bytes as a SHA-256: this vendor's are those of SHA-1."
        }
        Some(64) => "The signature has as many bytes as a SHA-512, which this vendor does not use.",
        Some(found) if found == len && in_hex.is_some() => {
            "The signature is in hex: this vendor's are in base64."
        }
        Some(found) if found == len && form == Form::Hex => {
            "The signature is in base64: this vendor's are in lower-case hex."
        }
        Some(found) if found == len => {
            "The signature is in base64 with other characters or padding than this vendor's."
        }
        _ if presented.contains(&b':') => {
            "The signature has a colon in it: send it alone, without an id in front."
        }
        _ if presented.contains(&b'%') => "The signature has a % in it: it is still URL-encoded.",
        _ => {
            "The signature is no digest in the form that this vendor writes: it was cut off, or is something else."
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written;

    #[test]
    fn an_age_is_in_the_largest_unit_of_which_there_are_two() {
        for (seconds, expected) in [
            (0, "0 seconds old"),
            (1, "1 second old"),
            (119, "119 seconds old"),
            (120, "2 minutes old"),
            (7_199, "119 minutes old"),
            (7_200, "2 hours old"),
            (172_799, "47 hours old"),
            (172_800, "2 days old"),
            (-1, "1 second ahead of the clock"),
            (-3_600, "60 minutes ahead of the clock"),
            (i64::MIN, "106751991167300 days ahead of the clock"),
        ] {
            assert_eq!(String::from_utf8(written(&Age(seconds))).unwrap(), expected);
        }
    }
}

//! How a token and its signature come about, step by step, as text for a person.
use super::{RIGHTLY, misspelling, right};
use crate::Mistake;
use crate::attempt::Mac;
use crate::page::{Bytes, Page, Steps, Visible, Warnings};
use crate::readings::Form;
use crate::twist::Spelt;
use apisig_core::Error;
use apisig_core::imbachat::token::{Claims, Parts, check_header, read_claims, split};
use apisig_core::imbachat::{Keys, TOKEN_MAX};
use apisig_core::text::date::Time;
use apisig_core::text::encoding::{from_base64url, from_base64url_into};
use apisig_core::text::{Number, Sink, Text, write_into};

/// Explains a token, a line for each fact and then the warnings. The signature that the secret makes is
/// among them, but of the secret its length and the beginning of its digest alone.
///
/// [`Error::Malformed`]: there are not two dots, or the token is too long.
pub fn explain<'a>(secret: &'a [u8], token: &'a [u8], now: Time) -> Result<impl Text + 'a, Error> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    let parts = split(token).filter(|parts| !parts.signature.contains(&b'.')).ok_or(Error::Malformed)?;
    Ok(Explanation { secret, token, parts, now })
}

struct Explanation<'a> {
    secret: &'a [u8],
    token: &'a [u8],
    parts: Parts<'a>,
    now: Time,
}

impl Text for Explanation<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.lines(&mut Page::new(sink));
    }
}

impl Explanation<'_> {
    /// Compiled once for every sink.
    fn lines(&self, sink: &mut Page) {
        let Parts { header, claims, signature, .. } = self.parts;
        let right = &right(self.secret, &self.parts);
        Steps { right, form: Form::Base64Url, instead: None }.write(sink);
        let is_equal = from_base64url(signature).is_some_and(|bytes| right.mac().is(&Mac { bytes, len: 32 }));
        ("presented: ", Visible(signature), "\nequal: ", if is_equal { "yes\n" } else { "no\n" }).write(sink);
        ("token: ", Bytes(self.token.len()), "\n").write(sink);
        ("header: ", Json(header), "\nclaims: ", Json(claims), "\n").write(sink);
        ("now: ", Date(self.now.unix_seconds()), "\n", Times { claims, now: self.now }).write(sink);
        Warnings { name: "secret", value: self.secret }.write(sink);
        Warnings { name: "token", value: self.token }.write(sink);
        sink.push(match misspelling(self.token.trim_ascii()) {
            Some(Mistake::TokenAlphabet) => b"warning: the token is in the plain alphabet of base64\n",
            Some(_) => b"warning: the token is padded with =\n",
            None => b"",
        });
        if with_json(header, check_header).is_none() {
            sink.push(b"warning: the header does not name HS256\n");
        }
        if with_json(claims, read_claims).is_none() {
            sink.push(b"warning: the claims have no integer exp or no a user_id of 1 or more\n");
        }
        sink.push(b"warning: the token is valid for any sender, until it expires\n");
    }
}

/// Reads what a part stands for, however it is spelled.
///
/// Never inlined: its space would be taken once for every use.
#[inline(never)]
fn with_json<T>(part: &[u8], read: impl FnOnce(&[u8]) -> Result<T, Error>) -> Option<T> {
    let (mut rightly, mut json) = ([0; TOKEN_MAX], [0; TOKEN_MAX]);
    let rightly = write_into(&Spelt::new(part, RIGHTLY), &mut rightly)?;
    read(from_base64url_into(rightly, &mut json)?).ok()
}

/// What a part stands for.
struct Json<'a>(&'a [u8]);

impl Text for Json<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let shown = with_json(self.0, |json| {
            Visible(json).write(sink);
            Ok(())
        });
        if shown.is_none() {
            sink.push(b"no base64");
        }
    }
}

/// When a token is valid: nothing, if the claims do not say it.
struct Times<'a> {
    claims: &'a [u8],
    now: Time,
}

impl Text for Times<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let Some(Claims { expires_at, not_before, .. }) = with_json(self.claims, read_claims) else { return };
        let now = self.now.unix_seconds();
        for (name, at) in [("not before: ", not_before), ("expires: ", expires_at)] {
            if at > i64::MIN {
                (name, Date(at), ", seconds from now: ", Number(at.saturating_sub(now)), "\n").write(sink);
            }
        }
    }
}

/// Unix seconds, and what they stand for within the years 0 to 9999.
struct Date(i64);

impl Text for Date {
    fn write(&self, sink: &mut impl Sink) {
        Number(self.0).write(sink);
        if let Ok(time) = Time::new(self.0) {
            (" (", time.date(), ")").write(sink);
        }
    }
}

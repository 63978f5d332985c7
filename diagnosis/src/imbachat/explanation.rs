//! How a token and its signature are made, step by step, for a person to read.
use super::{SCHEME, misspelling};
use crate::Mistake;
use crate::attempt::Attempt;
use crate::page::{Bytes, Decimal, Explanation, Page, Visible, warn, write_steps, write_warnings};
use crate::readings::Readings;
use crate::twist::{BASE64URL, Spelt};
use apisig_core::Error;
use apisig_core::imbachat::token::{Claims, Parts, check_header, read_claims, split};
use apisig_core::imbachat::{Keys, TOKEN_MAX};
use apisig_core::text::date::Time;
use apisig_core::text::encoding::from_base64url_into;
use apisig_core::text::{Sink, Text, write_into};

/// Explains a token, a line for each fact and then the warnings. The signature that the secret makes is
/// among them, but of the secret its length and the beginning of its digest alone.
///
/// [`Error::Malformed`]: there are not two dots, or the token is too long.
pub fn explain<'a>(secret: &'a [u8], token: &'a [u8], now: Time) -> Result<impl Text + 'a, Error> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    let parts = split(token).filter(|parts| !parts.signature.contains(&b'.')).ok_or(Error::Malformed)?;
    let Parts { header, claims, signature, .. } = parts;
    Ok(Explanation(move |sink: &mut Page| {
        let right = &Attempt::right(SCHEME, secret, [header, claims], ".");
        write_steps(right, SCHEME, None, sink);
        let is_equal = Readings::new(signature, SCHEME.form).of(&right.mac().0) == Some(Ok(()));
        ("presented: ", Visible(signature), "\nequal: ", if is_equal { "yes\n" } else { "no\n" }).write(sink);
        ("token: ", Bytes(token.len()), "\n").write(sink);
        ("header: ", Json(header), "\nclaims: ", Json(claims), "\n").write(sink);
        ("now: ", Date(now.unix_seconds()), "\n").write(sink);
        write_times(claims, now, sink);
        write_warnings("secret", secret, sink);
        write_warnings("token", token, sink);
        let misspelling = misspelling(token.trim_ascii());
        warn(
            &[
                (misspelling == Some(Mistake::TokenAlphabet), "the token is in the plain alphabet of base64"),
                (misspelling == Some(Mistake::TokenPadding), "the token is padded with ="),
                (with_json(header, check_header).is_none(), "the header does not name HS256"),
                (with_json(claims, read_claims).is_none(), NO_CLAIMS),
                (true, "the token is valid for any sender, until it expires"),
            ],
            sink,
        );
    }))
}

const NO_CLAIMS: &str = "the claims have no integer exp or no a user_id of 1 or more";

/// Reads what a part stands for, however it is spelled.
///
/// Never inlined: its space would be taken once for every use.
#[inline(never)]
fn with_json<T>(part: &[u8], read: impl FnOnce(&[u8]) -> Result<T, Error>) -> Option<T> {
    let (mut unpadded, mut json) = ([0; TOKEN_MAX], [0; TOKEN_MAX]);
    let unpadded = write_into(&Spelt::new(part, BASE64URL), &mut unpadded)?;
    read(from_base64url_into(unpadded, &mut json)?).ok()
}

/// What a part stands for.
struct Json<'a>(&'a [u8]);

impl Text for Json<'_> {
    #[inline(never)]
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
#[inline(never)]
fn write_times(claims: &[u8], now: Time, sink: &mut Page) {
    let Some(Claims { expires_at, not_before, .. }) = with_json(claims, read_claims) else { return };
    for (name, at) in [("not before: ", not_before), ("expires: ", expires_at)] {
        if at > i64::MIN {
            let from_now = Decimal(at.saturating_sub(now.unix_seconds()));
            (name, Date(at), ", seconds from now: ", from_now, "\n").write(sink);
        }
    }
}

/// Unix seconds, and what they stand for within the years 0 to 9999.
struct Date(i64);

impl Text for Date {
    #[inline(never)]
    fn write(&self, sink: &mut impl Sink) {
        Decimal(self.0).write(sink);
        if let Ok(time) = Time::new(self.0) {
            (" (", time.date(), ")").write(sink);
        }
    }
}

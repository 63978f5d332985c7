//! What was done wrong when a token was signed. Source: the vendor's page "ImbaChat-docs, API", and
//! RFC 7519, which its getJWT() follows.
use crate::Mistake;
use crate::attempt::{Attempt, Digest, HMAC, Lines, SECRET, Scheme, numbers};
use crate::engine::{self, Case, Flow, KEYS, OWN, Tries};
use crate::readings::{Form, Readings};
use crate::report::{Diagnosis, Report};
use crate::twist::{BASE64URL, Spelt, Twist};
use apisig_core::Error;
use apisig_core::imbachat::TOKEN_MAX;
use apisig_core::imbachat::token::{Parts, check_header, decoded, read_claims, split};
use apisig_core::text::date::Time;
use apisig_core::text::json::{Value, members};
use apisig_core::text::write_into;
use core::ops::ControlFlow::Continue;

mod explanation;

pub use explanation::explain;

const SCHEME: Scheme = Scheme { digest: Digest::Sha256, place: HMAC, form: Form::Base64Url };

/// Diagnoses a token, of which [`check`] says whether it is right. `dev_id`, which may be empty, was
/// part of the key in an older version.
///
/// [`Error::Malformed`]: there are not two dots, or the token is too long, or its header cannot be read.
pub fn diagnose(secret: &[u8], dev_id: &[u8], token: &[u8], now: Time, leeway: i64) -> Report {
    let report = Report::from(diagnose_token(secret, dev_id, token, now, leeway));
    let signature = split(token.trim_ascii()).map_or(&b""[..], |parts| parts.signature);
    let report = report.of_signature(signature, SCHEME);
    let is_all = report.hints().next().is_none();
    report.hint(
        is_all && dev_id.is_empty(),
        "The form is right. A secret with the widget's dev_id behind it, as in older versions, was not tried: no dev_id was given.",
    )
}

fn diagnose_token(secret: &[u8], dev_id: &[u8], token: &[u8], now: Time, leeway: i64) -> Diagnosis {
    if secret.is_empty() {
        return Err(Error::ArgumentSecret);
    }
    if leeway < 0 {
        return Err(Error::ArgumentLeeway);
    }
    let trimmed = token.trim_ascii();
    let mut space = [0; TOKEN_MAX];
    let unpadded = split(token).and_then(|_| write_into(&Spelt::new(trimmed, BASE64URL), &mut space));
    let parts = unpadded.and_then(split).filter(|parts| !parts.signature.contains(&b'.'));
    let Parts { header, claims, signature, .. } = parts.ok_or(Error::Malformed)?;
    let algorithm = match decoded(header, check_header) {
        Err(Error::Algorithm) => Some(Mistake::TokenAlgorithm),
        header => header.map(|()| None)?,
    };
    let is_trimmed = trimmed.len() < token.len();
    let misspelling = misspelling(trimmed).or(is_trimmed.then_some(Mistake::SignatureNewline));
    let right = Attempt::right(SCHEME, secret, [header, claims], ".");
    let presented = Readings::new(signature, SCHEME.form);
    let found = engine::diagnose(&Slots { secret, dev_id, misspelling }, &right, &presented);
    // Another algorithm makes another signature.
    let [first, second] = found.or_else(|error| algorithm.map(|_| [None, None]).ok_or(error))?;
    // In those it is named already.
    let is_spelt = matches!(first, Some(Mistake::TokenAlphabet | Mistake::TokenPadding));
    let others = [misspelling.filter(|_| !is_spelt), of_claims(claims, now, leeway)];
    let mut all = [algorithm, first, second].into_iter().chain(others).flatten();
    Ok([all.next(), all.next()])
}

/// What is wrong with a token's spelling by the look of it.
fn misspelling(token: &[u8]) -> Option<Mistake> {
    let is_plain = token.iter().any(|byte| matches!(byte, b'+' | b'/' | b' '));
    let is_padded = token.contains(&b'=').then_some(Mistake::TokenPadding);
    if is_plain { Some(Mistake::TokenAlphabet) } else { is_padded }
}

/// What is wrong with claims, however they are signed.
fn of_claims(claims: &[u8], now: Time, leeway: i64) -> Option<Mistake> {
    let user_id_is_text = decoded(claims, |claims| {
        let mut is_text = false;
        members(claims, |name, value| {
            is_text |= name.is("user_id") && matches!(value, Value::Text(_));
            Ok(())
        })
        .map(|()| is_text)
    });
    let now = now.unix_seconds();
    match (decoded(claims, read_claims), user_id_is_text) {
        (Ok(claims), _) if is_no_time(claims.expires_at, now) => Some(Mistake::TokenTime),
        (Ok(claims), _) if claims.expires_at.saturating_add(leeway) <= now => Some(Mistake::TokenExpired),
        (Ok(claims), _) if claims.not_before.saturating_sub(leeway) > now => Some(Mistake::TokenNotYet),
        (Ok(_), _) => None,
        (_, Ok(true)) => Some(Mistake::UserIdText),
        _ => Some(Mistake::TokenClaims),
    }
}

/// A duration of less than ten years, or milliseconds: a time in seconds would be in the 1970s, or after the year 5138.
fn is_no_time(expires_at: i64, now: i64) -> bool {
    now > 1_000_000_000 && matches!(expires_at, 1..=315_360_000 | 100_000_000_000..=9_999_999_999_999)
}

struct Slots<'a> {
    secret: &'a [u8],
    dev_id: &'a [u8],
    misspelling: Option<Mistake>,
}

impl<'a> Case<'a> for Slots<'a> {
    fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow {
        match slot {
            KEYS => {
                let key = Twist::Around(b"", self.dev_id);
                tries.replace(SECRET, Spelt::new(self.secret, key), Mistake::SecretDevId)
            }
            OWN => self.parts(tries),
            _ => Continue(()),
        }
    }
}

impl<'a> Slots<'a> {
    /// The token's first two parts, signed in another spelling; or something else.
    fn parts(&self, tries: &mut Tries<'_, 'a>) -> Flow {
        let [plain, plain_padded, padded] = [(true, false), (true, true), (false, true)]
            .map(|(is_plain, is_padded)| Twist::Token { is_plain, is_padded });
        let json = Twist::Read(Form::Base64Url);
        for (twist, first, between, mistake) in [
            // Where nothing but the padding differs, this is it.
            (padded, 0, ".", self.misspelling.unwrap_or(Mistake::TokenPadding)),
            (plain_padded, 0, ".", Mistake::TokenAlphabet),
            (plain, 0, ".", Mistake::TokenAlphabet),
            (json, 0, ".", Mistake::TokenParts),
            (json, 0, "", Mistake::TokenParts),
            (json, 1, "", Mistake::TokenParts),
            (Twist::Plain, 0, "", Mistake::TokenParts),
            (Twist::Plain, 1, "", Mistake::TokenParts),
        ] {
            let mut other = tries.of;
            other.lines = Lines { order: numbers(first..2), between, ..other.lines };
            let parts = other.texts.iter_mut().take(2);
            let is_changed = parts.fold(between != ".", |is_changed, part| {
                part.twist = twist;
                is_changed || part.is_other_than(part.text)
            });
            if is_changed {
                tries.attempt(&other, mistake)?;
            }
        }
        Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::written;
    use apisig_core::imbachat::{Keys, TOKEN_LEN, check, sign};
    use apisig_core::text::Line;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    type Found = Result<Option<Mistake>, Error>;

    /// The first mistake.
    fn diagnose(secret: &[u8], dev_id: &[u8], token: &[u8], now: Time, leeway: i64) -> Found {
        super::diagnose(secret, dev_id, token, now, leeway).mistake()
    }

    const SECRET: &[u8] = b"66b50586fFa1";
    const NOW: Time = match Time::new(1_590_488_400) {
        Ok(time) => time,
        Err(_) => panic!(),
    };

    fn token() -> Line<TOKEN_LEN> {
        let mut keys = Keys::default();
        keys.add(SECRET).unwrap();
        sign(&keys, 1, Time::new(1_590_492_000).unwrap()).unwrap()
    }

    fn diagnosed(token: &[u8]) -> Found {
        diagnose(SECRET, b"15", token, NOW, 0)
    }

    #[test]
    fn nothing_is_blamed_for_a_random_signature() {
        let token = written(&token());
        assert_eq!(diagnosed(&token), Ok(None));
        let signed = token.rsplitn(2, |byte| *byte == b'.').last().unwrap();
        let mut random = Random::new();
        for _ in 0..20 {
            let bytes: Vec<u8> =
                (0..random.one_of(&[16, 20, 32, 64])).map(|_| random.below(256) as u8).collect();
            let signature = match random.below(4) {
                0 => hex::encode(bytes),
                1 => STANDARD.encode(bytes),
                _ => URL_SAFE_NO_PAD.encode(bytes),
            };
            let token = [signed, b".", signature.as_bytes()].concat();
            assert_eq!(diagnosed(&token), Err(Error::Mismatch), "{signature}");
        }
    }

    /// What a check lets in is right, and nothing else is.
    #[test]
    fn a_token_is_right_if_and_only_if_a_check_says_so() {
        let right = written(&token());
        let mut keys = Keys::default();
        keys.add(SECRET).unwrap();
        let mut random = Random::new();
        for round in 0..200 {
            let mut token = right.clone();
            for _ in 0..random.below(3) {
                let (at, replaced) = (random.below(token.len()), random.below(2));
                let pieces = random.several(3, |random| random.one_of(b"=+-/_ .\nAz0"));
                token.splice(at..at + replaced, pieces);
            }
            let (now, leeway) = (Time::new(1_590_491_998 + round % 4).unwrap(), round / 4 % 2);
            let is_valid = check(&keys, &token, now, leeway).is_ok();
            let diagnosis = diagnose(SECRET, b"", &token, now, leeway);
            assert_eq!(diagnosis == Ok(None), is_valid, "{}", String::from_utf8_lossy(&token));
        }
    }

    #[test]
    fn only_the_callers_mistakes_are_arguments() {
        let token = written(&token());
        assert_eq!(diagnose(b"", b"", &token, NOW, 0), Err(Error::ArgumentSecret));
        assert_eq!(diagnose(SECRET, b"", &token, NOW, -1), Err(Error::ArgumentLeeway));
        assert_eq!(diagnose(SECRET, b"", b"", NOW, -1), Err(Error::ArgumentLeeway));
        let long = [b'x'; 2048];
        for (secret, dev_id) in [(&b"other"[..], &long[..]), (&long, b"15"), (&long, &long)] {
            assert_eq!(diagnose(secret, dev_id, &token, NOW, 0), Err(Error::Mismatch));
        }
    }
}

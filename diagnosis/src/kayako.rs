//! Kayako REST API: what was done wrong when a salt was signed.
use crate::Mistake;
use crate::attempt::{Attempt, Digest, HMAC, SECRET, Scheme, Written};
use crate::engine::{self, Case, Flow, KEYS, OWN, Tries};
use crate::page::{Explanation, Page, write_steps, write_warnings};
use crate::readings::{Form, Readings};
use crate::report::Report;
use crate::twist::{Kind, Names, Spelt, Twist, ZEROS};
use apisig_core::Error;
use apisig_core::kayako::{is_none, request};
use apisig_core::text::form::EncodedOnce;
use apisig_core::text::{Line, Text};
use core::ops::ControlFlow::Continue;

const SCHEME: Scheme = Scheme { digest: Digest::Sha256, place: HMAC, form: Form::Base64 };

const NAMES: Names = |kind| match kind {
    Kind::Hex | Kind::Base64 => Mistake::SaltDecoded,
    Kind::Newline | Kind::Space | Kind::Bom | Kind::Quotes => Mistake::SaltNewline,
    Kind::Case => Mistake::SaltCase,
    Kind::Plus => Mistake::PlusLost,
    Kind::Decoded => Mistake::EncodedTwice,
    Kind::Encoded => Mistake::SaltEncoded,
    Kind::Latin1 => Mistake::Latin1,
};

struct Slots<'a> {
    /// Perhaps signed, or taken for the secret; it may be empty.
    api_key: &'a [u8],
    salt: &'a [u8],
}

impl<'a> Case<'a> for Slots<'a> {
    fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow {
        let (api_key, salt) = (self.api_key, self.salt);
        match slot {
            KEYS if !api_key.is_empty() => {
                tries.replace(SECRET, Spelt::new(api_key, Twist::Plain), Mistake::ApiKeyAsSecret)
            }
            OWN => {
                if !api_key.is_empty() {
                    for (before, behind) in [(&b""[..], &b""[..]), (b"", salt), (salt, b"")] {
                        let signed = Spelt::new(api_key, Twist::Around(before, behind));
                        tries.replace(0, signed, Mistake::ApiKeySigned)?;
                    }
                }
                tries.twists(0, NAMES)?;
                numbers(salt, tries)
            }
            _ => Continue(()),
        }
    }
}

/// The texts that one number has in Kayako's clients: with another sign, with leading zeros, with `.0` behind.
fn numbers<'a>(salt: &'a [u8], tries: &mut Tries<'_, 'a>) -> Flow {
    for zeros in 0..=ZEROS.len() as u8 {
        for sign in ["", "-", "+"] {
            for end in ["", ".0"] {
                tries.replace(0, Spelt::new(salt, Twist::Number(sign, zeros, end)), Mistake::SaltNumber)?;
            }
        }
    }
    Continue(())
}

fn right<'a>(secret: &'a [u8], salt: &'a [u8]) -> Attempt<'a> {
    Attempt::right(SCHEME, secret, [salt], "")
}

/// Diagnoses the signature of a salt, both as received and URL-decoded once.
///
/// The API key is what was perhaps signed, or taken for the secret; it may be empty. An empty secret
/// is [`Error::ArgumentSecret`].
pub fn diagnose(secret: &[u8], api_key: &[u8], salt: &[u8], signature: &[u8]) -> Report {
    let slots = Slots { api_key: request::trim(api_key).unwrap_or_default(), salt };
    let found = match secret {
        [] => Err(Error::ArgumentSecret),
        _ if is_none(salt) => return Mistake::SaltMissing.into(),
        _ => engine::diagnose(&slots, &right(secret, salt), &Readings::new(signature, SCHEME.form)),
    };
    Report::from(found).of_signature(signature, SCHEME)
}

/// Diagnoses a whole request, whose API key no signature covers. `api_key` is the helpdesk's, or empty if it is not
/// known; the others are the parameters, URL-decoded once, empty where they are missing.
pub fn diagnose_request(
    secret: &[u8],
    api_key: &[u8],
    sent_key: &[u8],
    salt: &[u8],
    signature: &[u8],
) -> Report {
    let [own, sent] = [api_key, sent_key].map(|key| request::trim(key).unwrap_or_default());
    let report = diagnose(secret, if own.is_empty() { sent } else { own }, salt, signature);
    let wrong = match sent {
        [] => Mistake::ApiKeyMissing,
        _ if own.is_empty() || own == sent => return report,
        _ => Mistake::ApiKeyOther,
    };
    let is_right = report.diagnosis == Ok([None, None]);
    let told = Report {
        diagnosis: report.diagnosis.map(|[one, _]| [one.or(Some(wrong)), one.and(Some(wrong))]),
        ..report
    };
    told.detail(sent.is_empty(), "The parameter of the API key is apikey, in lower case.".into())
        .detail(is_right, "The signature is right: it does not cover the API key.".into())
}

/// Explains the signature of a salt, a fact a line. Of the secret its length and the start of its
/// SHA-256 are shown.
///
/// Nothing is refused: what is refused elsewhere is warned of.
pub fn explain<'a>(secret: &'a [u8], salt: &'a [u8]) -> impl Text + 'a {
    Explanation(move |sink: &mut Page| {
        let right = &right(secret, salt);
        write_steps(right, SCHEME, None, sink);
        let mut signature = Line::<44>::default();
        Written(right.mac().0, SCHEME.form).write(&mut Page::new(&mut signature));
        for (name, text) in [("signature", signature.as_bytes()), ("salt", salt)] {
            (name, ", URL-encoded: ", EncodedOnce(text), "\n").write(sink);
        }
        write_warnings("secret", secret, sink);
        write_warnings("salt", salt, sink);
        if is_none(salt) {
            "warning: the vendor's server treats this salt as missing\n".write(sink);
        }
        "warning: the signature covers the salt alone, never expires, and fits any request\n".write(sink);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use apisig_core::kayako::{Keys, check};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{KeyInit, Mac};

    type Found = Result<Option<Mistake>, Error>;

    /// The first mistake.
    fn diagnose(secret: &[u8], api_key: &[u8], salt: &[u8], signature: &[u8]) -> Found {
        super::diagnose(secret, api_key, salt, signature).mistake()
    }

    const SECRET: &str = "secretkey";
    const API_KEY: &str = "f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10";

    fn sign(secret: &[u8], message: &[u8]) -> String {
        let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
        STANDARD.encode(mac.chain_update(message).finalize().into_bytes())
    }

    /// What a salt is diagnosed with for which another message was signed.
    fn signed(salt: &str, message: &str) -> Found {
        let signature = sign(SECRET.as_bytes(), message.as_bytes());
        diagnose(SECRET.as_bytes(), API_KEY.as_bytes(), salt.as_bytes(), signature.as_bytes())
    }

    #[test]
    fn another_message_is_named() {
        for (salt, message, mistake) in [
            ("1234567890", API_KEY, Mistake::ApiKeySigned),
            ("1234567890", &format!("{API_KEY}1234567890"), Mistake::ApiKeySigned),
            ("1234567890", &format!("1234567890{API_KEY}"), Mistake::ApiKeySigned),
            ("1234567890", "1234567890\n", Mistake::SaltNewline),
            ("1234567890", "1234567890\r\n", Mistake::SaltNewline),
            ("1234567890", " 1234567890", Mistake::SaltNewline),
            ("1234567890", "1234567890 ", Mistake::SaltNewline),
            ("\t1234567890\n", "1234567890", Mistake::SaltNewline),
            ("a b/c=", "a+b/c=", Mistake::PlusLost),
            ("a%2Bb%2fc%3D", "a+b/c=", Mistake::EncodedTwice),
            ("0123456789", "123456789", Mistake::SaltNumber),
        ] {
            assert_eq!(signed(salt, message), Ok(Some(mistake)), "{salt:?} {message:?}");
        }
        let signature = sign(API_KEY.as_bytes(), b"1");
        for api_key in [API_KEY, &format!(" {API_KEY}\n")] {
            let found = diagnose(SECRET.as_bytes(), api_key.as_bytes(), b"1", signature.as_bytes());
            assert_eq!(found, Ok(Some(Mistake::ApiKeyAsSecret)));
        }
    }

    /// `~!*'()/` and a space as PHP 8.2, Python 3 and the documentation of the others write them.
    #[test]
    fn a_salt_that_was_signed_encoded_is_named_in_every_language() {
        for encoded in [
            "a%7E%21%2A%27%28%29%2F%2B+%3D-._",
            "a~%21%2A%27%28%29%2F%2B%20%3D-._",
            "a~!*'()%2F%2B%20%3D-._",
            "a~%21%2A%27%28%29%2F%2B+%3D-._",
            "a~%21%2A%27%28%29/%2B%20%3D-._",
            "a%7E%21*%27%28%29%2F%2B+%3D-._",
            "a%7e!*%27()%2f%2b+%3d-._",
        ] {
            assert_eq!(signed("a~!*'()/+ =-._", encoded), Ok(Some(Mistake::SaltEncoded)), "{encoded}");
        }
    }

    /// No signature covers it.
    #[test]
    fn an_api_key_that_is_missing_or_another_one_is_named() {
        let other = Some(Mistake::ApiKeyOther);
        for (own, sent, signed, found) in [
            ("", API_KEY, "1", [None, None]),
            (API_KEY, API_KEY, "1", [None, None]),
            (API_KEY, " f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10\n", "1", [None, None]),
            ("", "", "1", [Some(Mistake::ApiKeyMissing), None]),
            (API_KEY, "", "1", [Some(Mistake::ApiKeyMissing), None]),
            (API_KEY, "other", "1", [other, None]),
            (API_KEY, "other", "1\n", [Some(Mistake::SaltNewline), other]),
        ] {
            let signature = sign(SECRET.as_bytes(), signed.as_bytes());
            let keys = [own, sent].map(str::as_bytes);
            let report = diagnose_request(SECRET.as_bytes(), keys[0], keys[1], b"1", signature.as_bytes());
            assert_eq!(report.diagnosis, Ok(found), "{own} {sent:?} {signed:?}");
            let is_right = found[0].is_some() && signed == "1";
            assert_eq!(report.hints().count(), usize::from(is_right) + usize::from(sent.is_empty()));
        }
    }

    #[test]
    fn a_missing_salt_is_named_and_a_missing_secret_refused() {
        for salt in ["", "0"] {
            let signature = sign(SECRET.as_bytes(), salt.as_bytes());
            let found = diagnose(SECRET.as_bytes(), b"", salt.as_bytes(), signature.as_bytes());
            assert_eq!(found, Ok(Some(Mistake::SaltMissing)));
        }
        assert_eq!(diagnose(b"", b"", b"1", b""), Err(Error::ArgumentSecret));
    }

    /// Two mistakes at once are more than is looked for.
    #[test]
    fn without_an_api_key_none_is_blamed() {
        for (key, message) in [(SECRET, ""), (SECRET, "11")] {
            let signature = sign(key.as_bytes(), message.as_bytes());
            for api_key in ["", " \n"] {
                let found = diagnose(SECRET.as_bytes(), api_key.as_bytes(), b"1", signature.as_bytes());
                assert_eq!(found, Err(Error::Mismatch), "{key} {message}");
            }
        }
    }

    /// Nothing is right here that check() refuses, and nothing wrong that it takes.
    #[test]
    fn right_is_what_is_right_for_verify() {
        let mut keys = Keys::default();
        keys.add(SECRET.as_bytes()).unwrap();
        let right = sign(SECRET.as_bytes(), b"a salt").into_bytes();
        for at in 0..right.len() {
            for byte in
                [right[at], right[at] ^ 1, b'A', b'z', b'0', b'+', b'/', b'-', b'=', b' ', b'\n', 0, 0xff]
            {
                let mut changed = right.clone();
                changed[at] = byte;
                let found = diagnose(SECRET.as_bytes(), API_KEY.as_bytes(), b"a salt", &changed);
                let is_valid = check(&keys, b"a salt", &changed).is_ok();
                assert_eq!(found == Ok(None), is_valid, "{changed:?}");
            }
        }
    }

    #[test]
    fn nothing_is_blamed_for_random_signatures() {
        let mut random = Random::new();
        for round in 0..20 {
            let mac: Vec<u8> = (0..32).map(|_| random.below(256) as u8).collect();
            let signature = match round % 3 {
                0 => STANDARD.encode(mac),
                1 => hex::encode(mac),
                _ => random.several(60, |random| random.one_of(b"aZ09+/=-_% \n")).escape_ascii().to_string(),
            };
            let salt = random.one_of(&["a+b c%2B", "\n1 ", "8f14e45f", "a salt", "1234567890"]);
            let found =
                diagnose(SECRET.as_bytes(), API_KEY.as_bytes(), salt.as_bytes(), signature.as_bytes());
            assert_eq!(found, Err(Error::Mismatch), "{salt} {signature}");
        }
    }
}

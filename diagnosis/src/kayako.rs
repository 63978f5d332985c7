//! Kayako REST API: what was done wrong when a salt was signed.
use crate::Mistake;
use crate::engine::{Diagnosis, Digest, diagnose_hmac};
use crate::readings::{Form, Readings};
use crate::spellings::number;
use crate::spellings::url_encoding::{URL_ENCODINGS, UrlEncoded};
use apisig_core::Error;
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::HmacSha256;
use apisig_core::kayako::{is_none, request};
use apisig_core::text::form::Encoded;
use apisig_core::text::{Sink, Text, write_into};

mod explanation;

pub use explanation::explain;

/// Diagnoses the signature of a salt, both as received and URL-decoded once.
///
/// The API key is what was perhaps signed, or taken for the secret; it may be empty. An empty secret
/// is [`Error::ArgumentSecret`].
pub fn diagnose(secret: &[u8], api_key: &[u8], salt: &[u8], signature: &[u8]) -> Diagnosis {
    if secret.is_empty() {
        return Err(Error::ArgumentSecret);
    }
    if is_none(salt) {
        return Ok(Some(Mistake::SaltMissing));
    }
    let presented = Readings::new(signature, Form::Base64);
    let found = diagnose_hmac(Digest::Sha256, secret, &[salt], &presented);
    if found != Err(Error::Mismatch) {
        return found;
    }
    let signed = Signed::new(secret, &presented)?;
    let api_key = request::trim(api_key).unwrap_or_default();
    let mistake = with_api_key(&signed, api_key, salt)
        .or_else(|| on_the_way(&signed, salt))
        .or_else(|| is_encoded(&signed, salt).then_some(Mistake::SaltEncoded))
        .or_else(|| number::other_text(salt, &mut |text| signed.is(text)).then_some(Mistake::SaltNumber));
    mistake.map(Some).ok_or(Error::Mismatch)
}

/// The longest message that is looked for, beside the salt itself.
const MESSAGE_MAX: usize = 1024;

/// What was presented, and a key that perhaps made it.
struct Signed<'a> {
    key: HmacSha256,
    presented: &'a Readings,
}

impl<'a> Signed<'a> {
    fn new(secret: &[u8], presented: &'a Readings) -> Result<Self, Error> {
        let mut key = HmacSha256::default();
        key.set(secret)?;
        Ok(Signed { key, presented })
    }

    /// Whether it is the signature of this message, in the right form: a second mistake is not looked for.
    #[inline(never)]
    fn is(&self, message: &[u8]) -> bool {
        self.presented.is(&self.key.of(message))
    }

    /// Likewise, of one that is not too long.
    fn is_text(&self, message: &impl Text) -> bool {
        write_into(message, &mut [0; MESSAGE_MAX]).is_some_and(|message| self.is(message))
    }
}

fn with_api_key(signed: &Signed, api_key: &[u8], salt: &[u8]) -> Option<Mistake> {
    if api_key.is_empty() {
        return None;
    }
    if Signed::new(api_key, signed.presented).is_ok_and(|signed| signed.is(salt)) {
        return Some(Mistake::ApiKeyAsSecret);
    }
    let is =
        [(api_key, &b""[..]), (api_key, salt), (salt, api_key)].iter().any(|message| signed.is_text(message));
    is.then_some(Mistake::ApiKeySigned)
}

/// Whether the salt was another one before it was sent, or is received as another one.
fn on_the_way(signed: &Signed, salt: &[u8]) -> Option<Mistake> {
    let around = [("", "\n"), ("", "\r\n"), ("", " "), (" ", "")];
    if signed.is(salt.trim_ascii())
        || around.iter().any(|(before, after)| signed.is_text(&(*before, salt, *after)))
    {
        return Some(Mistake::SaltNewline);
    }
    if signed.is_text(&PlusForSpace(salt)) {
        return Some(Mistake::PlusLost);
    }
    signed.is_text(&Encoded::new(salt)).then_some(Mistake::EncodedTwice)
}

/// As it was before its + became spaces.
struct PlusForSpace<'a>(&'a [u8]);

impl Text for PlusForSpace<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.0.iter().for_each(|byte| sink.push(&[if *byte == b' ' { b'+' } else { *byte }]));
    }
}

fn is_encoded(signed: &Signed, salt: &[u8]) -> bool {
    URL_ENCODINGS.iter().any(|encoding| signed.is_text(&UrlEncoded { encoding, text: salt }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use apisig_core::kayako::{Keys, verify};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{KeyInit, Mac};

    const SECRET: &str = "secretkey";
    const API_KEY: &str = "f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10";

    fn sign(secret: &[u8], message: &[u8]) -> String {
        let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
        STANDARD.encode(mac.chain_update(message).finalize().into_bytes())
    }

    /// What a salt is diagnosed with for which another message was signed.
    fn signed(salt: &str, message: &str) -> Diagnosis {
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
        for (key, message) in [("", "1"), (SECRET, ""), (SECRET, "11")] {
            let signature = sign(key.as_bytes(), message.as_bytes());
            for api_key in ["", " \n"] {
                let found = diagnose(SECRET.as_bytes(), api_key.as_bytes(), b"1", signature.as_bytes());
                assert_eq!(found, Err(Error::Mismatch), "{key} {message}");
            }
        }
    }

    /// Nothing is right here that verify() refuses, and nothing wrong that it takes.
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
                let holds = verify(&keys, b"a salt", &changed).is_ok();
                assert_eq!(found == Ok(None), holds, "{changed:?}");
            }
        }
    }

    #[test]
    fn nothing_is_blamed_for_ten_thousand_random_signatures() {
        let mut random = Random::new();
        for round in 0..10_000 {
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

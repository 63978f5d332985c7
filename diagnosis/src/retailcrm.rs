//! RetailCRM: what makes a token wrong, and how a right one is made.
use crate::Mistake;
use crate::engine::{Diagnosis, Digest, diagnose_hmac, other_secret};
use crate::page::{Secret, Warnings};
use crate::readings::{Form, Readings};
use apisig_core::Error;
use apisig_core::retailcrm::register::API_KEY_MAX;
use apisig_core::retailcrm::{Keys, sign};
use apisig_core::text::form::{Encoded, EncodedOnce};
use apisig_core::text::{Text, write_into};

/// Finds the mistake that makes this token of this API key. Only the token that
/// [`sign`] makes has none: in upper case it is one, though [`verify`](apisig_core::retailcrm::verify)
/// takes it.
///
/// An empty secret is [`Error::ArgumentSecret`].
pub fn diagnose(secret: &[u8], api_key: &[u8], token: &[u8]) -> Diagnosis {
    if secret.is_empty() {
        return Err(Error::ArgumentSecret);
    }
    if api_key.is_empty() {
        return Ok(Some(Mistake::ApiKeyMissing));
    }
    let presented = Readings::new(token, Form::Hex);
    let diagnosis = diagnose_hmac(Digest::Sha256, secret, &[api_key], &presented);
    if diagnosis != Err(Error::Mismatch) {
        return diagnosis;
    }
    let is_of = |api_key: &[u8]| Digest::Sha256.hmac(secret, &[api_key], &presented) == Some(Ok(()));
    other_api_key(api_key, is_of).map(Some).ok_or(Error::Mismatch)
}

/// The mistake whose API key `fits`.
fn other_api_key(api_key: &[u8], mut fits: impl FnMut(&[u8]) -> bool) -> Option<Mistake> {
    let mut space = [0; 3 * API_KEY_MAX];
    if write_into(&EncodedOnce(api_key), &mut space).is_some_and(&mut fits)
        || write_into(&Encoded::new(api_key), &mut space).is_some_and(&mut fits)
    {
        return Some(Mistake::ApiKeyEncoded);
    }
    // It is a text as the secret is: the same happens to it.
    other_secret(api_key, fits).map(|mistake| match mistake {
        Mistake::SecretCase => Mistake::ApiKeyCase,
        Mistake::SecretHex | Mistake::SecretBase64 => Mistake::ApiKeyDecoded,
        _ => Mistake::ApiKeySpace,
    })
}

/// The steps from secret and API key, neither of which it shows, to the token.
///
/// An empty secret or API key is an error.
pub fn explain<'a>(secret: &'a [u8], api_key: &'a [u8]) -> Result<impl Text + 'a, Error> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    let token = sign(&keys, api_key)?;
    Ok((
        ("secret: ", Secret(secret), "\n"),
        ("API key: ", Secret(api_key), "\n"),
        "algorithm: HMAC-SHA256\n",
        "key: the secret, its characters as they are\n",
        "message: the API key alone, its characters as they are; no system URL\n",
        "encoding: hex in lower case\n",
        ("token: ", token, "\n"),
        Warnings { name: "secret", value: secret },
        Warnings { name: "API key", value: api_key },
        warning_of_invisible(api_key),
    ))
}

/// Inside of an API key too there may be what cannot be seen, such as a no-break space.
fn warning_of_invisible(api_key: &[u8]) -> &'static str {
    if api_key.trim_ascii().iter().all(u8::is_ascii_graphic) {
        ""
    } else {
        "warning: the API key holds characters that are not visible ASCII\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{Hmac, KeyInit, Mac};

    const SECRET: &[u8] = b"secret";
    const KEY: &[u8] = b"Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E";

    fn token(secret: &[u8], api_key: &[u8]) -> String {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
        mac.update(api_key);
        hex::encode(mac.finalize().into_bytes())
    }

    /// What is found where `signed` was signed in place of `api_key`.
    fn found(api_key: &[u8], signed: &[u8]) -> Diagnosis {
        diagnose(SECRET, api_key, token(SECRET, signed).as_bytes())
    }

    #[test]
    fn only_the_token_that_is_made_has_no_mistake() {
        let right = token(SECRET, KEY);
        assert_eq!(diagnose(SECRET, KEY, right.as_bytes()), Ok(None));
        let upper_case = right.to_uppercase();
        assert_eq!(diagnose(SECRET, KEY, upper_case.as_bytes()), Ok(Some(Mistake::UpperCase)));
        assert_eq!(diagnose(b"", KEY, right.as_bytes()), Err(Error::ArgumentSecret));
        assert_eq!(diagnose(SECRET, b"", token(SECRET, b"").as_bytes()), Ok(Some(Mistake::ApiKeyMissing)));
        assert_eq!(diagnose(b"", b"", b""), Err(Error::ArgumentSecret));
    }

    #[test]
    fn one_mistake_is_found_and_not_two() {
        let space_around_both = token(b"secret ", b"key ");
        assert_eq!(diagnose(SECRET, b"key", space_around_both.as_bytes()), Err(Error::Mismatch));
        let upper_case_and_space = token(SECRET, b"key ").to_uppercase();
        assert_eq!(diagnose(SECRET, b"key", upper_case_and_space.as_bytes()), Err(Error::Mismatch));
    }

    /// The longest API key that a register request brings has all of its forms tried, also where each
    /// character is three when it is encoded.
    #[test]
    fn long_api_keys_are_tried_too() {
        let longest = "~".repeat(API_KEY_MAX);
        let encoded = "%7E".repeat(API_KEY_MAX);
        assert_eq!(found(longest.as_bytes(), encoded.as_bytes()), Ok(Some(Mistake::ApiKeyEncoded)));
        assert_eq!(
            found(longest.as_bytes(), format!("{longest}\n").as_bytes()),
            Ok(Some(Mistake::ApiKeySpace))
        );
        // Beyond what is tried there is no mistake, but still a right token.
        let beyond = "~".repeat(2000);
        assert_eq!(found(beyond.as_bytes(), format!("{beyond}\n").as_bytes()), Err(Error::Mismatch));
        assert_eq!(found(beyond.as_bytes(), beyond.as_bytes()), Ok(None));
    }

    /// Of every length that a digest has, in hex and in base64.
    #[test]
    fn nothing_is_blamed_for_a_random_token() {
        let mut random = Random::new();
        let keys: [&[u8]; 3] = [KEY, b"a+b%2Fc ", b"0011aabb"];
        for _ in 0..10_000 {
            let len = random.one_of(&[16, 20, 32]);
            let bytes: Vec<u8> = (0..len).map(|_| random.below(256) as u8).collect();
            let token = if random.below(2) == 0 { hex::encode(bytes) } else { STANDARD.encode(bytes) };
            let (secret, key) = (random.one_of(&keys), random.one_of(&keys));
            assert_eq!(diagnose(secret, key, token.as_bytes()), Err(Error::Mismatch), "{token}");
        }
    }
}

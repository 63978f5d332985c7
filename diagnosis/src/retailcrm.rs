//! RetailCRM: what makes a token wrong, and how a right one is made.
use crate::Mistake;
use crate::attempt::{Attempt, Digest, HMAC, Scheme};
use crate::engine::{self, OneText};
use crate::page::{Explanation, Page, Secret, write_steps, write_warnings};
use crate::readings::{Form, Readings};
use crate::report::Report;
use crate::twist::{Kind, Names};
use apisig_core::Error;
use apisig_core::retailcrm::Keys;
use apisig_core::text::Text;

const SCHEME: Scheme = Scheme { digest: Digest::Sha256, place: HMAC, form: Form::Hex };

const NAMES: Names = |kind| match kind {
    Kind::Hex | Kind::Base64 => Mistake::ApiKeyDecoded,
    Kind::Newline | Kind::Space | Kind::Bom | Kind::Quotes => Mistake::ApiKeySpace,
    Kind::Case => Mistake::ApiKeyCase,
    Kind::Plus | Kind::Decoded | Kind::Encoded => Mistake::ApiKeyEncoded,
    Kind::Latin1 => Mistake::Latin1,
};

const API_KEY_NAME: &str = "It is in register[apiKey], or in the JSON of the field register as apiKey.";

fn right<'a>(secret: &'a [u8], api_key: &'a [u8]) -> Attempt<'a> {
    Attempt::right(SCHEME, secret, [api_key], "")
}

/// Finds the mistakes that make this token of this API key. Only the token that
/// [`sign`](apisig_core::retailcrm::sign) makes has none: in upper case it is one, though
/// [`check`](apisig_core::retailcrm::check) takes it.
///
/// An empty secret is [`Error::ArgumentSecret`].
pub fn diagnose(secret: &[u8], api_key: &[u8], token: &[u8]) -> Report {
    let found = match (secret, api_key) {
        ([], _) => Err(Error::ArgumentSecret),
        (_, []) => return Report::from(Mistake::ApiKeyMissing).detail(true, API_KEY_NAME.into()),
        _ => engine::diagnose(&OneText(NAMES), &right(secret, api_key), &Readings::new(token, SCHEME.form)),
    };
    Report::from(found).of_signature(token, SCHEME)
}

/// The steps from secret and API key, neither of which it shows, to the token.
///
/// An empty secret or API key is an error.
pub fn explain<'a>(secret: &'a [u8], api_key: &'a [u8]) -> Result<impl Text + 'a, Error> {
    Keys::default().add(secret)?;
    if api_key.is_empty() {
        return Err(Error::ArgumentApiKey);
    }
    Ok(Explanation(move |sink: &mut Page| {
        write_steps(&right(secret, api_key), SCHEME, Some("<API key>"), sink);
        ("API key: ", Secret(api_key), "\n").write(sink);
        write_warnings("secret", secret, sink);
        write_warnings("API key", api_key, sink);
        if !api_key.trim_ascii().iter().all(u8::is_ascii_graphic) {
            "warning: the API key has characters that are not visible ASCII\n".write(sink);
        }
        "warning: the token does not cover the system URL or anything else that comes with it\n".write(sink);
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use apisig_core::retailcrm::register::API_KEY_MAX;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{Hmac, KeyInit, Mac};

    type Found = Result<Option<Mistake>, Error>;

    /// The first mistake.
    fn diagnose(secret: &[u8], api_key: &[u8], token: &[u8]) -> Found {
        super::diagnose(secret, api_key, token).mistake()
    }

    const SECRET: &[u8] = b"secret";
    const KEY: &[u8] = b"Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E";

    fn token(secret: &[u8], api_key: &[u8]) -> String {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
        mac.update(api_key);
        hex::encode(mac.finalize().into_bytes())
    }

    /// What is found where `signed` was signed in place of `api_key`.
    fn found(api_key: &[u8], signed: &[u8]) -> Found {
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
    fn two_mistakes_are_named_in_the_order_in_which_to_mend_them() {
        let space_around_both = token(b"secret ", b"key ");
        let found = super::diagnose(SECRET, b"key", space_around_both.as_bytes()).diagnosis;
        assert_eq!(found, Ok([Some(Mistake::SecretSpace), Some(Mistake::ApiKeySpace)]));
        let upper_case_and_space = token(SECRET, b"key ").to_uppercase();
        let found = super::diagnose(SECRET, b"key", upper_case_and_space.as_bytes()).diagnosis;
        assert_eq!(found, Ok([Some(Mistake::ApiKeySpace), Some(Mistake::UpperCase)]));
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
    }

    /// Of every length that a digest has, in hex and in base64.
    #[test]
    fn nothing_is_blamed_for_a_random_token() {
        let mut random = Random::new();
        let keys: [&[u8]; 3] = [KEY, b"a+b%2Fc ", b"0011aabb"];
        for _ in 0..20 {
            let len = random.one_of(&[16, 20, 32]);
            let bytes: Vec<u8> = (0..len).map(|_| random.below(256) as u8).collect();
            let token = if random.below(2) == 0 { hex::encode(bytes) } else { STANDARD.encode(bytes) };
            let (secret, key) = (random.one_of(&keys), random.one_of(&keys));
            assert_eq!(diagnose(secret, key, token.as_bytes()), Err(Error::Mismatch), "{token}");
        }
    }
}

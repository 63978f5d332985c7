//! What was done wrong when a token was signed. Source: the vendor's page "ImbaChat-docs, API", and
//! RFC 7519, which its getJWT() follows.
use crate::Mistake;
use crate::engine::{Diagnosis, Digest, Pieces, SECRET_MAX, diagnose_hmac};
use crate::readings::{Form, Readings};
use crate::spellings::token::{Spelled, misspelling};
use apisig_core::Error;
use apisig_core::imbachat::token::{Parts, check_header, decoded, split};
use apisig_core::imbachat::{Keys, TOKEN_MAX, Verified, verify};
use apisig_core::text::date::Time;
use apisig_core::text::encoding::from_base64url_into;
use apisig_core::text::json::{Value, members};
use apisig_core::text::write_into;

mod explanation;

pub use explanation::explain;

/// The longest `dev_id` that is tried behind a secret of the longest kind.
const DEV_ID_MAX: usize = 64;

/// Diagnoses a token, of which [`verify`] says whether it is right. `dev_id`, which may be empty, was
/// part of the key in an older version.
///
/// [`Error::Malformed`]: there are not two dots, or the token is too long, or its header cannot be read.
pub fn diagnose(secret: &[u8], dev_id: &[u8], token: &[u8], now: Time, leeway: i64) -> Diagnosis {
    let mut keys = Keys::default();
    keys.add(secret)?;
    let checked = |token| conclusion(verify(&keys, token, now, leeway));
    if let Some(diagnosis) = checked(token) {
        return diagnosis;
    }
    split(token).ok_or(Error::Malformed)?;
    let trimmed = token.trim_ascii();
    let misspelling = misspelling(trimmed);
    let mut space = [0; TOKEN_MAX];
    let rightly = write_into(&Spelled::rightly(trimmed), &mut space).ok_or(Error::Malformed)?;
    match checked(rightly) {
        Some(Ok(Some(Mistake::TokenAlgorithm))) => Ok(Some(Mistake::TokenAlgorithm)),
        Some(_) => Ok(Some(misspelling.unwrap_or(Mistake::SignatureNewline))),
        None => diagnose_signature(secret, dev_id, rightly, misspelling),
    }
}

/// What a check says for certain: nothing, if the signature does not fit or something cannot be read.
fn conclusion(checked: Result<Verified, Error>) -> Option<Diagnosis> {
    match checked {
        Ok(_) => Some(Ok(None)),
        Err(Error::Algorithm) => Some(Ok(Some(Mistake::TokenAlgorithm))),
        Err(Error::NotYetValid) => Some(Ok(Some(Mistake::TokenNotYet))),
        Err(Error::Expired) => Some(Ok(Some(Mistake::TokenExpired))),
        Err(Error::Malformed | Error::Mismatch) => None,
        Err(error) => Some(Err(error)),
    }
}

/// Diagnoses a token in the right spelling, which is not the only thing that is wrong with it.
fn diagnose_signature(secret: &[u8], dev_id: &[u8], token: &[u8], misspelling: Option<Mistake>) -> Diagnosis {
    let parts = split(token).filter(|parts| !parts.signature.contains(&b'.')).ok_or(Error::Malformed)?;
    let Parts { signed, header, claims, signature } = parts;
    decoded(header, check_header)?;
    let presented = Readings::new(signature, Form::Base64Url);
    match diagnose_hmac(Digest::Sha256, secret, &[signed], &presented) {
        Ok(None) => Ok(Some(of_claims(claims))),
        Err(Error::Mismatch) => with_dev_id(secret, dev_id, signed, &presented)
            .or_else(|| other_spelling(secret, signed, &presented, misspelling))
            .or_else(|| other_message(secret, header, claims, &presented))
            .map(Some)
            .ok_or(Error::Mismatch),
        diagnosis => diagnosis,
    }
}

/// What is wrong with rightly signed claims that a check cannot read.
fn of_claims(claims: &[u8]) -> Mistake {
    fn user_id_is_text(claims: &[u8]) -> Result<bool, Error> {
        let mut is_text = false;
        members(claims, |name, value| {
            is_text |= name.is("user_id") && matches!(value, Value::Text(_));
            Ok(())
        })?;
        Ok(is_text)
    }
    match decoded(claims, user_id_is_text) {
        Ok(true) => Mistake::UserIdText,
        _ => Mistake::TokenClaims,
    }
}

fn with_dev_id(secret: &[u8], dev_id: &[u8], signed: &[u8], presented: &Readings) -> Option<Mistake> {
    let mut space = [0; SECRET_MAX + DEV_ID_MAX];
    let key = write_into(&(secret, dev_id), &mut space)?;
    makes(key, &[signed], presented, Mistake::SecretDevId)
}

/// The token's first two parts, signed in another spelling.
fn other_spelling(
    secret: &[u8],
    signed: &[u8],
    presented: &Readings,
    misspelling: Option<Mistake>,
) -> Option<Mistake> {
    let mut space = [0; TOKEN_MAX];
    // Where nothing but the padding differs, the first one is it.
    let spellings = [
        (false, true, misspelling.unwrap_or(Mistake::TokenPadding)),
        (true, true, Mistake::TokenAlphabet),
        (true, false, Mistake::TokenAlphabet),
    ];
    spellings.into_iter().find_map(|(is_plain, is_padded, mistake)| {
        let message = write_into(&Spelled { parts: signed, is_plain, is_padded }, &mut space)?;
        makes(secret, &[message], presented, mistake)
    })
}

/// Something else signed than the token's first two parts.
fn other_message(secret: &[u8], header: &[u8], claims: &[u8], presented: &Readings) -> Option<Mistake> {
    let mut space = [0; TOKEN_MAX];
    let (header_space, claims_space) = space.split_at_mut_checked(header.len())?;
    let header_json = from_base64url_into(header, header_space)?;
    let claims_json = from_base64url_into(claims, claims_space)?;
    let messages: [Pieces; 5] = [
        &[header_json, b".", claims_json],
        &[header_json, claims_json],
        &[claims_json],
        &[header, claims],
        &[claims],
    ];
    messages.into_iter().find_map(|message| makes(secret, message, presented, Mistake::TokenParts))
}

/// The mistake, if this makes what was presented. If it was presented in another form too, such as hex,
/// that is to be mended first.
fn makes(key: &[u8], message: Pieces, presented: &Readings, mistake: Mistake) -> Option<Mistake> {
    let form = Digest::Sha256.hmac(key, message, presented)?;
    Some(form.err().unwrap_or(mistake))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::written;
    use apisig_core::imbachat::{TOKEN_LEN, sign};
    use apisig_core::text::Line;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

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

    fn diagnosed(token: &[u8]) -> Diagnosis {
        diagnose(SECRET, b"15", token, NOW, 0)
    }

    #[test]
    fn nothing_is_blamed_for_a_random_signature() {
        let token = written(&token());
        assert_eq!(diagnosed(&token), Ok(None));
        let signed = token.rsplitn(2, |byte| *byte == b'.').last().unwrap();
        let mut random = Random::new();
        for _ in 0..10_000 {
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
        for round in 0..5000 {
            let mut token = right.clone();
            for _ in 0..random.below(3) {
                let (at, replaced) = (random.below(token.len()), random.below(2));
                let pieces = random.several(3, |random| random.one_of(b"=+-/_ .\nAz0"));
                token.splice(at..at + replaced, pieces);
            }
            let (now, leeway) = (Time::new(1_590_491_998 + round % 4).unwrap(), round / 4 % 2);
            let holds = verify(&keys, &token, now, leeway).is_ok();
            let diagnosis = diagnose(SECRET, b"", &token, now, leeway);
            assert_eq!(diagnosis == Ok(None), holds, "{}", String::from_utf8_lossy(&token));
        }
    }

    #[test]
    fn only_the_callers_mistakes_are_arguments() {
        let token = written(&token());
        assert_eq!(diagnose(b"", b"", &token, NOW, 0), Err(Error::ArgumentSecret));
        assert_eq!(diagnose(SECRET, b"", &token, NOW, -1), Err(Error::ArgumentLeeway));
        assert_eq!(diagnose(SECRET, b"", b"", NOW, -1), Err(Error::ArgumentLeeway));
        let long = [b'x'; 2 * SECRET_MAX];
        for (secret, dev_id) in [(&b"other"[..], &long[..]), (&long, b"15"), (&long, &long)] {
            assert_eq!(diagnose(secret, dev_id, &token, NOW, 0), Err(Error::Mismatch));
        }
    }
}

//! What is wrong with a request or a webhook of Kommo: of the mistakes that are known, the one that
//! makes the signature that was presented.
use crate::Mistake;
use crate::engine::{Diagnosis, Digest, diagnose_hmac};
use crate::readings::{Form, Readings};
use apisig_core::crypto::hash::{Hasher, Md5};
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::HmacSha1;
use apisig_core::kommo::{Request, StringToSign, md5, webhook};
use apisig_core::text::encoding::hex;
use apisig_core::text::{Line, Sink, Text};
use apisig_core::{Error, Time};
use body::other_body;
use lines::{Lines, Signed};

mod body;
mod date;
mod explanation;
mod lines;

pub use explanation::explain;

/// The longest method that is read.
pub const METHOD_MAX: usize = 32;

/// Diagnoses a request, whose header values are those that were sent. Right is what the vendor takes
/// by its own words: lower-case hex, even though [`verify`](apisig_core::kommo::verify) reads either case.
/// Of a body that is None nothing is known, and Content-MD5 is not compared with it.
pub fn diagnose(
    secret: &[u8],
    request: Request,
    body: Option<&[u8]>,
    signature: &[u8],
    now: Time,
    tolerance: i64,
) -> Diagnosis {
    if secret.is_empty() {
        return Err(Error::ArgumentSecret);
    }
    if tolerance < 0 {
        return Err(Error::ArgumentTolerance);
    }
    let StringToSign { path, .. } = StringToSign::presented(request)?;
    let method = method_in(u8::to_ascii_uppercase, request.method).ok_or(Error::Malformed)?;
    let Request { content_md5, content_type, date, .. } = request;
    let path = [b"", path, b""];
    let lines = Lines { method: method.as_bytes(), content_md5, content_type, date, path };
    let presented = Readings::new(signature, Form::Hex);
    match diagnose_hmac(Digest::Sha1, secret, &lines.pieces(), &presented) {
        Ok(None) => diagnose_signed(request, body, now, tolerance),
        Err(Error::Mismatch) => {
            let signed = Signed { key: &key(secret), presented: &presented, lines };
            signed.other_than(request, body).map(Some).ok_or(Error::Mismatch)
        }
        found => found,
    }
}

/// Diagnoses a webhook. What is named of its body was done to the body that is given: it is not the
/// one that was received.
pub fn diagnose_webhook(secret: &[u8], body: &[u8], signature: &[u8]) -> Diagnosis {
    if secret.is_empty() {
        return Err(Error::ArgumentSecret);
    }
    if signature.trim_ascii().is_empty() && is_form(body) {
        return Ok(Some(Mistake::WebhookUnsigned));
    }
    let presented = Readings::new(signature, Form::Hex);
    let line = webhook::without_line_end(body);
    for body in [line, body] {
        match diagnose_hmac(Digest::Sha1, secret, &[body], &presented) {
            Err(Error::Mismatch) => {}
            found => return found,
        }
    }
    let key = key(secret);
    other_body(line, &|body| presented.is(&key.of(body))).map(Some).ok_or(Error::Mismatch)
}

/// Whether a body is a form and no JSON: `account[id]=1&leads[add][0][id]=2`, encoded or not.
fn is_form(body: &[u8]) -> bool {
    let name = body.split(|byte| matches!(byte, b'=' | b'&')).next().unwrap_or_default();
    let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.%[]".contains(byte);
    name.len() < body.len()
        && name.first().is_some_and(u8::is_ascii_alphanumeric)
        && name.iter().all(is_in_name)
}

/// A method in a case; None if it is too long.
fn method_in(case: fn(&u8) -> u8, method: &[u8]) -> Option<Line<METHOD_MAX>> {
    let mut line = Line::default();
    method.iter().for_each(|byte| line.push(&[case(byte)]));
    (method.len() <= METHOD_MAX).then_some(line)
}

/// Diagnoses what else there is about a request whose signature is right.
fn diagnose_signed(request: Request, body: Option<&[u8]>, now: Time, tolerance: i64) -> Diagnosis {
    if let Some(mistake) = body.and_then(|body| wrong_content_md5(request.content_md5, body)) {
        return Ok(Some(mistake));
    }
    match Time::parse(request.date).and_then(|time| time.within(tolerance, now)) {
        Ok(()) => Ok(None),
        Err(Error::Expired) => Ok(Some(Mistake::DateStale)),
        Err(Error::NotYetValid) => Ok(Some(Mistake::DateFuture)),
        Err(_) => Ok(Some(Mistake::DateSyntax)),
    }
}

/// What is wrong with the value of Content-MD5, if anything is.
fn wrong_content_md5(content_md5: &[u8], body: &[u8]) -> Option<Mistake> {
    match Readings::new(content_md5, Form::Hex).of(&md5(body)) {
        Some(Ok(())) => None,
        Some(Err(Mistake::UpperCase)) => Some(Mistake::Md5UpperCase),
        Some(Err(Mistake::Base64 | Mistake::Base64Url | Mistake::Base64OfHex)) => Some(Mistake::Md5Base64),
        Some(other) => other.err(),
        None => {
            let other = other_body(body, &|body| md5_in_hex(body) == content_md5);
            Some(other.unwrap_or(Mistake::BodyOther))
        }
    }
}

fn md5_in_hex(body: &body::Suspect) -> [u8; 32] {
    let mut hasher = Hasher::<Md5>::default();
    body.write(&mut hasher);
    hex(&hasher.finish())
}

fn key(secret: &[u8]) -> HmacSha1 {
    let mut key = HmacSha1::default();
    // The key of an HMAC may have any length.
    let _ = key.set(secret);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    const SECRET: &[u8] = b"fb50586ff7b68cd831fe0ef356345903f644c0d2";
    const REQUEST: Request = Request {
        method: b"POST",
        url: b"https://amojo.kommo.com/v2/origin/custom/f62a/connect?limit=1",
        content_md5: b"99914b932bd37a50b983c5e7c90ae93b",
        content_type: b"application/json",
        date: b"Wed, 23 Nov 2022 19:25:21 +0000",
    };
    const BODY: &[u8] = "{\"a\": \"/\u{e9}\"}\n".as_bytes();

    /// A signature that nothing makes, in every form that one can have.
    fn random_signature(random: &mut Random) -> String {
        let digest: Vec<u8> = (0..20).map(|_| random.below(256) as u8).collect();
        let hex = hex::encode(&digest);
        match random.below(8) {
            0 => hex.to_uppercase(),
            1 => format!(" {hex}"),
            2 => base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &digest),
            _ => hex,
        }
    }

    #[test]
    fn a_body_is_tried_in_other_styles_up_to_a_length() {
        for (letters, expected) in [
            (body::RESTYLED_MAX - 6, Ok(Some(Mistake::BodySlashes))),
            (body::RESTYLED_MAX - 5, Err(Error::Mismatch)),
        ] {
            let text = "x".repeat(letters);
            let (sent, signed) = (format!(r#"["{text}/x"]"#), format!(r#"["{text}\/x"]"#));
            let signature = hex::encode(key(SECRET).of(signed.as_bytes()));
            assert_eq!(diagnose_webhook(SECRET, sent.as_bytes(), signature.as_bytes()), expected);
        }
    }

    #[test]
    fn of_a_body_that_is_not_known_nothing_is_said() {
        let now = Time::new(1_669_231_521).unwrap();
        let signed = |lines: &str| hex::encode(key(SECRET).of(lines.as_bytes()));
        let md5 = "99914b932bd37a50b983c5e7c90ae93b";
        let path = "/v2/origin/custom/f62a/connect";
        for (lines, expected) in [
            (format!("POST\n{md5}\napplication/json\nWed, 23 Nov 2022 19:25:21 +0000\n{path}"), Ok(None)),
            (
                format!("post\n{md5}\napplication/json\nWed, 23 Nov 2022 19:25:21 +0000\n{path}"),
                Ok(Some(Mistake::MethodCase)),
            ),
            (
                format!("POST\n{md5}\napplication/json\nWed, 23 Nov 2022 19:25:21 GMT\n{path}"),
                Ok(Some(Mistake::DateGmt)),
            ),
            ("{}".into(), Err(Error::Mismatch)),
            ("".into(), Err(Error::Mismatch)),
        ] {
            let diagnosis = diagnose(SECRET, REQUEST, None, signed(&lines).as_bytes(), now, 900);
            assert_eq!(diagnosis, expected, "{lines}");
        }
    }

    #[test]
    fn a_webhook_of_the_crm_is_told_by_its_form() {
        for form in
            ["account%5Bid%5D=1&message%5Badd%5D%5B0%5D%5Bid%5D=2", "leads[add][0][id]=1", "a=", "token&a=b"]
        {
            for none in ["", " ", "\r\n"] {
                let diagnosis = diagnose_webhook(SECRET, form.as_bytes(), none.as_bytes());
                assert_eq!(diagnosis, Ok(Some(Mistake::WebhookUnsigned)), "{form}");
            }
            assert_eq!(diagnose_webhook(SECRET, form.as_bytes(), b"0"), Err(Error::Mismatch));
        }
        for body in
            ["", "{}", "{\"a\":\"b=c\"}", "[\"=\"]", " {\"a=\":1}", "\"=\"", "=", "&", "text", "\u{feff}a=b"]
        {
            assert_eq!(diagnose_webhook(SECRET, body.as_bytes(), b""), Err(Error::Mismatch), "{body}");
        }
    }

    #[test]
    fn nothing_is_blamed_for_a_random_signature() {
        let mut random = Random::new();
        let now = Time::new(1_669_231_521).unwrap();
        for _ in 0..10_000 {
            let signature = random_signature(&mut random);
            for body in [Some(BODY), None] {
                let diagnosis = diagnose(SECRET, REQUEST, body, signature.as_bytes(), now, 900);
                assert_eq!(diagnosis, Err(Error::Mismatch), "{signature}");
            }
            assert_eq!(diagnose_webhook(SECRET, BODY, signature.as_bytes()), Err(Error::Mismatch));
        }
    }
}

//! What is wrong with a request or a webhook of Kommo.
use crate::Mistake;
use crate::attempt::{Attempt, Digest, HMAC, Mac, Scheme};
use crate::engine::{self, Case, Flow, OWN, Tries};
use crate::readings::{Form, Readings};
use crate::report::{Age, Diagnosis, Hint, Report};
use crate::twist::Spelt;
use apisig_core::kommo::{Request, StringToSign, md5};
use apisig_core::text::encoding::hex;
use apisig_core::text::{Line, without_line_end};
use apisig_core::{Error, Sink, Time};
use slots::{Bodies, Slots};

mod explanation;
mod slots;

pub use explanation::explain;

const SCHEME: Scheme = Scheme { digest: Digest::Sha1, place: HMAC, form: Form::Hex };

/// The longest method that is read.
pub const METHOD_MAX: usize = 32;

/// Diagnoses a request, whose header values are those that were sent. Right is what the vendor takes
/// by its own words: lower-case hex, even though [`check`](apisig_core::kommo::check) reads either case.
/// Of a body that is None nothing is known, and Content-MD5 is not compared with it.
pub fn diagnose(
    secret: &[u8],
    request: Request,
    body: Option<&[u8]>,
    signature: &[u8],
    now: Time,
    tolerance: i64,
) -> Report {
    if tolerance < 0 {
        return Error::ArgumentTolerance.into();
    }
    let found = diagnose_request(secret, request, body, signature, now, tolerance);
    let report = with_hint_of_secret(Report::from(found).of_signature(signature, SCHEME), secret);
    let report = with_hints_of_headers(report, request, body, now, tolerance);
    if secret.is_empty() { report.without_secret() } else { report }
}

fn diagnose_request(
    secret: &[u8],
    request: Request,
    body: Option<&[u8]>,
    signature: &[u8],
    now: Time,
    tolerance: i64,
) -> Diagnosis {
    if secret.is_empty() {
        return Err(Error::Mismatch);
    }
    let StringToSign { path, .. } = StringToSign::presented(request)?;
    let method = method_in_upper_case(request.method).ok_or(Error::Malformed)?;
    let Request { content_md5, content_type, date, .. } = request;
    let parts = [method.as_bytes(), content_md5, content_type, date, path, body.unwrap_or_default()];
    let right = Attempt::right(SCHEME, secret, parts, "\n");
    let slots = Slots { request, path, bodies: body.map(Bodies::new) };
    let [first, second] = engine::diagnose(&slots, &right, &Readings::new(signature, SCHEME.form))?;
    // What else there is about a request shows once its signature is right.
    let md5 = slots.wrong_content_md5();
    let told = [first, second].map(|it| if it == Some(Mistake::BodyOther) { md5.or(it) } else { it });
    let is_named = told.iter().flatten().any(|mistake| is_of_body(*mistake));
    let date = wrong_date(date, now, tolerance).filter(|_| first != Some(Mistake::WebhookRequest));
    let others = [md5.filter(|_| !is_named), date];
    let mut all = told.into_iter().chain(others).flatten();
    Ok([all.next(), all.next()])
}

/// Whether a mistake says already what is wrong with Content-MD5, or that there need be none.
fn is_of_body(mistake: Mistake) -> bool {
    use Mistake::*;
    matches!(
        mistake,
        Md5Missing
            | Md5Base64
            | Md5UpperCase
            | BodyPretty
            | BodySlashes
            | BodyUnicode
            | BodyNewline
            | BodyEmptyJson
            | BodyOther
            | BodyBom
            | BodyEmptyList
            | BodySorted
            | BodyTwice
            | Latin1
            | WebhookRequest
    )
}

fn wrong_date(date: &[u8], now: Time, tolerance: i64) -> Option<Mistake> {
    match Time::parse(date).and_then(|time| time.within(tolerance, now)) {
        Ok(()) => None,
        Err(Error::Expired) => Some(Mistake::DateStale),
        Err(Error::NotYetValid) => Some(Mistake::DateFuture),
        Err(_) => Some(Mistake::DateSyntax),
    }
}

/// What the headers show; and if that is nothing, which of them are right.
fn with_hints_of_headers(
    report: Report,
    request: Request,
    body: Option<&[u8]>,
    now: Time,
    tolerance: i64,
) -> Report {
    let (sent, right) = (request.content_md5, body.map(|body| hex::<16, 32>(&md5(body))));
    let is_read = || body.is_some_and(|it| Readings::new(sent, Form::Hex).of(&Mac::new(md5(it))).is_some());
    let (is_wrong, what) = match right {
        None => (sent.is_empty(), "The header Content-MD5 is missing."),
        Some(_) if sent.is_empty() => (true, "The header Content-MD5 is missing. It is "),
        Some(right) if sent == right => (false, ""),
        _ if is_read() => {
            (true, "Content-MD5 is that of the body, but this vendor wants it written otherwise: ")
        }
        _ => (true, "Content-MD5 is not the MD5 of this body, which is "),
    };
    let content_md5 = Hint::with(what, &right, if right.is_some() { " in lower-case hex." } else { "" });
    let report = match report.mistake() {
        Ok(first) => report.detail(is_wrong && first != Some(Mistake::WebhookRequest), content_md5),
        Err(_) => report.hint(is_wrong, content_md5),
    };
    let age = Time::parse(request.date).map(|date| now.unix_seconds() - date.unix_seconds());
    let report = match age {
        _ if request.date.is_empty() => report.hint(true, "The header Date is missing."),
        Err(_) => report.hint(true, "Date cannot be read. Write it as Wed, 23 Nov 2022 19:25:21 +0000."),
        Ok(age) => report.hint(age.saturating_abs() > tolerance, Hint::with("Date is ", &Age(age), REFUSED)),
    };
    let is_all = report.hints().next().is_none();
    report.hint(is_all && body.is_none(), "The form is right: secret, lines or Content-MD5 are wrong.").hint(
        is_all && body.is_some(),
        "Content-MD5 is the body's, and the form is right: secret or lines are wrong.",
    )
}

const REFUSED: &str =
    ", and refused now. Check the clock that made it, or diagnose at the time of the request.";

/// Of what the secret alone shows: every one of a channel that was seen has 40 hex digits.
fn with_hint_of_secret(report: Report, secret: &[u8]) -> Report {
    let is_another = secret.len() == 64 && secret.iter().all(u8::is_ascii_alphanumeric);
    report.hint(
        is_another,
        "The secret is as long as an integration's client_secret. A chat channel has its own, of 40 hex digits.",
    )
}

/// Diagnoses a webhook. What is named of its body was done to the body that is given: it is not the
/// one that was received.
pub fn diagnose_webhook(secret: &[u8], body: &[u8], signature: &[u8]) -> Report {
    let is_form = is_form(body);
    if is_form && signature.trim_ascii().is_empty() && !secret.is_empty() {
        return Mistake::WebhookUnsigned.into();
    }
    let found = diagnose_body(secret, body, &Readings::new(signature, SCHEME.form));
    let report = with_hint_of_secret(Report::from(found).of_signature(signature, SCHEME), secret);
    // Copied from a log, or Python's text of a dict.
    let is_escaped = body.starts_with(b"{\\\"") || body.starts_with(b"{'");
    let is_parsed = is_escaped || PARSED.contains(&body.trim_ascii());
    let report = report.hint(is_parsed,
        "This is not the raw body. Take it before it is parsed: php://input in PHP, express.raw() in Express, request.body in Django.",
    );
    let report = report.hint(is_form,
        "The body is a form, as the webhooks of the CRM are: those of a chat channel are JSON, and only they are signed.",
    );
    if secret.is_empty() { report.without_secret() } else { report }
}

fn diagnose_body(secret: &[u8], body: &[u8], presented: &Readings) -> Diagnosis {
    if secret.is_empty() {
        return Err(Error::Mismatch);
    }
    let line = without_line_end(body);
    let webhook = Webhook(Bodies::new(line));
    let right = |body| Attempt::right(SCHEME, secret, [body], "");
    // With or without its line end a body is right.
    if let Some(found) = presented.of(&right(body).mac().0) {
        return Ok([found.err(), None]);
    }
    match engine::diagnose(&webhook, &right(line), presented) {
        Err(Error::Mismatch) if line.len() < body.len() => {
            engine::diagnose(&webhook, &right(body), presented)
        }
        found => found,
    }
}

/// What becomes of a body that was parsed or read before.
const PARSED: [&[u8]; 6] = [b"", b"{}", b"[]", b"null", b"[object Object]", b"Array"];

/// A body alone is signed.
struct Webhook<'a>(Bodies<'a>);

impl<'a> Case<'a> for Webhook<'a> {
    fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow {
        self.0.others().filter(|_| slot == OWN).try_for_each(|(twist, mistake)| {
            tries.spend(self.0.cost(twist))?;
            tries.replace(0, Spelt::new(self.0.body, twist), mistake)
        })
    }
}

/// Whether a body is a form and no JSON: `account[id]=1&leads[add][0][id]=2`, encoded or not.
fn is_form(body: &[u8]) -> bool {
    let name = body.split(|byte| matches!(byte, b'=' | b'&')).next().unwrap_or_default();
    let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.%[]".contains(byte);
    name.len() < body.len()
        && name.first().is_some_and(u8::is_ascii_alphanumeric)
        && name.iter().all(is_in_name)
}

/// None if it is too long.
fn method_in_upper_case(method: &[u8]) -> Option<Line<METHOD_MAX>> {
    let mut line = Line::default();
    method.iter().for_each(|byte| line.push(&[byte.to_ascii_uppercase()]));
    (method.len() <= METHOD_MAX).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    type Found = Result<Option<Mistake>, Error>;

    /// The first mistake.
    fn diagnose(
        secret: &[u8],
        request: Request,
        body: Option<&[u8]>,
        signature: &[u8],
        now: Time,
        tolerance: i64,
    ) -> Found {
        super::diagnose(secret, request, body, signature, now, tolerance).mistake()
    }

    fn diagnose_webhook(secret: &[u8], body: &[u8], signature: &[u8]) -> Found {
        super::diagnose_webhook(secret, body, signature).mistake()
    }

    fn signed(message: &[u8]) -> String {
        let mut key = apisig_core::crypto::mac::HmacSha1::default();
        apisig_core::Key::set(&mut key, SECRET).unwrap();
        hex::encode(key.of(message))
    }

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
            (slots::RESTYLED_MAX - 6, Ok(Some(Mistake::BodySlashes))),
            (slots::RESTYLED_MAX - 5, Err(Error::Mismatch)),
        ] {
            let text = "x".repeat(letters);
            let (sent, signed) = (format!(r#"["{text}/x"]"#), format!(r#"["{text}\/x"]"#));
            let signature = super::tests::signed(signed.as_bytes());
            assert_eq!(diagnose_webhook(SECRET, sent.as_bytes(), signature.as_bytes()), expected);
        }
    }

    #[test]
    fn of_a_body_that_is_not_known_nothing_is_said() {
        let now = Time::new(1_669_231_521).unwrap();
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
            let diagnosis = diagnose(SECRET, REQUEST, None, signed(lines.as_bytes()).as_bytes(), now, 900);
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

    /// People publish a refused request, and never its secret.
    #[test]
    fn without_a_secret_the_form_of_a_request_is_told() {
        let none = hex::encode([7; 20]);
        let hints = |content_md5: &str, date: &str, now| {
            let request = Request { content_md5: content_md5.as_bytes(), date: date.as_bytes(), ..REQUEST };
            let report =
                super::diagnose(b"", request, Some(b"{}"), none.as_bytes(), Time::new(now).unwrap(), 900);
            assert_eq!(report.diagnosis, Err(Error::ArgumentSecret));
            report.hints().map(|hint| String::from_utf8(crate::written(&hint)).unwrap()).collect::<Vec<_>>()
        };
        const MD5: &str = "99914b932bd37a50b983c5e7c90ae93b";
        const DATE: &str = "Wed, 23 Nov 2022 19:25:21 +0000";
        const NOW: i64 = 1_669_231_521;
        let wrong = |what: &str| format!("Content-MD5 is {what}{MD5} in lower-case hex.");
        for (md5, date, now, expected) in [
            (
                MD5,
                DATE,
                NOW + 900,
                "Content-MD5 is the body's, and the form is right: secret or lines are wrong.",
            ),
            (
                MD5,
                DATE,
                NOW + 7_200,
                "Date is 2 hours old, and refused now. Check the clock that made it, or diagnose at the time of the request.",
            ),
            (
                MD5,
                DATE,
                NOW - 7_200,
                "Date is 2 hours ahead of the clock, and refused now. Check the clock that made it, or diagnose at the time of the request.",
            ),
            (MD5, "", NOW, "The header Date is missing."),
            (MD5, "yesterday", NOW, "Date cannot be read. Write it as Wed, 23 Nov 2022 19:25:21 +0000."),
            ("", DATE, NOW, &format!("The header Content-MD5 is missing. It is {MD5} in lower-case hex.")),
            ("0", DATE, NOW, &wrong("not the MD5 of this body, which is ")),
            (
                "mZFLkyvTelC5g8XnyQrpOw==",
                DATE,
                NOW,
                &wrong("that of the body, but this vendor wants it written otherwise: "),
            ),
        ] {
            assert_eq!(hints(md5, date, now), [expected]);
        }
    }

    #[test]
    fn nothing_is_blamed_for_a_random_signature() {
        let mut random = Random::new();
        let now = Time::new(1_669_231_521).unwrap();
        for _ in 0..20 {
            let signature = random_signature(&mut random);
            for body in [Some(BODY), None] {
                let diagnosis = diagnose(SECRET, REQUEST, body, signature.as_bytes(), now, 900);
                assert_eq!(diagnosis, Err(Error::Mismatch), "{signature}");
            }
            assert_eq!(diagnose_webhook(SECRET, BODY, signature.as_bytes()), Err(Error::Mismatch));
        }
    }
}

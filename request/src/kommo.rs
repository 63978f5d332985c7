//! Kommo (amoCRM): requests of the Chat API, and webhooks of a chat channel.
use crate::kind::{Check, Kind, Likeness, Missing, keys};
use crate::request::Request;
use crate::share::Shareable;
use crate::verdict::{Change, string};
use apisig_core::kommo::{self, StringToSign, webhook};
use apisig_core::text::encoding::hex;
use apisig_core::text::form::fields;
use apisig_core::text::without_line_end;
use apisig_core::{Error, Time};
use apisig_diagnosis::kommo::{diagnose, diagnose_webhook, explain};
use apisig_diagnosis::{Report, Visible};

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "kommo",
        title: "a request of Kommo's Chat API",
        is_it: is_request,
        shareable: Shareable::Headers(&HEADERS),
        check: |request| Ok(Box::new(Sent::new(request)?)),
    },
    Kind {
        name: "kommo-webhook",
        title: "a webhook of a Kommo chat channel",
        is_it: is_webhook,
        shareable: Shareable::Headers(&["X-Signature"]),
        check: |request| Ok(Box::new(Webhook::new(request)?)),
    },
];

const HEADERS: [&str; 4] = ["X-Signature", "Content-MD5", "Content-Type", "Date"];

fn goes_to_chat_api(request: &Request) -> bool {
    request.path().starts_with(b"/v2/origin/") || request.host().starts_with(b"amojo.")
}

fn is_request(request: &Request) -> Option<Likeness> {
    match (request.has_header("X-Signature"), request.has_header("Content-MD5")) {
        (true, true) => Some(Likeness::Own("it has X-Signature and Content-MD5")),
        (true, false) if goes_to_chat_api(request) => {
            Some(Likeness::Own("it has X-Signature, and goes to the Chat API"))
        }
        _ if goes_to_chat_api(request) => Some(Likeness::Place("it goes to the Chat API")),
        _ => None,
    }
}

fn is_webhook(request: &Request) -> Option<Likeness> {
    let is_alone = request.has_header("X-Signature") && !request.has_header("Content-MD5");
    let is_of_crm =
        || request.form().is_some_and(|form| fields(&form).any(|it| it.name.is("account[subdomain]")));
    match is_alone {
        true => Some(Likeness::Own("it has X-Signature, and no Content-MD5")),
        false => {
            is_of_crm().then_some(Likeness::Place("its form has account[subdomain], as those of the CRM"))
        }
    }
}

/// A request, as it was sent.
struct Sent {
    method: String,
    url: Vec<u8>,
    /// In the order of [`HEADERS`], empty where they were not sent.
    headers: [Vec<u8>; 4],
    body: Option<Vec<u8>>,
    /// The body's.
    md5: Option<[u8; 32]>,
}

impl Sent {
    fn new(request: &Request) -> Result<Self, Missing> {
        let mut missing = if request.headers.is_some() { Vec::new() } else { HEADERS.to_vec() };
        let Some(url) = request.url.as_ref().filter(|_| missing.is_empty()) else {
            missing.extend(request.url.is_none().then_some("URL"));
            return Err(Missing::Parts(missing));
        };
        let mut headers = [const { Vec::new() }; 4];
        for (value, name) in headers.iter_mut().zip(HEADERS) {
            *value = request.header(name)?.unwrap_or_default().to_vec();
        }
        let body = request.body.clone();
        let md5 = body.as_ref().map(|body| hex(&kommo::md5(body)));
        Ok(Sent { method: request.method(), url: url.clone(), headers, body, md5 })
    }

    fn as_sent(&self) -> kommo::Request<'_> {
        let [_, content_md5, content_type, date] = &self.headers;
        kommo::Request { method: self.method.as_bytes(), url: &self.url, content_md5, content_type, date }
    }

    /// The same with the MD5 of its body, and with the only content type that the vendor takes: curl sends JSON as a form.
    fn right(&self) -> kommo::Request<'_> {
        let sent = self.as_sent();
        let content_md5 = self.md5.as_ref().map_or(sent.content_md5, |md5| &md5[..]);
        let start = sent.content_type.get(..kommo::CONTENT_TYPE.len());
        let is_json = start.is_some_and(|start| start.eq_ignore_ascii_case(kommo::CONTENT_TYPE));
        let content_type = if is_json { sent.content_type } else { kommo::CONTENT_TYPE };
        kommo::Request { content_md5, content_type, ..sent }
    }

    fn signature(&self) -> &[u8] {
        let [signature, ..] = &self.headers;
        signature
    }
}

impl Check for Sent {
    fn verify(&self, secret: &[u8], now: Time) -> Result<(), Error> {
        let body = self.body.as_deref();
        kommo::check(&keys(secret)?, self.as_sent(), body, self.signature(), now, kommo::TOLERANCE)
            .map(|_| ())
    }

    fn diagnose(&self, secret: &[u8], now: Time) -> Report {
        diagnose(secret, self.as_sent(), self.body.as_deref(), self.signature(), now, kommo::TOLERANCE)
    }

    fn explain(&self, secret: &[u8], _now: Time) -> Result<String, Error> {
        Ok(string(explain(secret, self.right(), self.body.as_deref())?))
    }

    fn changes(&self, secret: &[u8]) -> Vec<Change> {
        let right = self.right();
        let signed = StringToSign::new(right).and_then(|text| kommo::sign_digest(&keys(secret)?, &text));
        let Some(signature) = signed.ok().filter(|_| Time::parse(right.date).is_ok()) else {
            return Vec::new();
        };
        let [sent_signature, sent_md5, sent_type, _] = &self.headers;
        let content_md5 = Change::of("Content-MD5", right.content_md5, sent_md5);
        let content_type = Change::of("Content-Type", right.content_type, sent_type);
        let signature = Change::of("X-Signature", &signature, sent_signature);
        [content_md5, content_type, signature].into_iter().flatten().collect()
    }

    fn own_time(&self, _clock: Time) -> Option<Time> {
        Time::parse(self.as_sent().date).ok()
    }

    fn notes(&self, secret: &[u8]) -> Vec<String> {
        let is_of_body = self.md5.as_ref().map(|md5| &md5[..]) == Some(self.as_sent().content_md5);
        let note = match &self.body {
            None => Some("without the body Content-MD5 was not checked"),
            Some(_) if secret.is_empty() && is_of_body => Some("Content-MD5 is that of the body"),
            Some(_) => None,
        };
        note.map(str::to_owned).into_iter().collect()
    }
}

/// A webhook: its body alone is signed.
pub struct Webhook {
    body: Vec<u8>,
    signature: Vec<u8>,
}

impl Webhook {
    /// Takes body and signature.
    pub fn new(request: &Request) -> Result<Self, Missing> {
        let body = request.body.clone().ok_or("body");
        let signature = request.headers.as_ref().map(|_| request.header("X-Signature")).transpose()?;
        let signature = signature.map(|value| value.unwrap_or_default().to_vec()).ok_or("X-Signature");
        match (body, signature) {
            (Ok(body), Ok(signature)) => Ok(Webhook { body, signature }),
            (body, signature) => Err(Missing::Parts(body.err().into_iter().chain(signature.err()).collect())),
        }
    }
}

impl Check for Webhook {
    fn verify(&self, secret: &[u8], _now: Time) -> Result<(), Error> {
        webhook::check(&keys(secret)?, &self.body, &self.signature).map(|_| ())
    }

    fn diagnose(&self, secret: &[u8], _now: Time) -> Report {
        diagnose_webhook(secret, &self.body, &self.signature)
    }

    fn explain(&self, secret: &[u8], _now: Time) -> Result<String, Error> {
        let line = without_line_end(&self.body);
        let signature = webhook::sign(&keys(secret)?, line)?;
        let (line, signature) = (string(Visible(line)), String::from_utf8_lossy(&signature).into_owned());
        Ok(format!(
            "algorithm: HMAC-SHA1, in lower-case hex\nstring to sign: {line}\nsignature: {signature}\n\
             warning: the signature covers the body alone, without its line end\n"
        ))
    }

    fn changes(&self, secret: &[u8]) -> Vec<Change> {
        let line = without_line_end(&self.body);
        let right = keys(secret).and_then(|keys| webhook::sign(&keys, line));
        right.map_or_else(|_| Vec::new(), |right| Change::of("X-Signature", &right, &self.signature))
    }
}

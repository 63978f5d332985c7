//! What is kept of a request: enough to see why it was refused, and no credentials.
use super::{Reply, Stand, say};
use crate::moment::clock;
use crate::vendor::string;
use apisig_core::Error;
use apisig_diagnosis::Visible;
use apisig_request::{Request, Verdict, found, kinds, object};
use serde_json::{Value, json};

/// The most bytes that are kept of a body, and of all headers.
const KEPT_MAX: usize = 64 * 1024;

/// A request and its answer.
pub struct Exchange {
    /// Unix seconds.
    pub at: i64,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub status: u16,
    /// What the page shows of it.
    pub shown: Value,
}

impl Exchange {
    /// Of a vendor's request.
    pub fn of(
        vendor: &str,
        stand: &Stand,
        request: &Request,
        reply: &Reply,
        result: Result<(), Error>,
        verdict: Option<&Verdict>,
    ) -> Self {
        let reason = result.err().map(|error| format!("{}\n", error.text().to_string_lossy()));
        let text = verdict.map(found).or(reason.clone()).unwrap_or_else(|| "Nothing is wrong.\n".into());
        let found =
            verdict.map(object).unwrap_or_else(|| json!({"holds": result.is_ok(), "text": text.trim_end()}));
        let shows_any = stand.kind().is_some_and(|kind| kind.credentials.is_empty());
        let exchange = Exchange::new(Hidden { others: stand.others, shows_any }, request, reply, found);
        exchange.tell(vendor, &text);
        exchange
    }

    /// Of a request that is no vendor's.
    pub fn unknown(request: &Request, reply: Reply, why: &str) -> (Reply, Self) {
        // Whose it is decides what is a credential: nothing of it is kept but its path.
        let path = Request {
            url: Some(request.path().to_vec()),
            method: request.method.clone(),
            ..Request::default()
        };
        let exchange = Exchange::new(
            Hidden { others: &[], shows_any: false },
            &path,
            &reply,
            json!({"holds": Value::Null, "text": why}),
        );
        exchange.tell("?", &format!("{why}\n"));
        (reply, exchange)
    }

    fn new(hidden: Hidden, request: &Request, reply: &Reply, found: Value) -> Self {
        let mut exchange = Exchange {
            at: request.time.or(clock().ok()).map_or(0, apisig_core::Time::unix_seconds),
            method: request.method(),
            url: hidden.url(&visible(request.url.as_deref().unwrap_or_default())),
            headers: request.headers.iter().flatten().map(|header| hidden.header(header)).collect(),
            body: hidden.body(request),
            status: reply.status,
            shown: Value::Null,
        };
        exchange.shown = json!({
            "at": exchange.at,
            "method": exchange.method,
            "url": exchange.url,
            "headers": exchange.headers,
            "body": exchange.body,
            "status": exchange.status,
            "found": found,
        });
        exchange
    }

    /// A line for the request, and one for each thing that is wrong.
    fn tell(&self, vendor: &str, text: &str) {
        let wrong: String = text.lines().map(|line| format!("    {line}\n")).collect();
        say(&format!("{vendor} {} {} {}\n{wrong}", self.status, self.method, self.url));
    }
}

/// Text as it was sent, as far as it is kept, with all that is not printable escaped.
fn visible(bytes: &[u8]) -> String {
    let mut text = string(Visible(bytes.get(..KEPT_MAX).unwrap_or(bytes)));
    let end = (0..=KEPT_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.truncate(end);
    text
}

/// The names whose values are left out.
struct Hidden {
    others: &'static [&'static str],
    /// Whether a body that is no form can be shown: the vendor has no credentials in it.
    shows_any: bool,
}

const INSTEAD: &str = "[hidden]";

impl Hidden {
    fn has(&self, name: &str) -> bool {
        self.others.iter().any(|hidden| hidden.eq_ignore_ascii_case(name))
            || kinds().any(|kind| kind.has(name))
    }

    fn header(&self, (name, value): &(Vec<u8>, Vec<u8>)) -> (String, String) {
        let name = visible(name);
        let value = if self.has(&name) { INSTEAD.into() } else { visible(value) };
        (name, value)
    }

    fn url(&self, url: &str) -> String {
        match url.split_once('?') {
            Some((path, query)) => format!("{path}?{}", self.form(query)),
            None => url.into(),
        }
    }

    /// The fields as they stand, but for the values of those names. A name is compared decoded.
    fn form(&self, form: &str) -> String {
        let shown = |field: &str| {
            let is_hidden = form_urlencoded::parse(field.as_bytes()).any(|(name, _)| self.has(&name));
            match field.split_once('=') {
                Some((name, _)) if is_hidden => format!("{name}={INSTEAD}"),
                _ => field.into(),
            }
        };
        form.split('&').map(shown).collect::<Vec<String>>().join("&")
    }

    /// A form by its fields. Anything else is shown only if the vendor has no credentials in a body.
    fn body(&self, request: &Request) -> String {
        let body = visible(request.body.as_deref().unwrap_or_default());
        match request.form() {
            _ if self.shows_any => body,
            Some(_) if !body.starts_with("--") => self.form(&body),
            _ if body.is_empty() => body,
            _ => INSTEAD.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: Hidden = Hidden { others: &["other"], shows_any: false };

    #[test]
    fn a_credential_is_hidden_however_its_name_is_written() {
        let hidden = HIDDEN;
        assert_eq!(hidden.url("/a?u=1&p=secret&x"), "/a?u=1&p=[hidden]&x");
        assert_eq!(
            hidden.form("%70=secret&apikey=1&APIKEY=2&pp=3"),
            "%70=[hidden]&apikey=[hidden]&APIKEY=[hidden]&pp=3"
        );
        let header = |name: &str| hidden.header(&(name.into(), b"secret".to_vec())).1;
        assert_eq!(
            [header("AUTHORIZATION"), header("x-api-key"), header("Date")],
            [INSTEAD, INSTEAD, "secret"]
        );
    }

    #[test]
    fn a_body_that_is_no_form_is_hidden_where_it_may_have_a_credential() {
        let of = |body: &str| Request { body: Some(body.into()), ..Request::default() };
        assert_eq!(HIDDEN.body(&of(r#"{"p":"secret"}"#)), INSTEAD);
        assert_eq!(HIDDEN.body(&of("--x\r\nsecret")), INSTEAD);
        assert_eq!(HIDDEN.body(&of("")), "");
        assert_eq!(Hidden { others: &[], shows_any: true }.body(&of(r#"{"p":1}"#)), r#"{"p":1}"#);
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(visible(&b"\0".repeat(KEPT_MAX * 2)).len(), KEPT_MAX);
        assert!(visible("\u{e9}".repeat(KEPT_MAX).as_bytes()).len() <= KEPT_MAX);
    }
}

//! What is kept of a request: enough to see why it was refused. Headers, URL and body without credentials; the findings have the
//! string to sign.
use super::{Refused, Reply, Stand, say};
use crate::vendor::string;
use apisig_diagnosis::Visible;
use apisig_request::{Request, Verdict, found, is_credential, is_plain_form, object};
use serde_json::{Value, json};

/// The most bytes that are kept: of a body, of any other text, and how many texts of a kind.
const BODY_MAX: usize = 32 * 1024;
const TEXT_MAX: usize = 2 * 1024;
const TEXTS_MAX: usize = 64;

/// A request and its answer.
pub struct Exchange {
    /// Unix seconds.
    pub at: i64,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// The body as it was sent, if it can be shown and is short enough.
    pub body: Option<Vec<u8>>,
    pub status: u16,
    /// The answer's type, and its size in bytes.
    pub answer_kind: &'static str,
    pub answer_size: usize,
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
        refused: Option<Refused>,
        verdict: Option<&Verdict>,
    ) -> Self {
        let (text, found) = match (refused, verdict) {
            (Some(Refused::Other(why)), _) => (format!("{why}\n"), json!({"valid": false, "text": why})),
            (_, Some(verdict)) => (found(verdict), object(verdict)),
            _ => ("Nothing is wrong.\n".into(), json!({"valid": true, "text": "Nothing is wrong."})),
        };
        let exchange = Exchange::new(stand.is_open, request, reply, found);
        exchange.tell(vendor, &text);
        exchange
    }

    /// Of a request that is no vendor's: nothing of it is kept but the first step of its path.
    pub fn unknown(request: &Request, reply: Reply, why: &str) -> (Reply, Self) {
        let first = request.path().split(|byte| *byte == b'/').nth(1).unwrap_or_default();
        let url = Some([b"/", first].concat());
        let known = Request { url, method: request.method.clone(), time: request.time, ..Request::default() };
        let exchange = Exchange::new(false, &known, &reply, json!({"valid": Value::Null, "text": why}));
        exchange.tell("?", &format!("{why}\n"));
        (reply, exchange)
    }

    fn new(is_open: bool, request: &Request, reply: &Reply, mut found: Value) -> Self {
        cut(&mut found);
        let body = body(request, is_open);
        let mut exchange = Exchange {
            at: request.time.map_or(0, apisig_core::Time::unix_seconds),
            method: request.method(),
            url: url(&visible(request.url.as_deref().unwrap_or_default(), TEXT_MAX)),
            headers: request.headers.iter().flatten().take(TEXTS_MAX).map(header).collect(),
            status: reply.status,
            answer_kind: reply.kind,
            answer_size: reply.body.len(),
            shown: Value::Null,
            body,
        };
        exchange.shown = json!({
            "at": exchange.at,
            "method": exchange.method,
            "url": exchange.url,
            "headers": exchange.headers,
            "body": exchange.body.as_ref().map(|body| visible(body, BODY_MAX)),
            "status": exchange.status,
            "found": found,
        });
        exchange
    }

    /// A header's value, by its name in lower case, as it is shown.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A line for the request, and one for each thing that was found.
    fn tell(&self, vendor: &str, text: &str) {
        let lines = text.lines().take(TEXTS_MAX).map(|line| format!("    {}\n", shortened(line, TEXT_MAX)));
        say(format!("{vendor} {} {} {}\n{}", self.status, self.method, self.url, lines.collect::<String>()));
    }
}

/// Text as it was sent, up to so many bytes, with all that is not printable escaped.
fn visible(bytes: &[u8], max: usize) -> String {
    let mut text = string(Visible(bytes.get(..max).unwrap_or(bytes)));
    text.truncate(shortened(&text, max).len());
    text
}

fn shortened(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// Shortens every text, and every list of them.
fn cut(found: &mut Value) {
    match found {
        Value::String(text) => text.truncate(shortened(text, TEXT_MAX).len()),
        Value::Array(list) => {
            list.truncate(TEXTS_MAX);
            list.iter_mut().for_each(cut);
        }
        Value::Object(members) => members.values_mut().for_each(cut),
        _ => {}
    }
}

const INSTEAD: &str = "[hidden]";

/// The headers that are shown: what is signed, and what every client sends.
const HEADERS: [&str; 10] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
    "content-type",
    "content-length",
    "content-md5",
    "date",
    "x-signature",
];

fn header((name, value): &(Vec<u8>, Vec<u8>)) -> (String, String) {
    let name = visible(name, TEXT_MAX);
    let is_shown = HEADERS.iter().any(|shown| shown.eq_ignore_ascii_case(&name));
    let value = if is_shown { visible(value, TEXT_MAX) } else { INSTEAD.into() };
    (name, value)
}

fn url(url: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) if !is_plain_form(query.as_bytes()) => format!("{path}?{INSTEAD}"),
        Some((path, query)) => format!("{path}?{}", form(query)),
        None => url.into(),
    }
}

/// The fields as they stand, but for the values of what may be a credential.
fn form(form: &str) -> String {
    let shown = |field: &str| {
        let is_hidden = form_urlencoded::parse(field.as_bytes()).any(|(name, _)| is_credential(&name));
        match field.split_once('=') {
            Some((name, _)) if is_hidden => format!("{name}={INSTEAD}"),
            _ => field.into(),
        }
    };
    form.split('&').map(shown).collect::<Vec<String>>().join("&")
}

/// A form with its fields; anything else only where no body of the vendor has a credential.
fn body(request: &Request, is_open: bool) -> Option<Vec<u8>> {
    let body = request.body.as_deref().filter(|body| body.len() <= BODY_MAX)?;
    let kind = request.header("Content-Type").ok().flatten().unwrap_or_default();
    match std::str::from_utf8(body) {
        _ if is_open || body.is_empty() => Some(body.into()),
        Ok(text) if kind.starts_with(b"application/x-www-form-urlencoded") && is_plain_form(body) => {
            Some(form(text).into_bytes())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_hidden_however_its_name_is_written() {
        assert_eq!(url("/a?u=1&p=secret&x"), "/a?u=1&p=[hidden]&x");
        let fields = "%70=1&[p]=2& p=3&api_key=4&APIKEY=5&access-token=6&password2=7&pp=8";
        let shown = "%70=[hidden]&[p]=[hidden]& p=[hidden]&api_key=[hidden]&APIKEY=[hidden]\
                     &access-token=[hidden]&password2=[hidden]&pp=8";
        assert_eq!(form(fields), shown);
        assert_eq!(form("pswd=1&p%00x=2&pw=3"), "pswd=[hidden]&p%00x=[hidden]&pw=[hidden]");
        assert_eq!(url("/a?u=1;p=secret"), "/a?[hidden]");
        let header = |name: &str| header(&(name.into(), b"secret".to_vec())).1;
        let shown = ["Authorization", "x-auth-token", "Referer", "Date"].map(header);
        assert_eq!(shown, [INSTEAD, INSTEAD, INSTEAD, "secret"]);
    }

    #[test]
    fn a_body_that_is_no_form_is_hidden_where_it_may_have_a_credential() {
        let of = |body: &str, kind: &str| Request {
            body: Some(body.into()),
            headers: Some(vec![("content-type".into(), kind.into())]),
            ..Request::default()
        };
        let form = "application/x-www-form-urlencoded";
        for hidden in [
            (r#"{"p":"secret"}"#, form),
            ("<p>secret", form),
            ("p=1", ""),
            ("\u{feff}p=1", form),
            (r#"["p","secret"]"#, form),
            ("u=1;p=secret", form),
            ("u=1\np=secret", form),
        ] {
            assert_eq!(body(&of(hidden.0, hidden.1), false), None, "{hidden:?}");
        }
        assert_eq!(body(&of("p=1&a=2", form), false), Some(b"p=[hidden]&a=2".to_vec()));
        assert_eq!(body(&of("id[]=1\n", form), false), Some(b"id[]=1\n".to_vec()));
        assert_eq!(body(&of("", ""), false), Some(Vec::new()));
        assert_eq!(body(&of(r#"{"p":1}"#, ""), true), Some(br#"{"p":1}"#.to_vec()));
        assert_eq!(body(&of(&"a".repeat(BODY_MAX + 1), form), true), None);
    }

    #[test]
    fn everything_is_cut() {
        assert_eq!(visible(&b"\0".repeat(TEXT_MAX * 2), TEXT_MAX).len(), TEXT_MAX);
        assert!(visible("\u{e9}".repeat(TEXT_MAX).as_bytes(), TEXT_MAX).len() <= TEXT_MAX);
        let long = "\u{e9}".repeat(TEXT_MAX);
        let mut found = json!({"a": [long, long], "b": vec![1; 2 * TEXTS_MAX]});
        cut(&mut found);
        assert!(found.to_string().len() < 4 * TEXT_MAX);
    }
}

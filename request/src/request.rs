//! A request as far as it was pasted. What was not is None: a line of a log has no body, which is not an
//! empty one.
use apisig_core::Time;
use std::borrow::Cow;

/// A header: name and value.
pub type Header = (Vec<u8>, Vec<u8>);

/// A request, or a part of one.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Its method. None if only a query or a token was pasted.
    pub method: Option<String>,
    /// The URL or path as it was sent.
    pub url: Option<Vec<u8>>,
    /// None where the form has no headers, as in a log.
    pub headers: Option<Vec<Header>>,
    /// The body, byte for byte.
    pub body: Option<Vec<u8>>,
    /// A query, a form or a token by itself, of which nothing else is known.
    pub bare: Option<Vec<u8>>,
    /// When it was sent or received, where the form says so.
    pub time: Option<Time>,
    /// What was assumed, and what is missing, in sentences.
    pub notes: Vec<String>,
}

/// A header that is repeated: servers differ in which one they take.
#[derive(Debug)]
pub struct Twice(pub &'static str);

impl Request {
    /// A header's value without the white space around it. None if it was not sent, or the headers are not
    /// known.
    pub fn header(&self, name: &'static str) -> Result<Option<&[u8]>, Twice> {
        let headers = self.headers.iter().flatten();
        let mut named = headers.filter(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
        match (named.next(), named.next()) {
            (found, None) => Ok(found.map(|(_, value)| value.trim_ascii())),
            _ => Err(Twice(name)),
        }
    }

    /// Whether a header was sent, once or more often.
    pub fn has_header(&self, name: &'static str) -> bool {
        !matches!(self.header(name), Ok(None))
    }

    /// The path of the URL.
    pub fn path(&self) -> &[u8] {
        let url = self.url.as_deref().unwrap_or_default();
        let local = match url.first() {
            Some(b'/') => url,
            _ => apisig_core::text::after_host(url).unwrap_or_default(),
        };
        local.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default()
    }

    /// The host of the URL, or of the header.
    pub fn host(&self) -> &[u8] {
        let url = self.url.as_deref().unwrap_or_default();
        let of_url = url.windows(3).position(|bytes| bytes == b"://").and_then(|at| url.get(at + 3..));
        let host = of_url.or(self.header("Host").unwrap_or_default()).unwrap_or_default();
        host.split(|byte| matches!(byte, b'/' | b'?' | b'#' | b':')).next().unwrap_or_default()
    }

    /// The URL's query, without its `?` and what follows a `#`.
    pub fn query(&self) -> Option<&[u8]> {
        let url = self.url.as_deref()?;
        let url = url.split(|byte| *byte == b'#').next().unwrap_or_default();
        url.iter().position(|byte| *byte == b'?').and_then(|at| url.get(at + 1..))
    }

    /// The fields of the body, as a form; those of a multipart body, too. None if no form was pasted, or it
    /// is JSON.
    pub fn form(&self) -> Option<Cow<'_, [u8]>> {
        let Some(body) = self.body.as_deref() else { return self.bare.as_deref().map(Cow::Borrowed) };
        let kind = self.header("Content-Type").ok().flatten().unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with(b"multipart/form-data") {
            return crate::multipart::form(body).map(Cow::Owned);
        }
        let is_json = kind.starts_with(b"application/json")
            || matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
        (!is_json).then_some(Cow::Borrowed(body))
    }

    /// The method in upper case, GET if only a URL was pasted.
    pub fn method(&self) -> String {
        self.method.as_deref().unwrap_or("GET").to_ascii_uppercase()
    }

    /// Whether clients send this method without a body.
    pub(crate) fn is_without_body(&self) -> bool {
        matches!(self.method.as_deref(), Some("GET" | "HEAD" | "DELETE"))
    }

    /// Takes a body that was not pasted.
    pub fn set_body(&mut self, body: Vec<u8>) {
        self.body = Some(body);
        self.notes.retain(|note| !note.starts_with("the body is missing"));
    }

    /// With a note more.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

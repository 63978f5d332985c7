//! HAR, as browsers save it: all entries of a log, or one, or its request.
use crate::request::{Header, Request};
use crate::{Form, Unreadable, moment, multipart};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

pub(crate) const FORM: Form = Form { name: "HAR", is_it, read };

fn is_it(text: &[u8]) -> bool {
    let has = |word: &[u8]| text.windows(word.len()).any(|part| part == word);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) && has(b"\"url\"") && has(b"\"method\"")
}

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| Unreadable::new(format!("The JSON cannot be read at line {}.", error.line())))?;
    let log = value.get("log").unwrap_or(&value);
    let entries = log.get("entries").unwrap_or(log);
    let entries = entries.as_array().map_or(std::slice::from_ref(entries), Vec::as_slice);
    Ok(entries.iter().filter_map(request).collect())
}

fn bytes(value: Option<&Value>) -> Option<Vec<u8>> {
    Some(value?.as_str()?.as_bytes().to_vec())
}

fn request(entry: &Value) -> Option<Request> {
    let sent = entry.get("request").unwrap_or(entry);
    let mut request = Request {
        method: Some(sent.get("method")?.as_str()?.to_owned()),
        url: Some(bytes(sent.get("url"))?),
        headers: sent
            .get("headers")
            .and_then(Value::as_array)
            .map(|headers| headers.iter().filter_map(header).collect()),
        time: entry.get("startedDateTime").and_then(Value::as_str).and_then(moment),
        ..Request::default()
    };
    if request.time.is_some() {
        request.note("checked at the time of the HAR entry");
    }
    take_body(&mut request, sent);
    Some(request)
}

fn header(header: &Value) -> Option<Header> {
    bytes(header.get("name")).zip(bytes(header.get("value")))
}

/// The text of the body, or else its fields, which some browsers give alone.
fn take_body(request: &mut Request, sent: &Value) {
    let of_data = |name| sent.get("postData").and_then(|data| data.get(name));
    let fields = of_data("params").and_then(Value::as_array).filter(|fields| !fields.is_empty());
    let text = of_data("text").and_then(Value::as_str).filter(|text| !text.is_empty() || fields.is_none());
    // HAR 1.2 has no encoding of what was posted, and the _ is for what it does not have.
    let encoding = of_data("encoding").or_else(|| of_data("_encoding"));
    let is_encoded = encoding.is_some_and(|encoding| encoding == "base64");
    request.body = match (text, fields) {
        (Some(text), _) if is_encoded => STANDARD.decode(text).ok(),
        (Some(text), _) => Some(text.into()),
        (None, None) if has_none(request, sent) => Some(Vec::new()),
        _ => None,
    };
    request.bare = fields.filter(|_| text.is_none()).map(|fields| form(fields));
    match (&request.body, &request.bare) {
        (None, Some(_)) => request.note("the body is missing; its fields were read as a form"),
        (None, None) => request.note("the body is missing: the HAR entry has none"),
        _ => (),
    }
}

/// By its size, or else its method. A size of -1 is not known.
fn has_none(request: &Request, sent: &Value) -> bool {
    let size = sent.get("bodySize").and_then(Value::as_u64);
    let length = request.header("Content-Length").ok().flatten();
    let size = size.or(length.and_then(|length| str::from_utf8(length).ok()?.parse().ok()));
    size.map_or(request.is_without_body(), |size| size == 0)
}

fn form(fields: &[Value]) -> Vec<u8> {
    let mut form = Vec::new();
    for field in fields {
        let part = |name| field.get(name).and_then(Value::as_str).unwrap_or_default().as_bytes();
        multipart::push(&mut form, part("name"), part("value"));
    }
    form
}

//! JSON of requests: HAR, as browsers save it, all entries of a log, or one, or its request; a collection of Postman; an
//! error of axios; lines of a log in JSON.
use crate::request::{Header, Request};
use crate::{Form, Unreadable, moment, multipart, recognize};
use apisig_core::Time;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

pub(crate) const FORM: Form = Form { name: "HAR", is_it: is_har, read };
pub(crate) const LOG: Form = Form { name: "JSON of a request", is_it, read };

/// What the parts of a request are called.
const URL: &[&str] = &["url", "uri", "request_uri"];
const METHOD: &[&str] = &["method", "request_method"];
const HEADERS: &[&str] = &["headers", "header", "request_headers"];
const BODY: &[&str] = &["postData", "body", "data", "content", "payload", "request_body"];
const TIME: &[&str] = &["startedDateTime", "time", "timestamp", "@timestamp", "datetime", "ts"];

type Object = Map<String, Value>;

fn is_har(text: &[u8]) -> bool {
    let own = ["\"startedDateTime\"", "\"postData\"", "\"bodySize\"", "\"httpVersion\""];
    is_like(text) && own.iter().any(|name| has(text, name))
}

fn is_it(text: &[u8]) -> bool {
    let is_json = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
    is_like(text)
        || is_json
            && URL.iter().any(|name| has(text, name))
            && read(text).is_ok_and(|requests| requests.iter().any(|request| recognize(request).is_some()))
}

fn is_like(text: &[u8]) -> bool {
    let is_json = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
    is_json && has(text, "\"url\"") && has(text, "\"method\"")
}

fn has(text: &[u8], word: &str) -> bool {
    text.windows(word.len()).any(|part| part == word.as_bytes())
}

/// One JSON, or several, as a line each.
fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let mut found = Vec::new();
    for value in serde_json::Deserializer::from_slice(text).into_iter::<Value>() {
        let value = value
            .map_err(|error| Unreadable::new(format!("The JSON cannot be read at line {}.", error.line())))?;
        find(&value, None, &mut found);
    }
    Ok(found)
}

/// The requests of a value: an object with a URL is one. Beside a request is what is said of it.
fn find(value: &Value, time: Option<Time>, found: &mut Vec<Request>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| find(value, time, found)),
        Value::Object(object) => {
            let time = first(object, TIME).and_then(time_of).or(time);
            match (object.get("request"), request(object, time)) {
                (Some(sent @ Value::Object(_)), _) => find(sent, time, found),
                (_, Some(request)) => found.push(request),
                _ => object.values().for_each(|value| find(value, time, found)),
            }
        }
        _ => (),
    }
}

fn first<'a>(object: &'a Object, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| object.get(*name)).filter(|value| !value.is_null())
}

/// A text, or seconds; what is shorter is how long it took.
fn time_of(value: &Value) -> Option<Time> {
    let seconds = value.as_f64().filter(|seconds| *seconds > 1e9).map(|seconds| seconds as i64);
    seconds.and_then(|seconds| Time::new(seconds).ok()).or_else(|| moment(value.as_str()?))
}

fn request(sent: &Object, time: Option<Time>) -> Option<Request> {
    let url = first(sent, URL)?;
    let url = url.as_str().or_else(|| url.get("raw")?.as_str())?;
    let mut request = Request {
        method: first(sent, METHOD).and_then(Value::as_str).map(str::to_ascii_uppercase),
        url: Some(url.into()),
        headers: first(sent, HEADERS).and_then(headers),
        time,
        ..Request::default()
    };
    if request.time.is_some() {
        request.note("checked at the time of the entry");
    }
    take_body(&mut request, sent);
    Some(request)
}

/// A list of names and values, or an object, whose values may be lists.
fn headers(value: &Value) -> Option<Vec<Header>> {
    let text = |value: &Value| Some(value.as_str()?.as_bytes().to_vec());
    match value {
        Value::Array(headers) => {
            let name = |header: &Value| text(header.get("name").or(header.get("key"))?);
            Some(headers.iter().filter_map(|header| name(header).zip(text(header.get("value")?))).collect())
        }
        Value::Object(headers) => {
            let mut all = Vec::new();
            for (name, value) in headers {
                let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                all.extend(values.iter().filter_map(text).map(|value| (name.as_bytes().to_vec(), value)));
            }
            Some(all)
        }
        _ => None,
    }
}

/// The text of the body, or else its fields, which some browsers give alone.
fn take_body(request: &mut Request, sent: &Object) {
    let data = first(sent, BODY);
    let of_data = |name| data.and_then(|data| data.get(name));
    let listed = of_data("params").or(of_data("urlencoded")).and_then(Value::as_array);
    let listed = listed.filter(|fields| !fields.is_empty());
    let text = data.and_then(Value::as_str).or(of_data("text").or(of_data("raw")).and_then(Value::as_str));
    let text = text.filter(|text| !text.is_empty() || listed.is_none());
    // HAR 1.2 has no encoding of what was posted, and the _ is for what it does not have.
    let encoding = of_data("encoding").or(of_data("_encoding"));
    let is_encoded = encoding.is_some_and(|encoding| encoding == "base64");
    request.body = match text {
        Some(text) if is_encoded => STANDARD.decode(text).ok(),
        Some(text) => Some(text.into()),
        None if listed.is_none()
            && (data.is_none() || data.is_some_and(is_empty))
            && has_none(request, sent) =>
        {
            Some(Vec::new())
        }
        None => None,
    };
    let fields = listed.map(|fields| form(fields)).or(data.and_then(Value::as_object).map(members));
    request.bare = fields.filter(|form| text.is_none() && !form.is_empty());
    match (&request.body, &request.bare) {
        (None, Some(_)) => request.note("the body is missing; its fields were read as a form"),
        (None, None) if request.method.is_some() => request.note("the body is missing: the entry has none"),
        _ => (),
    }
}

fn is_empty(data: &Value) -> bool {
    data.as_object().is_some_and(|data| data.values().all(|value| value.as_str().is_none_or(str::is_empty)))
}

/// By its size, or else its method. A size of -1 is not known.
fn has_none(request: &Request, sent: &Object) -> bool {
    let size = sent.get("bodySize").and_then(Value::as_u64);
    let length = request.header("Content-Length").ok().flatten();
    let size = size.or(length.and_then(|length| str::from_utf8(length).ok()?.parse().ok()));
    size.map_or(request.is_without_body(), |size| size == 0)
}

fn form(fields: &[Value]) -> Vec<u8> {
    let mut form = Vec::new();
    for field in fields {
        let part = |name| field.get(name).and_then(Value::as_str).map(str::as_bytes);
        let name = part("name").or(part("key")).unwrap_or_default();
        multipart::push(&mut form, name, part("value").unwrap_or_default());
    }
    form
}

/// The members of an object that was sent, as a form.
pub fn members(object: &Object) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in object {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        multipart::push(&mut form, name.as_bytes(), value.as_bytes());
    }
    form
}

//! The page that shows requests as they come in, and the events that it reads.
use super::http::Body;
use crate::output::Failure;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::HeaderValue;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use subtle::ConstantTimeEq;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many requests are kept, of how many bytes together, and how many pages may look at them.
const KEPT_MAX: usize = 200;
const KEPT_BYTES: usize = 16 << 20;
const READERS_MAX: usize = 8;

const FILES: [(&str, &str, &str); 3] = [
    ("/", "text/html; charset=utf-8", include_str!("page.html")),
    ("/apisig.js", "text/javascript; charset=utf-8", include_str!("page.js")),
    ("/apisig.css", "text/css; charset=utf-8", include_str!("page.css")),
];

/// What the page is opened with. With what it shows one can sign, and other users of the machine can connect too.
pub struct Key(String);

impl Key {
    /// A new one for each run.
    pub fn new() -> Result<Self, Failure> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| Failure::usage(error.to_string()))?;
        Ok(Key(hex::encode(bytes)))
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    fn is(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// Whether the browser has it, from the page's address.
    fn is_in_cookie(&self, request: &Request<Incoming>) -> bool {
        let cookies = request.headers().get_all("Cookie").iter().filter_map(|cookies| cookies.to_str().ok());
        let mut values =
            cookies.flat_map(|cookies| cookies.split("; ")).filter_map(|it| it.strip_prefix(COOKIE));
        values.any(|value| self.is(value))
    }
}

const COOKIE: &str = "apisig=";

/// The last requests, each as an event, and who reads them.
#[derive(Default)]
pub struct Log {
    number: u64,
    kept: VecDeque<(u64, Bytes)>,
    size: usize,
    readers: VecDeque<Sender<Bytes>>,
}

impl Log {
    pub fn add(&mut self, shown: &Value) {
        self.number += 1;
        let event = Bytes::from(format!("id: {}\ndata: {shown}\n\n", self.number));
        self.size += event.len();
        self.kept.push_back((self.number, event.clone()));
        while self.kept.len() > KEPT_MAX || self.size > KEPT_BYTES {
            self.size -= self.kept.pop_front().map_or(0, |(_, event)| event.len());
        }
        // A page that does not keep up connects again, and gets what is kept.
        self.readers.retain(|reader| reader.try_send(event.clone()).is_ok());
    }

    /// The events after this one, and then those to come. The page that has been open for longest makes way for a ninth.
    fn events(&mut self, last: u64) -> Events {
        self.readers.retain(|reader| !reader.is_closed());
        self.readers.truncate(READERS_MAX);
        if self.readers.len() == READERS_MAX {
            self.readers.pop_front();
        }
        let (sender, receiver) = channel(KEPT_MAX + 50);
        // An id of an earlier run says nothing.
        let last = if last > self.number { 0 } else { last };
        let missed = self.kept.iter().filter(|(number, _)| *number > last);
        missed.for_each(|(_, event)| drop(sender.try_send(event.clone())));
        self.readers.push_back(sender);
        Events(receiver)
    }
}

struct Events(Receiver<Bytes>);

impl hyper::body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}

/// The page, its files and its events; None for any other path.
pub fn page(request: &Request<Incoming>, log: &RefCell<Log>, key: &Key) -> Option<Response<Body>> {
    if request.method() != Method::GET {
        return None;
    }
    let path = request.uri().path();
    match path {
        "/read" => return Some(debugger()),
        "/favicon.ico" => return Some(plain(StatusCode::NOT_FOUND, "There is none.\n")),
        "/" if request
            .uri()
            .query()
            .and_then(|query| query.strip_prefix("key="))
            .is_some_and(|it| key.is(it)) =>
        {
            return Some(entered(key));
        }
        _ => {}
    }
    if path == "/apisig/events" && key.is_in_cookie(request) {
        let last = request.headers().get("Last-Event-ID").and_then(|id| id.to_str().ok()?.parse().ok());
        return Some(of("text/event-stream", log.borrow_mut().events(last.unwrap_or(0)).boxed_unsync()));
    }
    let (_, kind, text) = FILES.iter().find(|(name, ..)| *name == path || path == "/apisig/events")?;
    if !key.is_in_cookie(request) {
        return Some(plain(
            StatusCode::FORBIDDEN,
            "Open the address with the key that apisig serve has printed.\n",
        ));
    }
    Some(of(kind, Full::new(Bytes::from_static(text.as_bytes())).boxed_unsync()))
}

/// Keeps the key in a cookie, out of the address.
fn entered(key: &Key) -> Response<Body> {
    let mut response = plain(StatusCode::SEE_OTHER, "");
    let cookie = format!("{COOKIE}{}; HttpOnly; SameSite=Strict; Path=/", key.text());
    let headers = response.headers_mut();
    headers.insert("Location", HeaderValue::from_static("/"));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.insert("Set-Cookie", cookie);
    }
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = of("text/plain", Full::new(Bytes::from_static(text.as_bytes())).boxed_unsync());
    *response.status_mut() = status;
    response
}

/// The page that reads what is pasted. It has a policy of its own.
fn debugger() -> Response<Body> {
    #[cfg(has_page)]
    const TEXT: &str = include_str!(env!("APISIG_PAGE"));
    #[cfg(not(has_page))]
    const TEXT: &str = "This command was built without the page: see make page.";
    let mut response =
        of("text/html; charset=utf-8", Full::new(Bytes::from_static(TEXT.as_bytes())).boxed_unsync());
    response
        .headers_mut()
        .insert("Content-Security-Policy", HeaderValue::from_static("frame-ancestors 'none'"));
    response
}

fn of(kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    for (name, value) in [
        ("Content-Type", kind),
        ("Cache-Control", "no-store"),
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; \
             base-uri 'none'; frame-ancestors 'none'",
        ),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

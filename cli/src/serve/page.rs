//! The page that shows requests as they come in, and the events that it reads.
use super::http::Body;
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
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many requests are kept, and how many pages may look at them.
const KEPT_MAX: usize = 200;
const READERS_MAX: usize = 8;

const FILES: [(&str, &str, &str); 3] = [
    ("/", "text/html; charset=utf-8", include_str!("page.html")),
    ("/apisig.js", "text/javascript; charset=utf-8", include_str!("page.js")),
    ("/apisig.css", "text/css; charset=utf-8", include_str!("page.css")),
];

/// The last requests, each as an event, and who reads them.
#[derive(Default)]
pub struct Log {
    number: u64,
    kept: VecDeque<(u64, Bytes)>,
    readers: Vec<Sender<Bytes>>,
}

impl Log {
    pub fn add(&mut self, shown: &Value) {
        self.number += 1;
        let event = Bytes::from(format!("id: {}\ndata: {shown}\n\n", self.number));
        self.kept.push_back((self.number, event.clone()));
        if self.kept.len() > KEPT_MAX {
            self.kept.pop_front();
        }
        // A page that does not keep up connects again, and gets what is kept.
        self.readers.retain(|reader| reader.try_send(event.clone()).is_ok());
    }

    /// What came behind an event, and what is to come.
    fn events(&mut self, last: u64) -> Option<Events> {
        self.readers.retain(|reader| !reader.is_closed());
        if self.readers.len() >= READERS_MAX {
            return None;
        }
        let (sender, receiver) = channel(2 * KEPT_MAX);
        let missed = self.kept.iter().filter(|(number, _)| *number > last);
        missed.for_each(|(_, event)| drop(sender.try_send(event.clone())));
        self.readers.push(sender);
        Some(Events(receiver))
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
pub fn page(request: &Request<Incoming>, log: &RefCell<Log>) -> Option<Response<Body>> {
    if request.method() != Method::GET {
        return None;
    }
    let path = request.uri().path();
    if path == "/apisig/events" {
        let last = request.headers().get("Last-Event-ID").and_then(|id| id.to_str().ok()?.parse().ok());
        let Some(events) = log.borrow_mut().events(last.unwrap_or(0)) else {
            let mut full = of("text/plain", Full::new(Bytes::from("Too many pages.\n")).boxed_unsync());
            *full.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return Some(full);
        };
        return Some(of("text/event-stream", events.boxed_unsync()));
    }
    if path == "/read" {
        return Some(debugger());
    }
    let (_, kind, text) = FILES.iter().find(|(name, ..)| *name == path)?;
    Some(of(kind, Full::new(Bytes::from_static(text.as_bytes())).boxed_unsync()))
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
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

//! HTTP on loopback: few connections, each limited in time and size, so that no client can use up the memory.
use super::exchange::Exchange;
use super::page::{Key, Log, page};
use super::{Reply, Stands, say};
use crate::moment::clock;
use crate::output::{Answer, Failure};
use apisig_request::Request;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::cell::RefCell;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;

const CONNECTIONS_MAX: usize = 64;
/// Of a request line with all headers, and of a body.
const HEAD_MAX: usize = 64 * 1024;
const BODY_MAX: usize = 1 << 20;
/// For a head, for a body, and for a connection as a whole. A page that shows requests connects again.
const HEAD_TIME: Duration = Duration::from_secs(10);
const BODY_TIME: Duration = Duration::from_secs(10);
/// For a client that does not read.
const WRITE_TIME: Duration = Duration::from_secs(10);
const CONNECTION_TIME: Duration = Duration::from_secs(300);

/// A body that is sent: a text, or events without end.
pub type Body = http_body_util::combinators::UnsyncBoxBody<Bytes, Infallible>;

struct Server {
    stands: RefCell<Stands>,
    log: RefCell<Log>,
    /// What clients may call this machine.
    hosts: Vec<String>,
    key: Key,
}

/// Takes a port of the loopback interface; 0 stands for a free one.
pub fn bind(port: u16) -> Result<std::net::TcpListener, Failure> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = listener.and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    listener.map_err(|error| Failure::usage(format!("port {port}: {error}")))
}

/// Serves until the process is ended.
pub fn serve(
    listener: std::net::TcpListener,
    tls: Option<TlsAcceptor>,
    hosts: Vec<String>,
    stands: Stands,
) -> Result<Answer, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let server =
        Rc::new(Server { stands: RefCell::new(stands), log: RefCell::default(), hosts, key: Key::new()? });
    let accepting = async {
        let listener = TcpListener::from_std(listener)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let address = listener.local_addr()?;
        let key = server.key.text();
        say(format!(
            "apisig serves at {scheme}://{address}/\nWhat comes in: {scheme}://{address}/?key={key}\n"
        ));
        accept(listener, tls, server).await
    };
    let local = tokio::task::LocalSet::new();
    let error = runtime.map(|runtime| local.block_on(&runtime, accepting));
    match error.and_then(|never| never) {
        Ok(never) => match never {},
        Err(error) => Err(Failure::usage(error.to_string())),
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    server: Rc<Server>,
) -> std::io::Result<Infallible> {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = places.clone().acquire_owned().await.map_err(std::io::Error::other)?;
        // A client that is gone already, or a lack of files for a moment, is no end.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (tls, server) = (tls.clone(), server.clone());
        tokio::task::spawn_local(async move {
            let _place = place;
            let talk = async {
                match tls {
                    None => talk(stream, server).await,
                    Some(tls) => {
                        if let Ok(Ok(stream)) = timeout(HEAD_TIME, tls.accept(stream)).await {
                            talk(stream, server).await;
                        }
                    }
                }
            };
            let _ = timeout(CONNECTION_TIME, talk).await;
        });
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite, server: Rc<Server>) {
    let service = service_fn(|request| {
        let server = server.clone();
        async move { Ok::<_, Infallible>(server.answer(request).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_MAX);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    let _ = http.serve_connection(TokioIo::new(Box::pin(stream)), service).await;
}

impl Server {
    async fn answer(&self, request: hyper::Request<Incoming>) -> Response<Body> {
        let name = host(request.headers());
        let is_loopback = ["127.0.0.1", "localhost"].contains(&name.as_str());
        // Another name may be that of a site which wants to read this page through the user's browser.
        if !is_loopback && !self.hosts.contains(&name) {
            return refused(421, "The Host header names an unknown host. Allow it with --host.\n");
        }
        if is_loopback && let Some(page) = page(&request, &self.log, &self.key) {
            return page;
        }
        let (head, body) = request.into_parts();
        let body = match timeout(BODY_TIME, Limited::new(body, BODY_MAX).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => return refused(413, "The body is longer than 1 MiB, or broken.\n"),
            Err(_) => return refused(408, "The body was not received within 10 seconds.\n"),
        };
        let (reply, exchange) = self.stands.borrow_mut().answer(&received(&head, &body));
        self.keep(&exchange);
        text(reply)
    }

    fn keep(&self, exchange: &Exchange) {
        self.log.borrow_mut().add(&exchange.shown);
    }
}

/// The name in the only Host header, in lower case; empty if there is no such name.
fn host(headers: &hyper::HeaderMap) -> String {
    let mut hosts = headers.get_all("Host").iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else {
        return String::new();
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// A request that no vendor sees.
fn refused(status: u16, why: &'static str) -> Response<Body> {
    say(format!("? {status} {why}"));
    text(Reply::new(status, "text/plain", why))
}

fn received(head: &hyper::http::request::Parts, body: &Bytes) -> Request {
    let url = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().into(), value.as_bytes().into()));
    Request {
        method: Some(head.method.as_str().into()),
        url: Some(url.into()),
        headers: Some(headers.collect()),
        body: Some(body.to_vec()),
        time: clock().ok(),
        ..Request::default()
    }
}

fn text(reply: Reply) -> Response<Body> {
    let body = http_body_util::Full::new(Bytes::from(reply.body)).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert("Content-Type", HeaderValue::from_static(reply.kind));
    response.headers_mut().insert("X-Content-Type-Options", HeaderValue::from_static("nosniff"));
    response
}

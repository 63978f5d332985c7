//! HTTP on loopback: few connections, each limited in time and size, so that no client can use up the memory.
use super::exchange::Exchange;
use super::page::{Log, page};
use super::{Reply, Stands, say};
use crate::moment::clock;
use crate::output::{Answer, Failure};
use apisig_request::Request;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
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
use tokio_rustls::TlsAcceptor;

const CONNECTIONS_MAX: usize = 64;
/// Of a request line with all headers, and of a body.
const HEAD_MAX: usize = 64 * 1024;
const BODY_MAX: usize = 1 << 20;
/// For a head, for a body, and for a connection as a whole. A page that shows requests connects again.
const HEAD_TIME: Duration = Duration::from_secs(10);
const BODY_TIME: Duration = Duration::from_secs(10);
const CONNECTION_TIME: Duration = Duration::from_secs(300);

/// A body that is sent: a text, or events without end.
pub type Body = http_body_util::combinators::UnsyncBoxBody<Bytes, Infallible>;

struct Server {
    stands: RefCell<Stands>,
    log: RefCell<Log>,
    /// What clients may call this machine.
    hosts: Vec<String>,
}

/// Serves until the process is ended.
pub fn serve(
    port: u16,
    tls: Option<TlsAcceptor>,
    hosts: Vec<String>,
    stands: Stands,
) -> Result<Answer, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let failed = |error: std::io::Error| Failure::usage(format!("port {port}: {error}"));
    let server = Rc::new(Server { stands: RefCell::new(stands), log: RefCell::default(), hosts });
    let accepting = async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        say(&format!("apisig serves at {scheme}://{}/\n", listener.local_addr()?));
        accept(listener, tls, server).await
    };
    let local = tokio::task::LocalSet::new();
    let error = runtime.map(|runtime| local.block_on(&runtime, accepting));
    match error.and_then(|never| never) {
        Ok(never) => match never {},
        Err(error) => Err(failed(error)),
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

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin, server: Rc<Server>) {
    let service = service_fn(|request| {
        let server = server.clone();
        async move { Ok::<_, Infallible>(server.answer(request).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_MAX);
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

impl Server {
    async fn answer(&self, request: hyper::Request<Incoming>) -> Response<Body> {
        let host = request.headers().get("Host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_loopback = ["127.0.0.1", "localhost", "[::1]"].contains(&host);
        // Another name may be that of a site which wants to read this page through the user's browser.
        if !is_loopback && !self.hosts.iter().any(|name| name == host) {
            return text(Reply::new(
                421,
                "text/plain",
                "This name in Host is not known: see apisig serve --host.\n",
            ));
        }
        if is_loopback && let Some(page) = page(&request, &self.log) {
            return page;
        }
        let (head, body) = request.into_parts();
        let body = match timeout(BODY_TIME, Limited::new(body, BODY_MAX).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => return text(Reply::new(413, "text/plain", "The body is too long, or broken.\n")),
            Err(_) => return text(Reply::new(408, "text/plain", "The body did not come.\n")),
        };
        let (reply, exchange) = self.stands.borrow_mut().answer(&received(&head, &body));
        self.keep(&exchange);
        text(reply)
    }

    fn keep(&self, exchange: &Exchange) {
        self.log.borrow_mut().add(&exchange.shown);
    }
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
    response.headers_mut().insert("Content-Type", hyper::header::HeaderValue::from_static(reply.kind));
    response
}

//! Writes what came in as HAR 1.2, with every member that it requires, which `apisig read` reads. The file is whole after each request.
use super::exchange::Exchange;
use crate::output::Failure;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::DateTime;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

const TAIL: &[u8] = b"\n]}}\n";
const SIZE_MAX: u64 = 64 << 20;

const VERSION: &str = "HTTP/1.1";
/// What HAR has for a size that is not known.
const UNKNOWN: i32 = -1;

pub struct Record {
    file: File,
    scheme: &'static str,
    /// Where the next entry goes, over the tail.
    end: u64,
    is_empty: bool,
}

impl Record {
    /// Starts a file that does not exist: one that does would be lost. Nobody else can read it.
    pub fn new(path: &Path, is_secure: bool) -> Result<Self, Failure> {
        let creator = json!({"name": "apisig", "version": env!("CARGO_PKG_VERSION")}).to_string();
        let head = format!(r#"{{"log":{{"version":"1.2","creator":{creator},"entries":["#);
        let started = create(path).and_then(|mut file| {
            file.write_all(head.as_bytes())?;
            file.write_all(TAIL)?;
            Ok(file)
        });
        let file = started.map_err(|error| Failure::file(path, &error))?;
        let scheme = if is_secure { "https" } else { "http" };
        Ok(Record { file, scheme, end: head.len() as u64, is_empty: true })
    }

    /// Writes an entry over the tail, then the tail. Returns false, and leaves the file unchanged, if it does not fit.
    pub fn add(&mut self, exchange: &Exchange) -> bool {
        let separator = if self.is_empty { "\n" } else { ",\n" };
        let text = format!("{separator}{}", self.entry(exchange));
        let fits = self.end + text.len() as u64 <= SIZE_MAX;
        if fits && self.write(text.as_bytes()).is_ok() {
            self.end += text.len() as u64;
            self.is_empty = false;
            return true;
        }
        // Truncating needs no space: it works on a full disk.
        let _ = self.file.set_len(self.end).and_then(|()| self.write(b""));
        false
    }

    fn write(&mut self, entry: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(entry)?;
        self.file.write_all(TAIL)
    }

    fn entry(&self, exchange: &Exchange) -> Value {
        let headers = exchange.headers.iter().map(|(name, value)| json!({"name": name, "value": value}));
        let host = exchange.header("host").unwrap_or("127.0.0.1");
        let at = DateTime::from_timestamp(exchange.at, 0).unwrap_or_default().to_rfc3339();
        let mut request = json!({
            "method": exchange.method,
            "url": format!("{}://{host}{}", self.scheme, exchange.url),
            "httpVersion": VERSION,
            "cookies": [],
            "headers": headers.collect::<Vec<_>>(),
            "queryString": query(&exchange.url),
            "headersSize": UNKNOWN,
            "bodySize": exchange.body.as_ref().map_or(json!(UNKNOWN), |body| json!(body.len())),
        });
        match &exchange.body {
            Some(body) if body.is_empty() => {}
            Some(body) => request["postData"] = posted(body, exchange.header("content-type")),
            None => request["comment"] = json!("the body was too long, or is hidden"),
        }
        json!({
            "startedDateTime": at,
            "time": 0,
            "request": request,
            "response": response(exchange),
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
        })
    }
}

fn query(url: &str) -> Vec<Value> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let fields = form_urlencoded::parse(query.as_bytes());
    fields.map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn posted(body: &[u8], kind: Option<&str>) -> Value {
    let kind = kind.unwrap_or_default();
    match std::str::from_utf8(body) {
        Ok(text) => json!({"mimeType": kind, "text": text}),
        Err(_) => json!({"mimeType": kind, "text": BASE64_STANDARD.encode(body), "_encoding": "base64"}),
    }
}

/// Of the answer only status, type and size are kept.
fn response(exchange: &Exchange) -> Value {
    json!({
        "status": exchange.status,
        "statusText": "",
        "httpVersion": VERSION,
        "cookies": [],
        "headers": [],
        "content": {"size": exchange.answer_size, "mimeType": exchange.answer_kind},
        "redirectURL": "",
        "headersSize": UNKNOWN,
        "bodySize": exchange.answer_size,
    })
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

//! Writes what came in as HAR, which `apisig read` reads. The file is whole after each request.
use super::exchange::Exchange;
use crate::output::Failure;
use chrono::DateTime;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

const TAIL: &str = "\n]}}\n";

pub struct Record {
    file: File,
    is_empty: bool,
}

impl Record {
    /// Starts a file that does not exist: one that does would be lost.
    pub fn new(path: &Path) -> Result<Self, Failure> {
        let creator = json!({"name": "apisig", "version": env!("CARGO_PKG_VERSION")}).to_string();
        let head = format!(r#"{{"log":{{"version":"1.2","creator":{creator},"entries":["#);
        let file = File::create_new(path).and_then(|mut file| {
            file.write_all(head.as_bytes())?;
            file.write_all(TAIL.as_bytes())?;
            Ok(file)
        });
        Ok(Record { file: file.map_err(|error| Failure::file(path, &error))?, is_empty: true })
    }

    /// Writes an entry over the end, and the end behind it.
    pub fn add(&mut self, exchange: &Exchange) {
        let separator = if self.is_empty { "\n" } else { ",\n" };
        let text = format!("{separator}{}{TAIL}", entry(exchange));
        let end = SeekFrom::End(-(TAIL.len() as i64));
        // A full disk stops the record, and no request.
        let written = self.file.seek(end).and_then(|_| self.file.write_all(text.as_bytes()));
        self.is_empty &= written.is_err();
    }
}

fn entry(exchange: &Exchange) -> Value {
    let headers = exchange.headers.iter().map(|(name, value)| json!({"name": name, "value": value}));
    let host = exchange.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = host.map_or("127.0.0.1", |(_, value)| value);
    let at = DateTime::from_timestamp(exchange.at, 0).unwrap_or_default().to_rfc3339();
    json!({
        "startedDateTime": at,
        "request": {
            "method": exchange.method,
            "url": format!("http://{host}{}", exchange.url),
            "headers": headers.collect::<Vec<_>>(),
            "postData": {"text": exchange.body},
        },
        "response": {"status": exchange.status},
    })
}

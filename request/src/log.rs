//! Lines of a log, as nginx and Apache write them: a request line in quotation marks, and a time. No headers,
//! no body.
use crate::heads::request_line;
use crate::request::Request;
use crate::{Form, Unreadable, moment};
use apisig_core::Time;

pub(crate) const FORM: Form = Form { name: "log lines", is_it, read };

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

/// Its first line has a request line, but does not begin with one.
fn is_it(text: &[u8]) -> bool {
    lines(text).next().is_some_and(|line| quoted_request(line).is_some())
}

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    Ok(lines(text).filter_map(request).collect())
}

fn request(line: &[u8]) -> Option<Request> {
    let text = quoted_request(line)?;
    let (method, target) = request_line(&text)?;
    let mut request = Request {
        method: Some(method.into()),
        url: Some(target.to_vec()),
        time: time(line),
        ..Request::default()
    };
    request.note(match request.time {
        Some(_) => "checked at the time of the log line",
        None => "the log line has no time that can be read: [23/Nov/2022:19:25:21 +0000] or RFC 3339",
    });
    Some(request)
}

/// The first part in quotation marks that is a request line, its escapes undone.
fn quoted_request(line: &[u8]) -> Option<Vec<u8>> {
    let mut parts = Vec::new();
    let (mut part, mut bytes) = (None::<Vec<u8>>, line.iter().copied());
    while let Some(byte) = bytes.next() {
        match (byte, &mut part) {
            (b'"', None) => part = Some(Vec::new()),
            (b'"', Some(_)) => parts.extend(part.take()),
            (b'\\', Some(part)) => part.extend(escape(&mut bytes)),
            (byte, Some(part)) => part.push(byte),
            _ => (),
        }
    }
    parts.into_iter().find(|part| request_line(part).is_some())
}

/// `\"`, `\\`, `\/`, and nginx's `\x22`.
fn escape(bytes: &mut impl Iterator<Item = u8>) -> Option<u8> {
    let byte = bytes.next()?;
    if byte != b'x' {
        return Some(byte);
    }
    let digits = [bytes.next()?, bytes.next()?];
    apisig_core::text::encoding::from_hex(&digits).map(|[byte]: [u8; 1]| byte)
}

/// The first time in square brackets, or in RFC 3339 by itself.
fn time(line: &[u8]) -> Option<Time> {
    let text = String::from_utf8_lossy(line);
    let in_brackets = text.split('[').skip(1).filter_map(|part| part.split(']').next());
    let words = text.split([' ', '"', ',']).filter(|word| word.contains('T'));
    let is_short = |text: &&str| (20..=40).contains(&text.len());
    in_brackets.chain(words).filter(is_short).find_map(moment)
}

//! Lines of a log: a request line in quotation marks, and a time, as nginx and Apache write them; a method and a URL
//! anywhere, as those of applications have them. No headers; a body, if the format has it.
use crate::heads::{method_and_target, request_line};
use crate::request::Request;
use crate::{Form, Unreadable, bare, dump, moment, url};
use apisig_core::Time;

pub(crate) const FORM: Form = Form { name: "log lines", is_it: is_quoted, read };
pub(crate) const WORDS: Form = Form { name: "log lines", is_it, read };

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

/// What Rails prints in front of the parameters.
const PARAMETERS: &[u8] = b"Parameters: {";

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

/// Its first line has a request line in quotation marks.
fn is_quoted(text: &[u8]) -> bool {
    lines(text).next().is_some_and(|line| quoted(line).iter().any(|part| request_line(part).is_some()))
}

/// One of its first lines has a request, in front of which no line is a request line or a header.
fn is_it(text: &[u8]) -> bool {
    let is_alone = |(_, target): (&str, &[u8])| !target.contains(&b' ');
    let is_other = |line: &&[u8]| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let is_header = !line.starts_with(b"#")
            && !name.contains(&b' ')
            && line.get(name.len()..name.len() + 2) == Some(b": ");
        is_header || request_line(line).is_some() || method_and_target(line).is_some_and(is_alone)
    };
    lines(text).take_while(|line| !is_other(line)).take(FIRST).any(|line| request(line).is_some())
}

/// How many lines may stand in front of the first request.
const FIRST: usize = 20;

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let mut requests: Vec<Request> = Vec::new();
    for line in lines(text) {
        let at = line.windows(PARAMETERS.len()).position(|part| part == PARAMETERS);
        match (at.and_then(|at| line.get(at + PARAMETERS.len() - 1..)), requests.last_mut()) {
            (Some(parameters), Some(request)) if request.query().is_none() => {
                request.bare = Some(dump::form(parameters))
            }
            _ => requests.extend(request(line)),
        }
    }
    Ok(requests)
}

fn request(line: &[u8]) -> Option<Request> {
    let quoted = quoted(line);
    let at = quoted.iter().position(|part| request_line(part).is_some());
    let sent = at.and_then(|at| quoted.get(at)).and_then(|part| request_line(part));
    let (method, target) =
        sent.map(|(method, target)| (method, target.to_vec())).or_else(|| in_words(line))?;
    let mut request =
        Request { method: Some(method.into()), url: Some(target), time: time(line), ..Request::default() };
    request.note(match request.time {
        Some(_) => "checked at the time of the log line",
        None => "the log line has no time that can be read: [23/Nov/2022:19:25:21 +0000] or RFC 3339",
    });
    let is_body = |part: &&Vec<u8>| bare::is_json(part) || bare::is_query(part) && !part.contains(&b' ');
    let body = at.and_then(|at| quoted.get(at + 1..)?.iter().rfind(is_body));
    if let Some(body) = body.filter(|_| !request.is_without_body()) {
        request.note("the body is the one that the log line has");
        request.body = Some(body.clone());
    }
    Some(request)
}

/// `GET /x`, with the query behind it or as the next word, and quotation marks around it or not.
fn in_words(line: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let mut at = 0;
    for word in line.split(|byte| matches!(byte, b' ' | b'`' | b'"' | b'\'' | b'[' | b'(')) {
        at += word.len() + 1;
        let Some(method) = METHODS.iter().find(|method| method.as_bytes() == word) else { continue };
        let rest = line.get(at..).unwrap_or_default();
        let quotes = rest.iter().take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'`')).count();
        let target = rest.get(quotes..).unwrap_or_default();
        if !target.starts_with(b"/") && !target.starts_with(b"http") {
            continue;
        }
        let target = url::url(target);
        let next = rest.get(quotes + target.len()..).unwrap_or_default();
        let next = next
            .strip_prefix(b" ")
            .unwrap_or_default()
            .split(|byte| *byte == b' ')
            .next()
            .unwrap_or_default();
        let is_split = !target.contains(&b'?') && bare::is_query(next);
        let query = if is_split { [&b"?"[..], next].concat() } else { Vec::new() };
        return Some((method, [target, &query].concat()));
    }
    None
}

/// The parts in quotation marks, their escapes undone.
fn quoted(line: &[u8]) -> Vec<Vec<u8>> {
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
    parts
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

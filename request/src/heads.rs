//! Request lines, header lines, and the body that they announce.
use crate::request::Request;
use crate::{REQUESTS_MAX, Unreadable, chunked};
use apisig_core::crypto::hash::{Md5, hash};
use apisig_core::text::encoding::from_hex;

/// `POST /x HTTP/1.1`: method and target, without the version.
pub fn request_line(line: &[u8]) -> Option<(&str, &[u8])> {
    let (rest, version) = split_last(line.trim_ascii())?;
    version.starts_with(b"HTTP/").then(|| method_and_target(rest)).flatten()
}

/// `POST /x`.
pub fn method_and_target(line: &[u8]) -> Option<(&str, &[u8])> {
    let at = line.iter().position(|byte| *byte == b' ')?;
    let (method, target) = (line.get(..at)?, line.get(at..)?.trim_ascii());
    let is_method = (1..=16).contains(&method.len()) && method.iter().all(u8::is_ascii_uppercase);
    let is_target = target.starts_with(b"/") || target.windows(3).any(|part| part == b"://");
    Some((str::from_utf8(method).ok().filter(|_| is_method && is_target)?, target))
}

fn split_last(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().rposition(|byte| *byte == b' ')?;
    Some((line.get(..at)?, line.get(at + 1..)?))
}

/// The line that a text starts with, and what follows it.
pub fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b'\n');
    let (line, rest) = text.split_at_checked(end.map_or(text.len(), |end| end + 1)).unwrap_or_default();
    (line.trim_ascii_end(), rest)
}

/// The lines of a text, without their ends.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end)
}

/// Takes the header lines up to the empty one, and returns what follows it.
pub fn headers<'a>(request: &mut Request, text: &'a [u8]) -> Result<&'a [u8], Unreadable> {
    let (mut block, mut rest, mut count) = (Vec::new(), text, 0);
    while !rest.is_empty() {
        let (header, behind) = line(rest);
        if is_body(header) {
            request.note("an empty line between headers and body was not pasted");
            break;
        }
        rest = behind;
        if header.is_empty() {
            break;
        }
        count += 1;
        block.extend_from_slice(header);
        block.extend_from_slice(b"\r\n");
    }
    if count > REQUESTS_MAX {
        return Err(Unreadable::new("The request has more than 1000 headers."));
    }
    block.extend_from_slice(b"\r\n");
    let mut space = vec![httparse::EMPTY_HEADER; count];
    let read = httparse::parse_headers(&block, &mut space).ok().filter(|read| read.is_complete());
    let httparse::Status::Complete((_, headers)) = read.ok_or_else(broken)? else { return Err(broken()) };
    request.headers =
        Some(headers.iter().map(|header| (header.name.into(), header.value.to_vec())).collect());
    Ok(rest)
}

/// JSON or a form, which no header begins like.
pub fn is_body(line: &[u8]) -> bool {
    let name = line.split(|byte| matches!(byte, b'=' | b':' | b' ')).next().unwrap_or_default();
    matches!(line.first(), Some(b'{' | b'[')) || line.get(name.len()) == Some(&b'=') && !name.is_empty()
}

fn broken() -> Unreadable {
    Unreadable::new("A header cannot be read: each is a line of its own, a name, a colon and a value.")
}

/// What stands before the answer, which logs put behind the request.
fn before_answer(rest: &[u8]) -> &[u8] {
    let at = rest.windows(6).position(|bytes| matches!(bytes, b"\nHTTP/" | b"\n<<<<<"));
    at.and_then(|at| rest.get(..at)).map_or(rest, <[u8]>::trim_ascii_end)
}

/// `Name: value`, and no URL.
pub fn is_header(line: &[u8]) -> bool {
    let colon = line.iter().position(|byte| *byte == b':').unwrap_or_default();
    let (name, value) = line.split_at_checked(colon).unwrap_or_default();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    !name.is_empty() && name.iter().all(is_name) && !value.starts_with(b"://")
}

/// Takes the body from what follows the headers, as long as they say. What is shorter was cut off: it is
/// missing.
pub fn take_body(request: &mut Request, rest: &[u8]) {
    let is_chunked = request.has_header("Transfer-Encoding");
    match request.header("Content-Length") {
        Err(_) => request.note("the body is missing: Content-Length is repeated"),
        Ok(Some(_)) if is_chunked => {
            request.note(
                "the body is missing: of Content-Length and Transfer-Encoding servers go by one or the other",
            );
        }
        Ok(Some(length)) => {
            let length = str::from_utf8(length).ok().and_then(|length| length.parse::<usize>().ok());
            match length.and_then(|length| rest.split_at_checked(length)) {
                Some((body, behind)) if ends_in_front_of(behind) => request.body = Some(body.to_vec()),
                Some(_) => take_reprinted(request, compact(before_answer(rest))),
                None => request.note("the body is missing: less was pasted than Content-Length says"),
            }
        }
        Ok(None) if is_chunked => {
            request.body = chunked::body(rest);
            if request.body.is_none() {
                request.note("the body is missing: its chunks are broken, or the last one was not pasted");
            }
        }
        Ok(None) => {
            let body = before_answer(rest);
            let body = body.strip_suffix(b"\n").unwrap_or(body);
            let body = body.strip_suffix(b"\r").unwrap_or(body);
            let body = &joined(request, body)[..];
            match body {
                [] if request.is_without_body() => (),
                [] => return request.note("the body is missing: nothing follows the headers"),
                _ => request.note("there is no Content-Length; the body was read without a last line end"),
            }
            request.body = Some(body.to_vec());
        }
    }
}

/// Whether a body is over where this begins: nothing, a line end, an answer, or the next request.
fn ends_in_front_of(text: &[u8]) -> bool {
    let (next, _) = line(text);
    next.is_empty() || next.starts_with(b"HTTP/") || request_line(next).is_some()
}

/// A body that a tool printed in another layout. Whether it is the one that was sent, only Content-MD5 can say.
pub fn take_reprinted(request: &mut Request, body: Vec<u8>) {
    let sent = request.header("Content-MD5").ok().flatten().and_then(from_hex::<16>);
    if sent == Some(hash::<Md5>(&body[..])) {
        request.note("the body was pasted in another layout; the one that has the Content-MD5 was checked");
        request.body = Some(body);
    } else {
        request.note(
            "the body is missing: it was pasted in another layout than it was sent, by its Content-Length",
        );
    }
}

/// JSON without white space.
fn compact(json: &[u8]) -> Vec<u8> {
    let (mut is_text, mut is_escaped) = (false, false);
    let is_kept = |byte: &&u8| {
        is_text ^= **byte == b'"' && !is_escaped;
        is_escaped = is_text && **byte == b'\\' && !is_escaped;
        is_text || !byte.is_ascii_whitespace()
    };
    json.iter().filter(is_kept).copied().collect()
}

/// Editors put the fields of a form on lines of their own, and send them as one.
pub fn joined(request: &mut Request, body: &[u8]) -> Vec<u8> {
    let mut more = lines(body).skip(1).filter(|line| !line.is_empty()).peekable();
    if more.peek().is_none() || !more.all(|line| line.starts_with(b"&")) {
        return body.to_vec();
    }
    request.note("the lines of the form were joined, as editors send them");
    lines(body).map(<[u8]>::trim_ascii).collect::<Vec<_>>().concat()
}

//! Request lines, header lines, and the body that they announce.
use crate::request::{Header, Request};
use crate::{REQUESTS_MAX, Unreadable, chunked};

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

/// The header lines up to the empty one, and what follows it.
pub fn headers(text: &[u8]) -> Result<(Vec<Header>, &[u8]), Unreadable> {
    let (mut block, mut rest, mut count) = (Vec::new(), text, 0);
    while !rest.is_empty() {
        let (header, behind) = line(rest);
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
    Ok((headers.iter().map(|header| (header.name.into(), header.value.to_vec())).collect(), rest))
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
        Err(_) => request.note("the body is missing: Content-Length is there twice"),
        Ok(Some(_)) if is_chunked => {
            request.note(
                "the body is missing: of Content-Length and Transfer-Encoding servers go by one or the other",
            );
        }
        Ok(Some(length)) => {
            let length = str::from_utf8(length).ok().and_then(|length| length.parse::<usize>().ok());
            let body = length.and_then(|length| rest.get(..length)).map(<[u8]>::to_vec);
            if body.is_none() {
                request.note("the body is missing: less was pasted than Content-Length says");
            }
            request.body = body;
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
            match body {
                [] if request.is_without_body() => (),
                [] => return request.note("the body is missing: nothing follows the headers"),
                _ => request.note("there is no Content-Length; the body was read without a last line end"),
            }
            request.body = Some(body.to_vec());
        }
    }
}

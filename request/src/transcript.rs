//! What clients log of a request: `curl -v` and PHP's CURLOPT_VERBOSE, `curl --trace-ascii`, Insomnia, `wget -d`, and
//! Python's http.client.
use crate::heads::{line, lines, request_line, take_reprinted};
use crate::raw;
use crate::request::Request;
use crate::{Form, Unreadable, literal};

pub(crate) const FORM: Form = Form { name: "a client's log", is_it, read };

/// A request by its lines.
#[derive(Default)]
struct Sent {
    head: Vec<u8>,
    body: Vec<u8>,
    /// Of some bytes only a dot was printed.
    is_reprinted: bool,
}

/// What the next lines are, as far as the ones before say.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Other,
    /// Behind marks: `> `.
    Marked,
    /// Up to an empty line.
    Head,
    /// Behind offsets: `0000: `.
    TracedHead,
    TracedBody,
}

fn is_it(text: &[u8]) -> bool {
    lines(text).any(|line| begins(line).is_some())
}

/// A line in front of a request, or its beginning, and that.
fn begins(line: &[u8]) -> Option<(Part, Vec<u8>)> {
    match line {
        [b'>', b' ', first @ ..] if request_line(first).is_some() => {
            Some((Part::Marked, [first, b"\n"].concat()))
        }
        b"---request begin---" => Some((Part::Head, Vec::new())),
        _ if contains(line, b"=> Send header, ") => Some((Part::TracedHead, Vec::new())),
        _ => {
            let head = bytes(line).filter(|head| lines(head).next().and_then(request_line).is_some())?;
            Some((Part::Other, head))
        }
    }
}

/// `send: b'…'`
fn bytes(line: &[u8]) -> Option<Vec<u8>> {
    Some(literal::string(line.strip_prefix(b"send: b")?)?.0)
}

fn contains(line: &[u8], part: &[u8]) -> bool {
    line.windows(part.len()).any(|window| window == part)
}

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let (mut all, mut part): (Vec<Sent>, _) = (Vec::new(), Part::Other);
    for line in lines(text) {
        if let Some((next, head)) = begins(line) {
            all.push(Sent { head, is_reprinted: next == Part::TracedHead, ..Sent::default() });
            part = next;
        } else if let Some(sent) = all.last_mut() {
            part = sent.take(line, part);
        }
    }
    all.iter().filter(|sent| !sent.head.is_empty()).map(Sent::request).collect()
}

impl Sent {
    /// Takes a line, and says what the next one is.
    fn take(&mut self, line: &[u8], part: Part) -> Part {
        let data = [&b"[writing BODY data: "[..], b"[writing POST data: ", b"[POST data: "];
        let data = data.into_iter().find_map(|mark| line.strip_prefix(mark));
        match (line, part) {
            ([b'>', b' ', header @ ..], _) => self.head.extend([header, b"\n"].concat()),
            ([b'|', b' ', line @ ..], _) => self.body.extend([line, b"\n"].concat()),
            _ if contains(line, b"=> Send data, ") => return Part::TracedBody,
            _ if contains(line, b"== Info: ") || contains(line, b"<= Recv ") => return Part::Other,
            (line, Part::TracedHead) => take_traced(&mut self.head, line),
            (line, Part::TracedBody) => take_traced(&mut self.body, line),
            (b"" | b">" | b"---request end---", Part::Marked | Part::Head) => return Part::Other,
            // libcurl in PHP puts its mark in front of the first line alone.
            (line, Part::Marked | Part::Head)
                if !matches!(line.first(), Some(b'*' | b'<' | b'-' | b'{' | b'}')) =>
            {
                self.head.extend([line, b"\n"].concat());
            }
            _ => {
                let data = data.map(|data| data.strip_suffix(b"]").unwrap_or(data).to_vec());
                self.body.extend(data.or(bytes(line)).unwrap_or_default());
            }
        }
        part
    }

    fn request(&self) -> Result<Request, Unreadable> {
        let (first, headers) = line(&self.head);
        let body = if self.is_reprinted { b"" } else { &self.body[..] };
        let mut request = raw::request(first, &[headers.trim_ascii_end(), b"\n\n", body].concat())?;
        match body {
            [] if self.is_reprinted && !self.body.is_empty() => {
                request.notes.clear();
                take_reprinted(&mut request, self.body.clone());
            }
            [] => without_body(&mut request),
            _ => (),
        }
        Ok(request)
    }
}

/// `0040: text`: behind a line end, if the offset leaves space for one.
fn take_traced(text: &mut Vec<u8>, line: &[u8]) {
    let at = line.iter().position(|byte| *byte == b':').unwrap_or_default();
    let (offset, rest) = line.split_at_checked(at).unwrap_or_default();
    let offset = str::from_utf8(offset).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
    let Some(offset) = offset else { return };
    if offset > text.len() {
        text.extend(b"\r\n");
    }
    text.extend_from_slice(rest.get(2..).unwrap_or_default());
}

/// Its body was not printed, if the headers say that there is one.
fn without_body(request: &mut Request) {
    let has_none = request.is_without_body();
    let length = request.header("Content-Length").ok().flatten();
    let is_empty =
        length.map_or(has_none && !request.has_header("Transfer-Encoding"), |length| length == b"0");
    request.body = is_empty.then(Vec::new);
    request.notes.clear();
    if !is_empty {
        request.note("the body is missing: the log does not have it");
    }
}

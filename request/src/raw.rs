//! Raw HTTP: a request as it is sent, and the pseudo-headers of HTTP/2.
use crate::heads::{headers, is_body, is_header, line, lines, request_line, take_body};
use crate::request::Request;
use crate::{Form, Unreadable};

pub(crate) const FORM: Form = Form { name: "raw HTTP", is_it, read };

fn is_it(text: &[u8]) -> bool {
    let (first, _) = line(without_mark(text));
    request_line(first).is_some() || first.starts_with(b":") || is_header(first) && has_headers(text)
}

/// Its lines are headers up to an empty one or the body.
fn has_headers(text: &[u8]) -> bool {
    let mut head = lines(text.trim_ascii_start()).take_while(|line| !line.is_empty() && !is_body(line));
    head.all(|line| is_header(line) || line.starts_with(b" "))
}

/// Guzzle's log has a line of `>` in front of a request, and one of `<` behind it.
fn without_mark(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    text.strip_prefix(b">>>>>>>>").unwrap_or(text).trim_ascii_start()
}

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let text = without_mark(text);
    let (first, behind) = line(text);
    let request = match first {
        [b':', name @ ..] if !name.contains(&b':') => of_http_2(&in_pairs(text))?,
        [b':', ..] => of_http_2(text)?,
        line if request_line(line).is_some() => request(line, behind)?,
        _ => request(b"", text)?,
    };
    Ok(vec![request])
}

/// A request line, which may be missing, headers, an empty line, and the body.
pub fn request(first: &[u8], rest: &[u8]) -> Result<Request, Unreadable> {
    let sent = request_line(first);
    let mut request = Request {
        method: sent.map(|(method, _)| method.into()),
        url: sent.map(|(_, target)| target.to_vec()),
        ..Request::default()
    };
    let rest = headers(&mut request, rest)?;
    take_body(&mut request, rest);
    Ok(request)
}

/// Browsers copy name and value as a line each.
fn in_pairs(text: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = lines(text.trim_ascii()).collect();
    let pairs = lines.chunks(2).map(|pair| pair.join(&b": "[..]));
    pairs.collect::<Vec<_>>().join(&b'\n')
}

/// `:method: POST` and its kind, in front of the headers.
fn of_http_2(text: &[u8]) -> Result<Request, Unreadable> {
    let (mut pseudo, mut rest) = (Vec::new(), text);
    while rest.starts_with(b":") {
        let (header, behind) = line(rest);
        let colon = header.iter().skip(1).position(|byte| *byte == b':').unwrap_or_default() + 1;
        let (name, value) = header.split_at_checked(colon).unwrap_or_default();
        pseudo.push((name, value.get(1..).unwrap_or_default().trim_ascii()));
        rest = behind;
    }
    let value =
        |name: &[u8]| pseudo.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_vec());
    let mut request = Request {
        method: value(b":method").map(|method| String::from_utf8_lossy(&method).into_owned()),
        url: value(b":path"),
        ..Request::default()
    };
    let rest = headers(&mut request, rest)?;
    request
        .headers
        .iter_mut()
        .for_each(|all| all.extend(value(b":authority").map(|host| (b"Host".to_vec(), host))));
    take_body(&mut request, rest);
    Ok(request)
}

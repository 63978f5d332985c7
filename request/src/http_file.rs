//! An `.http` file, as editors run it: requests between lines of `###`, with variables of its own.
use crate::heads::{headers, joined, line, lines, method_and_target, request_line};
use crate::request::Request;
use crate::verdict::visible;
use crate::{Form, PASTED_MAX, Unreadable};
use std::collections::HashMap;

pub(crate) const FORM: Form = Form { name: "an .http file", is_it, read };

/// It begins with a comment, a variable or `###`, or its request line has no version.
fn is_it(text: &[u8]) -> bool {
    let (first, _) = line(text.trim_ascii_start());
    let sent = lines(text).find(|line| !line.is_empty() && !is_aside(line));
    let is_alone = |(_, target): (&str, &[u8])| !target.contains(&b' ');
    let is_request = |line: &[u8]| {
        request_line(line).is_some() || method_and_target(&without_marks(line)).is_some_and(is_alone)
    };
    let has_mark = lines(text).any(|line| line.starts_with(b"###"));
    let is_versioned = request_line(first).is_some();
    sent.is_some_and(is_request) && (has_mark || !is_versioned)
}

fn is_variable(line: &[u8]) -> bool {
    line.starts_with(b"@") && line.contains(&b'=')
}

/// A comment or a variable.
fn is_aside(line: &[u8]) -> bool {
    line.starts_with(b"#") || line.starts_with(b"//") || is_variable(line)
}

/// `{{host}}/x` may be a URL.
fn without_marks(line: &[u8]) -> Vec<u8> {
    let at = line.windows(2).position(|pair| pair == b"{{");
    at.and_then(|at| line.get(..at)).map_or_else(|| line.to_vec(), |start| [start, b"/"].concat())
}

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let variables: HashMap<&[u8], &[u8]> =
        lines(text).filter(|line| is_variable(line)).filter_map(variable).collect();
    let text = replaced(text, &variables)?;
    let mut parts = vec![Vec::new()];
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match parts.last_mut() {
            Some(part) if !line.starts_with(b"###") => part.extend_from_slice(line),
            _ => parts.push(Vec::new()),
        }
    }
    let requests = parts.iter().map(|part| request(part)).collect::<Result<Vec<_>, _>>()?;
    Ok(requests.into_iter().flatten().collect())
}

fn variable(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    Some((line.get(1..at)?.trim_ascii(), line.get(at + 1..)?.trim_ascii()))
}

/// With the value of each `{{name}}`. One that the file does not have was not pasted.
fn replaced(text: &[u8], variables: &HashMap<&[u8], &[u8]>) -> Result<Vec<u8>, Unreadable> {
    let (mut written, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.windows(2).position(|pair| pair == b"{{") {
        let (before, behind) = rest.split_at_checked(at).unwrap_or_default();
        let name = behind.get(2..).unwrap_or_default();
        let end = name.iter().position(|byte| matches!(byte, b'}' | b'\n')).unwrap_or(name.len());
        let (name, behind) = name.split_at_checked(end).unwrap_or_default();
        let value = variables.get(name.trim_ascii());
        let (value, behind) = value.zip(behind.strip_prefix(b"}}")).ok_or_else(|| {
            let name = visible(name);
            Unreadable::new(format!(
                "The file has the variable {name} and not its value: put in what was sent."
            ))
        })?;
        written.extend_from_slice(before);
        written.extend_from_slice(value);
        rest = behind;
        if written.len() > PASTED_MAX {
            return Err(Unreadable::new("The file is longer than 1 MiB with the values of its variables."));
        }
    }
    written.extend_from_slice(rest);
    Ok(written)
}

/// The request of a part, if it has one.
fn request(mut text: &[u8]) -> Result<Option<Request>, Unreadable> {
    let first = loop {
        let (first, rest) = line(text);
        text = rest;
        match first {
            line if !line.is_empty() && !is_aside(line) => break first,
            _ if rest.is_empty() => return Ok(None),
            _ => (),
        }
    };
    let (method, target) = request_line(first).or(method_and_target(first)).unwrap_or(("GET", first));
    let mut url = target.to_vec();
    // The query may be on lines of its own.
    while matches!(text.trim_ascii_start().first(), Some(b'?' | b'&')) {
        let (more, rest) = line(text);
        url.extend_from_slice(more.trim_ascii());
        text = rest;
    }
    let text = without_asides(text);
    let mut request = Request { method: Some(method.into()), url: Some(url), ..Request::default() };
    let rest = headers(&mut request, &text)?;
    take_body(&mut request, rest);
    Ok(Some(request))
}

/// Header lines without the comments between them.
fn without_asides(text: &[u8]) -> Vec<u8> {
    let mut is_head = true;
    let kept = text.split_inclusive(|byte| *byte == b'\n').filter(|line| {
        is_head &= !line.trim_ascii().is_empty();
        !is_head || !is_aside(line)
    });
    kept.flatten().copied().collect()
}

/// All up to the next request or to what an editor does with the answer, without the empty lines at its end;
/// `< file` is not pasted.
fn take_body(request: &mut Request, rest: &[u8]) {
    let is_behind = |line: &[u8]| line.starts_with(b"> {%") || line.starts_with(b"<> ");
    let body: Vec<u8> = rest
        .split_inclusive(|byte| *byte == b'\n')
        .take_while(|line| !is_behind(line))
        .flatten()
        .copied()
        .collect();
    let body = body.trim_ascii_end();
    if let Some(file) = body.strip_prefix(b"< ") {
        let file = visible(file.split(|byte| *byte == b'\n').next().unwrap_or_default());
        return request.note(format!("the body is missing: paste what is in the file {file}"));
    }
    request.body = Some(joined(request, body));
}

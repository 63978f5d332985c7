//! The fields of a multipart body, as a form: servers read both alike.
use apisig_core::{EncodedOnce, Text};

/// Puts a field behind a form.
pub fn push(form: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    let separator = if form.is_empty() { "" } else { "&" };
    (separator, EncodedOnce(name), "=", EncodedOnce(value)).write(form);
}

/// The fields that are no files. None if the body is no multipart body.
pub fn form(body: &[u8]) -> Option<Vec<u8>> {
    let end = body.iter().position(|byte| *byte == b'\n')?;
    let boundary = body.get(..end)?.trim_ascii_end();
    if !boundary.starts_with(b"--") {
        return None;
    }
    let mut form = Vec::new();
    let (mut head, mut value, mut is_head) = (Vec::new(), Vec::new(), true);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(boundary) {
            if let Some(name) = name(&head) {
                push(&mut form, name, without_line_end(&value));
            }
            (head, value, is_head) = (Vec::new(), Vec::new(), true);
        } else if is_head {
            is_head = !line.trim_ascii().is_empty();
            head.extend_from_slice(line);
        } else {
            value.extend_from_slice(line);
        }
    }
    Some(form)
}

/// The line end in front of a boundary is not of the value.
fn without_line_end(value: &[u8]) -> &[u8] {
    value.strip_suffix(b"\r\n").or(value.strip_suffix(b"\n")).unwrap_or(value)
}

fn name(head: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"; name=\"";
    let has_file = head.windows(10).any(|part| part == b"; filename");
    let at = head.windows(NAME.len()).position(|part| part == NAME).filter(|_| !has_file)?;
    let name = head.get(at + NAME.len()..)?;
    name.split(|byte| *byte == b'"').next()
}

//! The transfer coding chunked.

/// The body that chunks carry. None if they are broken, or the last one is missing.
pub fn body(mut text: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = text.iter().take(64).position(|byte| *byte == b'\n')?;
        let (size, rest) = (text.get(..end)?, text.get(end + 1..)?);
        let line_end: &[u8] = if size.ends_with(b"\r") { b"\r\n" } else { b"\n" };
        let digits = size.split(|byte| *byte == b';').next()?.trim_ascii();
        let size = usize::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let (chunk, rest) = rest.split_at_checked(size)?;
        body.extend_from_slice(chunk);
        text = rest.strip_prefix(line_end)?;
    }
}

//! A text in quotation marks, as programs write it: JSON, JavaScript, PHP, Python, PowerShell.

/// A literal at the start of a text, and what follows it. None if it is not closed.
pub fn string(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (quote, mut rest) = text.split_first()?;
    let mut written = Vec::new();
    loop {
        let (byte, behind) = rest.split_first()?;
        rest = behind;
        match byte {
            byte if byte == quote => return Some((written, rest)),
            b'\\' => rest = escape(rest, &mut written)?,
            // PowerShell's.
            b'`' if rest.first() == Some(&b'"') => {
                written.push(b'"');
                rest = rest.get(1..)?;
            }
            byte => written.push(*byte),
        }
    }
}

/// What is behind a backslash.
fn escape<'a>(text: &'a [u8], written: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (byte, rest) = text.split_first()?;
    let plain = match byte {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'x' => {
            written.push(number(rest, 2)? as u8);
            return rest.get(2..);
        }
        b'u' => return unicode(rest, written),
        byte => *byte,
    };
    written.push(plain);
    Some(rest)
}

/// Two surrogates are one character.
fn unicode<'a>(text: &'a [u8], written: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (high, rest) = (number(text, 4)?, text.get(4..)?);
    let low = rest.strip_prefix(b"\\u").and_then(|low| number(low, 4)).filter(|low| low & 0xfc00 == 0xdc00);
    let (code, rest) = match low.filter(|_| high & 0xfc00 == 0xd800) {
        Some(low) => (0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff), rest.get(6..)?),
        None => (high, rest),
    };
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    written.extend(character.encode_utf8(&mut [0; 4]).bytes());
    Some(rest)
}

fn number(text: &[u8], digits: usize) -> Option<u32> {
    u32::from_str_radix(str::from_utf8(text.get(..digits)?).ok()?, 16).ok()
}

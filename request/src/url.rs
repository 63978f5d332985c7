//! URLs in running text: code, a sentence, a line of a log, a link.
use crate::request::Request;
use crate::{Form, Unreadable};

pub(crate) const FORM: Form = Form { name: "a URL in a text", is_it, read };

/// A URL without what follows it: white space, a quotation mark, a bracket that it did not open, and what ends a
/// sentence.
pub fn url(text: &[u8]) -> &[u8] {
    let mut open = 0;
    let end = text.iter().position(|byte| match byte {
        b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' => true,
        b'(' | b'[' | b'{' => {
            open += 1;
            false
        }
        b')' | b']' | b'}' => {
            open -= 1;
            open < 0
        }
        byte => byte.is_ascii_whitespace() || byte.is_ascii_control(),
    });
    let url = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let is_kept = |byte: &u8| !matches!(byte, b'.' | b',' | b';' | b':' | b'!');
    url.get(..url.iter().rposition(is_kept).map_or(0, |at| at + 1)).unwrap_or_default()
}

/// Where URLs begin. Behind a `=` one does not, unless words are around it: it is the value of a query.
fn urls(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_sentence = text.trim_ascii().iter().any(u8::is_ascii_whitespace);
    let places = text.windows(3).enumerate().filter(|(_, part)| *part == b"://");
    let mut end = 0;
    places.filter_map(move |(at, _)| {
        let begin = [4, 5]
            .into_iter()
            .filter_map(|len| at.checked_sub(len))
            .find(|begin| matches!(text.get(*begin..at), Some(b"http" | b"https")))?;
        let before = begin.checked_sub(1).and_then(|before| text.get(before));
        let is_inside = match before {
            None => false,
            Some(b'=') => !is_sentence,
            Some(byte) => byte.is_ascii_alphanumeric() || *byte == b'&',
        };
        if begin < end || is_inside {
            return None;
        }
        let found = url(text.get(begin..)?);
        end = begin + found.len();
        Some(found)
    })
}

fn is_it(text: &[u8]) -> bool {
    urls(text).next().is_some()
}

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let mut found: Vec<&[u8]> = Vec::new();
    let more = urls(text).filter(|url| url.contains(&b'?') || url.contains(&b'/'));
    for url in more.take(crate::REQUESTS_MAX) {
        if found.last() != Some(&url) {
            found.push(url);
        }
    }
    Ok(found.into_iter().map(request).collect())
}

/// A page shows `&` as `&amp;`.
pub fn request(url: &[u8]) -> Request {
    let mut request = Request { url: Some(url.to_vec()), ..Request::default() };
    if let Some(plain) = without_entities(url) {
        request.url = Some(plain);
        request.note(
            "&amp; was read as &, as a page shows it; if your code sends &amp;, the server reads other names",
        );
    }
    request
}

fn without_entities(url: &[u8]) -> Option<Vec<u8>> {
    const ENTITY: &[u8] = b"&amp;";
    let (mut plain, mut rest) = (Vec::new(), url);
    while let Some(at) = rest.iter().position(|byte| *byte == b'&') {
        let (before, behind) = rest.split_at_checked(at)?;
        plain.extend([before, b"&"].concat());
        rest = behind.strip_prefix(ENTITY).or(behind.get(1..))?;
    }
    plain.extend_from_slice(rest);
    (plain.len() < url.len()).then_some(plain)
}

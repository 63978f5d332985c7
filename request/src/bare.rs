//! A part of a request by itself: a URL, a path, a query, a form, JSON, a token, or the header of a login.
use crate::request::Request;
use crate::{Form, Unreadable, url};
use serde_json::{Map, Value};

pub(crate) const FORM: Form = Form { name: "a part of a request", is_it, read };
pub(crate) const TOKEN: Form = Form { name: "a token in a text", is_it: |text| token(text).is_some(), read };

fn is_it(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let is_word = !text.contains(&b' ') && (is_url(text) || text.starts_with(b"eyJ"));
    is_line(text) && (is_word || is_query(text) || login(text).is_some()) || is_json(text) || is_wrapped(text)
}

/// A token that was cut into lines.
fn is_wrapped(text: &[u8]) -> bool {
    text.starts_with(b"eyJ")
        && token(text).is_some_and(|token| !text.split(|byte| !is_of_token(byte)).any(|word| word == token))
}

fn is_line(text: &[u8]) -> bool {
    !text.iter().any(u8::is_ascii_control)
}

/// A line that begins with a name and `=`. Of `url=https://… status=403` only a part is a query.
pub fn is_query(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"?").unwrap_or(text);
    let word = text.split(|byte| *byte == b' ').next().unwrap_or_default();
    if word.len() < text.len() && word.windows(3).any(|part| part == b"://") {
        return false;
    }
    let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-[]%.+".contains(byte);
    let len = text.iter().take_while(is_of_name).count();
    let is_named = len > 0 && text.get(len) == Some(&b'=');
    is_named && !matches!(text.get(len + 1), Some(b'=' | b'>' | b'"' | b'\'')) && is_line(text)
}

pub fn is_json(text: &[u8]) -> bool {
    text.starts_with(b"{") && serde_json::from_slice::<Map<String, Value>>(text).is_ok()
}

/// The first token of a text, such as the script of a page, or a token that was cut into lines.
fn token(text: &[u8]) -> Option<Vec<u8>> {
    let joined: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let is_token =
        |word: &[u8]| word.starts_with(b"eyJ") && word.iter().filter(|byte| **byte == b'.').count() == 2;
    if joined.iter().all(is_of_token) && is_token(&joined) {
        return Some(joined);
    }
    let mut words = text.split(|byte| !is_of_token(byte));
    words.find(|word| is_token(word)).map(<[u8]>::to_vec)
}

fn is_of_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(byte)
}

fn is_url(text: &[u8]) -> bool {
    text.starts_with(b"/") || text.starts_with(b"https://") || text.starts_with(b"http://")
}

/// `Basic …`, its header's name in front or not.
fn login(text: &[u8]) -> Option<&[u8]> {
    let colon = text.iter().position(|byte| *byte == b':').map_or(0, |at| at + 1);
    let value = text.get(colon..)?.trim_ascii();
    let is_basic = value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"Basic "));
    is_basic.then_some(value)
}

fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let text = text.trim_ascii();
    if is_json(text) {
        return Ok(vec![Request { body: Some(text.to_vec()), ..Request::default() }]);
    }
    if is_line(text) && is_url(text) {
        return Ok(vec![url::request(url::url(text))]);
    }
    let alone = match (login(text), token(text)) {
        (Some(login), _) => login.to_vec(),
        (None, Some(token)) if !is_query(text) => token,
        _ => text.strip_prefix(b"?").unwrap_or(text).to_vec(),
    };
    Ok(vec![Request { bare: Some(alone), ..Request::default() }])
}

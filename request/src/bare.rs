//! A part of a request by itself: a URL, a path, a query, a form, JSON, a token, or the header of a login.
use crate::request::Request;
use crate::{Form, Unreadable};
use serde_json::{Map, Value};

pub(crate) const FORM: Form = Form { name: "a part of a request", is_it, read };

fn is_it(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let is_url = is_url(text) && !text.contains(&b' ');
    let is_form = text.contains(&b'=') && !text.contains(&b'{');
    let is_word = text.starts_with(b"eyJ") && !text.contains(&b' ');
    let is_line = !text.iter().any(u8::is_ascii_control);
    is_line && (is_url || is_form || is_word || login(text).is_some())
        || is_json(text)
        || token(text).is_some()
}

fn is_json(text: &[u8]) -> bool {
    text.starts_with(b"{") && serde_json::from_slice::<Map<String, Value>>(text).is_ok()
}

/// The first token of a text, such as the script of a page.
fn token(text: &[u8]) -> Option<&[u8]> {
    let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let mut words = text.split(|byte| !is_of_token(byte));
    words.find(|word| word.starts_with(b"eyJ") && word.iter().filter(|byte| **byte == b'.').count() == 2)
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
    let is_line = !text.iter().any(u8::is_ascii_control);
    let alone = match (login(text), token(text)) {
        (Some(login), _) => login,
        (None, Some(token)) if !is_line || !text.contains(&b'=') => token,
        _ => text.strip_prefix(b"?").unwrap_or(text),
    };
    Ok(vec![match is_line && is_url(text) {
        true => Request { url: Some(text.to_vec()), ..Request::default() },
        false => Request { bare: Some(alone.to_vec()), ..Request::default() },
    }])
}

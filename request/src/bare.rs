//! One line by itself: a URL, a path, a query, a form, a token, or the header of a login.
use crate::request::Request;
use crate::{Form, Unreadable};

pub(crate) const FORM: Form = Form { name: "a query or token by itself", is_it, read };

fn is_it(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let is_url = is_url(text) && !text.contains(&b' ');
    let is_form = text.contains(&b'=') && !text.contains(&b'{');
    let is_word = text.starts_with(b"eyJ") && !text.contains(&b' ');
    !text.iter().any(u8::is_ascii_control) && (is_url || is_form || is_word || login(text).is_some())
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
    let alone = login(text).unwrap_or(text.strip_prefix(b"?").unwrap_or(text)).to_vec();
    Ok(vec![match is_url(text) {
        true => Request { url: Some(text.to_vec()), ..Request::default() },
        false => Request { bare: Some(alone), ..Request::default() },
    }])
}

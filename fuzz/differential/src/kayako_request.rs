//! Kayako's parameters against what the vendor's server in PHP makes of them.
use crate::{fields, filled_in, form, php, shown};
use apisig_core::Error;
use apisig_core::kayako::request::check_request;
use apisig_core::kayako::{Keys, sign};
use std::sync::LazyLock;

const SECRETS: [&[u8]; 2] = [b"secret", b"old secret"];

fn keys(secrets: &[&[u8]]) -> Keys {
    let mut keys = Keys::default();
    secrets.iter().for_each(|secret| keys.add(secret).unwrap());
    keys
}

static BOTH: LazyLock<Keys> = LazyLock::new(|| keys(&SECRETS));
static EACH: LazyLock<[Keys; 2]> = LazyLock::new(|| SECRETS.map(|secret| keys(&[secret])));

pub fn check(input: &[u8]) {
    let [api_key, salt, form] = fields(input);
    let form = filled_in(form, &sign(&EACH[0], salt).map_or(vec![], Vec::from));
    // parse_str() stops at a NUL that is not encoded; PHP's server does not.
    if form.contains(&0) {
        return;
    }
    let ours = check_request(&BOTH, api_key, &form);
    assert_eq!(ours, read(api_key, &form), "{}", shown(&form));
}

fn read(api_key: &[u8], form: &[u8]) -> Result<usize, Error> {
    let api_key = trim(api_key);
    if api_key.is_empty() {
        return Err(Error::ArgumentApiKey);
    }
    if !form::is_read_alike(form) || NAMES.iter().any(|name| is_ambiguous(form, name)) {
        return Err(Error::Malformed);
    }
    let read = php::parse_str(form);
    let [presented, salt, signature] = NAMES.map(|name| read.text(name).unwrap_or_default());
    if salt.is_empty() || salt == b"0" {
        return Err(Error::Malformed);
    }
    let signature: Vec<u8> = signature.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
    let found = EACH.iter().position(|keys| sign(keys, salt).unwrap()[..] == *trim(&signature));
    found.filter(|_| trim(presented) == api_key).ok_or(Error::Mismatch)
}

const NAMES: [&[u8]; 3] = [b"apikey", b"salt", b"signature"];

/// Two fields that PHP puts under a name, or one that is not written so. Stricter than PHP by decision: a [ that no ] closes makes
/// another name for PHP, and is refused all the same.
fn is_ambiguous(form: &[u8], name: &[u8]) -> bool {
    let mut for_php = form::named_for_php(form, name);
    let unclosed = php::pairs(form).into_iter().map(|(name, _)| name).filter(|written| {
        let spaces = written.iter().take_while(|byte| **byte == b' ').count();
        let kept = written[spaces..].split(|byte| *byte == 0).next().unwrap_or_default();
        kept.strip_prefix(name).is_some_and(|rest| rest.starts_with(b"[") && !rest[1..].contains(&b']'))
    });
    for_php.extend(unclosed);
    for_php.len() > 1 || for_php.first().is_some_and(|written| written != name)
}

/// As trim() does.
fn trim(text: &[u8]) -> &[u8] {
    let is_kept = |byte: &u8| !b" \t\n\r\0\x0b".contains(byte);
    match (text.iter().position(is_kept), text.iter().rposition(is_kept)) {
        (Some(first), Some(last)) => &text[first..=last],
        _ => b"",
    }
}

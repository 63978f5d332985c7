//! MOR's forms against what PHP reads: the hash of the values that it gives, in the order of the registry.
use crate::{fields, filled_in, form, php, shown};
use apisig_core::Error;
use apisig_core::mor::methods::Method;
use apisig_core::mor::request::{FORM_MAX, sign, verify};
use apisig_core::mor::{self, Keys};
use std::sync::LazyLock;

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let mut keys = Keys::default();
    keys.add(b"secret").unwrap();
    keys
});

pub fn check(input: &[u8]) {
    let [method, form] = fields(input);
    let Ok(found) = Method::find(method) else { return };
    if form.contains(&0) {
        return;
    }
    let ours = sign(&KEYS, method, form);
    let oracle = values(found, form).map(|values| mor::sign(&KEYS, &values).unwrap());
    assert_eq!(ours.ok(), oracle, "{}", shown(form));

    let form = filled_in(form, &oracle.map_or(vec![], Vec::from));
    let oracle = values(found, &form).ok_or(Error::Malformed).and_then(|values| {
        let right = mor::sign(&KEYS, &values).unwrap();
        let read = php::parse_str(&form);
        let hash = read.text(b"hash").unwrap_or_default();
        if hash.eq_ignore_ascii_case(&right) { Ok(0) } else { Err(Error::Mismatch) }
    });
    assert_eq!(verify(&KEYS, method, &form), oracle, "{}", shown(&form));
}

/// The hashed values, joined; None for a form that servers read in different ways.
fn values(method: Method, form: &[u8]) -> Option<Vec<u8>> {
    let pairs = php::pairs(form);
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    let are_plain = pairs.iter().all(|(name, _)| !name.is_empty() && name.iter().all(is_letter));
    let is_twice = |wanted: &[u8]| pairs.iter().filter(|(name, _)| name == wanted).count() > 1;
    let is_sound = form.len() <= FORM_MAX && !form.contains(&b';') && form::is_read_alike(form) && are_plain;
    if !is_sound || method.parameters().chain([&b"hash"[..]]).any(is_twice) {
        return None;
    }
    let read = php::parse_str(form);
    Some(method.parameters().flat_map(|name| read.text(name).unwrap_or_default()).copied().collect())
}

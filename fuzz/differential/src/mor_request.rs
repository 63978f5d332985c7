//! MOR's forms against what PHP reads: the hash of the values that it gives, in the order of the registry.
use crate::{fields, filled_in, form, php, shown};
use apisig_core::mor::methods::Method;
use apisig_core::mor::order::Parameter;
use apisig_core::mor::request::{self, FORM_MAX, sign};
use apisig_core::mor::{self, Keys};
use apisig_core::{Encoded, Error};
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
    let read = values(found, form);
    let oracle = read.map(|values| mor::sign(&KEYS, &values).unwrap());
    let is_rewritten = ours.is_err() && parameters(found, form).any(|(sent, hashed)| sent != hashed);
    assert!(is_rewritten || ours.ok() == oracle, "{}", shown(form));

    let form = filled_in(form, &oracle.map_or(vec![], Vec::from));
    let oracle = values(found, &form).ok_or(Error::Malformed).and_then(|values| {
        let right = mor::sign(&KEYS, &values).unwrap();
        let read = php::parse_str(&form);
        let hash = read.text(b"hash").unwrap_or_default();
        if hash == right { Ok(0) } else { Err(Error::Mismatch) }
    });
    assert_eq!(request::check(&KEYS, method, &form), oracle, "{}", shown(&form));
}

/// The hashed values, joined; None for a form that servers read in different ways.
fn values(method: Method, form: &[u8]) -> Option<Vec<u8>> {
    let pairs = php::pairs(form);
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    let are_plain = pairs.iter().all(|(name, _)| !name.is_empty() && name.iter().all(is_letter));
    let is_twice = |wanted: &[u8]| pairs.iter().filter(|(name, _)| name == wanted).count() > 1;
    let is_sound = form.len() <= FORM_MAX && !form.contains(&b';') && form::is_read_alike(form) && are_plain;
    let all = || (0..).map_while(|at| method.parameter(at)).map(|it| it.0);
    if !is_sound || all().chain([&b"hash"[..]]).any(is_twice) {
        return None;
    }
    Some(parameters(method, form).flat_map(|(_, hashed)| hashed).collect())
}

/// The method's parameters as PHP reads them, each as it was sent and as it is hashed.
fn parameters(method: Method, form: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    let read = php::parse_str(form);
    (0..).map_while(move |at| method.parameter(at)).map(move |Parameter(name, kind)| {
        let sent = read.text(name).unwrap_or_default().to_vec();
        let encoded: Vec<u8> = sent.iter().flat_map(|byte| format!("%{byte:02x}").into_bytes()).collect();
        let value = Encoded::new(&encoded);
        let hashed = kind.read(value).filter(|_| !method.leaves_out(name, value));
        (sent, hashed.map_or(vec![], |hashed| hashed.bytes().collect()))
    })
}

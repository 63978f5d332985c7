//! Kommo's answers against serde_json: the very text of a member.
use crate::{fields, json, shown, written};
use apisig_core::Error;
use apisig_messages::kommo::{ANSWER_MAX, answer};

pub fn check(input: &[u8]) {
    let [name, text] = fields(input);
    let ours = answer(text, name).map(|value| written(&value));
    assert_eq!(ours, read(text, name), "{}", shown(text));
}

fn read(text: &[u8], name: &[u8]) -> Result<Vec<u8>, Error> {
    let name = str::from_utf8(name).map_err(|_| Error::ArgumentName)?;
    let members = json::object(text).filter(|_| text.len() <= ANSWER_MAX).ok_or(Error::Malformed)?;
    let value = json::member(&members, name).and_then(|value| value.as_str());
    value.map(|value| value.as_bytes().to_vec()).ok_or(Error::Malformed)
}

//! ImbaChat's user_ids against the numbers of Rust's standard library.
use crate::shown;
use apisig_core::Error;
use apisig_messages::imbachat::backend::{USER_IDS_MAX, user_ids};

pub fn check(parameter: &[u8]) {
    let ours = user_ids(parameter).map(|ids| ids.collect::<Vec<_>>());
    assert_eq!(ours, read(parameter).ok_or(Error::Malformed), "{}", shown(parameter));
}

fn read(parameter: &[u8]) -> Option<Vec<i64>> {
    let elements = parameter.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|id| !id.is_empty());
    let number = |id: &[u8]| {
        let digits = str::from_utf8(id).ok().filter(|digits| !digits.starts_with(['+', '-']))?;
        digits.parse().ok().filter(|id| *id >= 1)
    };
    let ids = elements.map(number).collect::<Option<Vec<i64>>>()?;
    (ids.len() <= USER_IDS_MAX).then_some(ids)
}

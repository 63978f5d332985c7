//! JSON objects as serde_json reads them, and as much stricter as the header says.
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

const MEMBERS_MAX: usize = 32;
const NESTING_MAX: usize = 32;

/// The members in their order. serde_json's own objects keep one member of a name.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
                to.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// The members of an object; None for what is refused.
pub fn object(text: &[u8]) -> Option<Vec<(String, Value)>> {
    let Members(members) = serde_json::from_slice(text).ok()?;
    let is_repeated = |at: usize| members[..at].iter().any(|(name, _)| *name == members[at].0);
    let nesting = members.iter().map(|(_, value)| 1 + nesting(value)).max().unwrap_or(1);
    let sound =
        members.len() <= MEMBERS_MAX && nesting <= NESTING_MAX && !(0..members.len()).any(is_repeated);
    sound.then_some(members)
}

/// The value of a member.
pub fn member<'a>(members: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn nesting(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(nesting).max().unwrap_or(0),
        Value::Object(values) => 1 + values.values().map(nesting).max().unwrap_or(0),
        _ => 0,
    }
}

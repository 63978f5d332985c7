//! Kolmisoft MOR API: the one order in which a server hashes the parameters that it is sent, and how it
//! reads each. Sources: the vendor's page "MOR API hash construction" (its first 84 names), and requests
//! whose hashes are public.
use super::table::Table;
use crate::text::form::Encoded;

/// A parameter that a server hashes: its name, and how its value is read.
#[derive(Clone, Copy)]
pub struct Parameter(pub &'static [u8], pub Type);

/// What a value has to be. Any other value adds nothing to the hash.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Type {
    /// Anything.
    Text,
    /// Digits, hashed as a number: 007 as 7.
    Integer,
    /// Digits.
    Digits,
    /// Digits, or `all`.
    DigitsOrAll,
    /// Digits, `.`, `-` and `+`.
    Balance,
    /// What has `true` or `false` in it.
    Block,
    /// One of a few types of call.
    Calls,
    /// `outgoing` or `incoming`.
    Direction,
    /// `postpaid`, `prepaid`, `all`, or digits and commas.
    Users,
    /// Adds nothing, whatever it is.
    Never,
}

impl Type {
    /// Whether a value has to be of some form.
    pub fn is_typed(self) -> bool {
        !matches!(self, Type::Text | Type::Never)
    }

    /// The value as the server hashes it. None if it adds nothing.
    pub fn read(self, value: Encoded<'_>) -> Option<Encoded<'_>> {
        let fits = match self {
            Type::Text => true,
            Type::Never => false,
            Type::Block => BLOCK.iter().any(|word| value.contains(word)),
            _ => self.fits(value),
        };
        let read = if self == Type::Integer { value.without_leading_zeros() } else { value };
        fits.then_some(read)
    }

    /// Whether it is one of a few words, or of digits and a few other characters.
    fn fits(self, value: Encoded) -> bool {
        let (words, others) = self.allowed();
        let is_allowed =
            |byte: u8| byte.is_ascii_digit() || others.is_some_and(|others| others.contains(&byte));
        words.iter().any(|word| value.is(word))
            || others.is_some() && !value.is("") && value.bytes().all(is_allowed)
    }

    /// The words that a value may be; and the characters that it may have beside digits, if it may have digits.
    pub fn allowed(self) -> (&'static [&'static str], Option<&'static [u8]>) {
        match self {
            Type::Calls => (&CALLS, None),
            Type::Direction => (&["outgoing", "incoming"], None),
            Type::Users => (&["postpaid", "prepaid", "all"], Some(b",")),
            Type::DigitsOrAll => (&["all"], Some(b"")),
            Type::Balance => (&[], Some(b".-+")),
            _ => (&[], Some(b"")),
        }
    }
}

/// Of the words of a block a value has one in it.
pub const BLOCK: [&str; 2] = ["true", "false"];

const CALLS: [&str; 9] = [
    "all",
    "answered",
    "busy",
    "no_answer",
    "failed",
    "missed",
    "missed_inc",
    "missed_inc_all",
    "missed_not_processed_inc",
];

/// The longest name that a method hashes, in bytes.
pub const NAME_MAX: usize = 32;

/// Where a name stands in the order.
pub fn position(name: &[u8]) -> Option<usize> {
    PLACES.find(name, |at| ORDER.get(at).is_some_and(|there| there.0 == name))
}

static PLACES: Table<512> = places();

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn places() -> Table<512> {
    let mut places = Table::NEW;
    let mut at = 0;
    while at < ORDER.len() {
        places.insert(ORDER[at].0, at);
        at += 1;
    }
    places
}

use Type::*;

/// The order. Its names are the wire format.
#[rustfmt::skip]
pub const ORDER: [Parameter; 209] = include!("order.in");

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Type, value: &str) -> Option<String> {
        let read = kind.read(Encoded::new(value.as_bytes()))?;
        Some(String::from_utf8(read.bytes().collect()).unwrap())
    }

    #[test]
    fn every_name_is_found_where_it_stands_and_no_other_one() {
        for (at, Parameter(name, _)) in ORDER.iter().enumerate() {
            assert_eq!(position(name), Some(at));
            assert!(name.len() <= NAME_MAX);
            for other in [[name, &b"x"[..]].concat(), name.to_ascii_uppercase(), [name, &b"\0"[..]].concat()]
            {
                assert_eq!(position(&other).is_some(), ORDER.iter().any(|it| it.0 == other), "{other:?}");
            }
        }
        for name in ["", "u", "p", "hash", "test", "method"] {
            assert_eq!(position(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn a_value_is_read_by_its_type() {
        for (kind, value, hashed) in [
            (Text, "a+b", Some("a b")),
            (Integer, "007", Some("7")),
            (Integer, "%30%307", Some("7")),
            (Integer, "000", Some("0")),
            (Integer, "0", Some("0")),
            (Integer, "100", Some("100")),
            (Integer, "123456789012345678901234567890", Some("123456789012345678901234567890")),
            (Integer, "+7", None),
            (Integer, "-7", None),
            (Integer, "7.0", None),
            (Integer, "7%0a", None),
            (Integer, "%d9%a7", None),
            (Digits, "007", Some("007")),
            (Digits, "all", None),
            (DigitsOrAll, "all", Some("all")),
            (DigitsOrAll, "%61ll", Some("all")),
            (DigitsOrAll, "All", None),
            (DigitsOrAll, "1,2", None),
            (Balance, "%2B1.5-", Some("+1.5-")),
            (Balance, "+1.5", None),
            (Balance, "1e5", None),
            (Block, "true", Some("true")),
            (Block, "not+false", Some("not false")),
            (Block, "1", None),
            (Calls, "no_answer", Some("no_answer")),
            (Calls, "answered2", None),
            (Direction, "incoming", Some("incoming")),
            (Direction, "in", None),
            (Users, "1,2,", Some("1,2,")),
            (Users, "prepaid", Some("prepaid")),
            (Users, "prepaid,1", None),
            (Never, "1", None),
        ] {
            assert_eq!(read(kind, value).as_deref(), hashed, "{value}");
        }
        for kind in [Integer, Digits, DigitsOrAll, Balance, Block, Calls, Direction, Users, Never] {
            assert_eq!(read(kind, ""), None);
        }
    }
}

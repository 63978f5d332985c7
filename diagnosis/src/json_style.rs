//! The same JSON as another encoder would have written it: with other white space, other slashes, other letters,
//! its members in another order.
use crate::page::Page;
use apisig_core::text::encoding::hex;
use apisig_core::text::json::{self, Characters};
use apisig_core::text::{Sink, Text};

/// What stands between the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    AsItIs,
    /// Nothing.
    Compact,
    /// A space behind every comma and colon, as Python's `json.dumps` writes it.
    Spaced,
    /// A line for each value, indented by this text; `{}` and `[]` stay together. So PHP's
    /// `JSON_PRETTY_PRINT` and most others write it.
    Indented(&'static str),
}

/// How characters are written that may be escaped or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    AsTheyAre,
    Plain,
    /// Escaped: all that is not ASCII, and of ASCII these marks. In upper-case digits if true.
    All(&'static str, bool),
}

/// What happens to objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objects {
    AsTheyAre,
    /// Empty ones, and empty arrays, all become this.
    Empty(&'static str),
    /// Members stand in the order of their names.
    Sorted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub space: Space,
    /// `/` and `\/`, which is the only escape of it that is written.
    pub slashes: Escapes,
    /// What is not ASCII, and its `\u` with four hex digits, of which a pair may be needed.
    pub letters: Escapes,
    /// Characters with a meaning in HTML, likewise.
    pub markup: Escapes,
    pub objects: Objects,
}

pub const AS_IT_IS: Style = Style {
    space: Space::AsItIs,
    slashes: Escapes::AsTheyAre,
    letters: Escapes::AsTheyAre,
    markup: Escapes::AsTheyAre,
    objects: Objects::AsTheyAre,
};

/// What an encoder does with letters, with markup, with slashes, with white space and with objects, each as an index of
/// its table below. 0 is as it is.
pub type Ways = [u8; 5];

const LETTERS: [Escapes; 4] =
    [Escapes::AsTheyAre, Escapes::All("", false), Escapes::Plain, Escapes::All("", true)];
const MARKUP: [Escapes; 7] = [
    Escapes::AsTheyAre,
    // As Go escapes it.
    Escapes::All("&<>", false),
    Escapes::Plain,
    // .NET.
    Escapes::All("&<>'\"+`", true),
    // Gson.
    Escapes::All("&<>'=", false),
    // PHP by JSON_HEX_TAG and JSON_HEX_AMP, and by all its JSON_HEX_...
    Escapes::All("&<>", true),
    Escapes::All("&<>'\"", true),
];
const SLASHES: [Escapes; 3] = [Escapes::AsTheyAre, Escapes::All("", false), Escapes::Plain];
const SPACES: [Space; 6] = [
    Space::AsItIs,
    Space::Compact,
    Space::Spaced,
    Space::Indented("    "),
    Space::Indented("  "),
    Space::Indented("\t"),
];
const OBJECTS: [Objects; 4] =
    [Objects::AsTheyAre, Objects::Empty("[]"), Objects::Empty("{}"), Objects::Sorted];

/// The index of [`Objects::Sorted`].
pub const SORTED: u8 = 3;
const _: () = assert!(matches!(OBJECTS.split_at(SORTED as usize).1, [Objects::Sorted, ..]));

/// None if an index is beyond its table.
pub fn style(ways: Ways) -> Option<Style> {
    let [letters, markup, slashes, space, objects] = ways.map(usize::from);
    Some(Style {
        letters: *LETTERS.get(letters)?,
        markup: *MARKUP.get(markup)?,
        slashes: *SLASHES.get(slashes)?,
        space: *SPACES.get(space)?,
        objects: *OBJECTS.get(objects)?,
    })
}

/// A text that is JSON, in a style.
#[derive(Clone, Copy)]
pub struct Styled<'a> {
    text: &'a str,
    style: Style,
}

impl<'a> Styled<'a> {
    /// None if it is no JSON, or nested beyond what is read, or too long to be sorted.
    pub fn new(text: &'a [u8], style: Style) -> Option<Self> {
        let is_short = style.objects != Objects::Sorted || text.len() <= SORTED_MAX;
        Some(Styled { text: json::value(text)?, style }).filter(|_| is_short)
    }
}

/// The longest text whose members are sorted: for each of them its whole object is searched.
const SORTED_MAX: usize = 2048;

impl Text for Styled<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let sink = &mut Page::new(sink);
        let behind = self.write_value(self.write_gap(self.text, sink), 0, sink);
        self.write_gap(behind, sink);
    }
}

/// Each writes what a text begins with, and returns what is behind that. Values are never nested beyond
/// [`json::NESTING_MAX`].
impl<'a> Styled<'a> {
    fn write_gap(&self, text: &'a str, sink: &mut Page) -> &'a str {
        let behind = text.trim_ascii_start();
        if self.style.space == Space::AsItIs {
            before(behind, text).write(sink);
        }
        behind
    }

    fn write_value(&self, text: &'a str, depth: usize, sink: &mut Page) -> &'a str {
        match text.as_bytes() {
            [b'"', ..] => self.write_string(text, sink),
            [b'{', ..] => self.write_members(text, ["{", "}"], depth, sink),
            [b'[', ..] => self.write_members(text, ["[", "]"], depth, sink),
            bytes => {
                let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
                let len = bytes.iter().position(is_end).unwrap_or(bytes.len());
                let (value, behind) = text.split_at_checked(len).unwrap_or_default();
                value.write(sink);
                behind
            }
        }
    }

    /// Of an object or an array. Sorted members stand in the gaps that are there.
    fn write_members(
        &self,
        text: &'a str,
        [open, close]: [&str; 2],
        depth: usize,
        sink: &mut Page,
    ) -> &'a str {
        let Style { space, objects, .. } = self.style;
        let members = text.strip_prefix(open).unwrap_or_default();
        if (space, objects) != (AS_IT_IS.space, AS_IT_IS.objects)
            && let Some(behind) = members.trim_ascii_start().strip_prefix(close)
        {
            match objects {
                Objects::Empty(empty) => empty.write(sink),
                _ => (open, close).write(sink),
            }
            return behind;
        }
        open.write(sink);
        let (mut rest, mut next) = (members, "");
        loop {
            space.new_line(depth + 1, sink);
            rest = self.write_gap(rest, sink);
            if objects == Objects::Sorted && open == "{" {
                next = self.next_member(members, next);
                self.write_member(next, depth + 1, sink);
                rest = self.behind_member(rest);
            } else {
                rest = self.write_member(rest, depth + 1, sink);
            }
            rest = self.write_gap(rest, sink);
            let Some(behind) = rest.strip_prefix(',') else { break };
            if space == Space::Spaced { ", " } else { "," }.write(sink);
            rest = behind;
        }
        space.new_line(depth, sink);
        close.write(sink);
        rest.strip_prefix(close).unwrap_or_default()
    }

    /// A value, with its name if it has one.
    fn write_member(&self, text: &'a str, depth: usize, sink: &mut Page) -> &'a str {
        let behind = self.write_value(text, depth, sink);
        if !behind.trim_ascii_start().starts_with(':') {
            return behind;
        }
        let value = self.write_gap(behind, sink).strip_prefix(':').unwrap_or_default();
        if matches!(self.style.space, Space::AsItIs | Space::Compact) { ":" } else { ": " }.write(sink);
        self.write_value(self.write_gap(value, sink), depth, sink)
    }

    fn write_string(&self, text: &'a str, sink: &mut Page) -> &'a str {
        let mut characters = Characters(text.chars());
        for at in 0.. {
            let rest = characters.0.as_str();
            let Some(character) = characters.next() else { break };
            let source = before(characters.0.as_str(), rest);
            match character {
                Some('/') => match self.style.slashes {
                    Escapes::AsTheyAre => source.write(sink),
                    Escapes::Plain => push('/', sink),
                    _ => r"\/".write(sink),
                },
                Some(letter) if !letter.is_ascii() => write_letter(self.style.letters, letter, source, sink),
                Some(mark) if source != "\"" => write_letter(self.style.markup, mark, source, sink),
                _ => source.write(sink),
            }
            // An escaped one has its backslash in front.
            if source == "\"" && at > 0 {
                break;
            }
        }
        characters.0.as_str()
    }

    /// The member whose name is the next one, in their order, after that of the member `before`; the first one if that is
    /// empty.
    fn next_member(&self, members: &'a str, before: &str) -> &'a str {
        fn name(member: &str) -> &str {
            member.split(['"']).nth(1).unwrap_or_default()
        }
        let mut rest = Some(members);
        let each = core::iter::from_fn(|| {
            let member = rest?.trim_ascii_start();
            rest = self.behind_member(member).trim_ascii_start().strip_prefix(',');
            Some(member)
        });
        let behind = each.filter(|member| before.is_empty() || name(member) > name(before));
        behind.reduce(|least, it| if name(it) < name(least) { it } else { least }).unwrap_or_default()
    }

    fn behind_member(&self, text: &'a str) -> &'a str {
        struct Nowhere;
        impl Sink for Nowhere {
            fn push(&mut self, _: &[u8]) {}
        }
        Styled { style: AS_IT_IS, ..*self }.write_member(text, 0, &mut Page::new(&mut Nowhere))
    }
}

/// What stands in front of the end of a text.
fn before<'t>(end: &str, text: &'t str) -> &'t str {
    text.get(..text.len().saturating_sub(end.len())).unwrap_or_default()
}

/// All that any encoder escapes for HTML.
const MARKS: &str = "&<>'\"+`=";

fn write_letter(escapes: Escapes, letter: char, source: &str, sink: &mut Page) {
    let is_one_of = |marks: &str| !letter.is_ascii() || marks.chars().any(|mark| mark == letter);
    match escapes {
        Escapes::Plain if letter == '"' => r#"\""#.write(sink),
        Escapes::Plain if is_one_of(MARKS) => push(letter, sink),
        Escapes::All(marks, is_upper) if is_one_of(marks) => {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let mut four: [u8; 4] = hex(&unit.to_be_bytes());
                if is_upper {
                    four.make_ascii_uppercase();
                }
                (r"\u", &four).write(sink);
            }
        }
        _ => source.write(sink),
    }
}

impl Space {
    fn new_line(self, depth: usize, sink: &mut Page) {
        if let Space::Indented(indent) = self {
            push('\n', sink);
            (0..depth).for_each(|_| indent.write(sink));
        }
    }
}

fn push(character: char, sink: &mut Page) {
    sink.push(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::Escapes::{AsTheyAre, Plain};
    use super::*;
    use crate::random::Random;
    use crate::written;
    use serde_json::Value;

    const ESCAPED: Escapes = Escapes::All("&<>", false);

    fn styled(text: &str, style: Style) -> String {
        String::from_utf8(written(&Styled::new(text.as_bytes(), style).unwrap())).unwrap()
    }

    /// What PHP's `json_encode` makes of one value, by its flags `JSON_PRETTY_PRINT`,
    /// `JSON_UNESCAPED_SLASHES` and `JSON_UNESCAPED_UNICODE`; and Python's `json.dumps`, by `indent`
    /// and `ensure_ascii`, which escapes no slash.
    const STYLES: [(Space, Escapes, Escapes, &str); 9] = [
        (
            Space::Compact,
            ESCAPED,
            ESCAPED,
            r#"{"url":"https:\/\/a\/b","\u00e9":["\ud83d\ude00",[],{},-1.5,null],"q":"\"\\\/\n\u0001\u20ac"}"#,
        ),
        (
            Space::Compact,
            Plain,
            ESCAPED,
            r#"{"url":"https://a/b","\u00e9":["\ud83d\ude00",[],{},-1.5,null],"q":"\"\\/\n\u0001\u20ac"}"#,
        ),
        (
            Space::Compact,
            ESCAPED,
            Plain,
            r#"{"url":"https:\/\/a\/b","é":["😀",[],{},-1.5,null],"q":"\"\\\/\n\u0001€"}"#,
        ),
        (
            Space::Compact,
            Plain,
            Plain,
            r#"{"url":"https://a/b","é":["😀",[],{},-1.5,null],"q":"\"\\/\n\u0001€"}"#,
        ),
        (
            Space::Indented("    "),
            ESCAPED,
            ESCAPED,
            r#"{
    "url": "https:\/\/a\/b",
    "\u00e9": [
        "\ud83d\ude00",
        [],
        {},
        -1.5,
        null
    ],
    "q": "\"\\\/\n\u0001\u20ac"
}"#,
        ),
        (
            Space::Indented("    "),
            Plain,
            Plain,
            r#"{
    "url": "https://a/b",
    "é": [
        "😀",
        [],
        {},
        -1.5,
        null
    ],
    "q": "\"\\/\n\u0001€"
}"#,
        ),
        (
            Space::Spaced,
            Plain,
            ESCAPED,
            r#"{"url": "https://a/b", "\u00e9": ["\ud83d\ude00", [], {}, -1.5, null], "q": "\"\\/\n\u0001\u20ac"}"#,
        ),
        (
            Space::Spaced,
            Plain,
            Plain,
            r#"{"url": "https://a/b", "é": ["😀", [], {}, -1.5, null], "q": "\"\\/\n\u0001€"}"#,
        ),
        (
            Space::Indented("\t"),
            Plain,
            ESCAPED,
            "{
\t\"url\": \"https://a/b\",
\t\"\\u00e9\": [
\t\t\"\\ud83d\\ude00\",
\t\t[],
\t\t{},
\t\t-1.5,
\t\tnull
\t],
\t\"q\": \"\\\"\\\\/\\n\\u0001\\u20ac\"
}",
        ),
    ];

    #[test]
    fn every_style_of_php_and_python_becomes_every_other() {
        for (.., from) in STYLES {
            for (space, slashes, letters, to) in STYLES {
                assert_eq!(styled(from, Style { space, slashes, letters, ..AS_IT_IS }), to);
            }
            assert_eq!(styled(from, AS_IT_IS), from);
        }
    }

    fn any_value(random: &mut Random, depth: usize) -> Value {
        let strings = ["", "a/b", "\"\\", "\n\u{1}", "\u{e9}\u{7f}", "\u{1f600}", "{[", ",: "];
        match random.below(if depth < 6 { 7 } else { 5 }) {
            0 => Value::Null,
            1 => Value::from(random.below(2) == 0),
            2 => Value::from(random.below(1000) as f64 / 8.0 - 50.0),
            3 | 4 => Value::from(random.several(4, |random| random.one_of(&strings)).concat()),
            5 => random.several(5, |random| any_value(random, depth + 1)).into(),
            _ => {
                let name = |random: &mut Random| random.several(3, |random| random.one_of(&strings)).concat();
                let members = random.several(5, |random| (name(random), any_value(random, depth + 1)));
                Value::Object(members.into_iter().collect())
            }
        }
    }

    #[test]
    fn compact_and_indented_as_the_oracle_writes_it() {
        let mut random = Random::new();
        for _ in 0..3000 {
            let value = any_value(&mut random, 0);
            let compact = value.to_string();
            assert_eq!(styled(&compact, Style { space: Space::Compact, ..AS_IT_IS }), compact);
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(styled(&compact, Style { space: Space::Indented("  "), ..AS_IT_IS }), pretty);
            assert_eq!(styled(&pretty, Style { space: Space::Compact, ..AS_IT_IS }), compact);
            for space in [Space::AsItIs, Space::Compact, Space::Spaced, Space::Indented(" ")] {
                for slashes in [AsTheyAre, ESCAPED, Plain] {
                    for letters in [AsTheyAre, ESCAPED, Plain] {
                        let styled = styled(&compact, Style { space, slashes, letters, ..AS_IT_IS });
                        assert_eq!(serde_json::from_str::<Value>(&styled).unwrap(), value);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_mixed_stays_or_becomes_one() {
        let mixed = r#" { "/\/\u002f" : "é\u00E9\u00e9" ,"":[ ] } "#;
        assert_eq!(styled(mixed, AS_IT_IS), mixed);
        assert_eq!(
            styled(mixed, Style { slashes: ESCAPED, letters: ESCAPED, ..AS_IT_IS }),
            r#" { "\/\/\/" : "\u00e9\u00e9\u00e9" ,"":[ ] } "#
        );
        assert_eq!(
            styled(mixed, Style { space: Space::Compact, slashes: Plain, letters: Plain, ..AS_IT_IS }),
            r#"{"///":"ééé","":[]}"#
        );
    }

    /// As Python's `json.dumps` with `sort_keys`, Go's `json.Marshal` and PHP's decoding into arrays have it.
    #[test]
    fn members_markup_and_empty_objects_change_too() {
        let sorted = |space| Style { objects: Objects::Sorted, space, ..AS_IT_IS };
        let text = r#"{"b":{"z":[{"y":1,"x":"\\"}],"a":"}\","},"a":{},"c":[]}"#;
        let expected = r#"{"a":{},"b":{"a":"}\",","z":[{"x":"\\","y":1}]},"c":[]}"#;
        assert_eq!(styled(text, sorted(Space::AsItIs)), expected);
        assert_eq!(styled(&styled(text, sorted(Space::Indented(" "))), sorted(Space::Compact)), expected);
        let spaced = styled(text, Style { space: Space::Spaced, ..AS_IT_IS });
        assert_eq!(styled(&spaced, sorted(Space::AsItIs)), styled(expected, sorted(Space::Spaced)));
        let indented = styled(text, Style { space: Space::Indented("  "), ..AS_IT_IS });
        assert_eq!(styled(&indented, sorted(Space::AsItIs)), styled(expected, sorted(Space::Indented("  "))));
        let empty = |empty| Style { objects: Objects::Empty(empty), ..AS_IT_IS };
        assert_eq!(styled(r#"{"a":{},"b":[ ],"c":"{}"}"#, empty("[]")), r#"{"a":[],"b":[],"c":"{}"}"#);
        assert_eq!(styled(r#"[{},[[]]]"#, empty("{}")), "[{},[{}]]");
        let markup = |markup| Style { markup, ..AS_IT_IS };
        assert_eq!(styled(r#"["<a&b>"]"#, markup(ESCAPED)), r#"["\u003ca\u0026b\u003e"]"#);
        assert_eq!(styled(r#"["\u003ca\u0026b>"]"#, markup(Plain)), r#"["<a&b>"]"#);
        let net = markup(Escapes::All("&<>'\"+`", true));
        assert_eq!(styled(r#"["<'+\"\n"]"#, net), r#"["\u003C\u0027\u002B\u0022\n"]"#);
        assert_eq!(styled(r#"["\u003C\u0027\u002B\u0022\n"]"#, markup(Plain)), r#"["<'+\"\n"]"#);
    }

    #[test]
    fn only_json_is_taken() {
        for text in ["{}", "[]", " null\n", "-0.5e3", "\"a\"", "[[1]]", r#"{"a":1,"a":2}"#] {
            assert!(Styled::new(text.as_bytes(), AS_IT_IS).is_some(), "{text}");
        }
        let deep = "[".repeat(40) + &"]".repeat(40);
        for text in ["", " ", "{", "{}x", "[1,]", "{a:1}", "\"\\ud800\"", "\u{feff}{}", "a=1&b=2", &deep] {
            assert!(Styled::new(text.as_bytes(), AS_IT_IS).is_none(), "{text}");
        }
        assert!(Styled::new(b"\"\xff\"", AS_IT_IS).is_none());
    }
}

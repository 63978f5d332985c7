//! The same JSON as another encoder would have written it: with other white space, other slashes, other letters,
//! its members in another order.
use crate::page::Page;
use apisig_core::text::encoding::hex;
use apisig_core::text::json::{self, Characters, NESTING_MAX};
use apisig_core::text::{Sink, Text};
use core::str::Chars;

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
    Escaped,
    Plain,
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
    /// `/` and `\/`.
    pub slashes: Escapes,
    /// What is not ASCII, and its `\u` with four hex digits, of which a pair may be needed. It is
    /// escaped in lower case.
    pub letters: Escapes,
    /// `&`, `<` and `>`, likewise.
    pub markup: Escapes,
    pub objects: Objects,
}

/// A text that is JSON, in a style.
#[derive(Clone, Copy)]
pub struct Styled<'a> {
    text: &'a str,
    style: Style,
}

impl<'a> Styled<'a> {
    /// None if it is no JSON, or nested beyond what is read; or if it is too long to be sorted.
    pub fn new(text: &'a [u8], style: Style) -> Option<Self> {
        let is_short = style.objects != Objects::Sorted || text.len() <= SORTED_MAX;
        Some(Styled { text: json::value(text)?, style }).filter(|_| is_short)
    }
}

/// The longest text whose members are sorted: for each of them its whole object is searched.
const SORTED_MAX: usize = 2048;

impl Text for Styled<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.write_values(&mut Page::new(sink));
    }
}

impl<'a> Styled<'a> {
    fn write_values(&self, sink: &mut Page) {
        let Style { space, objects, .. } = self.style;
        let (mut rest, mut depth) = (self.text.chars(), 0_usize);
        // Of each open object its members, and the name of the one that is written; of an array nothing.
        let mut open = [("", ""); NESTING_MAX];
        while let Some(mut mark) = rest.next() {
            if space != Space::AsItIs && mark.is_ascii_whitespace() {
                continue;
            }
            if let ',' | '}' = mark
                && let Some((members, name)) = open.get_mut(depth).filter(|(members, _)| !members.is_empty())
            {
                let next = next_member(members, name);
                mark = if next.is_some() { ',' } else { '}' };
                rest = next.unwrap_or_else(|| behind_members(members)).chars();
                *name = next.unwrap_or_default();
            }
            if let '}' | ']' = mark {
                depth = depth.saturating_sub(1);
                space.new_line(depth, sink);
            }
            if let '{' | '[' = mark
                && let Some((close, behind)) = self.closed_at_once(&rest)
            {
                match objects {
                    Objects::Empty(empty) => empty.write(sink),
                    _ => [mark, close].iter().for_each(|mark| push(*mark, sink)),
                }
                rest = behind;
                continue;
            }
            push(mark, sink);
            match mark {
                '"' => rest = self.write_string(rest, sink),
                '{' | '[' => {
                    depth = depth.saturating_add(1);
                    space.new_line(depth, sink);
                    if let Some(place) = open.get_mut(depth) {
                        let is_sorted = mark == '{' && objects == Objects::Sorted;
                        let members = if is_sorted { rest.as_str() } else { "" };
                        *place = (members, next_member(members, "").unwrap_or_default());
                        rest = if is_sorted { place.1.chars() } else { rest };
                    }
                }
                ',' if space == Space::Spaced => push(' ', sink),
                ',' => space.new_line(depth, sink),
                ':' if matches!(space, Space::Spaced | Space::Indented(_)) => push(' ', sink),
                _ => {}
            }
        }
    }

    /// Writes what follows an opening quote, the closing one included, and gives what is behind it.
    fn write_string(&self, text: Chars<'a>, sink: &mut Page) -> Chars<'a> {
        let mut characters = Characters(text);
        loop {
            let before = characters.0.as_str();
            let Some(character) = characters.next() else { return characters.0 };
            let len = before.len().saturating_sub(characters.0.as_str().len());
            let source = before.get(..len).unwrap_or_default();
            match character {
                Some('/') => match self.style.slashes {
                    Escapes::AsTheyAre => source.write(sink),
                    Escapes::Escaped => r"\/".write(sink),
                    Escapes::Plain => push('/', sink),
                },
                Some(mark @ ('&' | '<' | '>')) => write_letter(self.style.markup, mark, source, sink),
                Some(letter) if !letter.is_ascii() => write_letter(self.style.letters, letter, source, sink),
                _ => source.write(sink),
            }
            // An escaped one has its backslash in front.
            if source == "\"" {
                return characters.0;
            }
        }
    }

    /// What closes an object or array in which nothing stands, and what is behind it.
    fn closed_at_once(&self, text: &Chars<'a>) -> Option<(char, Chars<'a>)> {
        let is_changed = self.style.space != Space::AsItIs || self.style.objects != Objects::AsTheyAre;
        let mut rest = text.as_str().trim_ascii_start().chars();
        let close = rest.next().filter(|first| is_changed && matches!(first, '}' | ']'))?;
        Some((close, rest))
    }
}

/// The members behind one another, each with all that follows it.
fn each_member(members: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(members);
    core::iter::from_fn(move || {
        let member = next?.trim_ascii_start();
        next = behind_member(member).and_then(|behind| behind.strip_prefix(','));
        Some(member)
    })
}

/// What is behind a member: a comma or the end of its object.
fn behind_member(member: &str) -> Option<&str> {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    let end = member.bytes().position(|byte| {
        let is_plain = !is_escaped;
        is_escaped = is_text && is_plain && byte == b'\\';
        match byte {
            b'"' if is_plain => is_text = !is_text,
            _ if is_text => {}
            b'{' | b'[' => depth += 1,
            b',' | b'}' | b']' if depth == 0 => return true,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        false
    });
    member.get(end?..)
}

/// What is behind an object.
fn behind_members(members: &str) -> &str {
    let last = each_member(members).last().and_then(behind_member);
    last.and_then(|behind| behind.get(1..)).unwrap_or_default()
}

/// The member whose name comes next.
fn next_member<'t>(members: &'t str, before: &str) -> Option<&'t str> {
    let name = |member: &'t str| member.split(['"']).nth(1).unwrap_or_default();
    let behind = each_member(members)
        .filter(|member| before.is_empty() || name(member) > before.split(['"']).nth(1).unwrap_or_default());
    behind.reduce(|least, member| if name(member) < name(least) { member } else { least })
}

fn write_letter(escapes: Escapes, letter: char, source: &str, sink: &mut Page) {
    match escapes {
        Escapes::Escaped if source.starts_with(letter) => {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let digits: [u8; 4] = hex(&unit.to_be_bytes());
                (r"\u", &digits).write(sink);
            }
        }
        Escapes::Plain => push(letter, sink),
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
    use super::Escapes::{AsTheyAre, Escaped, Plain};
    use super::*;
    use crate::random::Random;
    use crate::written;
    use serde_json::Value;

    const AS_IT_IS: Style = Style {
        space: Space::AsItIs,
        slashes: AsTheyAre,
        letters: AsTheyAre,
        markup: AsTheyAre,
        objects: Objects::AsTheyAre,
    };

    fn styled(text: &str, style: Style) -> String {
        String::from_utf8(written(&Styled::new(text.as_bytes(), style).unwrap())).unwrap()
    }

    /// What PHP's `json_encode` makes of one value, by its flags `JSON_PRETTY_PRINT`,
    /// `JSON_UNESCAPED_SLASHES` and `JSON_UNESCAPED_UNICODE`; and Python's `json.dumps`, by `indent`
    /// and `ensure_ascii`, which escapes no slash.
    const STYLES: [(Space, Escapes, Escapes, &str); 9] = [
        (
            Space::Compact,
            Escaped,
            Escaped,
            r#"{"url":"https:\/\/a\/b","\u00e9":["\ud83d\ude00",[],{},-1.5,null],"q":"\"\\\/\n\u0001\u20ac"}"#,
        ),
        (
            Space::Compact,
            Plain,
            Escaped,
            r#"{"url":"https://a/b","\u00e9":["\ud83d\ude00",[],{},-1.5,null],"q":"\"\\/\n\u0001\u20ac"}"#,
        ),
        (
            Space::Compact,
            Escaped,
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
            Escaped,
            Escaped,
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
            Escaped,
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
            Escaped,
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
                for slashes in [AsTheyAre, Escaped, Plain] {
                    for letters in [AsTheyAre, Escaped, Plain] {
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
            styled(mixed, Style { slashes: Escaped, letters: Escaped, ..AS_IT_IS }),
            r#" { "\/\/\/" : "\u00e9\u00E9\u00e9" ,"":[ ] } "#
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
        let empty = |empty| Style { objects: Objects::Empty(empty), ..AS_IT_IS };
        assert_eq!(styled(r#"{"a":{},"b":[ ],"c":"{}"}"#, empty("[]")), r#"{"a":[],"b":[],"c":"{}"}"#);
        assert_eq!(styled(r#"[{},[[]]]"#, empty("{}")), "[{},[{}]]");
        let markup = |markup| Style { markup, ..AS_IT_IS };
        assert_eq!(styled(r#"["<a&b>"]"#, markup(Escaped)), r#"["\u003ca\u0026b\u003e"]"#);
        assert_eq!(styled(r#"["\u003ca\u0026b>"]"#, markup(Plain)), r#"["<a&b>"]"#);
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

//! The same JSON as another encoder would have written it: with other white space, other slashes,
//! other letters. For diagnoses, which look for the body that was signed.
use crate::page::Page;
use apisig_core::text::encoding::hex;
use apisig_core::text::json::{self, Characters};
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub space: Space,
    /// `/` and `\/`.
    pub slashes: Escapes,
    /// What is not ASCII, and its `\u` with four hex digits, of which a pair may be needed. It is
    /// escaped in lower case.
    pub letters: Escapes,
}

/// A text that is JSON, in a style.
#[derive(Clone, Copy)]
pub struct Styled<'a> {
    text: &'a str,
    style: Style,
}

impl<'a> Styled<'a> {
    /// None if it is no JSON, or nested beyond what is read.
    pub fn new(text: &'a [u8], style: Style) -> Option<Self> {
        Some(Styled { text: json::value(text)?, style })
    }

    /// The same text in another style.
    pub fn with(self, style: Style) -> Self {
        Styled { style, ..self }
    }
}

impl Text for Styled<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.write_values(&mut Page(sink));
    }
}

impl Styled<'_> {
    fn write_values(&self, sink: &mut Page) {
        let space = self.style.space;
        let (mut rest, mut depth) = (self.text.chars(), 0_usize);
        while let Some(mark) = rest.next() {
            if space != Space::AsItIs && mark.is_ascii_whitespace() {
                continue;
            }
            if matches!(mark, '}' | ']') {
                depth = depth.saturating_sub(1);
                space.new_line(depth, sink);
            }
            push(mark, sink);
            match mark {
                '"' => rest = self.write_string(rest, sink),
                '{' | '[' => match space.closed_at_once(&rest) {
                    Some((close, behind)) => {
                        push(close, sink);
                        rest = behind;
                    }
                    None => {
                        depth = depth.saturating_add(1);
                        space.new_line(depth, sink);
                    }
                },
                ',' if space == Space::Spaced => push(' ', sink),
                ',' => space.new_line(depth, sink),
                ':' if matches!(space, Space::Spaced | Space::Indented(_)) => push(' ', sink),
                _ => {}
            }
        }
    }

    /// Writes what follows an opening quote, the closing one included, and gives what is behind it.
    fn write_string<'t>(&self, text: Chars<'t>, sink: &mut Page) -> Chars<'t> {
        let mut characters = Characters(text);
        loop {
            let before = characters.0.as_str();
            let Some(character) = characters.next() else { return characters.0 };
            let len = before.len().saturating_sub(characters.0.as_str().len());
            let source = before.get(..len).unwrap_or_default();
            match character {
                Some('/') => self.write_slash(source, sink),
                Some(letter) if !letter.is_ascii() => self.write_letter(letter, source, sink),
                _ => source.write(sink),
            }
            // An escaped one has its backslash in front.
            if source == "\"" {
                return characters.0;
            }
        }
    }

    fn write_slash(&self, source: &str, sink: &mut Page) {
        match self.style.slashes {
            Escapes::AsTheyAre => source.write(sink),
            Escapes::Escaped => r"\/".write(sink),
            Escapes::Plain => push('/', sink),
        }
    }

    fn write_letter(&self, letter: char, source: &str, sink: &mut Page) {
        match self.style.letters {
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
}

impl Space {
    fn new_line(self, depth: usize, sink: &mut Page) {
        if let Space::Indented(indent) = self {
            push('\n', sink);
            (0..depth).for_each(|_| indent.write(sink));
        }
    }

    /// What closes an object or array in which nothing stands, and what is behind it.
    fn closed_at_once<'t>(self, text: &Chars<'t>) -> Option<(char, Chars<'t>)> {
        let mut rest = text.as_str().trim_ascii_start().chars();
        let close = rest.next().filter(|first| matches!(first, '}' | ']'))?;
        (self != Space::AsItIs).then_some((close, rest))
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

    const AS_IT_IS: Style = Style { space: Space::AsItIs, slashes: AsTheyAre, letters: AsTheyAre };

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
                assert_eq!(styled(from, Style { space, slashes, letters }), to);
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
                        let styled = styled(&compact, Style { space, slashes, letters });
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
            styled(mixed, Style { space: Space::Compact, slashes: Plain, letters: Plain }),
            r#"{"///":"ééé","":[]}"#
        );
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

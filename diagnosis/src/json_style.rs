//! The same JSON as another encoder would have written it: with other white space, other slashes, other letters.
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
    /// Escaped, of ASCII these; in upper-case digits or in lower-case ones.
    All(&'static str, bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub space: Space,
    /// `/` and `\/`.
    pub slashes: Escapes,
    /// What is not ASCII, and its `\u` with four hex digits, of which a pair may be needed.
    pub letters: Escapes,
    /// Characters with a meaning in HTML, likewise.
    pub markup: Escapes,
    /// What all empty objects and arrays become.
    pub empty: Option<&'static str>,
}

const SPACES: [Space; 6] = [
    Space::AsItIs,
    Space::Compact,
    Space::Spaced,
    Space::Indented("    "),
    Space::Indented("  "),
    Space::Indented("\t"),
];
const ESCAPES: [Escapes; 7] = [
    Escapes::AsTheyAre,
    // As Go does, .NET, Gson, and PHP by JSON_HEX_TAG and JSON_HEX_AMP, and by all its JSON_HEX_...
    Escapes::All("&<>", false),
    Escapes::Plain,
    Escapes::All("&<>'\"+`", true),
    Escapes::All("&<>'=", false),
    Escapes::All("&<>", true),
    Escapes::All("&<>'\"", true),
];
const EMPTY: [Option<&str>; 3] = [None, Some("[]"), Some("{}")];

/// The numbers of what an encoder does with letters, with markup, with slashes, with white space and with what is empty.
/// 0 is as it is.
pub type Ways = [u8; 5];

/// None for a number that there is not.
pub fn style(ways: Ways) -> Option<Style> {
    let [letters, markup, slashes, space, empty] = ways.map(usize::from);
    Some(Style {
        letters: *ESCAPES.get(..4)?.get(letters)?,
        markup: *ESCAPES.get(markup)?,
        slashes: *ESCAPES.get(..3)?.get(slashes)?,
        space: *SPACES.get(space)?,
        empty: *EMPTY.get(empty)?,
    })
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
}

impl Text for Styled<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let (sink, Style { space, empty, .. }) = (&mut Page::new(sink), self.style);
        let (mut rest, mut depth) = (self.text, 0_usize);
        while let Some(first) = rest.chars().next() {
            if first == '"' {
                rest = self.write_string(rest, sink);
                continue;
            }
            let (mark, behind) = rest.split_at_checked(first.len_utf8()).unwrap_or_default();
            rest = behind;
            let is_open = matches!(first, '{' | '[');
            let behind_empty = behind.trim_ascii_start().strip_prefix(['}', ']']).filter(|_| is_open);
            match (first, behind_empty) {
                (_, Some(behind)) if empty.is_some() || space != Space::AsItIs => {
                    let same = if first == '{' { "{}" } else { "[]" };
                    empty.unwrap_or(same).write(sink);
                    rest = behind;
                }
                ('}' | ']', _) => {
                    depth = depth.saturating_sub(1);
                    space.new_line(depth, sink);
                    mark.write(sink);
                }
                ('{' | '[' | ',', _) => {
                    depth += usize::from(is_open);
                    let behind = if space == Space::Spaced && !is_open { " " } else { "" };
                    (mark, behind).write(sink);
                    space.new_line(depth, sink);
                }
                (':', _) if !matches!(space, Space::AsItIs | Space::Compact) => ": ".write(sink),
                (' ' | '\n' | '\r' | '\t', _) if space != Space::AsItIs => {}
                _ => mark.write(sink),
            }
        }
    }
}

impl<'a> Styled<'a> {
    /// Gives what is behind it.
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
}

/// What stands in front of the end of a text.
fn before<'t>(end: &str, text: &'t str) -> &'t str {
    text.get(..text.len().saturating_sub(end.len())).unwrap_or_default()
}

/// All that any encoder escapes for HTML.
const MARKUP: &str = "&<>'\"+`=";

fn write_letter(escapes: Escapes, letter: char, source: &str, sink: &mut Page) {
    let is_one_of = |marks: &str| !letter.is_ascii() || marks.chars().any(|mark| mark == letter);
    match escapes {
        Escapes::Plain if letter == '"' => r#"\""#.write(sink),
        Escapes::Plain if is_one_of(MARKUP) => push(letter, sink),
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

    const AS_IT_IS: Style = Style {
        space: Space::AsItIs,
        slashes: AsTheyAre,
        letters: AsTheyAre,
        markup: AsTheyAre,
        empty: None,
    };
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

    /// As Go's `json.Marshal` and PHP's decoding into arrays have it.
    #[test]
    fn markup_and_what_is_empty_change_too() {
        let empty = |empty| Style { empty: Some(empty), ..AS_IT_IS };
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

//! A writer of JSON strings (RFC 8259), for JSON and for scripts inside HTML.
use apisig_core::text::encoding::hex;
use apisig_core::text::{Sink, Text};

/// A JSON string in its quotes. What must be escaped is, and all else is left as it is, `/` too.
#[derive(Clone, Copy)]
pub struct JsonString<'a>(&'a str);

impl<'a> JsonString<'a> {
    /// None: the text is not UTF-8.
    pub fn new(text: &'a [u8]) -> Option<Self> {
        core::str::from_utf8(text).ok().map(JsonString)
    }
}

impl Text for JsonString<'_> {
    fn write(&self, sink: &mut impl Sink) {
        sink.push(b"\"");
        for character in self.0.chars() {
            push_character(character, sink);
        }
        sink.push(b"\"");
    }
}

/// A JSON string in its quotes that may stand in a `<script>` element of HTML, or in an attribute
/// that is quoted with `'`: nothing in it can end either.
///
/// It is a string of JavaScript too: U+2028 and U+2029 ended a line there before ES2019.
#[derive(Clone, Copy)]
pub struct ScriptString<'a>(&'a str);

impl<'a> ScriptString<'a> {
    /// None: the text is not UTF-8.
    pub fn new(text: &'a [u8]) -> Option<Self> {
        core::str::from_utf8(text).ok().map(ScriptString)
    }
}

impl Text for ScriptString<'_> {
    fn write(&self, sink: &mut impl Sink) {
        sink.push(b"\"");
        for character in self.0.chars() {
            match character {
                '<' | '>' | '&' | '\'' | '"' | '\u{2028}' | '\u{2029}' => sink.push(&escape(character)),
                _ => push_character(character, sink),
            }
        }
        sink.push(b"\"");
    }
}

fn push_character(character: char, sink: &mut impl Sink) {
    match character {
        '"' => sink.push(br#"\""#),
        '\\' => sink.push(br"\\"),
        '\u{8}' => sink.push(br"\b"),
        '\u{c}' => sink.push(br"\f"),
        '\n' => sink.push(br"\n"),
        '\r' => sink.push(br"\r"),
        '\t' => sink.push(br"\t"),
        '\0'..' ' => sink.push(&escape(character)),
        _ => sink.push(character.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// A character that one UTF-16 unit holds, as `\u` and its hex digits.
fn escape(character: char) -> [u8; 6] {
    let [a, b, c, d] = hex(&(character as u16).to_be_bytes());
    [b'\\', b'u', a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::written;

    fn json(text: &str) -> String {
        String::from_utf8(written(&JsonString::new(text.as_bytes()).unwrap())).unwrap()
    }

    fn script(text: &str) -> String {
        String::from_utf8(written(&ScriptString::new(text.as_bytes()).unwrap())).unwrap()
    }

    fn every_character() -> String {
        ('\0'..=char::MAX).collect()
    }

    #[test]
    fn json_is_written_as_the_oracle_writes_it() {
        assert_eq!(json(&every_character()), serde_json::to_string(&every_character()).unwrap());
        let mut random = Random::new();
        for _ in 0..10_000 {
            let text: String = random
                .several(12, |random| {
                    random.one_of(&['"', '\\', '/', '\n', '\0', '\u{1f}', 'u', '\u{e9}', '\u{1f600}'])
                })
                .iter()
                .collect();
            assert_eq!(json(&text), serde_json::to_string(&text).unwrap());
        }
    }

    /// Whether the oracle reads it as `text`, and whether HTML and JavaScript see nothing in it
    /// between the quotes.
    fn check_script(text: &str) {
        let script = script(text);
        assert_eq!(serde_json::from_str::<String>(&script).unwrap(), text);
        let within = script.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
        let special = |character: char| character < ' ' || "<>&'\"\u{2028}\u{2029}".contains(character);
        assert_eq!(within.find(special), None, "{within}");
    }

    #[test]
    fn nothing_ends_a_script() {
        check_script(&every_character());
        for text in [
            "</script>",
            "</SCRIPT\n>",
            "<!--<script>",
            "-->",
            "]]>",
            "&lt;/script&gt;",
            "&quot;);alert(1)//",
            "' onload='alert(1)",
            "\" onload=\"alert(1)",
            "\\\"",
            "\\u003c/script>",
            "a\u{2028}b\u{2029}c",
        ] {
            check_script(text);
        }
        assert_eq!(script("</script>"), r#""\u003c/script\u003e""#);
        assert_eq!(script("it's \u{e9}\n"), "\"it\\u0027s \u{e9}\\n\"");
    }

    #[test]
    fn what_is_not_utf_8_is_refused() {
        for bytes in [&b"\xff"[..], b"a\xc3", b"\xed\xa0\x80", b"\xc0\xaf"] {
            assert!(JsonString::new(bytes).is_none());
            assert!(ScriptString::new(bytes).is_none());
        }
    }
}

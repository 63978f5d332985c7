//! A strict reader of JSON objects (RFC 8259) for untrusted input: it shows the members of the
//! outermost object, and checks whatever else is there. There is no recursion: what is open inside
//! is kept in the bits of a number.
use crate::Error;
use crate::text::{Sink, Text};

/// Objects and arrays inside one another, the outermost object included.
pub const NESTING_MAX: usize = 32;
/// Members of the outermost object.
pub const MEMBERS_MAX: usize = 32;

/// The value of a member, as far as a vendor wants to know it.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A number without fraction and exponent, if it fits.
    Integer(i64),
    /// A string.
    Text(Quoted<'a>),
    /// `true` or `false`.
    Boolean(bool),
    /// Any other value, well formed.
    Other,
}

/// Shows `visit` each member of the object that `text` is.
///
/// [`Error::Malformed`]: not one JSON object in UTF-8, two members of one name, more than
/// [`MEMBERS_MAX`] members, nesting beyond [`NESTING_MAX`]. Objects further in may repeat a name;
/// they are not looked at.
pub fn members<'a>(
    text: &'a [u8],
    mut visit: impl FnMut(Quoted<'a>, Value<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    core::str::from_utf8(text).map_err(|_| Error::Malformed)?;
    let mut reader = Reader { rest: text };
    // Without their flags: the whole space is written before the first member is read.
    let mut seen: [&[u8]; MEMBERS_MAX] = [&[]; MEMBERS_MAX];
    let (mut count, mut has_escapes) = (0, false);
    reader.expect(b'{')?;
    let mut more = !reader.take(b'}');
    while more {
        let name = reader.name()?;
        has_escapes |= name.has_escapes;
        if seen.iter().take(count).any(|text| name.same(Quoted { text, has_escapes })) {
            return Err(Error::Malformed);
        }
        *seen.get_mut(count).ok_or(Error::Malformed)? = name.text;
        count += 1;
        visit(name, reader.value()?)?;
        more = reader.take(b',');
        if !more {
            reader.expect(b'}')?;
        }
    }
    reader.space();
    if reader.rest.is_empty() { Ok(()) } else { Err(Error::Malformed) }
}

/// The text, if it is one JSON value of any kind in UTF-8, in which fewer than [`NESTING_MAX`] objects
/// and arrays stand inside one another. However many members there are, whatever their names: nothing
/// is taken out of it.
pub fn value(text: &[u8]) -> Option<&str> {
    let utf8 = core::str::from_utf8(text).ok()?;
    let mut reader = Reader { rest: text };
    reader.value().ok()?;
    reader.space();
    reader.rest.is_empty().then_some(utf8)
}

/// A string as it stands between its quotes, its escapes checked but not resolved. As a [`Text`] it
/// is what it stands for: escapes resolved, in UTF-8, and possibly with control characters in it.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a> {
    text: &'a [u8],
    has_escapes: bool,
}

impl<'a> Quoted<'a> {
    /// Whether the string is `text`, however it was escaped.
    #[inline]
    pub fn is(self, text: &str) -> bool {
        if self.has_escapes {
            self.characters().eq(text.chars().map(Some))
        } else {
            self.text == text.as_bytes()
        }
    }

    #[inline]
    fn same(self, other: Quoted) -> bool {
        if self.has_escapes || other.has_escapes {
            self.characters().eq(other.characters())
        } else {
            self.text == other.text
        }
    }

    fn characters(self) -> Characters<'a> {
        // It is UTF-8, as the whole text is.
        Characters(core::str::from_utf8(self.text).unwrap_or_default().chars())
    }
}

impl Text for Quoted<'_> {
    fn write(&self, sink: &mut impl Sink) {
        if !self.has_escapes {
            return sink.push(self.text);
        }
        for character in self.characters().flatten() {
            sink.push(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// The characters that a string stands for; None for an escape that stands for nothing.
pub struct Characters<'a>(pub core::str::Chars<'a>);

impl Iterator for Characters<'_> {
    type Item = Option<char>;

    fn next(&mut self) -> Option<Option<char>> {
        match self.0.next()? {
            '\\' => Some(self.escape()),
            character => Some(Some(character)),
        }
    }
}

impl Characters<'_> {
    fn escape(&mut self) -> Option<char> {
        match self.0.next()? {
            character @ ('"' | '\\' | '/') => Some(character),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => match self.code_unit()? {
                high @ 0xd800..0xdc00 => {
                    let escaped = self.0.next() == Some('\\') && self.0.next() == Some('u');
                    let low = self.code_unit().filter(|low| escaped && (0xdc00..0xe000).contains(low))?;
                    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                }
                unit => char::from_u32(unit),
            },
            _ => None,
        }
    }

    fn code_unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit << 4 | self.0.next()?.to_digit(16)?))
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    #[inline]
    fn space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Takes a punctuation mark and the white space before it, if it comes next.
    #[inline]
    fn take(&mut self, mark: u8) -> bool {
        self.space();
        match self.rest.split_first() {
            Some((first, rest)) if *first == mark => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    #[inline]
    fn expect(&mut self, mark: u8) -> Result<(), Error> {
        if self.take(mark) { Ok(()) } else { Err(Error::Malformed) }
    }

    /// Takes the next `len` bytes.
    #[inline]
    fn advance(&mut self, len: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Error::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Takes a member's name and the colon behind it.
    fn name(&mut self) -> Result<Quoted<'a>, Error> {
        self.expect(b'"')?;
        let name = self.string()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Takes what follows an opening quote, the closing one included.
    fn string(&mut self) -> Result<Quoted<'a>, Error> {
        let (mut escaped, mut has_escapes, mut has_controls) = (false, false, false);
        let len = self.rest.iter().position(|byte| {
            let closes = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            has_escapes |= escaped;
            has_controls |= *byte < b' ';
            closes
        });
        let text = self.advance(len.ok_or(Error::Malformed)?)?;
        self.advance(1)?;
        let string = Quoted { text, has_escapes };
        let sound = !has_controls && (!has_escapes || string.characters().all(|c| c.is_some()));
        if sound { Ok(string) } else { Err(Error::Malformed) }
    }

    fn number(&mut self) -> Result<Value<'a>, Error> {
        let unsigned = self.rest.strip_prefix(b"-").unwrap_or(self.rest);
        let (whole, after) = digits(unsigned).ok_or(Error::Malformed)?;
        if whole.len() > 1 && whole.starts_with(b"0") {
            return Err(Error::Malformed);
        }
        let mut rest = after;
        if let [b'.', fraction @ ..] = rest {
            rest = digits(fraction).ok_or(Error::Malformed)?.1;
        }
        if let [b'e' | b'E', exponent @ ..] = rest {
            let unsigned = match exponent {
                [b'+' | b'-', unsigned @ ..] => unsigned,
                _ => exponent,
            };
            rest = digits(unsigned).ok_or(Error::Malformed)?.1;
        }
        let is_integer = rest.len() == after.len();
        let text = self.advance(self.rest.len().saturating_sub(rest.len()))?;
        let integer = core::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
        Ok(integer.filter(|_| is_integer).map_or(Value::Other, Value::Integer))
    }

    fn word(&mut self, word: &[u8], value: Value<'a>) -> Result<Value<'a>, Error> {
        self.rest = self.rest.strip_prefix(word).ok_or(Error::Malformed)?;
        Ok(value)
    }

    fn scalar(&mut self) -> Result<Value<'a>, Error> {
        match self.rest.first() {
            Some(b'"') => {
                self.advance(1)?;
                self.string().map(Value::Text)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true", Value::Boolean(true)),
            Some(b'f') => self.word(b"false", Value::Boolean(false)),
            Some(b'n') => self.word(b"null", Value::Other),
            _ => Err(Error::Malformed),
        }
    }

    /// Takes a value; objects and arrays are gone through to their end.
    fn value(&mut self) -> Result<Value<'a>, Error> {
        let mut open = Open::default();
        loop {
            if self.take(b'{') {
                open.push(OBJECT)?;
                if !self.take(b'}') {
                    self.name()?;
                    continue;
                }
                open.pop();
            } else if self.take(b'[') {
                open.push(ARRAY)?;
                if !self.take(b']') {
                    continue;
                }
                open.pop();
            } else {
                let value = self.scalar()?;
                if open.innermost().is_none() {
                    return Ok(value);
                }
            }
            // A value has ended: leave what closes behind it, until a comma announces the next one.
            loop {
                match open.innermost() {
                    None => return Ok(Value::Other),
                    Some(OBJECT) if self.take(b',') => {
                        self.name()?;
                        break;
                    }
                    Some(ARRAY) if self.take(b',') => break,
                    Some(OBJECT) => self.expect(b'}')?,
                    Some(_) => self.expect(b']')?,
                }
                open.pop();
            }
        }
    }
}

const OBJECT: u32 = 0;
const ARRAY: u32 = 1;

/// What is open inside the outermost object, the innermost in the lowest bit.
#[derive(Default)]
struct Open {
    kinds: u32,
    count: usize,
}

impl Open {
    fn push(&mut self, kind: u32) -> Result<(), Error> {
        if self.count + 1 >= NESTING_MAX {
            return Err(Error::Malformed);
        }
        self.kinds = self.kinds << 1 | kind;
        self.count += 1;
        Ok(())
    }

    fn pop(&mut self) {
        self.kinds >>= 1;
        self.count = self.count.saturating_sub(1);
    }

    fn innermost(&self) -> Option<u32> {
        (self.count > 0).then_some(self.kinds & 1)
    }
}

/// Splits off one digit or more.
fn digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at_checked(len).filter(|_| len > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::text::write_into;
    use crate::text::written;
    use std::path::Path;

    fn accepts(text: &[u8]) -> bool {
        members(text, |_, _| Ok(())).is_ok()
    }

    fn within_an_object(value: &[u8]) -> Vec<u8> {
        [br#"{"exp":1,"value":"#, value, br#","user_id":2}"#].concat()
    }

    #[test]
    fn members_are_shown_with_their_values() {
        let mut shown = Vec::new();
        let text = br#" { "a\u0062" : -7 , "n":{"x":[1,{"y":[]}]}, "t":"\ud83d\ude00\n", "f":1.0, "big":9223372036854775808 } "#;
        members(text, |name, value| {
            shown.push(match value {
                Value::Integer(number) => format!("{} {} {number}", name.is("ab"), name.is("a")),
                Value::Text(text) => format!("{}", text.is("\u{1f600}\n")),
                Value::Boolean(_) | Value::Other => "other".into(),
            });
            Ok(())
        })
        .unwrap();
        assert_eq!(shown, ["true false -7", "other", "true", "other", "other"]);
    }

    /// The text of the only member of an object.
    fn only_text(text: &[u8]) -> Quoted<'_> {
        let mut only = None;
        members(text, |_, value| {
            only = Some(value);
            Ok(())
        })
        .unwrap();
        match only {
            Some(Value::Text(text)) => text,
            _ => panic!(),
        }
    }

    #[test]
    fn strings_are_resolved_as_the_oracle_resolves_them() {
        let pieces = [
            r#"\""#,
            r"\\",
            r"\/",
            "/",
            r"\b",
            r"\f",
            r"\n",
            r"\r",
            r"\t",
            r"\u0000",
            r"\u001F",
            r"\u00e9",
            r"\uFFFF",
            r"\u2028",
            r"\ud83d\ude00",
            r"\uDBFF\uDFFF",
            "a",
            "\u{e9}",
            "\u{1f600}",
        ];
        let mut random = Random::new();
        for _ in 0..20_000 {
            let string = random.several(8, |random| random.one_of(&pieces)).concat();
            let oracle: String = serde_json::from_str(&format!("\"{string}\"")).unwrap();
            let object = format!("{{\"x\":\"{string}\"}}");
            let ours = only_text(object.as_bytes());
            assert_eq!(written(&ours), oracle.as_bytes(), "{string}");
            assert_eq!(write_into(&ours, &mut vec![0; oracle.len()]), Some(oracle.as_bytes()));
            assert!(ours.is(&oracle));
            if let Some(too_short) = oracle.len().checked_sub(1) {
                assert_eq!(write_into(&ours, &mut vec![0; too_short]), None);
            }
        }
    }

    #[test]
    fn two_members_of_one_name_are_refused_however_they_are_escaped() {
        assert!(accepts(br#"{"exp":1,"Exp":2}"#));
        assert!(!accepts(br#"{"exp":1,"exp":2}"#));
        assert!(!accepts(br#"{"exp":1,"\u0065xp":2}"#));
        assert!(!accepts(br#"{"\u0065xp":1,"exp":2}"#));
    }

    #[test]
    fn nesting_and_members_are_limited() {
        for (depth, accepted) in [(NESTING_MAX - 1, true), (NESTING_MAX, false), (1000, false)] {
            for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
                let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                assert_eq!(accepts(&within_an_object(value.as_bytes())), accepted, "{depth} {open}");
            }
        }
        for (count, accepted) in [(MEMBERS_MAX, true), (MEMBERS_MAX + 1, false)] {
            let members: Vec<_> = (0..count).map(|i| format!(r#""{i}":0"#)).collect();
            assert_eq!(accepts(format!("{{{}}}", members.join(",")).as_bytes()), accepted);
        }
    }

    /// Every text that is one byte off from these: accepted exactly if serde_json accepts it.
    #[test]
    fn as_strict_as_the_oracle() {
        let texts: [&[u8]; 4] = [
            br#"{"exp":1590492000,"user_id":-1.5e+3}"#,
            b"{ \"a\" : [ true, null, {}, [], \"\\u00e9\\ud83d\\ude00\xc3\xa9\" ] }",
            br#"{"x":"\"\\\/\b\f\n\r\t","yy":0}"#,
            br#"{"x":[false,{"a":[1,2],"b":{},"c":0}]}"#,
        ];
        for text in texts {
            for at in 0..text.len() {
                for byte in 0..=255 {
                    let replaced = [&text[..at], &[byte], &text[at + 1..]].concat();
                    let inserted = [&text[..at], &[byte], &text[at..]].concat();
                    for changed in [replaced, inserted, text[..at].to_vec()] {
                        let oracle = serde_json::from_slice::<serde_json::Value>(&changed);
                        let oracle = oracle.is_ok_and(|value| value.is_object());
                        assert_eq!(accepts(&changed), oracle, "{}", String::from_utf8_lossy(&changed));
                    }
                }
            }
        }
    }

    #[test]
    fn a_value_of_any_kind_is_given_back_as_it_is() {
        for text in ["1", " [1, {\"a\": 2, \"a\": 3}] ", "\"\u{e9}\"", "null"] {
            assert_eq!(value(text.as_bytes()), Some(text));
        }
        for text in [&b""[..], b"1 2", b"[1", b"{1}", b"\"\xff\""] {
            assert_eq!(value(text), None);
        }
    }

    /// The public JSONTestSuite, where it lies beside the project.
    #[test]
    fn public_test_suite() {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors/json_parsing/test_parsing");
        let Ok(entries) = folder.read_dir() else {
            return println!("SKIP: no {}", folder.display());
        };
        let mut seen = [0, 0];
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read(&path).unwrap();
            let accepted = accepts(&within_an_object(&text));
            match &name[..2] {
                "y_" => assert!(accepted, "{name}"),
                "n_" => assert!(!accepted, "{name}"),
                _ => continue,
            }
            seen[usize::from(accepted)] += 1;
        }
        assert_eq!(seen, [188, 95]);
    }
}

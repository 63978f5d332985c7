//! What is signed, made visible: for explanations, which a person reads.
use crate::attempt::{Attempt, HMAC, SECRET, Scheme, Written};
use crate::twist::BOM;
use apisig_core::crypto::hash::{Hasher, Sha256};
use apisig_core::text::encoding::hex;
use apisig_core::text::{Line, Number, Sink, Text, len};

/// What an explanation is written to: any sink, so that the code is there once and not for each.
pub struct Page<'a> {
    sink: &'a mut dyn Sink,
    /// How many bytes were written.
    pub len: usize,
}

impl<'a> Page<'a> {
    pub fn new(sink: &'a mut dyn Sink) -> Self {
        Page { sink, len: 0 }
    }
}

impl Sink for Page<'_> {
    fn push(&mut self, bytes: &[u8]) {
        self.len = self.len.saturating_add(bytes.len());
        self.sink.push(bytes);
    }
}

/// A text whose lines a function writes: compiled once, and not for each sink.
pub struct Explanation<F>(pub F);

impl<F: Fn(&mut Page)> Text for Explanation<F> {
    fn write(&self, sink: &mut impl Sink) {
        self.0(&mut Page::new(sink));
    }
}

/// A text on one line: line feeds and other bytes that cannot be seen stand as `\n`, `\r`, `\t` and
/// `\xHH`, a backslash as `\\`. UTF-8 stays as it is.
#[derive(Clone, Copy)]
pub struct Visible<T>(pub T);

impl<T: Text> Text for Visible<T> {
    #[inline(never)]
    fn write(&self, sink: &mut impl Sink) {
        let mut characters = Characters { sink: &mut Page::new(sink), begun: Line::default() };
        self.0.write(&mut characters);
        characters.end();
    }
}

/// Makes the characters of a text visible, however it is cut into pieces.
struct Characters<'s, 'p> {
    sink: &'s mut Page<'p>,
    /// A character that has only begun.
    begun: Line<4>,
}

impl Sink for Characters<'_, '_> {
    fn push(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.push_byte(*byte));
    }
}

impl Characters<'_, '_> {
    #[inline(never)]
    fn push_byte(&mut self, byte: u8) {
        // What has begun goes on with such a byte alone.
        if !matches!(byte, 0x80..0xc0) {
            self.end();
        }
        self.begun.push(&[byte]);
        match str::from_utf8(self.begun.as_bytes()) {
            Ok(text) => {
                text.chars().for_each(|character| push_character(character, self.sink));
                self.begun = Line::default();
            }
            Err(error) if error.error_len().is_some() => self.end(),
            Err(_) => {}
        }
    }

    /// What has begun is no character.
    fn end(&mut self) {
        self.begun.as_bytes().iter().for_each(|byte| push_byte(*byte, self.sink));
        self.begun = Line::default();
    }
}

#[inline(never)]
fn push_character(character: char, sink: &mut Page) {
    match character {
        '\\' => sink.push(br"\\"),
        '\n' => sink.push(br"\n"),
        '\r' => sink.push(br"\r"),
        '\t' => sink.push(br"\t"),
        _ if is_invisible(character) => {
            character.encode_utf8(&mut [0; 4]).as_bytes().iter().for_each(|byte| push_byte(*byte, sink));
        }
        _ => sink.push(character.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// Whether a character cannot be seen, or is easily taken for another: controls, spaces other than the plain
/// one, what Unicode calls default-ignorable, and the whole block of General Punctuation, with its dashes
/// and quotation marks.
fn is_invisible(character: char) -> bool {
    INVISIBLE.iter().filter(|bound| **bound <= character.into()).count() % 2 == 1
}

/// Of each range the first one, and the one behind it.
static INVISIBLE: [u32; 40] = [
    0x0, 0x20, 0x7f, 0xa1, 0xad, 0xae, 0x34f, 0x350, 0x61c, 0x61d, 0x115f, 0x1161, 0x1680, 0x1681, 0x17b4,
    0x17b6, 0x180b, 0x1810, 0x2000, 0x2070, 0x2800, 0x2801, 0x3000, 0x3001, 0x3164, 0x3165, 0xfe00, 0xfe10,
    0xfeff, 0xff00, 0xffa0, 0xffa1, 0xfff0, 0xfffc, 0x1bca0, 0x1bca4, 0x1d173, 0x1d17b, 0xe0000, 0xe1000,
];

fn push_byte(byte: u8, sink: &mut Page) {
    let [high, low] = hex(&[byte]);
    sink.push(&[b'\\', b'x', high, low]);
}

/// A number, in decimal digits; compiled once.
#[derive(Clone, Copy)]
pub struct Decimal(pub i64);

impl Text for Decimal {
    #[inline(never)]
    fn write(&self, sink: &mut impl Sink) {
        Number(self.0).write(sink);
    }
}

/// So many bytes: "1 byte", "2 bytes".
#[derive(Clone, Copy)]
pub struct Bytes(pub usize);

impl Text for Bytes {
    #[inline(never)]
    fn write(&self, sink: &mut impl Sink) {
        let number = Decimal(i64::try_from(self.0).unwrap_or(i64::MAX));
        (number, if self.0 == 1 { " byte" } else { " bytes" }).write(sink);
    }
}

/// A secret: its length, and the first 8 hex digits of its SHA-256 to tell it from others.
#[derive(Clone, Copy)]
pub struct Secret<'a>(pub &'a [u8]);

impl Text for Secret<'_> {
    #[inline(never)]
    fn write(&self, sink: &mut impl Sink) {
        let mut hasher = Hasher::<Sha256>::default();
        hasher.push(self.0);
        let digits: [u8; 64] = hex(&hasher.finish());
        let start = digits.first_chunk::<8>().unwrap_or(b"        ");
        (Bytes(self.0.len()), ", SHA-256 ", start, "...").write(sink);
    }
}

/// What every explanation begins with: from the secret to the signature. `instead` is shown in place of a string to
/// sign that is a secret.
#[inline(never)]
pub fn write_steps(right: &Attempt, scheme: Scheme, instead: Option<&'static str>, sink: &mut Page) {
    let (secret, is_hmac) = (right.texts[SECRET].text, right.place == HMAC);
    let (end, secret_len) = if is_hmac { ("", 0) } else { ("<secret>", secret.len()) };
    ("secret: ", Secret(secret), "\nalgorithm: ", scheme, "\nstring to sign: ").write(sink);
    match instead {
        Some(text) => text.write(sink),
        None => (Visible(right), end).write(sink),
    }
    ("\nlength: ", Bytes(len(right) + secret_len)).write(sink);
    ("\nsignature: ", Written(right.mac().0, scheme.form), "\n").write(sink);
}

/// Writes a line for everything about a value that is seldom meant: white space around it, line feeds, a byte order mark.
#[inline(never)]
pub fn write_warnings(name: &str, value: &[u8], sink: &mut Page) {
    let starts_with_space = value.first().is_some_and(u8::is_ascii_whitespace);
    let ends_with_space = value.last().is_some_and(u8::is_ascii_whitespace) && !value.ends_with(b"\n");
    for (is_so, what) in [
        (value.is_empty(), " is empty\n"),
        (value.starts_with(BOM), " begins with a byte order mark\n"),
        (starts_with_space, " begins with white space\n"),
        (value.ends_with(b"\r\n"), " ends with CR and line feed\n"),
        (value.ends_with(b"\n") && !value.ends_with(b"\r\n"), " ends with a line feed\n"),
        (ends_with_space, " ends with white space\n"),
    ] {
        is_so.then_some(("warning: the ", name, what)).write(sink);
    }
}

/// Writes a line for each that is so.
pub fn warn(warnings: &[(bool, &str)], sink: &mut Page) {
    warnings.iter().for_each(|(is_so, text)| is_so.then_some(("warning: ", text, "\n")).write(sink));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::written;

    fn shown(text: impl Text) -> String {
        String::from_utf8(written(&text)).unwrap()
    }

    #[test]
    fn what_cannot_be_seen_is_made_visible() {
        for (bytes, expected) in [
            (&b"POST\n\ta\\b\r"[..], r"POST\n\ta\\b\r"),
            ("caf\u{e9} \u{1f600}".as_bytes(), "caf\u{e9} \u{1f600}"),
            (b"\xff\0\x7f\xc3", r"\xff\x00\x7f\xc3"),
            ("\u{feff}a\u{202e}b\u{a0}".as_bytes(), r"\xef\xbb\xbfa\xe2\x80\xaeb\xc2\xa0"),
        ] {
            assert_eq!(shown(Visible(bytes)), expected);
        }
    }

    /// Python's unicodedata, its categories Cc, Cf, Zs, Zl and Zp, and Unicode's list of default-ignorables, where they
    /// are more than controls of Arabic, Kaithi, Syriac and Egyptian letters, which can be seen.
    #[test]
    fn what_unicode_calls_invisible_is_escaped_and_letters_are_not() {
        let invisible = "\u{0}\u{1f}\u{7f}\u{85}\u{9f}\u{a0}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{1680}\u{17b4}\
            \u{17b5}\u{180b}\u{180e}\u{180f}\u{2000}\u{200a}\u{200b}\u{200d}\u{200e}\u{2013}\u{2019}\u{2028}\u{2029}\
            \u{202e}\u{202f}\u{205f}\u{2060}\u{2064}\u{2066}\u{2069}\u{206f}\u{2800}\u{3000}\u{3164}\u{fe00}\u{fe0f}\
            \u{feff}\u{ffa0}\u{fff0}\u{fff9}\u{fffb}\u{1bca0}\u{1bca3}\u{1d173}\u{1d17a}\u{e0000}\u{e0001}\u{e0020}\
            \u{e007f}\u{e0100}\u{e01ef}\u{e0fff}";
        for character in invisible.chars() {
            let text = character.to_string();
            let escaped: String = text.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
            assert_eq!(shown(Visible(text.as_bytes())), escaped, "{:x}", u32::from(character));
        }
        let visible = " ~\u{a1}\u{ac}\u{ae}\u{301}\u{416}\u{627}\u{e01}\u{1100}\u{1ffe}\u{2070}\u{20ac}\u{2801}\
            \u{3001}\u{4e2d}\u{ac00}\u{fffd}\u{1f600}";
        assert_eq!(shown(Visible(visible.as_bytes())), visible);
    }

    /// As the standard library tells characters from other bytes, however a text is cut into pieces.
    #[test]
    fn a_text_in_pieces_is_seen_as_a_whole() {
        fn oracle(bytes: &[u8]) -> String {
            let escaped =
                |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
            let visible = |text: &str| -> String {
                text.chars().map(|one| shown(Visible(one.to_string().as_bytes()))).collect()
            };
            let chunk =
                |chunk: std::str::Utf8Chunk| -> String { visible(chunk.valid()) + &escaped(chunk.invalid()) };
            bytes.utf8_chunks().map(chunk).collect()
        }
        struct Cut<'a>(&'a [u8], usize);
        impl Text for Cut<'_> {
            fn write(&self, sink: &mut impl Sink) {
                self.0.chunks(self.1).for_each(|piece| sink.push(piece));
            }
        }
        let mut random = Random::new();
        for _ in 0..20_000 {
            let bytes = random.several(12, |random| {
                random.one_of(b"a\n\\\x00\x7f\xc3\xa9\xe2\x82\xac\xed\xa0\xf0\x9f\x98\x80\xff")
            });
            for len in 1..4 {
                assert_eq!(shown(Visible(Cut(&bytes, len))), oracle(&bytes), "{bytes:?}");
            }
        }
        assert_eq!(shown(Visible(Cut("caf\u{e9} \u{1f600}".as_bytes(), 1))), "caf\u{e9} \u{1f600}");
    }

    #[test]
    fn a_secret_shows_its_length_and_eight_digits_alone() {
        assert_eq!(shown(Secret(b"secret")), "6 bytes, SHA-256 2bb80d53...");
        assert_eq!(shown(Secret(b"s")), "1 byte, SHA-256 043a7187...");
    }

    #[test]
    fn what_is_seldom_meant_is_warned_of() {
        let warnings = |value| shown(Explanation(|sink: &mut Page| write_warnings("secret", value, sink)));
        assert_eq!(warnings(b"a b"), "");
        assert_eq!(warnings(b""), "warning: the secret is empty\n");
        assert_eq!(
            warnings(b"\xef\xbb\xbfa\r\n"),
            "warning: the secret begins with a byte order mark\nwarning: the secret ends with CR and line feed\n"
        );
        assert_eq!(
            warnings(b" a "),
            "warning: the secret begins with white space\nwarning: the secret ends with white space\n"
        );
        assert_eq!(warnings(b"a\n"), "warning: the secret ends with a line feed\n");
    }
}

//! A text, and what may have become of it before it entered a signature: one list for every slot of every vendor.
use crate::Mistake;
use crate::date_form::Moment;
use crate::json_style::{Styled, Ways, style};
use crate::page::Page;
use crate::readings::Form;
use apisig_core::text::form::Encoded;
use apisig_core::text::json::{self, Characters};
use apisig_core::text::{Sink, Text, without_line_end};

/// A text as it was perhaps signed.
#[derive(Clone, Copy)]
pub struct Spelt<'a> {
    pub text: &'a [u8],
    pub twist: Twist<'a>,
}

/// What became of a text. What cannot be done to it leaves nothing of it.
#[derive(Clone, Copy)]
pub enum Twist<'a> {
    Plain,
    /// Something stands in front of it and behind it.
    Around(&'a [u8], &'a [u8]),
    /// A part of it.
    Cut(fn(&[u8]) -> &[u8]),
    /// Each of its bytes becomes another one.
    Bytes(fn(u8) -> u8),
    /// Decoded.
    Read(Form),
    Url,
    /// Likewise, but a + stays: so it is in a path.
    Percent,
    Encoded(&'static UrlEncoding),
    /// Decoded as in a path, and encoded again.
    Recoded(&'static UrlEncoding),
    /// The space in front was a + before, as of a telephone number.
    PlusInFront,
    /// UTF-8 that was turned into Latin-1.
    Latin1,
    /// A token's base64 with the plain alphabet, or padded.
    Token {
        is_plain: bool,
        is_padded: bool,
    },
    /// Not the text, but this MD5.
    Md5([u8; 16], Md5Form),
    Date(Moment),
    Json(Ways),
    /// What it is as a JSON text in quotes.
    JsonText,
    /// With these line ends.
    LineEnds(&'static str),
    /// A whole number with this sign, so many zeros in front and this behind it.
    Number(&'static str, u8, &'static str),
}

/// Writes an MD5 in a form.
pub type Md5Form = fn(&[u8; 16], &mut Page);

impl Text for Spelt<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.write_to(&mut Page::new(sink));
    }
}

pub const BOM: &[u8] = b"\xef\xbb\xbf";

/// The longest that is decoded.
const DECODED_MAX: usize = 1024;

impl<'a> Spelt<'a> {
    pub const fn new(text: &'a [u8], twist: Twist<'a>) -> Self {
        Spelt { text, twist }
    }

    /// Compiled once for every sink.
    #[inline(never)]
    pub fn write_to(&self, sink: &mut Page) {
        let text = self.text;
        match self.twist {
            Twist::Plain => sink.push(text),
            Twist::Around(before, behind) => (before, text, behind).write(sink),
            Twist::Cut(cut) => sink.push(cut(text)),
            Twist::Bytes(change) => text.iter().for_each(|byte| sink.push(&[change(*byte)])),
            Twist::Read(form) => write_decoded(text, form, sink),
            Twist::Url => Encoded::new(text).write(sink),
            Twist::Percent => write_percent_decoded(text, sink),
            Twist::Encoded(encoding) => UrlEncoder(encoding, sink).push(text),
            Twist::Recoded(encoding) => write_percent_decoded(text, &mut UrlEncoder(encoding, sink)),
            Twist::PlusInFront => match text.strip_prefix(b" ") {
                Some(rest) => (b"+", rest).write(sink),
                None => sink.push(text),
            },
            Twist::Latin1 => write_latin1(text, sink),
            Twist::Token { is_plain, is_padded } => write_token(text, is_plain, is_padded, sink),
            Twist::Md5(md5, write) => write(&md5, sink),
            Twist::Date(moment) => moment.write(text, sink),
            Twist::LineEnds(end) => {
                for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
                    ((at > 0).then_some(end), line.strip_suffix(b"\r").unwrap_or(line)).write(sink);
                }
            }
            Twist::Json(ways) => style(ways).and_then(|style| Styled::new(text, style)).write(sink),
            Twist::JsonText => {
                let quoted = json::value(text).and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
                let characters = Characters(quoted.unwrap_or_default().chars()).flatten();
                characters.for_each(|one| one.encode_utf8(&mut [0; 4]).write(sink));
            }
            Twist::Number(sign, zeros, end) => {
                if let Some(digits) = whole_number(text) {
                    let zeros = ZEROS.get(..zeros.into()).unwrap_or_default();
                    (sign, zeros, digits, end).write(sink);
                }
            }
        }
    }

    /// Whether it is something, and not this text.
    pub fn is_other_than(&self, text: &[u8]) -> bool {
        let mut compared = Compared { rest: text, is_same: true, is_empty: true };
        self.write(&mut compared);
        let is_same = compared.is_same && compared.rest.is_empty();
        !is_same && (!compared.is_empty || matches!(self.twist, Twist::Plain))
    }
}

/// What happens to a text anywhere.
#[derive(Clone, Copy)]
pub enum Kind {
    Hex,
    Base64,
    Newline,
    Space,
    Bom,
    Quotes,
    Case,
    Plus,
    Decoded,
    Encoded,
    Latin1,
}

/// What each kind is called in a slot.
pub type Names = fn(Kind) -> Mistake;

static TWISTS: [(Kind, Twist<'static>); 18] = [
    (Kind::Hex, Twist::Read(Form::Hex)),
    (Kind::Base64, Twist::Read(Form::Base64)),
    (Kind::Newline, Twist::Around(b"", b"\n")),
    (Kind::Newline, Twist::Around(b"", b"\r\n")),
    (Kind::Space, Twist::Around(b"", b" ")),
    (Kind::Space, Twist::Around(b" ", b"")),
    (Kind::Bom, Twist::Around(BOM, b"")),
    (Kind::Quotes, Twist::Around(b"\"", b"\"")),
    (Kind::Quotes, Twist::Around(b"'", b"'")),
    (Kind::Case, LOWER_CASE),
    (Kind::Case, UPPER_CASE),
    (Kind::Newline, Twist::Cut(without_line_end)),
    (Kind::Space, Twist::Cut(<[u8]>::trim_ascii)),
    (Kind::Bom, Twist::Cut(without_bom)),
    (Kind::Quotes, Twist::Cut(without_quotes)),
    (Kind::Plus, PLUS),
    (Kind::Decoded, Twist::Url),
    (Kind::Latin1, Twist::Latin1),
];

impl Kind {
    /// All that happens to a text anywhere.
    pub fn twists() -> impl Iterator<Item = (Kind, Twist<'static>)> {
        let encoded = URL_ENCODINGS.iter().map(|encoding| (Kind::Encoded, Twist::Encoded(encoding)));
        TWISTS.iter().copied().chain(encoded)
    }
}

/// A token in unpadded base64url, as it should be.
pub const BASE64URL: Twist = Twist::Token { is_plain: false, is_padded: false };
pub const LOWER_CASE: Twist = Twist::Bytes(|byte| byte.to_ascii_lowercase());
const UPPER_CASE: Twist = Twist::Bytes(|byte| byte.to_ascii_uppercase());
/// Its spaces were + before.
pub const PLUS: Twist = Twist::Bytes(|byte| if byte == b' ' { b'+' } else { byte });

pub fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(BOM).unwrap_or(text)
}

pub fn without_padding(text: &[u8]) -> &[u8] {
    text.iter().rposition(|byte| *byte != b'=').and_then(|last| text.get(..=last)).unwrap_or_default()
}

/// 10.5 of 10.50.
pub fn without_zeros(number: &[u8]) -> &[u8] {
    let is_of_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let Some(last) = number.iter().rposition(|byte| *byte != b'0') else { return number };
    let cut = number.get(..=last).map_or(number, |cut| cut.strip_suffix(b".").unwrap_or(cut));
    if number.contains(&b'.') && number.iter().all(is_of_number) { cut } else { number }
}

fn without_quotes(text: &[u8]) -> &[u8] {
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        _ => text,
    }
}

/// Compares what is written with a text.
struct Compared<'a> {
    rest: &'a [u8],
    is_same: bool,
    is_empty: bool,
}

impl Sink for Compared<'_> {
    fn push(&mut self, bytes: &[u8]) {
        self.is_empty &= bytes.is_empty();
        match self.rest.strip_prefix(bytes) {
            Some(rest) => self.rest = rest,
            None => self.is_same = false,
        }
    }
}

/// Never inlined: its space would be taken for every twist.
#[inline(never)]
fn write_decoded(text: &[u8], form: Form, sink: &mut Page) {
    sink.push(form.read(text, &mut [0; DECODED_MAX]).unwrap_or_default());
}

/// Characters that Latin-1 does not have become question marks, as in PHP.
fn write_latin1(text: &[u8], sink: &mut Page) {
    let characters = str::from_utf8(text).unwrap_or_default().chars();
    characters.for_each(|character| sink.push(&[u8::try_from(character).unwrap_or(b'?')]));
}

/// So many zeros are looked for in front of a number.
pub const ZEROS: &[u8; 20] = b"00000000000000000000";

/// The digits of a whole number, without sign and leading zeros.
fn whole_number(text: &[u8]) -> Option<&[u8]> {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let digits = unsigned.strip_suffix(b".0").unwrap_or(unsigned);
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count().min(digits.len().saturating_sub(1));
    digits.get(zeros..).filter(|all| !all.is_empty() && all.iter().all(u8::is_ascii_digit))
}

/// As in a path: a + stays.
fn write_percent_decoded(path: &[u8], sink: &mut impl Sink) {
    for (at, piece) in path.split(|byte| *byte == b'+').enumerate() {
        ((at > 0).then_some("+"), Encoded::new(piece)).write(sink);
    }
}

/// Each part between dots, unpadded or padded. A space was a `+` before it was decoded as a form.
fn write_token(text: &[u8], is_plain: bool, is_padded: bool, sink: &mut Page) {
    let mut dot: &[u8] = b"";
    for part in text.split(|byte| *byte == b'.') {
        sink.push(dot);
        let part = without_padding(part);
        for character in part {
            sink.push(&[match character {
                b'+' | b'-' | b' ' if is_plain => b'+',
                b'/' | b'_' if is_plain => b'/',
                b'+' | b' ' => b'-',
                b'/' => b'_',
                _ => *character,
            }]);
        }
        sink.push(match part.len() % 4 {
            2 if is_padded => b"==",
            3 if is_padded => b"=",
            _ => b"",
        });
        dot = b".";
    }
}

/// A way to URL-encode.
pub struct UrlEncoding {
    /// What it leaves as it is, beside letters and digits.
    kept: &'static [u8],
    space: &'static str,
    digits: &'static [u8; 16],
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

/// All that are in use for values.
pub static URL_ENCODINGS: [UrlEncoding; 7] = [
    // PHP's urlencode and rawurlencode.
    UrlEncoding { kept: b"-._", space: "+", digits: UPPER },
    UrlEncoding { kept: b"-._~", space: "%20", digits: UPPER },
    // JavaScript's encodeURIComponent.
    UrlEncoding { kept: b"-._~!*'()", space: "%20", digits: UPPER },
    // Python's quote_plus and quote.
    UrlEncoding { kept: b"-._~", space: "+", digits: UPPER },
    UrlEncoding { kept: b"-._~/", space: "%20", digits: UPPER },
    // Java's URLEncoder.
    UrlEncoding { kept: b"-._*", space: "+", digits: UPPER },
    // HttpUtility of .NET.
    UrlEncoding { kept: b"-._!*()", space: "+", digits: LOWER },
];

/// Those of paths: what is reserved encoded or not, in either case.
pub static PATH_ENCODINGS: [UrlEncoding; 5] = [
    UrlEncoding { kept: b"-._~/", space: "%20", digits: UPPER },
    UrlEncoding { kept: b"-._~/:@!$&'()*+,;=", space: "%20", digits: UPPER },
    UrlEncoding { kept: b"-._~/", space: "%20", digits: LOWER },
    UrlEncoding { kept: b"-._~/:@!$&'()*+,;=", space: "%20", digits: LOWER },
    // As a form has it.
    UrlEncoding { kept: b"-._~/", space: "+", digits: UPPER },
];

/// Encodes what is written to it.
struct UrlEncoder<'s, 'p>(&'static UrlEncoding, &'s mut Page<'p>);

impl Sink for UrlEncoder<'_, '_> {
    fn push(&mut self, bytes: &[u8]) {
        let UrlEncoder(UrlEncoding { kept, space, digits }, sink) = self;
        let digit = |nibble: u8| digits.get(usize::from(nibble)).copied().unwrap_or_default();
        for byte in bytes {
            match byte {
                b' ' => space.write(*sink),
                byte if byte.is_ascii_alphanumeric() || kept.contains(byte) => sink.push(&[*byte]),
                byte => sink.push(&[b'%', digit(byte >> 4), digit(byte & 15)]),
            }
        }
    }
}

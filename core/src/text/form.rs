//! Forms and query strings (`application/x-www-form-urlencoded`), read and written as PHP does.
use super::encoding::{from_hex, hex};
use crate::Error;
use crate::text::{Sink, Text, write_into};

/// A field of a form.
#[derive(Clone, Copy, Default)]
pub struct Field<'a> {
    /// What stands before the first `=`.
    pub name: Encoded<'a>,
    /// Empty where the field has no `=`.
    pub value: Encoded<'a>,
}

/// The fields of a form, in order. Empty ones, as between `&&`, are passed over. A query string
/// comes without its `?`.
pub fn fields(form: &[u8]) -> impl Iterator<Item = Field<'_>> + Clone {
    placed_fields(form).map(|(_, field)| field)
}

/// The same, each with where it starts in the form: what begins there is read by [`fields`] again.
pub fn placed_fields(form: &[u8]) -> impl Iterator<Item = (usize, Field<'_>)> + Clone {
    let placed = form.split(|byte| *byte == b'&').scan(0, |next, field| {
        let start = *next;
        *next += field.len() + 1;
        Some((start, field))
    });
    placed.filter(|(_, field)| !field.is_empty()).map(|(start, field)| {
        let mut parts = field.splitn(2, |byte| *byte == b'=');
        let mut part = || Encoded(parts.next().unwrap_or_default());
        (start, Field { name: part(), value: part() })
    })
}

/// The value of the only field of this name, if there is one. Two of them are
/// [`Error::Malformed`]: one party might go by the first and another by the last. So is a field that only
/// PHP gives this name: it drops spaces in front, ends a name at a NUL, and makes a list of `name[`.
///
/// `name` has no `_`, which PHP also writes for a `.` or a space.
pub fn only<'a>(form: &'a [u8], name: &str) -> Result<Option<Encoded<'a>>, Error> {
    let is_named = |rest: Encoded| matches!(rest.bytes().next(), None | Some(0 | b'['));
    let mut named = fields(form).filter(|field| field.name.after(name).is_some_and(is_named));
    match (named.next(), named.next()) {
        (None, _) => Ok(None),
        (Some(field), None) if field.name.is(name) => Ok(Some(field.value)),
        _ => Err(Error::Malformed),
    }
}

/// The most fields that PHP reads of a form unless it is told otherwise: it drops what comes behind.
pub const FIELDS_MAX: usize = 1000;

/// Whether every server reads the same fields: there are not too many, and no line of the form starts
/// as the parts of a multipart body do, in which another reader would find other values.
pub fn is_read_alike(form: &[u8]) -> bool {
    let has_part = form.windows(3).any(|bytes| matches!(bytes, [b'\r' | b'\n', b'-', b'-']));
    !has_part && !form.starts_with(b"--") && count(form) <= FIELDS_MAX
}

/// How many fields a form has as PHP counts them: empty ones too, but none behind the last `&`.
pub fn count(form: &[u8]) -> usize {
    form.strip_suffix(b"&").unwrap_or(form).split(|byte| *byte == b'&').count()
}

/// A form with some fields behind it. [`Error::ArgumentFormName`] if it has a field of one of these names;
/// [`Error::ArgumentFormFields`] if not every server reads the same fields.
pub fn with<'a, T: Text, const N: usize>(
    form: &'a [u8],
    names: [&str; N],
    fields: T,
) -> Result<(&'a [u8], &'static str, T), Error> {
    if form.is_empty() {
        return Ok((form, "", fields));
    }
    if names.iter().any(|name| only(form, name) != Ok(None)) {
        return Err(Error::ArgumentFormName);
    }
    if !is_read_alike(form) || count(form) + N > FIELDS_MAX {
        return Err(Error::ArgumentFormFields);
    }
    Ok((form, if form.ends_with(b"&") { "" } else { "&" }, fields))
}

/// A name or a value as it stands in the form. As a [`Text`] it is what it stands for: decoded.
///
/// A `+` is a space. A `%` without two hex digits behind it stands for itself, as in PHP and
/// Python: nothing is refused, and any byte may come out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Encoded<'a>(&'a [u8]);

impl<'a> Encoded<'a> {
    /// A text that is encoded.
    pub fn new(text: &'a [u8]) -> Self {
        Encoded(text)
    }

    /// The bytes as they stand in the form.
    pub fn as_sent(self) -> &'a [u8] {
        self.0
    }

    /// The decoded bytes.
    pub fn bytes(self) -> Bytes<'a> {
        Bytes(self.0)
    }

    /// Whether it is `text`, decoded. Not for secrets: it stops at the first difference.
    pub fn is(self, text: &str) -> bool {
        self.is_bytes(text.as_bytes())
    }

    /// Likewise, for any bytes.
    pub fn is_bytes(self, bytes: &[u8]) -> bool {
        self.bytes().eq(bytes.iter().copied())
    }

    /// What follows a text that it starts with, decoded.
    pub fn behind(self, text: &str) -> Option<Encoded<'a>> {
        let mut bytes = self.bytes();
        text.bytes().all(|byte| bytes.next() == Some(byte)).then_some(Encoded(bytes.0))
    }

    /// The same of a field's name as PHP reads it, which drops the spaces in front.
    pub fn after(self, text: &str) -> Option<Encoded<'a>> {
        let (mut name, mut behind) = (self, self.bytes());
        while behind.next() == Some(b' ') {
            name = Encoded(behind.0);
        }
        name.behind(text)
    }

    /// Whether it has `text` in it, decoded.
    pub fn contains(self, text: &str) -> bool {
        let mut bytes = self.bytes();
        core::iter::from_fn(|| {
            let here = bytes.clone();
            bytes.next().map(|_| here)
        })
        .any(|here| text.bytes().eq(here.take(text.len())))
    }

    /// The same number without leading zeros: 007 becomes 7, 000 becomes 0.
    pub fn without_leading_zeros(self) -> Encoded<'a> {
        let (mut number, mut behind) = (self, self.bytes());
        while behind.next() == Some(b'0') && !behind.0.is_empty() {
            number = Encoded(behind.0);
        }
        number
    }

    /// The decoded bytes: as they stand in the form if nothing is escaped, or else in `out`. None if they are more
    /// than fit.
    pub fn decoded<'o>(&self, out: &'o mut [u8]) -> Option<&'o [u8]>
    where
        'a: 'o,
    {
        let is_plain = !self.0.iter().any(|byte| matches!(byte, b'+' | b'%'));
        if is_plain { Some(self.0).filter(|text| text.len() <= out.len()) } else { self.decode_into(out) }
    }

    /// Decodes to the start of `out`. None if it does not fit.
    pub fn decode_into<'o>(&self, out: &'o mut [u8]) -> Option<&'o [u8]> {
        write_into(self, out)
    }
}

impl Text for Encoded<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let mut bytes = self.bytes();
        while !bytes.0.is_empty() {
            sink.push(bytes.take_plain());
            sink.push(bytes.take_escapes(&mut [0; 32]));
        }
    }
}

/// The bytes that are still to be decoded.
#[derive(Clone)]
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    /// Takes what stands for itself, up to the next escape: many bytes at once.
    fn take_plain(&mut self) -> &'a [u8] {
        let len = self.0.iter().take_while(|byte| !matches!(byte, b'+' | b'%')).count();
        let (plain, rest) = self.0.split_at_checked(len).unwrap_or_default();
        self.0 = rest;
        plain
    }
}

impl Bytes<'_> {
    /// Decodes the escapes that stand here one behind the other, many at once: a sink takes long pieces faster
    /// than bytes. Compiled once for every sink.
    #[inline(never)]
    fn take_escapes<'o>(&mut self, out: &'o mut [u8; 32]) -> &'o [u8] {
        let mut len = 0;
        for place in out.iter_mut() {
            if !matches!(self.0.first(), Some(b'+' | b'%')) {
                break;
            }
            *place = self.next().unwrap_or_default();
            len += 1;
        }
        out.get(..len).unwrap_or_default()
    }
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = escape(self.0).or_else(|| {
            let (byte, rest) = self.0.split_first()?;
            Some((if *byte == b'+' { b' ' } else { *byte }, rest))
        })?;
        self.0 = rest;
        Some(byte)
    }
}

/// What the escape stands for that `text` starts with, and what follows.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = text.strip_prefix(b"%")?.split_first_chunk::<2>()?;
    let [byte] = from_hex(digits)?;
    Some((byte, rest))
}

/// A name or a value that **is encoded once, here**, as PHP's `urlencode` and `http_build_query`
/// do: it goes into a form or a query string as it is. Whatever builds forms from plain values
/// would encode it a second time, and make of `%2B` a `%252B` that the vendor refuses.
///
/// Letters, digits, `-`, `.` and `_` stand for themselves, a space is `+`, all else is `%XX`. Others
/// leave `*` or `~` as they are, or make a space `%20`: every reader reads that as the same.
#[derive(Clone, Copy)]
pub struct EncodedOnce<'a>(pub &'a [u8]);

impl Text for EncodedOnce<'_> {
    fn write(&self, sink: &mut impl Sink) {
        for byte in self.0 {
            match *byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => sink.push(&[*byte]),
                b' ' => sink.push(b"+"),
                byte => {
                    let [high, low] = hex(&[byte]).map(|digit| digit.to_ascii_uppercase());
                    sink.push(&[b'%', high, low]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::text::written;

    fn decoded(text: &[u8]) -> Vec<u8> {
        let encoded = Encoded(text);
        let bytes: Vec<u8> = encoded.bytes().collect();
        assert_eq!(written(&encoded), bytes);
        bytes
    }

    fn pairs(form: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
        fields(form).map(|field| (written(&field.name), written(&field.value))).collect()
    }

    fn only_text(form: &str, name: &str) -> Result<Option<String>, Error> {
        Ok(only(form.as_bytes(), name)?.map(|value| String::from_utf8(written(&value)).unwrap()))
    }

    /// PHP 8.2: `for ($i = 0; $i < 256; $i++) echo urlencode(chr($i));` `http_build_query` gives the
    /// same.
    const OF_PHP: &str = "\
        %00%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14%15%16%17%18%19%1A%1B%1C%1D%1E%1F\
        +%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F\
        %40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D%7E%7F\
        %80%81%82%83%84%85%86%87%88%89%8A%8B%8C%8D%8E%8F%90%91%92%93%94%95%96%97%98%99%9A%9B%9C%9D%9E%9F\
        %A0%A1%A2%A3%A4%A5%A6%A7%A8%A9%AA%AB%AC%AD%AE%AF%B0%B1%B2%B3%B4%B5%B6%B7%B8%B9%BA%BB%BC%BD%BE%BF\
        %C0%C1%C2%C3%C4%C5%C6%C7%C8%C9%CA%CB%CC%CD%CE%CF%D0%D1%D2%D3%D4%D5%D6%D7%D8%D9%DA%DB%DC%DD%DE%DF\
        %E0%E1%E2%E3%E4%E5%E6%E7%E8%E9%EA%EB%EC%ED%EE%EF%F0%F1%F2%F3%F4%F5%F6%F7%F8%F9%FA%FB%FC%FD%FE%FF";

    #[test]
    fn every_byte_is_written_as_php_writes_it_and_read_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(written(&EncodedOnce(&all)), OF_PHP.as_bytes());
        assert_eq!(decoded(OF_PHP.as_bytes()), all);
        assert_eq!(decoded(OF_PHP.to_ascii_lowercase().as_bytes()), all.to_ascii_lowercase());
    }

    /// The oracle follows the WHATWG, which leaves one byte more as it is.
    #[test]
    fn written_as_the_oracle_writes_it_but_for_the_star() {
        for byte in 0..=255 {
            let oracle: String = form_urlencoded::byte_serialize(&[byte]).collect();
            let oracle = if byte == b'*' { "%2A" } else { &oracle };
            assert_eq!(written(&EncodedOnce(&[byte])), oracle.as_bytes());
        }
    }

    /// PHP 8.2: `bin2hex(urldecode($text))`. Python 3: `unquote_to_bytes(text.replace('+', ' ')).hex()`.
    /// Both the same.
    #[test]
    fn what_is_no_escape_stands_for_itself() {
        for (text, hex) in [
            ("a%2", "612532"),
            ("a%", "6125"),
            ("%", "25"),
            ("%%41", "2541"),
            ("%zz", "257a7a"),
            ("%4", "2534"),
            ("%4g", "253467"),
            ("%g4", "256734"),
            ("%+1", "252031"),
            ("%2B+%2b", "2b202b"),
            ("%00", "00"),
            ("%E9x", "e978"),
            ("%25%34%31", "253431"),
            ("%%%", "252525"),
            ("a%20+b", "61202062"),
            ("%u0041", "257530303431"),
        ] {
            assert_eq!(::hex::encode(decoded(text.as_bytes())), hex, "{text}");
        }
    }

    #[test]
    fn every_pair_behind_a_percent_sign_is_read_as_the_oracle_reads_it() {
        for [high, low] in (0..=u16::MAX).map(u16::to_be_bytes) {
            let form = [b'x', b'=', b'%', high, low];
            let oracle = form_urlencoded::parse(&form).next().unwrap().1;
            let ours = fields(&form).next().unwrap().value;
            assert_eq!(String::from_utf8_lossy(&written(&ours)), oracle, "{form:?}");
        }
    }

    #[test]
    fn random_forms_are_read_as_the_oracle_reads_them() {
        let mut random = Random::new();
        for _ in 0..100_000 {
            let form = random.several(24, |random| random.one_of(b"&&==%%++?;ab04Cf.[]\0\xc3\xa9"));
            let ours: Vec<_> = pairs(&form)
                .iter()
                .map(|(name, value)| [name, value].map(|part| String::from_utf8_lossy(part).into_owned()))
                .collect();
            let oracle: Vec<_> = form_urlencoded::parse(&form)
                .map(|(name, value)| [name.into_owned(), value.into_owned()])
                .collect();
            assert_eq!(ours, oracle, "{}", String::from_utf8_lossy(&form));
        }
    }

    #[test]
    fn random_fields_are_read_back() {
        let mut random = Random::new();
        for _ in 0..10_000 {
            let sent: Vec<[Vec<u8>; 2]> = random
                .several(5, |random| [0; 2].map(|_| random.several(9, |random| random.below(256) as u8)));
            let form: Vec<u8> = sent
                .iter()
                .flat_map(|[name, value]| written(&(EncodedOnce(name), b"=", EncodedOnce(value), b"&")))
                .collect();
            let read: Vec<_> = pairs(&form).into_iter().map(|(name, value)| [name, value]).collect();
            assert_eq!(read, sent);
        }
    }

    #[test]
    fn a_name_is_found_however_it_is_encoded_but_only_once() {
        let form = "?hash=0&&b=1&%68ash=a%2Bb+c&c&user.id=2&d=x=y";
        assert_eq!(only_text(form, "hash"), Ok(Some("a+b c".into())));
        assert_eq!(only_text(form, "?hash"), Ok(Some("0".into())));
        assert_eq!(only_text(form, "c"), Ok(Some("".into())));
        assert_eq!(only_text(form, "d"), Ok(Some("x=y".into())));
        for missing in ["Hash", "has", "hashes", "user_id", ""] {
            assert_eq!(only_text(form, missing), Ok(None), "{missing}");
        }
        for twice in ["hash=1&hash=1", "hash=1&%68ash=2", "hash&hash", "hash=1&x=2&hash=3&hash=4"] {
            assert_eq!(only_text(twice, "hash"), Err(Error::Malformed), "{twice}");
        }
        for for_php in [
            "hash[]=1",
            "hash[",
            "+hash",
            "%20+hash=1",
            "hash%00=1",
            "hash%00x=1",
            "+%68ash%5B",
            "hash=1&hash\0=2",
        ] {
            assert_eq!(only_text(for_php, "hash"), Err(Error::Malformed), "{for_php}");
        }
        for other in ["hash.", "hash+=1", "%09hash=1", "%00hash=1", "[hash]=1", "x[hash]=1", "hash]=1"] {
            assert_eq!(only_text(other, "hash"), Ok(None), "{other}");
        }
        assert_eq!(only_text("", ""), Ok(None));
        assert_eq!(only_text("=x", ""), Ok(Some("x".into())));
    }

    #[test]
    fn compared_and_decoded_to_the_last_byte() {
        let encoded = Encoded(b"%61%FFb+");
        assert!(encoded.is_bytes(b"a\xffb "));
        assert!(!encoded.is_bytes(b"a\xffb"));
        assert!(!encoded.is_bytes(b"a\xffb +"));
        assert_eq!(encoded.decode_into(&mut [0; 9]), Some(&b"a\xffb "[..]));
        assert_eq!(encoded.decode_into(&mut [0; 4]), Some(&b"a\xffb "[..]));
        assert_eq!(encoded.decode_into(&mut [0; 3]), None);
        assert_eq!(Encoded(b"").decode_into(&mut []), Some(&b""[..]));
    }

    #[test]
    fn what_servers_read_otherwise_is_told() {
        assert!(is_read_alike(b"a=b&c=%0d%0a"));
        assert!(!is_read_alike(b"a=b&z=\r\n--b"));
        assert!(!is_read_alike(b"a=b&z=\n--b"));
        assert!(is_read_alike(b"a=b\r\n&c=--d"));
        assert!(is_read_alike(&b"a=&".repeat(FIELDS_MAX)));
        assert!(!is_read_alike(&[&b"a=&".repeat(FIELDS_MAX)[..], b"b=1"].concat()));
        assert!(is_read_alike(&b"&".repeat(FIELDS_MAX)));
        assert!(!is_read_alike(&b"&".repeat(FIELDS_MAX + 1)));
        assert!(!is_read_alike(b"--a=b"));
    }

    #[test]
    fn fields_are_put_behind_a_form_that_has_place_for_them() {
        let with = |form: &[u8]| with(form, ["x", "y"], "x=1&y=2").map(|text| written(&text));
        for (form, whole) in [
            ("", "x=1&y=2"),
            ("a", "a&x=1&y=2"),
            ("a&", "a&x=1&y=2"),
            ("&&", "&&x=1&y=2"),
            ("/a/b&X=1", "/a/b&X=1&x=1&y=2"),
        ] {
            assert_eq!(with(form.as_bytes()), Ok(whole.into()), "{form}");
        }
        for form in ["x", "a&y=1", "%78", "x[]=1", "+y", "y%00a="] {
            assert_eq!(with(form.as_bytes()), Err(Error::ArgumentFormName), "{form}");
        }
        for form in ["a\n--", "--"] {
            assert_eq!(with(form.as_bytes()), Err(Error::ArgumentFormFields), "{form}");
        }
        let whole = with(&b"a&".repeat(FIELDS_MAX - 2)).unwrap();
        assert!(is_read_alike(&whole) && !is_read_alike(&[&whole[..], b"&"].concat().repeat(2)));
        assert_eq!(with(&b"a&".repeat(FIELDS_MAX - 1)), Err(Error::ArgumentFormFields));
    }
}

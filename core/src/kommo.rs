//! Kommo (amoCRM) Chat API: HMAC-SHA1 over method, Content-MD5, Content-Type, Date and path, a line
//! each.
//! Source: the vendor's page "Connecting chat channel".
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::crypto::hash::{Md5, hash};
use crate::crypto::keys;
use crate::crypto::mac::HmacSha1;
use crate::text::date::{DATE_LEN, Time};
use crate::text::encoding::{from_hex, hex, presented_hex};
use crate::text::{Sink, Text, after_host};

pub mod webhook;

/// The channel's secrets.
pub type Keys = keys::Keys<HmacSha1>;

/// The only content type that the vendor takes.
pub const CONTENT_TYPE: &[u8; 16] = b"application/json";

/// For how many seconds the vendor accepts a signature, before and after its Date.
pub const TOLERANCE: i64 = 900;

/// What a request's signature covers, with the headers' values byte for byte as they are sent.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// In any case: it is signed in upper case.
    pub method: &'a [u8],
    /// A whole URL or a path. Only the path is signed.
    pub url: &'a [u8],
    /// The value of Content-MD5.
    pub content_md5: &'a [u8],
    /// The value of Content-Type.
    pub content_type: &'a [u8],
    /// The value of Date.
    pub date: &'a [u8],
}

/// The text that is signed.
pub struct StringToSign<'a> {
    /// What is signed of it, with its URL.
    pub request: Request<'a>,
    /// The URL's path.
    pub path: &'a [u8],
}

impl<'a> StringToSign<'a> {
    /// An error if a value has a control character, or the URL a space: a line feed
    /// inside a value would let one signature stand for two requests. Also without a method, or if
    /// `url` is neither a path nor a URL with a scheme.
    pub fn new(request: Request<'a>) -> Result<Self, Error> {
        let headers = [request.content_md5, request.content_type, request.date];
        if headers.iter().any(|value| has_control(value)) {
            return Err(Error::ArgumentHeader);
        }
        if request.method.is_empty() || has_control(request.method) {
            return Err(Error::ArgumentHttpMethod);
        }
        Ok(StringToSign { request, path: path(request.url)? })
    }

    /// Likewise, of a request that was received: [`Error::Malformed`].
    #[inline]
    pub fn presented(request: Request<'a>) -> Result<Self, Error> {
        // No client sends a fragment. A sender who adds one may count on a server that does not cut it off.
        if request.url.contains(&b'#') {
            return Err(Error::Malformed);
        }
        Self::new(request).map_err(|_| Error::Malformed)
    }
}

impl Text for StringToSign<'_> {
    // Inlined, so that headers that were made here are copied by their known lengths.
    #[inline(always)]
    fn write(&self, sink: &mut impl Sink) {
        let Request { method, content_md5, content_type, date, .. } = self.request;
        for letters in method.chunks(METHOD_CHUNK) {
            let mut upper = [0; METHOD_CHUNK];
            for (upper, letter) in upper.iter_mut().zip(letters) {
                *upper = letter.to_ascii_uppercase();
            }
            sink.push(upper.get(..letters.len()).unwrap_or_default());
        }
        for line in [content_md5, content_type, date, self.path] {
            sink.push(b"\n");
            sink.push(line);
        }
    }
}

/// No method in use is longer.
const METHOD_CHUNK: usize = 8;

/// The values of the four headers of a signed request, a NUL behind each: laid out as the C struct, so that the C function
/// passes its own.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Headers {
    /// Date.
    pub date: [u8; DATE_LEN + 1],
    /// Content-Type.
    pub content_type: [u8; CONTENT_TYPE.len() + 1],
    /// Content-MD5.
    pub content_md5: [u8; 33],
    /// X-Signature.
    pub x_signature: [u8; 41],
}

impl Headers {
    /// Four empty values.
    pub const EMPTY: Headers = Headers {
        date: [0; DATE_LEN + 1],
        content_type: [0; CONTENT_TYPE.len() + 1],
        content_md5: [0; 33],
        x_signature: [0; 41],
    };
}

/// Makes the headers of a request that is sent at `time`, in place of empty ones. [`Error::ArgumentUrl`] if
/// clients would send another path: it is sent as it stands if it is in the normal form of RFC 3986.
#[inline]
pub fn sign(
    keys: &Keys,
    method: &[u8],
    url: &[u8],
    body: &[u8],
    time: Time,
    headers: &mut Headers,
) -> Result<(), Error> {
    if method.is_empty() || has(method, |byte| !byte.is_ascii_graphic()) {
        return Err(Error::ArgumentHttpMethod);
    }
    let path = path_as_sent(url)?;
    let request = Request {
        method,
        url,
        content_md5: set(&mut headers.content_md5, hex::<16, 32>(&md5(body))),
        content_type: set(&mut headers.content_type, *CONTENT_TYPE),
        date: set(&mut headers.date, time.date()),
    };
    let signature = keys.current()?.of(&StringToSign { request, path });
    set(&mut headers.x_signature, hex::<20, 40>(&signature));
    Ok(())
}

/// Likewise, the values of Date, Content-MD5 and X-Signature as a line each.
pub fn sign_lines(
    keys: &Keys,
    method: &[u8],
    url: &[u8],
    body: &[u8],
    time: Time,
) -> Result<impl Text + use<>, Error> {
    let mut headers = Headers::EMPTY;
    sign(keys, method, url, body, time, &mut headers)?;
    Ok(Lines(headers))
}

struct Lines(Headers);

impl Text for Lines {
    #[inline]
    fn write(&self, sink: &mut impl Sink) {
        let Headers {
            date: [date @ .., _],
            content_md5: [content_md5 @ .., _],
            x_signature: [x_signature @ .., _],
            ..
        } = &self.0;
        (date, "\n", content_md5, "\n", x_signature).write(sink);
    }
}

/// Puts a value in front of its NUL, and gives it back as it lies there.
#[inline]
fn set<const N: usize, const M: usize>(place: &mut [u8; M], value: [u8; N]) -> &[u8] {
    const { assert!(M == N + 1) };
    let Some(start) = place.first_chunk_mut() else { return &[] };
    *start = value;
    start
}

/// Signs header values as they are given: X-Signature.
#[inline]
pub fn sign_digest(keys: &Keys, string_to_sign: &StringToSign) -> Result<[u8; 40], Error> {
    Ok(hex(&keys.current()?.of(string_to_sign)))
}

/// Checks the signature over the headers as they were received, then that Content-MD5 is the
/// body's, then that Date lies within `tolerance` seconds of `now`. Returns the index of the secret
/// that matched. Without a body, as in a log that has none, **it says nothing about a body**.
pub fn check(
    keys: &Keys,
    request: Request,
    body: Option<&[u8]>,
    signature: &[u8],
    now: Time,
    tolerance: i64,
) -> Result<usize, Error> {
    if tolerance < 0 {
        return Err(Error::ArgumentTolerance);
    }
    let string_to_sign = StringToSign::presented(request)?;
    let signature = presented_hex(signature).ok_or(Error::Mismatch)?;
    let index = keys.find(|key| equal(&hex::<20, 40>(&key.of(&string_to_sign)), &signature))?;
    if body.is_some_and(|body| presented_hex(request.content_md5) != Some(hex::<16, 32>(&md5(body)))) {
        return Err(Error::Body);
    }
    Time::parse(request.date)?.within(tolerance, now)?;
    Ok(index)
}

/// The MD5 of a body.
pub fn md5(body: &[u8]) -> [u8; 16] {
    hash::<Md5>(body)
}

#[inline]
fn has_control(value: &[u8]) -> bool {
    has(value, |byte| (byte < b' ') | (byte == 0x7f))
}

fn is_forbidden(byte: u8) -> bool {
    (byte <= b' ') | (byte == 0x7f)
}

fn is_end(byte: u8) -> bool {
    (byte == b'?') | (byte == b'#')
}

/// Whether any byte is such. Every byte of a chunk is looked at: without a branch the compiler takes all of it at once. The
/// last chunk overlaps the one before.
#[inline]
fn has(value: &[u8], is_such: impl Fn(u8) -> bool) -> bool {
    const CHUNK: usize = 16;
    let is_in = |bytes: &[u8]| bytes.iter().fold(false, |found, byte| found | is_such(*byte));
    match value.last_chunk::<CHUNK>() {
        Some(last) => value.as_chunks::<CHUNK>().0.iter().any(|chunk| is_in(chunk)) || is_in(last),
        None => is_in(value),
    }
}

/// The path of a URL as clients send it. [`Error::ArgumentUrl`] if they would send another one, or if the URL has
/// characters that no client sends.
#[inline]
fn path_as_sent(url: &[u8]) -> Result<&[u8], Error> {
    if url.starts_with(b"/") && !url.starts_with(b"//") && is_plain(url) {
        return Ok(url);
    }
    let path = path(url)?;
    (is_visible_ascii(url) && is_normal(path)).then_some(path).ok_or(Error::ArgumentUrl)
}

/// Whether a URL is of visible ASCII. Browsers read a backslash as a slash: the host would end there.
#[inline]
fn is_visible_ascii(url: &[u8]) -> bool {
    !has(url, |byte| !byte.is_ascii_graphic() | (byte == b'\\')) || is_visible_ascii_with_backslash(url)
}

fn is_visible_ascii_with_backslash(url: &[u8]) -> bool {
    let host = url.split(|byte| is_end(*byte)).next().unwrap_or_default();
    url.iter().all(u8::is_ascii_graphic) && !host.contains(&b'\\')
}

/// The path of a URL: without scheme, host, query and fragment, and "/" where the URL has none.
fn path(url: &[u8]) -> Result<&[u8], Error> {
    if has(url, is_forbidden) {
        return Err(Error::ArgumentUrl);
    }
    let local = match url.first() {
        Some(b'/') => url,
        _ => after_host(url).ok_or(Error::ArgumentUrl)?,
    };
    // One look at a URL that has neither query nor fragment, the commonest case.
    let path =
        if has(local, is_end) { local.split(|byte| is_end(*byte)).next().unwrap_or_default() } else { local };
    Ok(if path.is_empty() { b"/" } else { path })
}

/// Whether a path is of letters, digits and slashes, the commonest case, and so needs one look.
#[inline]
fn is_plain(path: &[u8]) -> bool {
    !has(path, |byte| !(byte.is_ascii_alphanumeric() | (byte == b'/') | (byte == b'-') | (byte == b'_')))
}

/// Whether a path is in the normal form of RFC 3986, which every client sends as it stands: they encode
/// other characters than a path has, decode those that need no encoding, write its hex in upper case
/// and resolve dot segments. Of two slashes at its start some versions of Python's requests send one.
pub fn is_normal(path: &[u8]) -> bool {
    !path.starts_with(b"//") && (is_plain(path) || is_normal_at_every_part(path))
}

fn is_normal_at_every_part(path: &[u8]) -> bool {
    let is_dots = |part: &[u8]| matches!(part, b"." | b"..");
    path.iter().all(|byte| is_in_path(*byte))
        && !path.split(|byte| *byte == b'/').any(is_dots)
        && path.split(|byte| *byte == b'%').skip(1).all(is_normal_escape)
}

fn is_in_path(byte: u8) -> bool {
    is_unreserved(byte) || b"/%:@!$&'()*+,;=".contains(&byte)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Whether what follows a `%` is upper-case hex, of a byte that needs encoding.
fn is_normal_escape(escape: &[u8]) -> bool {
    let digits = escape.first_chunk::<2>().filter(|digits| !digits.iter().any(u8::is_ascii_lowercase));
    digits.and_then(|digits| from_hex(digits)).is_some_and(|[byte]| !is_unreserved(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_path_of_a_url_is_signed() {
        for (url, expected) in [
            ("https://amojo.kommo.com/v2/origin/custom/a/connect?limit=1#top", "/v2/origin/custom/a/connect"),
            ("HTTP://user:pass@host:8443/a//b/", "/a//b/"),
            ("https://host", "/"),
            ("https://host?q=/x", "/"),
            ("https://host#/x", "/"),
            ("/v2/a?x=http://b/c", "/v2/a"),
            ("//two/slashes", "//two/slashes"),
        ] {
            assert_eq!(path(url.as_bytes()), Ok(expected.as_bytes()), "{url}");
        }
        for url in [
            "",
            "?x",
            "#x",
            "v2/origin",
            "host.example/path",
            "mailto:a@b",
            "://host/x",
            "https:/host",
            "http:///x",
            "https://?x",
            "https://",
        ] {
            assert_eq!(path(url.as_bytes()), Err(Error::ArgumentUrl), "{url}");
        }
    }

    /// No path is signed that a client rewrites.
    #[test]
    fn a_path_is_signed_as_every_client_sends_it() {
        let mut keys = Keys::default();
        keys.add(b"secret").unwrap();
        let time = Time::new(0).unwrap();
        let signed = |url: &str| sign(&keys, b"GET", url.as_bytes(), b"", time, &mut { Headers::EMPTY });
        for path in [
            "/",
            "/x//y//",
            "/a/b/",
            "/~!$&'()*+,;=:@-._",
            "/%D0%B6%20%2F%25",
            "/.a/..b/...",
            "/a.b/c..",
            "/%7F%00",
        ] {
            assert_eq!(signed(path), Ok(()), "{path}");
            assert_eq!(signed(&format!("https://h{path}?q=[1]/../%7e{{}}#\"%")), Ok(()), "{path}");
        }
        let other_characters = [
            "/\u{447}\u{430}\u{442}/",
            "/a b/",
            "/\"",
            "/<",
            "/>",
            "/[",
            "/]",
            "/\\",
            "/^",
            "/`",
            "/{",
            "/|",
            "/}",
        ];
        let dots =
            ["//", "//x", "/.", "/..", "/a/../b", "/./a", "/a/.", "/a/.?x", "/%2E", "/%2e%2E/a", "/.%2e"];
        let escapes = [
            "/%", "/%4", "/%zz", "/%41", "/%7e", "/%5F", "/%c3%a9", "/%D0%b6", "/%%", "/%2", "/a%2Fb%",
            "/%+1",
        ];
        for path in [&other_characters[..], &dots, &escapes].concat() {
            assert_eq!(signed(path), Err(Error::ArgumentUrl), "{path}");
            assert_eq!(signed(&format!("https://h{path}")), Err(Error::ArgumentUrl), "{path}");
        }
        for url in ["/x?q=\u{436}", "/x?a b", "/x#\u{e9}", "https://h\u{e9}/x"] {
            assert_eq!(signed(url), Err(Error::ArgumentUrl), "{url}");
        }
    }

    #[test]
    fn without_a_body_the_rest_is_checked() {
        let mut keys = Keys::default();
        keys.add(b"secret").unwrap();
        let (now, mut made) = (Time::new(1_669_231_521).unwrap(), Headers::EMPTY);
        sign(&keys, b"POST", b"/x", b"{}", now, &mut made).unwrap();
        let [date, content_md5] = [&made.date[..31], &made.content_md5[..32]];
        let request = Request { method: b"POST", url: b"/x", content_md5, content_type: CONTENT_TYPE, date };
        let checked = |request, signature: &[u8], now| check(&keys, request, None, signature, now, 900);
        let signature = &made.x_signature[..40];
        assert_eq!(checked(request, signature, now), Ok(0));
        assert_eq!(checked(request, signature, Time::new(1_669_233_521).unwrap()), Err(Error::Expired));
        assert_eq!(checked(Request { url: b"/y", ..request }, signature, now), Err(Error::Mismatch));
        assert_eq!(checked(Request { url: b"/x#", ..request }, signature, now), Err(Error::Malformed));
        assert_eq!(check(&keys, request, None, signature, now, -1), Err(Error::ArgumentTolerance));
    }

    #[test]
    fn one_string_to_sign_stands_for_one_request_only() {
        let sound =
            Request { method: b"post", url: b"/x", content_md5: b"", content_type: b"a/b; c", date: b"" };
        let mut text = Vec::new();
        StringToSign::new(sound).unwrap().write(&mut text);
        assert_eq!(text, b"POST\n\na/b; c\n\n/x");
        for control in [b"\n", b"\r", b"\0", b"\x1f", b"\x7f", b"\t"] {
            let broken = [
                Request { method: control, ..sound },
                Request { url: &[b"/", &control[..]].concat(), ..sound },
                Request { content_md5: control, ..sound },
                Request { content_type: control, ..sound },
                Request { date: control, ..sound },
            ];
            for request in broken {
                assert!(StringToSign::new(request).is_err());
            }
        }
        assert!(StringToSign::new(Request { url: b"/a b", ..sound }).is_err());
        assert!(StringToSign::new(Request { url: "/caf\u{e9}".as_bytes(), ..sound }).is_ok());
    }
}

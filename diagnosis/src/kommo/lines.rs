//! The lines that may have been signed in place of those that were sent: with one of them changed,
//! in another order, or joined otherwise.
use super::body::other_body;
use super::{date, md5_in_hex, method_in, wrong_content_md5};
use crate::Mistake;
use crate::engine::Pieces;
use crate::readings::Readings;
use apisig_core::crypto::mac::HmacSha1;
use apisig_core::kommo::{CONTENT_TYPE, Request, after_host, md5, webhook};
use apisig_core::text::encoding::{base64, hex};
use apisig_core::text::write_into;

/// The lines that are signed; the path in three pieces, so that something can stand around it.
#[derive(Clone, Copy)]
pub struct Lines<'a> {
    pub method: &'a [u8],
    pub content_md5: &'a [u8],
    pub content_type: &'a [u8],
    pub date: &'a [u8],
    pub path: [&'a [u8]; 3],
}

impl<'a> Lines<'a> {
    pub fn pieces(&self) -> [&'a [u8]; 11] {
        let [before, path, behind] = self.path;
        let Lines { method, content_md5, content_type, date, .. } = *self;
        [method, b"\n", content_md5, b"\n", content_type, b"\n", date, b"\n", before, path, behind]
    }

    fn in_order(&self) -> [&'a [u8]; 5] {
        let [_, path, _] = self.path;
        [self.method, self.content_md5, self.content_type, self.date, path]
    }
}

/// A signature and the lines that did not make it.
pub struct Signed<'a> {
    pub key: &'a HmacSha1,
    pub presented: &'a Readings,
    pub lines: Lines<'a>,
}

impl<'a> Signed<'a> {
    /// The mistake that makes it: what is commonest or soonest tried comes first.
    pub fn other_than(&self, request: Request, body: Option<&[u8]>) -> Option<Mistake> {
        let is_date = |date: &[u8]| self.is_with_date(date);
        body.and_then(|body| self.other_content_md5(body))
            .or_else(|| self.other_method(request.method))
            .or_else(|| self.other_path(request.url))
            .or_else(|| self.other_content_type())
            .or_else(|| self.other_order())
            .or_else(|| self.other_separator())
            .or_else(|| date::other_words(request.date, &is_date))
            .or_else(|| self.body_alone(body?))
            .or_else(|| other_body(body?, &|body| self.is_with_content_md5(&md5_in_hex(body))))
            .or_else(|| date::other_form(request.date, &is_date))
    }

    // Whether the signature is that of the lines with one of them changed. There are some fifty places
    // that ask: it is not compiled into each.

    #[inline(never)]
    fn is_with_method(&self, method: &[u8]) -> bool {
        self.is_of(&Lines { method, ..self.lines }.pieces())
    }

    #[inline(never)]
    fn is_with_content_md5(&self, content_md5: &[u8]) -> bool {
        self.is_of(&Lines { content_md5, ..self.lines }.pieces())
    }

    #[inline(never)]
    fn is_with_content_type(&self, content_type: &[u8]) -> bool {
        self.is_of(&Lines { content_type, ..self.lines }.pieces())
    }

    #[inline(never)]
    fn is_with_date(&self, date: &[u8]) -> bool {
        self.is_of(&Lines { date, ..self.lines }.pieces())
    }

    #[inline(never)]
    fn is_with_path(&self, before: &[u8], path: &[u8], behind: &[u8]) -> bool {
        self.is_of(&Lines { path: [before, path, behind], ..self.lines }.pieces())
    }

    /// Whether the signature is that of this message.
    #[inline(never)]
    fn is_of(&self, message: Pieces) -> bool {
        self.presented.is(&self.key.of(message))
    }

    fn other_content_md5(&self, body: &[u8]) -> Option<Mistake> {
        let digest = md5(body);
        let lower: [u8; 32] = hex(&digest);
        let is = |content_md5: &[u8]| self.is_with_content_md5(content_md5);
        if is(&lower) {
            // It was signed rightly, and then another one was sent.
            return wrong_content_md5(self.lines.content_md5, body);
        }
        if is(&lower.map(|digit| digit.to_ascii_uppercase())) {
            return Some(Mistake::Md5UpperCase);
        }
        (is(&base64::<16, 24>(&digest)) || is(&base64::<32, 44>(&lower))).then_some(Mistake::Md5Base64)
    }

    fn other_method(&self, as_given: &[u8]) -> Option<Mistake> {
        let lower = method_in(u8::to_ascii_lowercase, as_given)?;
        (self.is_with_method(lower.as_bytes()) || self.is_with_method(as_given))
            .then_some(Mistake::MethodCase)
    }

    fn other_path(&self, url: &[u8]) -> Option<Mistake> {
        let [_, path, _] = self.lines.path;
        let query =
            url.iter().position(|byte| *byte == b'?').and_then(|at| url.get(at..)).unwrap_or_default();
        let is = |before: &[u8], path: &[u8], behind: &[u8]| self.is_with_path(before, path, behind);
        if is(b"", path, query) {
            return Some(Mistake::PathQuery);
        }
        let mut hosts = ORIGINS.into_iter().chain([origin(url)]).flat_map(|origin| [origin, host(origin)]);
        if hosts.any(|host| is(host, path, b"") || is(host, path, query)) {
            return Some(Mistake::PathHost);
        }
        if is(b"", path, b"/") || path.strip_suffix(b"/").is_some_and(|path| is(b"", path, b"")) {
            return Some(Mistake::PathSlash);
        }
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        let is_end = |at| path.get(at..).is_some_and(|end| is(b"", end, b""));
        slashes.take(SLASHES_MAX).any(|at| is_end(at) || is_end(at + 1)).then_some(Mistake::PathPrefix)
    }

    fn other_content_type(&self) -> Option<Mistake> {
        let sent = self.lines.content_type;
        let is = |content_type: &[u8]| self.is_with_content_type(content_type);
        let media_type = sent.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
        let has_charset =
            |charset: &&str| write_into(&(media_type, *charset), &mut [0; CONTENT_TYPE_MAX]).is_some_and(is);
        if CHARSETS.iter().any(has_charset) {
            return Some(Mistake::ContentTypeCharset);
        }
        let [method, content_md5, _, date, path] = self.lines.in_order();
        let is_left_out = is(b"") || self.is_of(&joined(&[method, content_md5, date, path], b"\n"));
        (is_left_out || is(CONTENT_TYPE)).then_some(Mistake::ContentTypeMissing)
    }

    /// In any order, with or without Content-Type.
    fn other_order(&self) -> Option<Mistake> {
        let lines = self.lines.in_order();
        let [method, content_md5, _, date, path] = lines;
        let four = [method, content_md5, date, path];
        let is = |lines: &[&[u8]]| self.is_of(&joined(lines, b"\n"));
        let found = (0..120).any(|number| is(&permutation(lines, number)))
            || (0..24).any(|number| is(&permutation(four, number)));
        found.then_some(Mistake::HeaderOrder)
    }

    fn other_separator(&self) -> Option<Mistake> {
        let lines = self.lines.in_order();
        // PHP's '\n' is a backslash and an n.
        let is_joined_by = |separator: &&str| self.is_of(&joined(&lines, separator.as_bytes()));
        let [method, content_md5, content_type, date, path] = lines;
        let with_last = [method, content_md5, content_type, date, path, b""];
        let found = [r"\n", "\r\n", r"\r\n", "", " ", "|"].iter().any(is_joined_by)
            || self.is_of(&joined(&with_last, b"\n"));
        found.then_some(Mistake::LineSeparator)
    }

    /// As webhooks are signed, and requests of the older API were.
    fn body_alone(&self, body: &[u8]) -> Option<Mistake> {
        let bodies = [body, webhook::without_line_end(body)];
        bodies.iter().any(|body| self.is_of(&[body])).then_some(Mistake::BodyOnly)
    }
}

/// Where requests go: a path alone does not say which host was signed with it.
const ORIGINS: [&[u8]; 3] =
    [b"https://amojo.kommo.com", b"https://amojo.amocrm.ru", b"https://amojo.amocrm.com"];

/// The scheme and host of a URL that has them.
fn origin(url: &[u8]) -> &[u8] {
    let local = after_host(url).unwrap_or(url);
    url.get(..url.len() - local.len()).unwrap_or_default()
}

fn host(origin: &[u8]) -> &[u8] {
    let slash = origin.iter().position(|byte| *byte == b'/');
    slash.and_then(|slash| origin.get(slash + 2..)).unwrap_or_default()
}

/// Parts of a path that may be missing: an untrusted one may be of slashes alone.
const SLASHES_MAX: usize = 32;

/// The longest Content-Type that is tried with another charset.
const CONTENT_TYPE_MAX: usize = 128;

const CHARSETS: [&str; 5] = ["", "; charset=utf-8", "; charset=UTF-8", ";charset=utf-8", ";charset=UTF-8"];

/// Lines, up to six of them, with a separator between each two.
fn joined<'a>(lines: &[&'a [u8]], separator: &'a [u8]) -> [&'a [u8]; 12] {
    let mut pieces = [&b""[..]; 12];
    let mut separator_before = &b""[..];
    for ([before, piece], line) in pieces.as_chunks_mut().0.iter_mut().zip(lines) {
        (*before, *piece) = (separator_before, line);
        separator_before = separator;
    }
    pieces
}

/// One of the orders that lines can have, by its number: its digits, in a factorial number system,
/// say which of the lines that are left comes next.
fn permutation<const N: usize>(lines: [&[u8]; N], mut number: usize) -> [&[u8]; N] {
    let mut left = lines.map(Some);
    core::array::from_fn(|taken| {
        let count = (N - taken).max(1);
        let next = left.iter_mut().filter(|line| line.is_some()).nth(number % count);
        number /= count;
        next.and_then(Option::take).unwrap_or_default()
    })
}

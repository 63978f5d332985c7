//! Text that is written piece by piece: what a string to sign is, and what hashes and buffers take. And
//! what the vendors share to write and to read it. Nothing here knows a vendor.

pub mod basic;
pub mod date;
pub mod encoding;
pub mod form;
pub mod json;

/// Takes a text's bytes, in order.
pub trait Sink {
    /// Takes the next bytes.
    fn push(&mut self, bytes: &[u8]);
}

/// A Vec, where there is one.
impl<T: Extend<u8>> Sink for T {
    fn push(&mut self, bytes: &[u8]) {
        self.extend(bytes.iter().copied());
    }
}

/// Writes itself into any sink: into a hash to be signed, into a buffer to be shown. The same bytes
/// each time.
pub trait Text {
    /// Pushes the whole text.
    fn write(&self, sink: &mut impl Sink);
}

impl Text for [u8] {
    #[inline]
    fn write(&self, sink: &mut impl Sink) {
        sink.push(self);
    }
}

impl Text for [&[u8]] {
    fn write(&self, sink: &mut impl Sink) {
        self.iter().for_each(|piece| sink.push(piece));
    }
}

impl<const N: usize> Text for [u8; N] {
    #[inline]
    fn write(&self, sink: &mut impl Sink) {
        sink.push(self);
    }
}

impl Text for str {
    #[inline]
    fn write(&self, sink: &mut impl Sink) {
        sink.push(self.as_bytes());
    }
}

/// Nothing, where there is none.
impl<T: Text> Text for Option<T> {
    fn write(&self, sink: &mut impl Sink) {
        if let Some(text) = self {
            text.write(sink);
        }
    }
}

impl<T: Text + ?Sized> Text for &T {
    #[inline]
    fn write(&self, sink: &mut impl Sink) {
        (**self).write(sink);
    }
}

/// A tuple is the text of its pieces, one behind the other, and so a message can be written down as
/// it is: `(r#"{"success":true,"accountUrl":"#, JsonString::new(url)?, "}")`.
macro_rules! pieces {
    ($first:ident $($next:ident)*) => {
        impl<$first: Text, $($next: Text),*> Text for ($first, $($next),*) {
            #[inline]
            #[allow(non_snake_case)]
            fn write(&self, sink: &mut impl Sink) {
                let ($first, $($next),*) = self;
                $first.write(sink);
                $($next.write(sink);)*
            }
        }
        pieces!($($next)*);
    };
    () => {};
}
pieces!(A B C D E F G H I J K L);

/// A text in lower-case ASCII.
#[derive(Clone, Copy)]
pub struct LowerCase<'a>(pub &'a [u8]);

impl Text for LowerCase<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.0.iter().for_each(|byte| sink.push(&[byte.to_ascii_lowercase()]));
    }
}

/// What follows a prefix, which may be in any case.
pub fn after_prefix<'a>(text: &'a [u8], prefix: &str) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix.as_bytes()).then_some(rest)
}

/// What follows `scheme://host` in a URL.
pub fn after_host(url: &[u8]) -> Option<&[u8]> {
    let colon = url.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"+-.".contains(byte))?;
    let (_, rest) = url.split_at_checked(colon).filter(|(scheme, _)| !scheme.is_empty())?;
    let rest = rest.strip_prefix(b"://")?;
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    rest.split_at_checked(end.unwrap_or(rest.len()))
        .filter(|(host, _)| !host.is_empty())
        .map(|(_, path)| path)
}

/// What stands before the CR and LF bytes at the end.
pub fn without_line_end(mut text: &[u8]) -> &[u8] {
    while let [line @ .., b'\r' | b'\n'] = text {
        text = line;
    }
    text
}

/// A number, in decimal digits.
#[derive(Clone, Copy)]
pub struct Number(pub i64);

impl Text for Number {
    fn write(&self, sink: &mut impl Sink) {
        sink.push(itoa::Buffer::new().format(self.0).as_bytes());
    }
}

/// How many bytes a text has.
pub fn len(text: &(impl Text + ?Sized)) -> usize {
    struct Length(usize);
    impl Sink for Length {
        #[inline]
        fn push(&mut self, bytes: &[u8]) {
            self.0 = self.0.saturating_add(bytes.len());
        }
    }
    let mut length = Length(0);
    text.write(&mut length);
    length.0
}

/// Writes a text to the start of `out`. None if it does not fit.
pub fn write_into<'o>(text: &(impl Text + ?Sized), out: &'o mut [u8]) -> Option<&'o [u8]> {
    /// What is free behind the text so far; None once it did not fit.
    struct Free<'o>(Option<&'o mut [u8]>);
    impl Sink for Free<'_> {
        #[inline]
        fn push(&mut self, bytes: &[u8]) {
            self.0 = self.0.take().and_then(|free| {
                let (space, free) = free.split_at_mut_checked(bytes.len())?;
                copy(space, bytes);
                Some(free)
            });
        }
    }
    let size = out.len();
    let mut free = Free(Some(out));
    text.write(&mut free);
    let len = size.checked_sub(free.0?.len())?;
    out.get(..len)
}

/// Copies bytes to a place of their length. It leaves no panic, whatever it is optimized for.
pub fn copy(to: &mut [u8], from: &[u8]) {
    if to.len() == from.len() {
        to.copy_from_slice(from);
    }
}

/// A short text of its own, of at most N bytes.
///
/// N is chosen for the longest text that can be written; bytes beyond it would be dropped.
#[derive(Clone, Copy)]
pub struct Line<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Default for Line<N> {
    fn default() -> Self {
        Line { bytes: [0; N], len: 0 }
    }
}

impl<const N: usize> Line<N> {
    /// The text so far.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Hands out the free end to `fill`, which says how many bytes it wrote.
    pub fn extend_with(&mut self, fill: impl FnOnce(&mut [u8]) -> usize) {
        let written = fill(self.bytes.get_mut(self.len..).unwrap_or_default());
        self.len = self.len.saturating_add(written).min(N);
    }
}

impl<const N: usize> Sink for Line<N> {
    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        self.extend_with(|free| match free.get_mut(..bytes.len()) {
            Some(space) => {
                copy(space, bytes);
                bytes.len()
            }
            None => 0,
        });
    }
}

impl<const N: usize> Text for Line<N> {
    #[inline]
    fn write(&self, sink: &mut impl Sink) {
        sink.push(self.as_bytes());
    }
}

/// What a text writes.
#[cfg(test)]
pub fn written(text: &(impl Text + ?Sized)) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tuple_is_its_pieces_in_order() {
        let mut line = Line::<3>::default();
        line.push(b"two");
        let message = (b"one ", &line, " ", ("three", b" four".as_slice()), "");
        assert_eq!(written(&message), b"one two three four");
        assert_eq!(len(&message), 18);
        let twelve = ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        assert_eq!(written(&twelve), b"abcdefghijkl");
        assert_eq!(len(""), 0);
    }

    #[test]
    fn written_into_what_fits_all_of_it() {
        let text = ("abc", "", "de");
        for size in 0..8 {
            let expected = (size >= 5).then_some(&b"abcde"[..]);
            assert_eq!(write_into(&text, &mut vec![0; size]), expected, "{size}");
        }
        // A piece that does not fit is not passed over for a shorter one behind it.
        assert_eq!(write_into(&("a", "bcd", "e"), &mut [0; 3]), None);
        assert_eq!(write_into("", &mut []), Some(&b""[..]));
    }
}

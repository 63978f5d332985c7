//! Text that is written piece by piece: what a string to sign is, and what hashes and buffers take.

/// Takes a text's bytes, in order.
pub trait Sink {
    /// Takes the next bytes.
    fn push(&mut self, bytes: &[u8]);
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

impl<const N: usize> Text for [u8; N] {
    #[inline]
    fn write(&self, sink: &mut impl Sink) {
        sink.push(self);
    }
}

/// A short text of its own, of at most N bytes.
///
/// N is chosen for the longest text that can be written; bytes beyond it would be dropped.
pub struct Line<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Line<N> {
    pub const fn new() -> Self {
        Line { bytes: [0; N], len: 0 }
    }

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
                space.copy_from_slice(bytes);
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

#[cfg(test)]
impl Sink for Vec<u8> {
    fn push(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

//! How languages URL-encode: for diagnoses of what was signed encoded.
use apisig_core::text::{Sink, Text};

/// A way to URL-encode.
pub struct UrlEncoding {
    /// What it leaves as it is, beside letters and digits.
    kept: &'static [u8],
    space: &'static str,
    digits: &'static [u8; 16],
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

/// All that are in use.
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

impl UrlEncoding {
    /// Writes bytes encoded.
    pub fn write(&self, bytes: impl Iterator<Item = u8>, sink: &mut impl Sink) {
        let digit = |nibble: u8| self.digits.get(usize::from(nibble)).copied().unwrap_or_default();
        for byte in bytes {
            match byte {
                b' ' => self.space.write(sink),
                byte if byte.is_ascii_alphanumeric() || self.kept.contains(&byte) => sink.push(&[byte]),
                byte => sink.push(&[b'%', digit(byte >> 4), digit(byte & 15)]),
            }
        }
    }
}

/// A text, encoded.
pub struct UrlEncoded<'a> {
    pub encoding: &'a UrlEncoding,
    pub text: &'a [u8],
}

impl Text for UrlEncoded<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.encoding.write(self.text.iter().copied(), sink);
    }
}

//! Hex and base64, written and read at exactly the length that a digest has, and the comparison of
//! digests.
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use subtle::ConstantTimeEq;

/// Lower-case hex.
#[inline]
pub fn hex<const N: usize, const M: usize>(bytes: &[u8; N]) -> [u8; M] {
    const { assert!(M == 2 * N) };
    let mut out = [0; M];
    let _ = hex::encode_to_slice(bytes, &mut out);
    out
}

/// Hex of either case, of exactly N bytes.
#[inline]
pub fn from_hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).ok().map(|()| out)
}

/// Base64 with its padding.
#[inline]
pub fn base64(bytes: &[u8; 32]) -> [u8; 44] {
    let mut out = [0; 44];
    let _ = Base64::encode(bytes, &mut out);
    out
}

/// Base64 with its padding, of exactly 32 bytes.
pub fn from_base64(text: &[u8]) -> Option<[u8; 32]> {
    exactly_32::<Base64>(text)
}

/// Base64url without padding, written to the start of `out`: how many characters.
pub fn base64url(bytes: &[u8], out: &mut [u8]) -> usize {
    Base64UrlUnpadded::encode(bytes, out).map_or(0, str::len)
}

/// Base64url without padding, of exactly 32 bytes.
pub fn from_base64url(text: &[u8]) -> Option<[u8; 32]> {
    exactly_32::<Base64UrlUnpadded>(text)
}

/// Base64url without padding, of any length that `out` has room for. Padding, white space, the
/// other alphabet, and bits that are not used but set, are none.
pub fn from_base64url_into<'o>(text: &[u8], out: &'o mut [u8]) -> Option<&'o [u8]> {
    Base64UrlUnpadded::decode(text, out).ok()
}

fn exactly_32<E: Encoding>(text: &[u8]) -> Option<[u8; 32]> {
    // One byte more than that, so that a longer text is not taken for a beginning.
    let mut out = [0; 33];
    E::decode(text, &mut out).ok()?.try_into().ok()
}

/// Compares two digests in a time that does not depend on where they differ.
#[inline]
pub fn equal<const N: usize>(one: &[u8; N], other: &[u8; N]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64 as oracle;
    use oracle::Engine;
    use oracle::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    /// Every way to be one character off must be refused exactly when the oracle refuses it.
    #[test]
    fn base64_is_read_as_strictly_as_the_oracle_does() {
        let digest: [u8; 32] = core::array::from_fn(|i| (i * 73 + 5) as u8);
        for (right, url) in [(STANDARD.encode(digest), false), (URL_SAFE_NO_PAD.encode(digest), true)] {
            for at in 0..=right.len() {
                for byte in 0..=255u8 {
                    let mut changed = right.clone().into_bytes();
                    changed.splice(at..(at + 1).min(right.len()), [byte]);
                    let (ours, oracle) = if url {
                        (from_base64url(&changed), URL_SAFE_NO_PAD.decode(&changed))
                    } else {
                        (from_base64(&changed), STANDARD.decode(&changed))
                    };
                    let oracle: Option<[u8; 32]> = oracle.ok().and_then(|bytes| bytes.try_into().ok());
                    assert_eq!(ours, oracle, "{:?}", String::from_utf8_lossy(&changed));
                }
            }
        }
    }

    #[test]
    fn hex_is_read_in_either_case_at_its_exact_length() {
        let digest: [u8; 20] = core::array::from_fn(|i| (i * 13 + 7) as u8);
        let text: [u8; 40] = hex(&digest);
        assert_eq!(from_hex(&text), Some(digest));
        assert_eq!(from_hex(&text.to_ascii_uppercase()), Some(digest));
        for len in 0..40 {
            assert_eq!(from_hex::<20>(&text[..len]), None);
        }
        assert_eq!(from_hex::<20>(&[&text[..], b"0"].concat()), None);
        assert_eq!(from_hex::<20>(&[&text[..39], b"g"].concat()), None);
    }
}

//! Hex and base64, written and read at exactly the length that a digest has. Our own, since it is a
//! strict reader of untrusted input, and for its speed. The crates `hex` and `base64` are the
//! oracles.

/// Lower-case hex, of 32 bytes at most.
#[inline]
pub fn hex<const N: usize, const M: usize>(bytes: &[u8; N]) -> [u8; M] {
    const { assert!(M == 2 * N && N <= 32) };
    // The compiler vectorizes 32 bytes, but not 20: 16 bytes and more are padded to 32.
    let at_once = const { if N < 16 { N } else { 32 } };
    let (mut padded, mut out) = ([0; 32], [0; 64]);
    if let Some(start) = padded.first_chunk_mut() {
        *start = *bytes;
    }
    for ([high, low], byte) in out.as_chunks_mut().0.iter_mut().zip(padded).take(at_once) {
        *high = hex_digit(byte >> 4);
        *low = hex_digit(byte & 15);
    }
    out.first_chunk().copied().unwrap_or([0; M])
}

#[inline]
fn hex_digit(nibble: u8) -> u8 {
    let letter = u8::from(nibble > 9);
    b'0' + nibble + letter * (b'a' - b'9' - 1)
}

/// Hex that was presented, of exactly M digits of either case, as [`hex`] would have written it. It
/// is compared as it stands: reading it takes longer than to write what is expected.
#[inline]
pub fn presented_hex<const M: usize>(text: &[u8]) -> Option<[u8; M]> {
    let mut digits: [u8; M] = text.try_into().ok()?;
    digits.make_ascii_lowercase();
    Some(digits)
}

/// Hex of either case, of exactly N bytes: for whatever is not compared as it stands.
pub fn from_hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |character: u8| char::from(character).to_digit(16);
    let mut out = [0; N];
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    if pairs.len() != N {
        return None;
    }
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        *byte = (digit(*high)? << 4 | digit(*low)?) as u8;
    }
    Some(out)
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 with its padding.
#[inline]
pub fn base64<const N: usize, const M: usize>(bytes: &[u8; N]) -> [u8; M] {
    const { assert!(M == N.div_ceil(3) * 4) };
    let mut out = [b'='; M];
    encode(BASE64, bytes, &mut out);
    out
}

/// Base64url without padding, written to the start of `out`: how many characters.
#[inline]
pub fn base64url(bytes: &[u8], out: &mut [u8]) -> usize {
    encode(BASE64URL, bytes, out);
    (bytes.len() * 4).div_ceil(3)
}

/// Writes the characters, and no padding, as far as they fit.
#[inline]
fn encode(alphabet: &[u8; 64], bytes: &[u8], out: &mut [u8]) {
    // Declassified by sign: the characters.
    let character = |bits: u32| alphabet.get(bits as usize & 63).copied().unwrap_or_default();
    let (threes, rest) = bytes.as_chunks::<3>();
    let mut fours = out.chunks_mut(4);
    for ([a, b, c], four) in threes.iter().zip(&mut fours) {
        let bits = u32::from_be_bytes([0, *a, *b, *c]);
        for (place, shift) in four.iter_mut().zip([18, 12, 6, 0]) {
            *place = character(bits >> shift);
        }
    }
    let bits = match *rest {
        [a] => u32::from_be_bytes([0, a, 0, 0]),
        [a, b] => u32::from_be_bytes([0, a, b, 0]),
        _ => return,
    };
    for (place, shift) in fours.next().into_iter().flatten().zip([18, 12, 6]).take(rest.len() + 1) {
        *place = character(bits >> shift);
    }
}

/// Base64 with its padding, of exactly 32 bytes.
#[inline]
pub fn from_base64(text: &[u8]) -> Option<[u8; 32]> {
    exactly_32(&VALUES, text.strip_suffix(b"=")?)
}

/// Base64url without padding, of exactly 32 bytes.
#[inline]
pub fn from_base64url(text: &[u8]) -> Option<[u8; 32]> {
    exactly_32(&VALUES_URL, text)
}

/// Base64url without padding, of any length that fits into `out`. Padding, white space, the
/// other alphabet, and bits that are not used but set, are none.
#[inline]
pub fn from_base64url_into<'o>(text: &[u8], out: &'o mut [u8]) -> Option<&'o [u8]> {
    let out = out.get_mut(..text.len() * 3 / 4)?;
    decode(&VALUES_URL, text, out)?;
    Some(out)
}

/// Base64 with its padding, likewise.
#[inline]
pub fn from_base64_into<'o>(text: &[u8], out: &'o mut [u8]) -> Option<&'o [u8]> {
    let (fours, []) = text.as_chunks::<4>() else { return None };
    let padding = match fours.last() {
        Some([_, _, b'=', b'=']) => 2,
        Some([_, _, _, b'=']) => 1,
        _ => 0,
    };
    let out = out.get_mut(..(text.len() / 4 * 3).checked_sub(padding)?)?;
    decode(&VALUES, text.get(..text.len() - padding)?, out)?;
    Some(out)
}

#[inline]
fn exactly_32(values: &[u8; 256], text: &[u8]) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 43 {
        return None;
    }
    decode(values, text, &mut out)?;
    Some(out)
}

/// The value of every character of an alphabet, and NONE for every other byte. What is read was
/// presented: that the time of a look-up may depend on it tells the sender nothing.
const VALUES: [u8; 256] = values([NONE; 256], BASE64);
const VALUES_URL: [u8; 256] = values([NONE; 256], BASE64URL);
const NONE: u8 = 0xff;

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn values(mut values: [u8; 256], alphabet: &[u8]) -> [u8; 256] {
    let mut value = 0;
    while value < alphabet.len() {
        values[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    values
}

/// Reads into `out`, which is just as long as the text asks for.
#[inline]
fn decode(values: &[u8; 256], text: &[u8], out: &mut [u8]) -> Option<()> {
    let value = |character: u8| values.get(usize::from(character)).copied().unwrap_or(NONE);
    let (fours, rest) = text.as_chunks::<4>();
    let (threes, tail) = out.as_chunks_mut::<3>();
    let mut found = 0;
    for ([a, b, c], four) in threes.iter_mut().zip(fours) {
        let [p, q, r, s] = four.map(value);
        found |= p | q | r | s;
        [*a, *b, *c] = [p << 2 | q >> 4, q << 4 | r >> 2, r << 6 | s];
    }
    let unused = match (rest, tail) {
        ([], []) => 0,
        ([p, q], [a]) => {
            let [p, q] = [p, q].map(|character| value(*character));
            found |= p | q;
            *a = p << 2 | q >> 4;
            q & 15
        }
        ([p, q, r], [a, b]) => {
            let [p, q, r] = [p, q, r].map(|character| value(*character));
            found |= p | q | r;
            [*a, *b] = [p << 2 | q >> 4, q << 4 | r >> 2];
            r & 3
        }
        _ => return None,
    };
    (found < 64 && unused == 0).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine;
    use ::base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use ::hex as oracle_hex;

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

    /// Texts of every short length, over bytes inside and outside of the alphabet: up to two of them
    /// outside, which may lie in the same group.
    fn texts(alphabet: &[u8; 64], mut visit: impl FnMut(Vec<u8>)) {
        let mut random = 1_u64;
        for round in 0..200_000 {
            let mut next = || {
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (random >> 33) as usize
            };
            let mut text: Vec<u8> = (0..next() % 12).map(|_| alphabet[next() % 64]).collect();
            for _ in 0..round % 3 {
                let at = next() % text.len().max(1);
                text.splice(at..(at + 1).min(text.len()), [next() as u8]);
            }
            visit(text);
        }
    }

    #[test]
    fn base64url_of_any_length_is_read_as_the_oracle_does() {
        texts(BASE64URL, |text| {
            let mut out = [0; 16];
            let ours = from_base64url_into(&text, &mut out).map(<[u8]>::to_vec);
            assert_eq!(ours, URL_SAFE_NO_PAD.decode(&text).ok(), "{}", String::from_utf8_lossy(&text));
        });
    }

    #[test]
    fn base64_of_any_length_is_read_as_the_oracle_does() {
        texts(BASE64, |mut text| {
            for _ in 0..3 {
                let mut out = [0; 16];
                let ours = from_base64_into(&text, &mut out).map(<[u8]>::to_vec);
                assert_eq!(ours, STANDARD.decode(&text).ok(), "{}", String::from_utf8_lossy(&text));
                text.push(b'=');
            }
        });
    }

    /// Two characters from outside must not make up for one another.
    #[test]
    fn two_wrong_characters_are_refused_wherever_they_are() {
        for len in 2..=8 {
            for one in 0..len {
                for other in one + 1..len {
                    let mut text = vec![b'A'; len];
                    (text[one], text[other]) = (b'!', b'!');
                    assert_eq!(from_base64url_into(&text, &mut [0; 16]), None, "{one} and {other} of {len}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_the_buffer_is_not_read() {
        assert_eq!(from_base64_into(b"AAAAAAA=", &mut [0; 4]), None);
        assert_eq!(from_base64_into(b"AAAAAAA=", &mut [0; 5]), Some(&[0; 5][..]));
        assert_eq!(from_base64url_into(b"AAAAAAA", &mut [0; 4]), None);
        assert_eq!(from_base64url_into(b"AAAAAAA", &mut [0; 5]), Some(&[0; 5][..]));
    }

    #[test]
    fn written_as_the_oracles_write_it() {
        for seed in 0..=255u8 {
            let digest: [u8; 32] =
                core::array::from_fn(|i| seed.wrapping_mul(7).wrapping_add((i as u8).wrapping_mul(29)));
            assert_eq!(hex::<32, 64>(&digest)[..], *oracle_hex::encode(digest).as_bytes());
            assert_eq!(base64::<32, 44>(&digest)[..], *STANDARD.encode(digest).as_bytes());
            let md5 = *digest.first_chunk().unwrap();
            assert_eq!(base64::<16, 24>(&md5)[..], *STANDARD.encode(md5).as_bytes());
            for len in 0..=32 {
                let mut out = [0; 64];
                let written = base64url(&digest[..len], &mut out);
                assert_eq!(out[..written], *URL_SAFE_NO_PAD.encode(&digest[..len]).as_bytes());
                assert_eq!(out[written..].iter().sum::<u8>(), 0);
            }
        }
    }

    /// What is no hex at all may be presented too: it must not become hex.
    #[test]
    fn hex_is_taken_in_either_case_at_its_exact_length() {
        let digest: [u8; 20] = core::array::from_fn(|i| (i * 13 + 7) as u8);
        let text: [u8; 40] = hex(&digest);
        assert_eq!(presented_hex(&text), Some(text));
        assert_eq!(presented_hex(&text.to_ascii_uppercase()), Some(text));
        for len in (0..40).chain([41]) {
            assert_eq!(presented_hex::<40>(&[b'0'; 41][..len]), None);
        }
        for byte in 0..=255 {
            let digit = presented_hex::<1>(&[byte]).filter(|digit| b"0123456789abcdef".contains(&digit[0]));
            assert_eq!(digit.is_some(), byte.is_ascii_hexdigit());
        }
    }

    #[test]
    fn every_pair_of_characters_is_read_as_the_oracle_does() {
        for pair in (0..=u16::MAX).map(u16::to_be_bytes) {
            let oracle = oracle_hex::decode(pair).ok().map(|bytes| [bytes[0]]);
            assert_eq!(from_hex::<1>(&pair), oracle, "{pair:?}");
            assert_eq!(from_hex::<2>(&pair), None);
        }
        assert_eq!(from_hex::<2>(b"00a"), None);
        assert_eq!(from_hex::<1>(b"00a"), None);
    }
}

//! What Kommo signs over the body alone: its webhooks, and requests as they were before there was a
//! Date. HMAC-SHA1.
//! Source: the vendor's pages on webhooks; the page "Connecting chat channel" does not speak of them.
use super::Keys;
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::text::encoding::{hex, presented_hex};
use crate::text::without_line_end;

/// Signs a body, every byte of it: X-Signature.
pub fn sign(keys: &Keys, body: &[u8]) -> Result<[u8; 40], Error> {
    Ok(hex(&keys.current()?.of(body)))
}

/// Checks the signature of a body as it was received, or of what stands before the line end that
/// the vendor sends behind it and does not sign. Returns the index of the secret that matched.
///
/// A signature that no body has, since it is not 40 hex digits, is [`Error::Malformed`].
pub fn check(keys: &Keys, body: &[u8], signature: &[u8]) -> Result<usize, Error> {
    let signature = presented_hex(signature)
        .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        .ok_or(Error::Malformed)?;
    let line = without_line_end(body);
    keys.find(|key| {
        let fits = |body: &[u8]| equal(&hex::<20, 40>(&key.of(body)), &signature);
        // The commonest case first; a body without a line end is hashed once.
        let line_fits = fits(line);
        // Declassified by check: whether the line fits.
        if line.len() == body.len() || line_fits.into() { line_fits } else { fits(body) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_end_may_be_unsigned() {
        let mut keys = Keys::default();
        keys.add(b"secret").unwrap();
        let signature = sign(&keys, b"{}").unwrap();
        for body in ["{}", "{}\n", "{}\r\n", "{}\n\n", "{}\r", "{}\n\r\n"] {
            assert_eq!(check(&keys, body.as_bytes(), &signature), Ok(0), "{body:?}");
        }
        for body in ["\n{}", "{}\n ", "{} ", "{}\t", "{}\0", "{}\u{b}", "{}\u{85}", "{\n}", "{", "", "\n"] {
            assert_eq!(check(&keys, body.as_bytes(), &signature), Err(Error::Mismatch), "{body:?}");
        }
    }

    #[test]
    fn what_is_not_40_hex_digits_is_malformed_whatever_the_body() {
        let mut keys = Keys::default();
        keys.add(b"secret").unwrap();
        let signature = sign(&keys, b"{}").unwrap();
        for body in [&b"{}"[..], b""] {
            let expected = if body == b"{}" { Ok(0) } else { Err(Error::Mismatch) };
            assert_eq!(check(&keys, body, &signature.to_ascii_uppercase()), expected);
            for at in 0..40 {
                assert_eq!(check(&keys, body, &signature[..at]), Err(Error::Malformed));
                for byte in 0..=255_u8 {
                    let mut changed = signature;
                    changed[at] = byte;
                    let is_malformed = check(&keys, body, &changed) == Err(Error::Malformed);
                    assert_eq!(is_malformed, !byte.is_ascii_hexdigit(), "{byte} at {at}");
                }
            }
        }
    }

    #[test]
    fn a_line_end_that_was_signed_is_not_lost() {
        let mut keys = Keys::default();
        keys.add(b"secret").unwrap();
        let signature = sign(&keys, b"{}\r\n").unwrap();
        assert_eq!(check(&keys, b"{}\r\n", &signature), Ok(0));
        for body in ["{}", "{}\n", "{}\r", "{}\r\n\n"] {
            assert_eq!(check(&keys, body.as_bytes(), &signature), Err(Error::Mismatch), "{body:?}");
        }
        assert_eq!(check(&keys, b"\r\n", &sign(&keys, b"").unwrap()), Ok(0));
    }
}

//! Kayako REST API: how the signature of a salt is made, for a person to read.
use crate::page::{Length, Page, Secret, Visible, Warnings};
use apisig_core::Error;
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::HmacSha256;
use apisig_core::kayako::is_none;
use apisig_core::text::encoding::{base64, hex};
use apisig_core::text::form::EncodedOnce;
use apisig_core::text::{Sink, Text};

/// Explains the signature of a salt, a fact a line. Of the secret its length and the start of its
/// SHA-256 are shown.
///
/// Nothing is refused: what is refused elsewhere is warned of.
pub fn explain<'a>(secret: &'a [u8], salt: &'a [u8]) -> Result<impl Text + 'a, Error> {
    let mut key = HmacSha256::default();
    key.set(secret)?;
    Ok(Explanation { secret, salt, mac: key.of(salt) })
}

struct Explanation<'a> {
    secret: &'a [u8],
    salt: &'a [u8],
    mac: [u8; 32],
}

impl Text for Explanation<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.lines(&mut Page(sink));
    }
}

impl Explanation<'_> {
    /// Compiled once for every sink.
    fn lines(&self, sink: &mut Page) {
        let Explanation { secret, salt, mac } = self;
        let (mac_hex, signature): ([u8; 64], [u8; 44]) = (hex(mac), base64(mac));
        ("secret: ", Secret(secret), "\n").write(sink);
        ("salt: ", Length(salt), "\n").write(sink);
        "key: the secret, its characters as they are\n".write(sink);
        ("string to sign: ", Visible(salt), "\n").write(sink);
        ("HMAC-SHA256: ", &mac_hex, "\n").write(sink);
        ("signature, not encoded yet: ", &signature, "\n").write(sink);
        ("signature, already encoded: ", EncodedOnce(&signature), "\n").write(sink);
        ("salt, already encoded: ", EncodedOnce(salt), "\n").write(sink);
        Warnings { name: "secret", value: secret }.write(sink);
        Warnings { name: "salt", value: salt }.write(sink);
        if is_none(salt) {
            "warning: the vendor's server takes this salt for none\n".write(sink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written;

    fn explained(secret: &str, salt: &str) -> String {
        let explanation = explain(secret.as_bytes(), salt.as_bytes()).ok().unwrap();
        String::from_utf8(written(&explanation)).unwrap()
    }

    /// The values of Python's hmac, hashlib, base64 and urllib.
    #[test]
    fn a_fact_a_line_and_no_secret() {
        assert_eq!(
            explained("secretkey", "1234567890"),
            "\
            secret: 9 bytes, SHA-256 ad165b11...\n\
            salt: 10 bytes\n\
            key: the secret, its characters as they are\n\
            string to sign: 1234567890\n\
            HMAC-SHA256: 54a8edf0ce7896263ac6ad54ba15181f9045a75454a877a4ab2b602cfad5100d\n\
            signature, not encoded yet: VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=\n\
            signature, already encoded: VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D\n\
            salt, already encoded: 1234567890\n"
        );
    }

    #[test]
    fn what_is_seldom_meant_is_warned_of() {
        let warnings = |secret, salt| {
            let text = explained(secret, salt);
            text.lines().filter_map(|line| line.strip_prefix("warning: ")).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(warnings("a b", "c d"), "");
        assert_eq!(
            warnings("\u{feff}a", "1\n"),
            "the secret begins with a byte order mark; the salt ends with a line feed"
        );
        assert_eq!(warnings("a", "0"), "the vendor's server takes this salt for none");
        assert_eq!(
            warnings("", ""),
            "the secret is empty; the salt is empty; the vendor's server takes this salt for none"
        );
    }

    #[test]
    fn every_line_fits_on_a_terminal_where_the_salt_does() {
        let mut longest = 0;
        for round in 0..10_000 {
            let text = explained("secretkey", &format!("{round:032x}"));
            longest = text.lines().map(str::len).fold(longest, usize::max);
        }
        assert!(longest <= 90, "{longest}");
    }
}

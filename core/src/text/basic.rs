//! The credentials in an Authorization header of the scheme Basic (RFC 7617).
use super::after_prefix;
use super::encoding::from_base64_into;
use crate::Error;

/// The most bytes of user name, colon and password that anybody should have to read.
pub const CREDENTIALS_MAX: usize = 1024;

/// Reads `Basic <base64>` and gives the user name, which ends at the first colon, and the password.
/// They lie in `space`, which the caller makes [`CREDENTIALS_MAX`] long.
///
/// [`Error::Malformed`]: another scheme (its case does not matter), white space but the spaces
/// behind it, base64 without its padding or with unused bits that are set, no colon, a control
/// character, more bytes than `space` has.
pub fn credentials<'o>(header: &[u8], space: &'o mut [u8]) -> Result<(&'o [u8], &'o [u8]), Error> {
    let credentials = encoded(header).and_then(|text| from_base64_into(text, space));
    let credentials = credentials.filter(|text| !text.iter().any(u8::is_ascii_control));
    credentials.and_then(split_at_colon).ok_or(Error::Malformed)
}

/// What follows the name of the scheme and its spaces.
fn encoded(header: &[u8]) -> Option<&[u8]> {
    let mut rest = after_prefix(header, "Basic ")?;
    while let Some(after) = rest.strip_prefix(b" ") {
        rest = after;
    }
    Some(rest)
}

fn split_at_colon(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (user, password) = text.split_at_checked(text.iter().position(|byte| *byte == b':')?)?;
    Some((user, password.strip_prefix(b":")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    fn read(header: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut space = [0xaa; CREDENTIALS_MAX];
        match credentials(header, &mut space) {
            Ok((user, password)) => Some((user.to_vec(), password.to_vec())),
            Err(error) => {
                assert_eq!(error, Error::Malformed);
                None
            }
        }
    }

    fn pair(user: &[u8], password: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        Some((user.to_vec(), password.to_vec()))
    }

    fn basic(credentials: &[u8]) -> Vec<u8> {
        format!("Basic {}", STANDARD.encode(credentials)).into_bytes()
    }

    #[test]
    fn forms() {
        // RFC 7617's own examples: the second has a pound sign in UTF-8.
        assert_eq!(read(b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), pair(b"Aladdin", b"open sesame"));
        assert_eq!(read(b"Basic dGVzdDoxMjPCow=="), pair(b"test", b"123\xc2\xa3"));
        for header in ["basic cm9vdDphYmM=", "BASIC cm9vdDphYmM=", "bAsIc    cm9vdDphYmM="] {
            assert_eq!(read(header.as_bytes()), pair(b"root", b"abc"), "{header}");
        }
        for header in [
            "",
            "Basic",
            "Basic ",
            "Basic    ",
            "cm9vdDphYmM=",
            "Basiccm9vdDphYmM=",
            "Basics cm9vdDphYmM=",
            "Bearer cm9vdDphYmM=",
            " Basic cm9vdDphYmM=",
            "Basic\tcm9vdDphYmM=",
            "Basic \tcm9vdDphYmM=",
            "Basic cm9vdDphYmM= ",
            "Basic cm9vdDphYmM=\n",
            "Basic cm9v dDphYmM=",
            "Basic cm9vdDphYmM",
            "Basic cm9vdDphYmM==",
            "Basic cm9vdDphYmM====",
            "Basic cm9vdDphYmN=",
            "Basic =",
            "Basic ==",
            "Basic ====",
            "Basic cm9vdDphYmM=, Basic cm9vdDphYmM=",
            "Authorization: Basic cm9vdDphYmM=",
        ] {
            assert_eq!(read(header.as_bytes()), None, "{header}");
        }
    }

    #[test]
    fn the_first_colon_splits() {
        assert_eq!(read(&basic(b"root:a:b:")), pair(b"root", b"a:b:"));
        assert_eq!(read(&basic(b":")), pair(b"", b""));
        assert_eq!(read(&basic(b"root")), None);
    }

    #[test]
    fn control_characters_are_refused_anywhere() {
        for byte in 0..=255 {
            let refused = byte < b' ' || byte == 0x7f;
            for at in 0..8 {
                let mut text = *b"root:abc";
                text[at] = byte;
                let allowed = !refused && text.contains(&b':');
                assert_eq!(read(&basic(&text)).is_some(), allowed, "{text:?}");
            }
        }
    }

    #[test]
    fn credentials_fill_the_space_and_no_more() {
        let longest = [b':'; CREDENTIALS_MAX];
        assert_eq!(read(&basic(&longest)), pair(b"", &longest[1..]));
        for len in CREDENTIALS_MAX + 1..CREDENTIALS_MAX + 4 {
            assert_eq!(read(&basic(&vec![b':'; len])), None);
        }
        assert_eq!(credentials(&basic(b"a:b"), &mut [0; 3]), Ok((&b"a"[..], &b"b"[..])));
        assert_eq!(credentials(&basic(b"a:b"), &mut [0; 2]), Err(Error::Malformed));
    }

    /// Base64 of every short length, right and with a character changed, lost or added: read exactly
    /// if the oracle reads it.
    #[test]
    fn base64_is_read_as_strictly_as_the_oracle_does() {
        let mut random = Random::new();
        for round in 0..200_000 {
            let plain = [&b":"[..], &random.several(9, |random| random.below(256) as u8)].concat();
            let mut text = STANDARD.encode(plain).into_bytes();
            if round % 4 > 0 {
                let at = random.below(text.len());
                let byte = [random.one_of(b"=Aa+/-_ \n:"), random.below(256) as u8][round % 2];
                match round % 4 {
                    1 => text[at] = byte,
                    2 => text.insert(at, byte),
                    _ => drop(text.remove(at)),
                }
            }
            let oracle = STANDARD.decode(&text).ok();
            let ours = from_base64_into(&text, &mut [0; 16]).map(<[u8]>::to_vec);
            assert_eq!(ours, oracle, "{}", String::from_utf8_lossy(&text));
        }
    }
}

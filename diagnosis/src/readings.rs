//! A presented MAC in every form that it can be read in: for diagnoses, which say how it should have
//! been written.
use crate::Mistake;
use crate::attempt::Mac;
use crate::twist::{PLUS, Spelt, without_padding};
use apisig_core::text::encoding::{from_base64_into, from_base64url_into, from_hex};
use apisig_core::text::form::Encoded;
use apisig_core::text::write_into;

/// How a vendor writes a MAC.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Hex,
    Base64,
    Base64Url,
}

/// The longest text that is read.
const TEXT_MAX: usize = 256;
const DIGEST_MAX: usize = 32;
/// The longest name in front of a signature.
const PREFIX_MAX: usize = 16;

/// What the text can stand for, and the mistake that makes it be written so; what needs none comes first.
pub struct Readings {
    readings: [Option<(Mac, Option<Mistake>)>; 9],
    count: usize,
}

impl Readings {
    /// Reads what was presented where `right` was expected. Only one mistake at a time is looked
    /// for: a form that is not the right one, or something that happened to the right one.
    pub fn new(presented: &[u8], right: Form) -> Self {
        let mut readings = Readings { readings: [None; 9], count: 0 };
        readings.read(presented, right, None);
        for (form, mistake) in [(Form::Hex, Mistake::Hex), (Form::Base64, Mistake::Base64)] {
            if form != right {
                readings.read(presented, form, Some(mistake));
            }
        }
        if right != Form::Base64Url {
            readings.read_loose_base64(presented);
        }
        readings.read_base64_of_hex(presented);
        let mut space = [0; TEXT_MAX];
        if let Some(decoded) = Encoded::new(presented).decode_into(&mut space) {
            readings.read(decoded, right, Some(Mistake::EncodedTwice));
        }
        readings.read(presented.trim_ascii(), right, Some(Mistake::SignatureNewline));
        let prefix = presented.iter().take(PREFIX_MAX).position(|byte| matches!(byte, b'=' | b':'));
        let alone = prefix.and_then(|at| presented.get(at + 1..)).unwrap_or_default();
        readings.read(alone, right, Some(Mistake::SignaturePrefix));
        if let Some(text) = write_into(&Spelt::new(presented, PLUS), &mut space) {
            readings.read(text, right, Some(Mistake::PlusLost));
        }
        readings
    }

    /// How a MAC was presented, if it was: rightly, or with a mistake.
    pub fn of(&self, mac: &Mac) -> Option<Result<(), Mistake>> {
        let (_, mistake) = self.readings.iter().flatten().find(|(read, _)| read.is(mac))?;
        Some(mistake.map_or(Ok(()), Err))
    }

    /// Whether no digest at all can be read.
    pub fn is_none(&self) -> bool {
        self.count == 0
    }

    /// How many bytes a text stands for in a form, if it does: up to those of SHA-512.
    pub fn length(text: &[u8], form: Form) -> Option<usize> {
        let mut space = [0; 64];
        match form {
            Form::Hex => {
                let is_hex = text.len().is_multiple_of(2) && text.iter().all(u8::is_ascii_hexdigit);
                is_hex.then_some(text.len() / 2).filter(|len| *len > 0)
            }
            Form::Base64 => from_base64_into(text, &mut space).map(<[u8]>::len),
            Form::Base64Url => from_base64url_into(text, &mut space).map(<[u8]>::len),
        }
    }

    fn read(&mut self, text: &[u8], form: Form, mistake: Option<Mistake>) {
        let mut bytes = [0; DIGEST_MAX];
        let len = match form {
            Form::Hex => from_any_hex(text, &mut bytes),
            Form::Base64 => from_base64_into(text, &mut bytes).map(<[u8]>::len),
            Form::Base64Url => from_base64url_into(text, &mut bytes).map(<[u8]>::len),
        };
        let is_upper = form == Form::Hex && text.iter().any(u8::is_ascii_uppercase);
        let mistake = mistake.or(is_upper.then_some(Mistake::UpperCase));
        self.add(bytes, len, mistake);
    }

    /// Of either alphabet, with padding or without: Python pads the one of URLs, others strip the plain one.
    fn read_loose_base64(&mut self, text: &[u8]) {
        let text = without_padding(text);
        let (mut space, mut bytes) = ([0; TEXT_MAX], [0; DIGEST_MAX]);
        let Some(url) = space.get_mut(..text.len()) else { return };
        for (to, from) in url.iter_mut().zip(text) {
            *to = match from {
                b'+' => b'-',
                b'/' => b'_',
                byte => *byte,
            };
        }
        let len = from_base64url_into(url, &mut bytes).map(<[u8]>::len);
        self.add(bytes, len, Some(Mistake::Base64Url));
    }

    fn read_base64_of_hex(&mut self, text: &[u8]) {
        let (mut hex, mut bytes) = ([0; 2 * DIGEST_MAX], [0; DIGEST_MAX]);
        let hex = match from_base64_into(text, &mut hex).map(<[u8]>::len) {
            Some(len) => hex.get(..len),
            None => from_base64url_into(text, &mut hex),
        };
        let len = hex.and_then(|hex| from_any_hex(hex, &mut bytes));
        self.add(bytes, len, Some(Mistake::Base64OfHex));
    }

    /// What was read before comes first: a text that has nothing to trim is no trimmed one.
    fn add(&mut self, bytes: [u8; DIGEST_MAX], len: Option<usize>, mistake: Option<Mistake>) {
        if let (Some(len), Some(place)) = (len, self.readings.get_mut(self.count)) {
            *place = Some((Mac { bytes, len }, mistake));
            self.count += 1;
        }
    }
}

/// Hex of MD5, SHA-1 or SHA-256: how many bytes.
fn from_any_hex(text: &[u8], out: &mut [u8; DIGEST_MAX]) -> Option<usize> {
    fn take<const N: usize>(text: &[u8], out: &mut [u8; DIGEST_MAX]) -> Option<usize> {
        *out.first_chunk_mut::<N>()? = from_hex(text)?;
        Some(N)
    }
    take::<16>(text, out).or_else(|| take::<20>(text, out)).or_else(|| take::<32>(text, out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    const DIGEST: [u8; 32] = [
        0xfb, 0xef, 0xbe, 0xff, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31,
    ];

    fn reads(presented: &str, right: Form) -> Option<Result<(), Mistake>> {
        Readings::new(presented.as_bytes(), right).of(&Mac { bytes: DIGEST, len: 32 })
    }

    #[test]
    fn every_form_is_told_from_the_right_one() {
        let (hex, base64, base64url) =
            (hex::encode(DIGEST), STANDARD.encode(DIGEST), URL_SAFE_NO_PAD.encode(DIGEST));
        let base64_of_hex = STANDARD.encode(&hex);
        for (presented, mistake) in [
            (hex.clone(), None),
            (hex.to_uppercase(), Some(Mistake::UpperCase)),
            (base64.clone(), Some(Mistake::Base64)),
            (base64url.clone(), Some(Mistake::Base64Url)),
            (base64_of_hex.clone(), Some(Mistake::Base64OfHex)),
            (format!("{hex}\n"), Some(Mistake::SignatureNewline)),
            (format!("sha256={hex}"), Some(Mistake::SignaturePrefix)),
            (format!("id:{hex}"), Some(Mistake::SignaturePrefix)),
        ] {
            assert_eq!(reads(&presented, Form::Hex), Some(mistake.map_or(Ok(()), Err)), "{presented}");
        }
        let url_of_hex = URL_SAFE_NO_PAD.encode(&hex);
        assert_eq!(reads(&url_of_hex, Form::Base64Url), Some(Err(Mistake::Base64OfHex)));
        let encoded = base64.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
        for (presented, mistake) in [
            (base64.clone(), None),
            (hex, Some(Mistake::Hex)),
            (format!("{base64url}="), Some(Mistake::Base64Url)),
            (base64url, Some(Mistake::Base64Url)),
            (base64.replace('=', ""), Some(Mistake::Base64Url)),
            (base64_of_hex, Some(Mistake::Base64OfHex)),
            (format!(" {base64}\r\n"), Some(Mistake::SignatureNewline)),
            (base64.replace('+', " "), Some(Mistake::PlusLost)),
            (encoded, Some(Mistake::EncodedTwice)),
        ] {
            assert_eq!(reads(&presented, Form::Base64), Some(mistake.map_or(Ok(()), Err)), "{presented}");
        }
        for nothing in ["", "x", "%", &"a".repeat(1000)] {
            assert_eq!(reads(nothing, Form::Base64), None);
        }
    }
}

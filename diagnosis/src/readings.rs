//! A presented MAC in every form that it can be read in: for diagnoses, which say how it should have
//! been written.
use crate::Mistake;
use crate::attempt::Mac;
use crate::twist::{BASE64URL, PLUS, Spelt, Twist};
use apisig_core::text::encoding::{from_base64_into, from_base64url_into, from_hex};
use apisig_core::text::write_into;

/// How a vendor writes a MAC.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Hex,
    Base64,
    Base64Url,
}

impl Form {
    /// The bytes that a text stands for, if they fit.
    #[inline(never)]
    pub fn read<'o>(self, text: &[u8], out: &'o mut [u8]) -> Option<&'o [u8]> {
        match self {
            Form::Base64 => from_base64_into(text, out),
            Form::Base64Url => from_base64url_into(text, out),
            Form::Hex => {
                let (pairs, []) = text.as_chunks::<2>() else { return None };
                let out = out.get_mut(..pairs.len())?;
                for (byte, pair) in out.iter_mut().zip(pairs) {
                    [*byte] = from_hex(pair)?;
                }
                Some(out)
            }
        }
    }
}

/// The longest text that is read.
const TEXT_MAX: usize = 256;
/// The longest name in front of a signature.
const PREFIX_MAX: usize = 16;

/// What the text can stand for, and the mistake that makes it be written so; what needs none comes first.
pub struct Readings([Option<(Mac, Option<Mistake>)>; 10]);

impl Readings {
    /// Reads what was presented where `right` was expected. Only one mistake at a time is looked
    /// for: a form that is not the right one, or something that happened to the right one.
    pub fn new(presented: &[u8], right: Form) -> Self {
        let ways = [
            (Twist::Plain, right, None),
            (Twist::Plain, Form::Hex, Some(Mistake::Hex)),
            (Twist::Plain, Form::Base64, Some(Mistake::Base64)),
            (PLUS, right, Some(Mistake::PlusLost)),
            // Of either alphabet, with padding or without: Python pads the one of URLs, others strip the plain one.
            (BASE64URL, Form::Base64Url, Some(Mistake::Base64Url)),
            (Twist::Read(Form::Base64), Form::Hex, Some(Mistake::Base64OfHex)),
            (Twist::Read(Form::Base64Url), Form::Hex, Some(Mistake::Base64OfHex)),
            (Twist::Url, right, Some(Mistake::EncodedTwice)),
            (Twist::Cut(<[u8]>::trim_ascii), right, Some(Mistake::SignatureNewline)),
            (Twist::Cut(without_prefix), right, Some(Mistake::SignaturePrefix)),
        ];
        Readings(ways.map(|(twist, form, mistake)| read(Spelt::new(presented, twist), form, mistake)))
    }

    /// How a MAC was presented, if it was: rightly, or with a mistake.
    pub fn of(&self, mac: &Mac) -> Option<Result<(), Mistake>> {
        let (_, mistake) = self.0.iter().flatten().find(|(read, _)| read.is(mac))?;
        Some(mistake.map_or(Ok(()), Err))
    }

    /// Whether no digest at all can be read.
    pub fn is_none(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

#[inline(never)]
fn read(presented: Spelt, form: Form, mistake: Option<Mistake>) -> Option<(Mac, Option<Mistake>)> {
    let (mut space, mut bytes) = ([0; TEXT_MAX], [0; 32]);
    let text = write_into(&presented, &mut space)?;
    let mac = Mac::new(form.read(text, &mut bytes)?);
    let is_upper = form == Form::Hex && text.iter().any(u8::is_ascii_uppercase);
    let mistake = mistake.or(is_upper.then_some(Mistake::UpperCase));
    matches!(mac.len, 16 | 20 | 32).then_some((mac, mistake))
}

/// What is behind `sha1=` or `id:`.
fn without_prefix(text: &[u8]) -> &[u8] {
    let prefix = text.iter().take(PREFIX_MAX).position(|byte| matches!(byte, b'=' | b':'));
    prefix.and_then(|at| text.get(at + 1..)).unwrap_or_default()
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

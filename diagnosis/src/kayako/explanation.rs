//! Kayako REST API: how the signature of a salt is made, for a person to read.
use crate::attempt::{Attempt, Digest};
use crate::page::{Page, Steps, Warnings};
use crate::readings::Form;
use apisig_core::Error;
use apisig_core::crypto::keys::Key;
use apisig_core::crypto::mac::HmacSha256;
use apisig_core::kayako::is_none;
use apisig_core::text::encoding::base64;
use apisig_core::text::form::EncodedOnce;
use apisig_core::text::{Sink, Text};

/// Explains the signature of a salt, a fact a line. Of the secret its length and the start of its
/// SHA-256 are shown.
///
/// Nothing is refused: what is refused elsewhere is warned of.
pub fn explain<'a>(secret: &'a [u8], salt: &'a [u8]) -> Result<impl Text + 'a, Error> {
    let mut key = HmacSha256::default();
    key.set(secret)?;
    Ok(Explanation { secret, salt, signature: base64(&key.of(salt)) })
}

struct Explanation<'a> {
    secret: &'a [u8],
    salt: &'a [u8],
    signature: [u8; 44],
}

impl Text for Explanation<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let (Explanation { secret, salt, signature }, sink) = (self, &mut Page::new(sink));
        let right = &Attempt::hmac(Digest::Sha256, secret, [salt], "");
        Steps { right, form: Form::Base64, instead: None }.write(sink);
        ("signature, URL-encoded: ", EncodedOnce(signature), "\n").write(sink);
        ("salt, URL-encoded: ", EncodedOnce(salt), "\n").write(sink);
        Warnings { name: "secret", value: secret }.write(sink);
        Warnings { name: "salt", value: salt }.write(sink);
        if is_none(salt) {
            "warning: the vendor's server takes this salt for none\n".write(sink);
        }
        "warning: the signature covers the salt alone, never expires, and fits any request\n".write(sink);
    }
}

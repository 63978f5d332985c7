//! What a request says beside its signature, and what is answered: URLs, bodies and scripts, one module a vendor
//! that has some.
//!
//! Nothing here has a secret, and nothing that signs or checks uses it: that is `apisig-core`. As there, nothing
//! allocates, panics, reads a clock or keeps state.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
// A panic would end the process of the caller: tests/packages/proof.sh shows that none is left.
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod json_string;
#[cfg(test)]
#[path = "../../core/random.rs"]
mod random;
mod url;

pub mod imbachat;
pub mod kayako;
pub mod kommo;
pub mod mor;
pub mod retailcrm;

/// Whether a text means nothing but itself in a path, an attribute, a script or JSON: letters, digits, `-`
/// and `_`, one at least.
fn is_word(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// What a text writes.
#[cfg(test)]
fn written(text: &(impl apisig_core::Text + ?Sized)) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

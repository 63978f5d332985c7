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

pub mod imbachat;
pub mod kommo;
pub mod retailcrm;

/// What a text writes.
#[cfg(test)]
fn written(text: &(impl apisig_core::Text + ?Sized)) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

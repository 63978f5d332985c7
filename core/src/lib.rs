//! Signs and checks the request signatures of vendors' APIs, one module a vendor.
//!
//! The secret is hashed once, into a vendor's `Keys`; signing and checking then take `&Keys`. Nothing
//! here allocates, panics, reads a clock or keeps state, and nothing takes a pointer: the C interface
//! is the package `apisig`. Static texts are `CStr`s, and two records are laid out for it.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
// A panic would end the process of the caller: tests/packages/proof.sh shows that none is left.
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod error;
mod numbered;
#[cfg(test)]
#[path = "../random.rs"]
mod random;

pub mod crypto;
pub mod text;

pub mod imbachat;
pub mod kayako;
pub mod kommo;
pub mod mor;
pub mod retailcrm;

pub use crypto::keys::{Key, Keys, SECRETS_MAX};
pub use error::Error;
pub use text::date::Time;
pub use text::form::{Encoded, EncodedOnce, only as form_field};
pub use text::{Sink, Text};

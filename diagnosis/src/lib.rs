//! Which mistake makes a wrong signature, and how a right one is made: one module a vendor, each with
//! `diagnose` and `explain`. Where the method of a request decides what is hashed, the module also says, without a
//! secret, which parameters are hashed and why a form is not signed.
//!
//! Diagnoses and explanations are for those who have the secret. Nothing here is in constant time, and nothing that
//! signs or checks uses it: that is `apisig-core`. As there, nothing allocates, panics, reads a clock or keeps state.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
// A panic would end the process of the caller: tests/packages/proof.sh shows that none is left.
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attempt;
mod date_form;
mod engine;
mod json_style;
mod mistake;
mod page;
#[cfg(test)]
#[path = "../../core/random.rs"]
mod random;
mod readings;
mod report;
mod twist;

pub mod imbachat;
pub mod kayako;
pub mod kommo;
pub mod mor;
pub mod retailcrm;

pub use mistake::Mistake;
pub use page::Visible;
pub use report::{Diagnosis, Report};

/// What a text writes.
#[cfg(test)]
fn written(text: &(impl apisig_core::Text + ?Sized)) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

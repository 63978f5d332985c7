//! What the rooms share. Nothing here knows a vendor.
pub mod date;
pub mod encoding;
pub mod hash;
pub mod json;
pub mod keys;
pub mod mac;
pub mod md5;
pub mod text;

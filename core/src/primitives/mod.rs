//! What the rooms share. Nothing here knows a vendor.
pub mod basic;
pub mod constant_time;
pub mod date;
pub mod date_form;
pub mod encoding;
pub mod form;
pub mod hash;
pub mod json;
pub mod json_string;
pub mod json_style;
pub mod keys;
pub mod mac;
pub mod md5;
#[cfg(test)]
pub mod random;
pub mod readings;
pub mod shown;
pub mod suspects;
pub mod text;
pub mod url_encoding;

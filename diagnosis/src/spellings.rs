//! What is sent, written in other ways than it was.

pub mod date_form;
pub mod json_style;
pub mod number;
pub mod token;
pub mod url_encoding;

//! What diagnoses and explanations share.
pub mod date_form;
pub mod json_style;
pub mod readings;
pub mod shown;
pub mod suspects;
pub mod url_encoding;

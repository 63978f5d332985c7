//! What the readers of forms agree on: what PHP reads, and which forms they refuse because others read them in another way.
use crate::php;

/// Whether a form may be another one for other servers: too many fields for PHP, or what could be the parts of a multipart body.
pub fn is_read_alike(form: &[u8]) -> bool {
    let has_part = form.split(|byte| matches!(byte, b'\r' | b'\n')).any(|line| line.starts_with(b"--"));
    let fields = form.iter().filter(|byte| **byte == b'&').count() + usize::from(!form.ends_with(b"&"));
    !has_part && fields <= php::FIELDS_MAX
}

/// The names, as they decode, of the fields that PHP puts under a name.
pub fn named_for_php(form: &[u8], name: &[u8]) -> Vec<Vec<u8>> {
    let fields = form.split(|byte| *byte == b'&').filter(|field| php::parse_str(field).get(name).is_some());
    fields.map(|field| php::pairs(field).remove(0).0).collect()
}

//! What the readers of forms agree on: what PHP reads, and which forms they refuse because others read them in another way.
use crate::php;

/// Whether a form may be another one for other servers: too many fields for PHP, or what could be the parts of a multipart body.
pub fn is_read_alike(form: &[u8]) -> bool {
    let has_part = form.windows(3).any(|bytes| bytes == b"\n--" || bytes == b"\r--");
    !has_part && php::pairs(form).len() <= php::FIELDS_MAX
}

/// The names, as they decode, of the fields that PHP puts under a name.
pub fn named_for_php(form: &[u8], name: &[u8]) -> Vec<Vec<u8>> {
    let fields = form.split(|byte| *byte == b'&').filter(|field| php::parse_str(field).get(name).is_some());
    fields.map(|field| php::pairs(field).remove(0).0).collect()
}

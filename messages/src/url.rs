//! The address of a server, under which a vendor's paths are.
use apisig_core::text::after_prefix;

/// An address of http or https, of visible ASCII, without a query, a fragment or a backslash, which some
/// read as a slash. It is given without the slashes at its end: as a whole, and from its host on. None if
/// it is another.
pub fn base(url: &[u8]) -> Option<(&[u8], &[u8])> {
    let last = url.iter().rposition(|byte| *byte != b'/')?;
    let is_sound = |byte: &u8| byte.is_ascii_graphic() && !b"?#\\".contains(byte);
    let url = url.get(..=last).filter(|url| url.iter().all(is_sound))?;
    let behind = after_prefix(url, "https://").or_else(|| after_prefix(url, "http://"))?;
    // Neither a path nor a port alone is a host.
    (!b"/:".contains(behind.first()?)).then_some((url, behind))
}

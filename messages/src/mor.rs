//! Kolmisoft MOR API: the URL of a request. Source: the vendor's page "MOR API hash construction".
use crate::url;
use apisig_core::{Error, Text};

/// The URL of a request, such as `https://mor.example.com/billing/api/users_get`. An error if the base is none
/// for [`url::base`] or has a user name; if the method is not of lower-case letters, digits and `_`.
pub fn url<'a>(base: &'a [u8], method: &'a [u8]) -> Result<impl Text + 'a, Error> {
    let has_user = |rest: &[u8]| rest.split(|byte| *byte == b'/').next().is_some_and(|it| it.contains(&b'@'));
    let is_step = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let (site, _) = url::base(base).filter(|(_, rest)| !has_user(rest)).ok_or(Error::ArgumentBase)?;
    if method.is_empty() || !method.iter().all(is_step) {
        return Err(Error::ArgumentMethod);
    }
    Ok((site, "/billing/api/", method))
}

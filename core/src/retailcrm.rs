//! RetailCRM (Simla) simple connection: `register[token]`, HMAC-SHA256 over the API key.
//! Source: the vendor's page "The procedure of simple connection of the module".
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::crypto::keys;
use crate::crypto::mac::HmacSha256;
use crate::text::encoding::{hex, presented_hex};

pub mod form;
pub mod register;
pub mod system_url;

/// The secret strings of the partner account.
pub type Keys = keys::Keys<HmacSha256>;

/// Makes the token of an API key. An empty API key is [`Error::ArgumentApiKey`].
pub fn sign(keys: &Keys, api_key: &[u8]) -> Result<[u8; 64], Error> {
    if api_key.is_empty() {
        return Err(Error::ArgumentApiKey);
    }
    Ok(hex(&keys.current()?.of(api_key)))
}

/// Checks a token. Returns the index of the secret that matched.
pub fn check(keys: &Keys, api_key: &[u8], token: &[u8]) -> Result<usize, Error> {
    if api_key.is_empty() {
        return Err(Error::Malformed);
    }
    let token = presented_hex(token).ok_or(Error::Mismatch)?;
    keys.find(|key| equal(&hex::<32, 64>(&key.of(api_key)), &token))
}

//! RetailCRM: the register request of a simple connection, which carries the token.
use super::form::{Form, JSON_MAX};
use super::system_url::{Hosts, SYSTEM_URL_LEN, SystemUrl};
use super::{Keys, check};
use crate::Error;
use crate::text::write_into;

/// The longest API key. Those that the vendor makes have 32 characters.
pub const API_KEY_MAX: usize = 255;

/// What a register request brings, a NUL behind each: laid out as in the C face, which so hands its
/// own on.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Registration {
    /// The API key: 1 to [`API_KEY_MAX`] visible characters of ASCII.
    pub api_key: [u8; API_KEY_MAX + 1],
    /// The system URL, such as `https://demo.retailcrm.ru`.
    pub system_url: [u8; SYSTEM_URL_LEN + 1],
}

impl Registration {
    /// Two empty values.
    pub const EMPTY: Registration =
        Registration { api_key: [0; API_KEY_MAX + 1], system_url: [0; SYSTEM_URL_LEN + 1] };
}

/// Checks a register request and takes out what it brings, in place of empty values. Returns the
/// index of the secret that matched.
///
/// The token is checked before the URL is judged: without a right one nobody learns which hosts are
/// allowed. After an error the values are of no use.
pub fn register(
    keys: &Keys,
    form: &[u8],
    hosts: Hosts,
    registration: &mut Registration,
) -> Result<usize, Error> {
    let mut space = Space::EMPTY;
    let Values { token, api_key, system_url } = read(form, &mut space)?;
    let index = check(keys, api_key, token)?;
    let system_url = SystemUrl::new(system_url).filter(|url| url.is_allowed(hosts)).ok_or(Error::Url)?;
    write_into(api_key, &mut registration.api_key);
    write_into(&system_url, &mut registration.system_url);
    Ok(index)
}

/// The values of a request.
struct Values<'a> {
    token: &'a [u8],
    api_key: &'a [u8],
    system_url: &'a [u8],
}

/// Where they are decoded to.
struct Space {
    token: [u8; 64],
    api_key: [u8; API_KEY_MAX],
    /// A slash may be behind it.
    system_url: [u8; SYSTEM_URL_LEN + 1],
}

impl Space {
    const EMPTY: Space =
        Space { token: [0; 64], api_key: [0; API_KEY_MAX], system_url: [0; SYSTEM_URL_LEN + 1] };
}

/// Its JSON, which takes 4 KiB, is gone from the stack when the token is checked.
#[inline(never)]
fn read<'s>(form: &[u8], space: &'s mut Space) -> Result<Values<'s>, Error> {
    let mut json = [0; JSON_MAX];
    let names = ["token", "apiKey", "systemUrl"];
    let [token, api_key, system_url] = Form::new(form)?.members("register", names, &mut json)?;
    // A token that is too long is as wrong as any other: it becomes an empty one.
    let token = write_into(&token.text()?, &mut space.token).unwrap_or_default();
    let api_key = write_into(&api_key.text()?, &mut space.api_key).ok_or(Error::Malformed)?;
    let system_url = write_into(&system_url.text()?, &mut space.system_url).ok_or(Error::Malformed)?;
    // The key goes into a header.
    if !api_key.iter().all(u8::is_ascii_graphic) || system_url.iter().any(u8::is_ascii_control) {
        return Err(Error::Malformed);
    }
    Ok(Values { token, api_key, system_url })
}

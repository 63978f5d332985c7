//! RetailCRM: how a token comes about, for a person to read.
use super::{Keys, sign};
use crate::Error;
use crate::primitives::shown::{Secret, Warnings};
use crate::text::Text;

/// The steps from secret and API key, neither of which it shows, to the token.
///
/// An empty secret or API key is [`Error::Argument`].
pub fn explain<'a>(secret: &'a [u8], api_key: &'a [u8]) -> Result<impl Text + 'a, Error> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    let token = sign(&keys, api_key)?;
    Ok((
        ("secret: ", Secret(secret), "\n"),
        ("API key: ", Secret(api_key), "\n"),
        "algorithm: HMAC-SHA256\n",
        "key: the secret, its characters as they are\n",
        "message: the API key alone, its characters as they are; no system URL\n",
        "encoding: hex in lower case\n",
        ("token: ", token, "\n"),
        Warnings { name: "secret", value: secret },
        Warnings { name: "API key", value: api_key },
        warning_of_invisible(api_key),
    ))
}

/// Inside of an API key too there may be what cannot be seen, such as a no-break space.
fn warning_of_invisible(api_key: &[u8]) -> &'static str {
    if api_key.trim_ascii().iter().all(u8::is_ascii_graphic) {
        ""
    } else {
        "warning: the API key holds characters that are not visible ASCII\n"
    }
}

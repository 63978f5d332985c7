//! ImbaChat's frontend: the chat widget of a page, and the button that opens a dialog. Source: the
//! vendor's page "ImbaChat-docs, API".
use crate::is_word;
use crate::json_string::ScriptString;
use apisig_core::Error;
use apisig_core::text::{Number, Text};

pub mod backend;

/// The longest call that [`open_dialog`] makes, in bytes.
pub const OPEN_DIALOG_LEN: usize = OPEN_DIALOG.len() + USER_ID_LEN + 1;

const OPEN_DIALOG: &str = "window.imbaApi.openDialog(";

const USER_ID_LEN: usize = 19;

/// Where the vendor's script comes from.
const ORIGIN: &[u8] = b"https://imbachat.com";

/// Makes the two script elements of a page with the chat. Nothing in the arguments can run as a
/// script of its own.
///
/// An error: a widget id that has other characters than letters, digits, `-` and `_`, a
/// user id below 1, a token that is empty or not UTF-8, an origin that is neither empty, which
/// stands for the vendor's, nor `http` or `https`, `://`, a host and perhaps a port.
pub fn widget<'a>(
    dev_id: &'a [u8],
    user_id: i64,
    token: &'a [u8],
    origin: &'a [u8],
) -> Result<impl Text + 'a, Error> {
    let origin = if origin.is_empty() { ORIGIN } else { origin };
    if !is_word(dev_id) {
        return Err(Error::ArgumentDevId);
    }
    if !is_origin(origin) {
        return Err(Error::ArgumentOrigin);
    }
    let token = ScriptString::new(token).filter(|_| !token.is_empty()).ok_or(Error::ArgumentToken)?;
    // The vendor's script may set up `ImbaChat` only some time after it was loaded.
    Ok((
        r#"<script src=""#,
        origin,
        "/imbachat/v1/",
        dev_id,
        "/widget\"></script>\n<script>\n{\n    const options = {user_id: \"",
        digits(user_id)?,
        r#"", token: "#,
        token,
        concat!(
            "};\n",
            "    const timer = setInterval(() => {\n",
            "        if (window.ImbaChat) {\n",
            "            clearInterval(timer);\n",
            "            window.ImbaChat.load(options);\n",
            "        }\n",
            "    }, 50);\n",
            "}\n",
            "</script>\n",
        ),
    ))
}

/// Makes the call that opens a dialog with a user: JavaScript that may stand in an attribute. A user
/// id below 1 is [`Error::ArgumentUserId`].
pub fn open_dialog(user_id: i64) -> Result<impl Text, Error> {
    Ok((OPEN_DIALOG, digits(user_id)?, ")"))
}

fn digits(user_id: i64) -> Result<Number, Error> {
    if user_id < 1 {
        return Err(Error::ArgumentUserId);
    }
    Ok(Number(user_id))
}

/// Whether it is an origin as far as its characters go: none of them can end an attribute or the
/// name of the host.
fn is_origin(text: &[u8]) -> bool {
    let of_host =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']');
    let host = text.strip_prefix(b"https://").or_else(|| text.strip_prefix(b"http://"));
    host.is_some_and(|host| !host.is_empty() && host.iter().all(of_host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written;

    fn made(dev_id: &str, user_id: i64, token: &str, origin: &str) -> Result<String, Error> {
        let widget = widget(dev_id.as_bytes(), user_id, token.as_bytes(), origin.as_bytes())?;
        Ok(String::from_utf8(written(&widget)).unwrap())
    }

    /// Whatever the token, HTML sees two script elements, and JavaScript the token.
    #[test]
    fn any_token_stays_within_its_quotes() {
        let every: String = ('\0'..=char::MAX).collect();
        for token in
            ["a", "</script><script>x()</script>", "<!--<script>", "\"});x();//", "\\", "\u{2028}x()", &every]
        {
            let html = made("15", 1, token, "").unwrap();
            assert_eq!(html.matches('<').count(), 4, "{token}");
            let (_, rest) = html.split_once(", token: ").unwrap();
            let (string, _) = rest.split_once("};\n").unwrap();
            assert_eq!(serde_json::from_str::<String>(string).unwrap(), token);
        }
    }

    /// Every byte, in the place of each argument that is not quoted.
    #[test]
    fn no_other_character_comes_into_the_url() {
        for byte in 0..=255_u8 {
            let is_of_name = byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            assert_eq!(widget(&[b'1', byte], 1, b"t", b"").is_ok(), is_of_name, "{byte}");
            let is_of_host = byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
            let origin = [b"https://a", &[byte][..]].concat();
            assert_eq!(widget(b"1", 1, b"t", &origin).is_ok(), is_of_host, "{byte}");
        }
        for origin in
            ["https://", "http://", "https:/a", "//a", "a", "ftp://a", "javascript://a", " https://a"]
        {
            assert_eq!(made("1", 1, "t", origin), Err(Error::ArgumentOrigin), "{origin}");
        }
    }

    #[test]
    fn a_call_is_as_long_as_said() {
        let longest = written(&open_dialog(i64::MAX).unwrap());
        assert_eq!(longest, b"window.imbaApi.openDialog(9223372036854775807)");
        assert_eq!(longest.len(), OPEN_DIALOG_LEN);
        for none in [0, -1, i64::MIN] {
            assert_eq!(open_dialog(none).err(), Some(Error::ArgumentUserId));
            assert_eq!(made("1", none, "t", ""), Err(Error::ArgumentUserId));
        }
    }
}

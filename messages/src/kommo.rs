//! Kommo's channels: where a request goes, what connects and disconnects a channel, and how an
//! answer is read.
//! Source: the vendor's page "Connecting chat channel".
use crate::is_word;
use crate::json_string::JsonString;
use apisig_core::Error;
use apisig_core::kommo::is_normal;
use apisig_core::text::Text;
use apisig_core::text::json::{self, Value};

/// The most bytes of an answer that are read.
pub const ANSWER_MAX: usize = 64 * 1024;

/// The URL of a request: "https://", host and path. The path is sent as it is, its query too; one
/// that an HTTP client would change is [`Error::ArgumentPath`].
pub fn url<'a>(host: &'a [u8], path: &'a [u8]) -> Result<impl Text + use<'a>, Error> {
    let stays = |byte: &u8| byte.is_ascii_graphic() && *byte != b'#';
    let without_query = path.split(|byte| *byte == b'?').next().unwrap_or_default();
    if !path.starts_with(b"/") || !path.iter().all(stays) || !is_normal(without_query) {
        return Err(Error::ArgumentPath);
    }
    Ok((origin(host)?, path))
}

/// The URL that connects a channel to an account, by POST.
pub fn connect_url<'a>(host: &'a [u8], channel_id: &'a [u8]) -> Result<impl Text + use<'a>, Error> {
    channel_url(host, channel_id, "/connect")
}

/// The URL that disconnects it, by DELETE.
pub fn disconnect_url<'a>(host: &'a [u8], channel_id: &'a [u8]) -> Result<impl Text + use<'a>, Error> {
    channel_url(host, channel_id, "/disconnect")
}

fn channel_url<'a>(
    host: &'a [u8],
    channel_id: &'a [u8],
    action: &'static str,
) -> Result<impl Text + use<'a>, Error> {
    Ok((origin(host)?, "/v2/origin/custom/", id(channel_id, Error::ArgumentChannelId)?, action))
}

/// The body that connects a channel, as PHP's `json_encode` writes it with its slashes and all of
/// Unicode unescaped.
pub fn connect_body<'a>(
    account_id: &'a [u8],
    title: &'a [u8],
    hook_api_version: &'a [u8],
) -> Result<impl Text + use<'a>, Error> {
    if !matches!(hook_api_version, b"v1" | b"v2") {
        return Err(Error::ArgumentHookApiVersion);
    }
    Ok((
        r#"{"account_id":""#,
        id(account_id, Error::ArgumentAccountId)?,
        r#"","title":"#,
        JsonString::new(title).ok_or(Error::ArgumentTitle)?,
        r#","hook_api_version":""#,
        hook_api_version,
        r#""}"#,
    ))
}

/// The body that disconnects it.
pub fn disconnect_body(account_id: &[u8]) -> Result<impl Text + use<'_>, Error> {
    Ok((r#"{"account_id":""#, id(account_id, Error::ArgumentAccountId)?, r#""}"#))
}

/// The id of a channel in an account, in the path of every request but these two.
pub fn scope_id<'a>(channel_id: &'a [u8], account_id: &'a [u8]) -> Result<impl Text + use<'a>, Error> {
    Ok((id(channel_id, Error::ArgumentChannelId)?, "_", id(account_id, Error::ArgumentAccountId)?))
}

/// A member of an answer that is a string: the answer's own, not one of an object within.
///
/// [`Error::Malformed`]: there is none, or the answer is no JSON object or longer than
/// [`ANSWER_MAX`].
pub fn answer<'a>(answer: &'a [u8], name: &[u8]) -> Result<impl Text + use<'a>, Error> {
    let name = core::str::from_utf8(name).map_err(|_| Error::ArgumentName)?;
    if answer.len() > ANSWER_MAX {
        return Err(Error::Malformed);
    }
    let mut found = None;
    json::members(answer, |member, value| {
        if let Value::Text(text) = value
            && member.is(name)
        {
            found = Some(text);
        }
        Ok(())
    })?;
    found.ok_or(Error::Malformed)
}

/// An id that means nothing else in a path or in JSON.
fn id(id: &[u8], error: Error) -> Result<&[u8], Error> {
    if is_word(id) { Ok(id) } else { Err(error) }
}

/// A host, which may have its port behind it, and a scheme in front, which else is https.
fn origin(host: &[u8]) -> Result<impl Text + use<'_>, Error> {
    let (scheme, host) = match host.strip_prefix(b"http://") {
        Some(host) => ("http://", host),
        None => ("https://", host.strip_prefix(b"https://").unwrap_or(host)),
    };
    let mut parts = host.splitn(2, |byte| *byte == b':');
    let (name, port) = (parts.next().unwrap_or_default(), parts.next());
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let is_port = |port: &[u8]| (1..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit);
    let is_sound = !name.is_empty() && name.iter().all(is_name) && port.is_none_or(is_port);
    if is_sound { Ok((scheme, host)) } else { Err(Error::ArgumentHost) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written;

    fn text(result: Result<impl Text, Error>) -> Result<String, Error> {
        result.map(|text| String::from_utf8(written(&text)).unwrap())
    }

    #[test]
    fn a_host_is_a_name_and_a_port_and_nothing_else() {
        for (host, expected) in [
            ("amojo.kommo.com", "https://amojo.kommo.com/x"),
            ("https://amojo.amocrm.ru", "https://amojo.amocrm.ru/x"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/x"),
            ("localhost:1", "https://localhost:1/x"),
            ("A-b.C:65535", "https://A-b.C:65535/x"),
        ] {
            assert_eq!(text(url(host.as_bytes(), b"/x")).as_deref(), Ok(expected));
        }
        for host in [
            "",
            ":",
            ":80",
            "a:",
            "a:1:2",
            "a:123456",
            "a:8o",
            "a:-1",
            "a b",
            "a/",
            "a/b",
            "a@b",
            "a?b",
            "a#b",
            "a\\b",
            "a\n",
            "[::1]",
            "https://",
            "http://",
            "http://https://a",
            "https:/a",
            "//a",
            "ftp://a",
            "HTTPS://a",
            "a.\u{e9}",
        ] {
            assert_eq!(text(url(host.as_bytes(), b"/x")), Err(Error::ArgumentHost), "{host}");
            assert_eq!(text(connect_url(host.as_bytes(), b"x")), Err(Error::ArgumentHost), "{host}");
        }
    }

    #[test]
    fn a_path_cannot_name_another_host_or_be_changed_on_its_way() {
        for path in ["/", "/v2/a?limit=1&x=%20", "/x//y", "/a@b", "/~!$'()*+,;=:", "/a?b/../c", "/.a/..b/..."]
        {
            assert_eq!(text(url(b"h", path.as_bytes())), Ok(format!("https://h{path}")));
        }
        for path in
            ["", "x", ".evil.example/", "@evil.example/", ":1/", "?x", "/a b", "/a\n", "/#x", "/\u{e9}"]
        {
            assert_eq!(text(url(b"h", path.as_bytes())), Err(Error::ArgumentPath), "{path}");
        }
        for path in ["/.", "/..", "/a/../b", "/a/./?x", "/../?x", "//x", "/%2e", "/%41", "/%c3", "/{a}"] {
            assert_eq!(text(url(b"h", path.as_bytes())), Err(Error::ArgumentPath), "{path}");
        }
    }

    #[test]
    fn an_id_is_plain_at_every_byte() {
        for byte in 0..=255 {
            let is_plain = byte == b'-' || byte == b'_' || byte.is_ascii_alphanumeric();
            for at in 0..3 {
                let mut id = *b"abc";
                id[at] = byte;
                for accepted in [
                    scope_id(&id, b"x").is_ok(),
                    scope_id(b"x", &id).is_ok(),
                    connect_url(b"h", &id).is_ok(),
                    disconnect_url(b"h", &id).is_ok(),
                    connect_body(&id, b"", b"v2").is_ok(),
                    disconnect_body(&id).is_ok(),
                ] {
                    assert_eq!(accepted, is_plain, "{id:?}");
                }
            }
        }
        assert!(scope_id(b"", b"x").is_err() && scope_id(b"x", b"").is_err());
        assert!(connect_url(b"h", b"").is_err() && connect_body(b"", b"", b"v1").is_err());
    }

    #[test]
    fn the_bodies_are_what_the_oracle_writes() {
        let title = "a\"\\/\u{7f}\n\0\u{e9}\u{2028}\u{1f600}</script>";
        let oracle = serde_json::json!(title);
        assert_eq!(
            text(connect_body(b"a-1", title.as_bytes(), b"v1")),
            Ok(format!(r#"{{"account_id":"a-1","title":{oracle},"hook_api_version":"v1"}}"#))
        );
        assert_eq!(text(disconnect_body(b"a-1")).as_deref(), Ok(r#"{"account_id":"a-1"}"#));
        for version in ["", "v", "V1", "V2", "v3", "2", "v2 ", "v2\0"] {
            assert_eq!(text(connect_body(b"a", b"", version.as_bytes())), Err(Error::ArgumentHookApiVersion));
        }
        assert_eq!(text(connect_body(b"a", b"\xff", b"v2")), Err(Error::ArgumentTitle));
    }

    #[test]
    fn an_answer_is_one_object_whose_own_strings_are_found() {
        let connected = br#" {"\u0061":"\u00e9\n\"", "b":1, "c":{"d":"x"}, "e":["f"], "g":"", "h":null}  "#;
        assert_eq!(text(answer(connected, b"a")).as_deref(), Ok("\u{e9}\n\""));
        assert_eq!(text(answer(connected, b"g")).as_deref(), Ok(""));
        for name in ["b", "c", "d", "e", "f", "h", "A", ""] {
            assert_eq!(text(answer(connected, name.as_bytes())), Err(Error::Malformed), "{name}");
        }
        assert_eq!(text(answer(connected, b"\xff")), Err(Error::ArgumentName));
        for broken in [
            "",
            "null",
            r#""a""#,
            r#"["a"]"#,
            r#"{"a":"1""#,
            r#"{"a":"1"}x"#,
            r#"{"a":"1","a":"1"}"#,
            r#"{"a":"1","\u0061":"2"}"#,
            r#"{"a":"1",}"#,
            r#"{'a':'1'}"#,
            r#"{"a":"\ud800"}"#,
            "\u{feff}{}",
        ] {
            assert_eq!(text(answer(broken.as_bytes(), b"a")), Err(Error::Malformed), "{broken}");
        }
    }

    #[test]
    fn an_answer_has_a_longest_length() {
        let answer_of = |len: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(len - 8));
        assert!(answer(answer_of(ANSWER_MAX).as_bytes(), b"a").is_ok());
        assert_eq!(text(answer(answer_of(ANSWER_MAX + 1).as_bytes(), b"a")), Err(Error::Malformed));
    }
}

//! RetailCRM: the register request of a simple connection, which carries the token.
use super::form::{Form, JSON_MAX};
use super::system_url::{Hosts, SYSTEM_URL_LEN, SystemUrl};
use super::{Keys, verify};
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
    let index = verify(keys, api_key, token)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::form::FORM_MAX;
    use crate::retailcrm::sign;
    use crate::text::form::EncodedOnce;
    use crate::text::written;

    const KEY: &str = "Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E";
    const URL: &str = "https://demo.retailcrm.ru";

    fn keys() -> Keys {
        let mut keys = Keys::default();
        keys.add(b"secret").unwrap();
        keys
    }

    fn token(api_key: &str) -> String {
        String::from_utf8(sign(&keys(), api_key.as_bytes()).unwrap().to_vec()).unwrap()
    }

    fn encoded(text: &str) -> String {
        String::from_utf8(written(&EncodedOnce(text.as_bytes()))).unwrap()
    }

    fn form_of_json(json: &str) -> String {
        format!("register={}", encoded(json))
    }

    fn json(token: &str, api_key: &str, system_url: &str) -> String {
        form_of_json(
            &serde_json::json!({"token": token, "apiKey": api_key, "systemUrl": system_url}).to_string(),
        )
    }

    fn fields(token: &str, api_key: &str, system_url: &str) -> String {
        let [token, api_key, system_url] = [token, api_key, system_url].map(encoded);
        format!("register%5Btoken%5D={token}&register[apiKey]={api_key}&register%5bsystemUrl]={system_url}")
    }

    /// Both forms of a request.
    fn both(token: &str, api_key: &str, system_url: &str) -> [String; 2] {
        [json(token, api_key, system_url), fields(token, api_key, system_url)]
    }

    fn value(space: &[u8]) -> String {
        let len = space.iter().position(|byte| *byte == 0).unwrap();
        assert!(space[len..].iter().all(|byte| *byte == 0));
        String::from_utf8(space[..len].to_vec()).unwrap()
    }

    fn read(form: &[u8]) -> Result<[String; 2], Error> {
        let mut registration = Registration::EMPTY;
        let hosts = Hosts::new(b"retailcrm.ru,simla.com").unwrap();
        let index = register(&keys(), form, hosts, &mut registration)?;
        assert_eq!(index, 0);
        Ok([value(&registration.api_key), value(&registration.system_url)])
    }

    fn right() -> Result<[String; 2], Error> {
        Ok([KEY.into(), URL.into()])
    }

    #[test]
    fn both_forms_are_read() {
        for form in both(&token(KEY), KEY, URL) {
            assert_eq!(read(form.as_bytes()), right(), "{form}");
            assert_eq!(read(format!("a=b&&{form}&register_=&Register=x").as_bytes()), right());
        }
        for form in both(&token(KEY).to_uppercase(), KEY, "https://Demo.RetailCRM.ru/") {
            assert_eq!(read(form.as_bytes()), right(), "{form}");
        }
    }

    #[test]
    fn json_is_read_however_it_is_written() {
        let token = token(KEY);
        for json in [
            format!(r#"{{"systemUrl":"{URL}","apiKey":"{KEY}","token":"{token}"}}"#),
            format!("\r\n{{ \"token\" : \"{token}\",\t\"apiKey\":\"{KEY}\",\n\"systemUrl\":\"{URL}\" }} "),
            format!(
                r#"{{"\u0074oken":"{token}","api\u004bey":"{KEY}","systemUrl":"https:\/\/demo.retailcrm.ru"}}"#
            ),
            format!(
                r#"{{"more":[{{"token":1}}],"token":"{token}","apiKey":"{KEY}","systemUrl":"{URL}","x":null}}"#
            ),
        ] {
            assert_eq!(read(form_of_json(&json).as_bytes()), right(), "{json}");
        }
    }

    #[test]
    fn the_longest_values_fit_however_they_are_escaped() {
        let key = "~".repeat(API_KEY_MAX);
        let label = "a".repeat(63);
        let url = format!("https://{label}.{label}.{label}.{}.simla.com/", &label[..51]);
        assert_eq!(url.len(), SYSTEM_URL_LEN + 1);
        let whole = Ok([key.clone(), url.trim_end_matches('/').into()]);
        for form in both(&token(&key), &key, &url) {
            assert_eq!(read(form.as_bytes()), whole, "{form}");
        }
        let escaped = |text: &str| -> String { text.bytes().map(|byte| format!("\\u{byte:04x}")).collect() };
        let [token, key, url] = [&token(&key), &key, &url].map(|text| escaped(text));
        let json = format!(r#"{{"token":"{token}","apiKey":"{key}","systemUrl":"{url}"}}"#);
        assert_eq!(read(form_of_json(&json).as_bytes()), whole);
        let padded = format!("{json}{}", " ".repeat(JSON_MAX - json.len()));
        assert_eq!(read(form_of_json(&padded).as_bytes()), whole);
        assert_eq!(read(form_of_json(&format!("{padded} ")).as_bytes()), Err(Error::Malformed));
    }

    #[test]
    fn the_form_is_limited() {
        for form in both(&token(KEY), KEY, URL) {
            let longest = format!("{form}&{}", "x".repeat(FORM_MAX - form.len() - 1));
            assert_eq!(read(longest.as_bytes()), right());
            assert_eq!(read(format!("{longest}x").as_bytes()), Err(Error::Malformed));
        }
    }

    #[test]
    fn a_wrong_token_is_a_mismatch_whatever_the_url() {
        let right = token(KEY);
        for wrong in [
            "",
            "0",
            &right[1..],
            &format!("{right}0"),
            &format!("{right}\0"),
            &"0".repeat(64),
            &"x".repeat(9999),
            "\u{e9}\n",
        ] {
            for url in [URL, "https://example.org", ""] {
                assert_eq!(read(fields(wrong, KEY, url).as_bytes()), Err(Error::Mismatch), "{wrong:?}");
                if wrong.len() < 100 {
                    assert_eq!(read(json(wrong, KEY, url).as_bytes()), Err(Error::Mismatch), "{wrong:?}");
                }
            }
        }
    }

    #[test]
    fn a_url_is_refused_that_the_token_does_not_cover() {
        for url in
            ["", "https://example.org", "http://demo.retailcrm.ru", "https://demo.retailcrm.ru:1", "\u{e9}"]
        {
            for form in both(&token(KEY), KEY, url) {
                assert_eq!(read(form.as_bytes()), Err(Error::Url), "{form}");
            }
        }
    }

    #[test]
    fn values_that_cannot_be_meant_are_malformed() {
        let long_url = format!("https://demo.retailcrm.ru/{}", "x".repeat(SYSTEM_URL_LEN));
        for (what, api_key, url) in [
            ("an empty key", "", URL),
            ("a space in the key", "a b", URL),
            ("a line feed in the key", "a\nX-Header: b", URL),
            ("a NUL in the key", "a\0", URL),
            ("a DEL in the key", "a\u{7f}", URL),
            ("a key outside of ASCII", "cl\u{e9}", URL),
            ("a key that is too long", &"k".repeat(API_KEY_MAX + 1), URL),
            ("a NUL behind the URL", KEY, "https://demo.retailcrm.ru\0"),
            ("a line feed in the URL", KEY, "https://demo.retailcrm.ru\n"),
            ("a DEL in the URL", KEY, "https://demo.retailcrm.ru\u{7f}"),
            ("a URL that is too long", KEY, &long_url),
        ] {
            let token = if api_key.is_empty() { "0".repeat(64) } else { token(api_key) };
            for form in both(&token, api_key, url) {
                assert_eq!(read(form.as_bytes()), Err(Error::Malformed), "{what}: {form}");
            }
        }
    }

    #[test]
    fn forms_that_cannot_be_meant_are_malformed() {
        let token = token(KEY);
        let [json, fields] = both(&token, KEY, URL);
        for (what, form) in [
            ("nothing", ""),
            ("other fields", "token=x&apiKey=y&systemUrl=z"),
            ("JSON that is not a form", r#"{"token":"x","apiKey":"y","systemUrl":"z"}"#),
            ("an empty field", "register="),
            ("JSON twice", &format!("{json}&{json}")),
            ("JSON and an empty field", &format!("{json}&register")),
            ("both forms", &format!("{json}&{fields}")),
            ("JSON and a field", &format!("{json}&register[apiKey]=x")),
            ("fields and an empty one of JSON", &format!("{fields}&%72egister")),
            ("a token twice", &format!("{fields}&register[token]={token}")),
            ("a key twice", &format!("register[apiKey]=x&{fields}")),
            ("a URL twice", &format!("{fields}&register%5BsystemUrl%5D={URL}")),
            ("no token", &fields.replace("token", "taken")),
            ("no key", &fields.replace("apiKey", "apikey")),
            ("no URL", &fields.replace("systemUrl", "systemURL")),
            ("lists", &fields.replace("=", "[]=")),
        ] {
            assert_eq!(read(form.as_bytes()), Err(Error::Malformed), "{what}");
        }
        for json in [
            "",
            "null",
            "[]",
            "{}",
            r#""text""#,
            &format!(r#"{{"token":"{token}","apiKey":"{KEY}"}}"#),
            &format!(r#"{{"token":"{token}","systemUrl":"{URL}"}}"#),
            &format!(r#"{{"apiKey":"{KEY}","systemUrl":"{URL}"}}"#),
            &format!(r#"{{"token":1,"apiKey":"{KEY}","systemUrl":"{URL}"}}"#),
            &format!(r#"{{"token":"{token}","apiKey":null,"systemUrl":"{URL}"}}"#),
            &format!(r#"{{"token":"{token}","apiKey":"{KEY}","systemUrl":["{URL}"]}}"#),
            &format!(r#"{{"token":"{token}","apiKey":"{KEY}","systemUrl":"{URL}","\u0061piKey":"x"}}"#),
            &format!(r#"{{"token":"{token}","apiKey":"{KEY}","systemUrl":"{URL}"}}{{}}"#),
            &format!(r#"{{"token":"{token}","apiKey":"{KEY}\u0000","systemUrl":"{URL}"}}"#),
            &format!(r#"{{"token":"{token}","apiKey":"{KEY}\ud800","systemUrl":"{URL}"}}"#),
            &format!(r#"{{"register":{{"token":"{token}","apiKey":"{KEY}","systemUrl":"{URL}"}}}}"#),
        ] {
            assert_eq!(read(form_of_json(json).as_bytes()), Err(Error::Malformed), "{json}");
        }
        assert_eq!(read(b"register={\"\xff\":1}"), Err(Error::Malformed));
    }

    /// The URL is the last of the fields: what is left of it is on no list.
    #[test]
    fn cut_at_every_byte_it_brings_nothing() {
        let [json, fields] = both(&token(KEY), KEY, "https://demo.simla.com");
        for len in 0..json.len() {
            assert_eq!(read(&json.as_bytes()[..len]), Err(Error::Malformed), "{len}");
        }
        let before_the_url = fields.rfind('=').unwrap();
        for len in 0..fields.len() {
            let why = if len < before_the_url { Error::Malformed } else { Error::Url };
            assert_eq!(read(&fields.as_bytes()[..len]), Err(why), "{len}");
        }
    }
}

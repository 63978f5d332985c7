//! RetailCRM: what a module answers to the requests of a simple connection, where it sends its own, and the requests that
//! nothing signs: anyone who knows the clientId of an account can send them.
//! The page shows the answer to an error; the fields of the others are the vendor's too.
use crate::is_word;
use crate::json_string::JsonString;
use apisig_core::Error;
use apisig_core::retailcrm::form::{Form, JSON_MAX, Member};
use apisig_core::retailcrm::system_url::{SCHEME, SystemUrl};
use apisig_core::text::form::Encoded;
use apisig_core::text::json::Value;
use apisig_core::text::{Sink, Text, after_prefix};
use core::ffi::CStr;

/// The longest clientId and the longest system URL that are read, in bytes.
pub const TEXT_MAX: usize = 512;

/// The answer to what asks for nothing else, such as the activity callback.
pub const ACCEPTED: &CStr = cr#"{"success":true}"#;

/// The answer to the configuration request: the rights that the module asks for, with a comma
/// between them, and where the register request goes. There may be no scopes; else each is of
/// lower-case letters and `_`, or an error.
pub fn config<'a>(scopes: &'a [u8], register_url: &'a [u8]) -> Result<impl Text + 'a, Error> {
    let scopes = Scopes::new(scopes)?;
    Ok((r#"{"success":true,"scopes":["#, scopes, r#"],"registerUrl":"#, url(register_url)?, "}"))
}

/// The answer to a register request that succeeded: where the user's account is.
pub fn registered(account_url: &[u8]) -> Result<impl Text + '_, Error> {
    Ok((r#"{"success":true,"accountUrl":"#, url(account_url)?, "}"))
}

/// The answer to any request that failed: a message for the user, in UTF-8.
pub fn failed(message: &[u8]) -> Result<impl Text + '_, Error> {
    Ok((r#"{"success":false,"errorMsg":"#, JsonString::new(message).ok_or(Error::ArgumentMessage)?, "}"))
}

/// Where a module tells the system about itself. The code is of letters, digits, `-` and `_`, so that
/// it stays one step of the path.
pub fn edit_url<'a>(system_url: &'a [u8], code: &'a [u8]) -> Result<impl Text + 'a, Error> {
    if !is_word(code) {
        return Err(Error::ArgumentCode);
    }
    let system_url = SystemUrl::new(system_url).ok_or(Error::ArgumentSystemUrl)?;
    Ok((system_url, "/api/v5/integration-modules/", code, "/edit"))
}

/// The clientId that a user's browser brings to the accountUrl.
pub fn client_id(form: &[u8]) -> Result<Encoded<'_>, Error> {
    client_id_of(Form::new(form)?)
}

fn client_id_of(form: Form) -> Result<Encoded, Error> {
    text(form, "clientId")?.ok_or(Error::Malformed)
}

/// What a system says about a module's activity: four lines, of which the last one may be empty. They are
/// whether it is active, whether the account is frozen, the clientId, and the system URL.
pub fn activity(form: &[u8]) -> Result<impl Text + '_, Error> {
    let form = Form::new(form)?;
    let [active, freeze] = booleans(form)?.map(|value| if value { "true\n" } else { "false\n" });
    Ok((active, freeze, client_id_of(form)?, "\n", text(form, "systemUrl")?))
}

fn booleans(form: Form) -> Result<[bool; 2], Error> {
    let mut space = [0; JSON_MAX];
    let [active, freeze] = form.members("activity", ["active", "freeze"], &mut space)?;
    Ok([boolean(active)?, boolean(freeze)?])
}

/// Whether a member is true. A field has one of the words `true` and `false`.
fn boolean(member: Member) -> Result<bool, Error> {
    match member {
        Member::Json(Value::Boolean(value)) => Ok(value),
        Member::Field(word) if word.is("true") => Ok(true),
        Member::Field(word) if word.is("false") => Ok(false),
        _ => Err(Error::Malformed),
    }
}

/// The only field of this name, if there is one: UTF-8 without control characters, of 1 to [`TEXT_MAX`] bytes.
/// [`Error::Malformed`] for another value.
fn text<'a>(form: Form<'a>, name: &str) -> Result<Option<Encoded<'a>>, Error> {
    let value = form.only(name)?;
    if value.is_none_or(is_text) { Ok(value) } else { Err(Error::Malformed) }
}

fn is_text(value: Encoded) -> bool {
    let mut space = [0; TEXT_MAX];
    value.decode_into(&mut space).is_some_and(|text| {
        !text.is_empty() && core::str::from_utf8(text).is_ok() && !text.iter().any(u8::is_ascii_control)
    })
}

/// A URL of the module's own: absolute, https, without control characters and spaces, in UTF-8.
fn url(url: &[u8]) -> Result<JsonString<'_>, Error> {
    let host = after_prefix(url, SCHEME).and_then(<[u8]>::first);
    let is_absolute = host.is_some_and(|first| !b"/?#:".contains(first));
    if !is_absolute || url.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
        return Err(Error::ArgumentHttpsUrl);
    }
    JsonString::new(url).ok_or(Error::ArgumentHttpsUrl)
}

/// The strings of a JSON array.
struct Scopes<'a>(&'a [u8]);

impl<'a> Scopes<'a> {
    fn new(list: &'a [u8]) -> Result<Self, Error> {
        let is_scope =
            |scope: &[u8]| !scope.is_empty() && scope.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
        let sound = list.is_empty() || list.split(|byte| *byte == b',').all(is_scope);
        if sound { Ok(Scopes(list)) } else { Err(Error::ArgumentScopes) }
    }
}

impl Text for Scopes<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let mut before: &[u8] = b"\"";
        for scope in self.0.split(|byte| *byte == b',').filter(|scope| !scope.is_empty()) {
            sink.push(before);
            sink.push(scope);
            sink.push(b"\"");
            before = b",\"";
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written;
    use serde_json::{Value, json};

    fn text(answer: Result<impl Text, Error>) -> Result<String, Error> {
        answer.map(|answer| String::from_utf8(written(&answer)).unwrap())
    }

    fn parsed(answer: Result<impl Text, Error>) -> Value {
        serde_json::from_str(&text(answer).unwrap()).unwrap()
    }

    #[test]
    fn answers_are_what_the_oracle_reads() {
        let url = "https://module.example/connect?a=1&b=\"\\\u{e9}";
        let scopes = ["order_read", "customer_write"];
        assert_eq!(
            parsed(config(scopes.join(",").as_bytes(), url.as_bytes())),
            json!({"success": true, "scopes": scopes, "registerUrl": url})
        );
        assert_eq!(
            parsed(config(b"", b"https://x")),
            json!({"success": true, "scopes": [], "registerUrl": "https://x"})
        );
        assert_eq!(parsed(registered(url.as_bytes())), json!({"success": true, "accountUrl": url}));
        let message: String = ('\0'..='\u{2fff}').collect();
        assert_eq!(parsed(failed(message.as_bytes())), json!({"success": false, "errorMsg": message}));
        assert_eq!(serde_json::from_slice::<Value>(ACCEPTED.to_bytes()).unwrap(), json!({"success": true}));
    }

    #[test]
    fn a_url_that_is_not_absolute_and_https_is_refused() {
        for url in [
            "",
            "https://",
            "https:///register",
            "https://?x",
            "https://#x",
            "https://:443/x",
            "https:/module.example",
            "http://module.example",
            "/register",
            "//module.example/register",
            "module.example/register",
            "javascript:alert(1)",
            " https://module.example",
            "https://module.example/a b",
            "https://module.example/\n",
            "https://module.example/\0",
            "https://module.example/\u{7f}",
        ] {
            assert_eq!(text(registered(url.as_bytes())), Err(Error::ArgumentHttpsUrl), "{url}");
            assert_eq!(text(config(b"order_read", url.as_bytes())), Err(Error::ArgumentHttpsUrl), "{url}");
        }
        assert_eq!(text(registered(b"https://module.example/\xff")), Err(Error::ArgumentHttpsUrl));
        assert_eq!(text(failed(b"\xff")), Err(Error::ArgumentMessage));
    }

    #[test]
    fn a_scope_that_cannot_be_one_is_refused() {
        for scopes in
            [",", "a,", ",a", "a,,b", "a, b", "Order_read", "order-read", "order_read2", "\"", "\u{e9}"]
        {
            assert_eq!(text(config(scopes.as_bytes(), b"https://x")), Err(Error::ArgumentScopes), "{scopes}");
        }
    }

    #[test]
    fn the_edit_url_is_below_the_system_url_whatever_the_code() {
        assert_eq!(
            text(edit_url(b"https://Demo.retailcrm.ru/", b"My-module_1")).unwrap(),
            "https://demo.retailcrm.ru/api/v5/integration-modules/My-module_1/edit"
        );
        for code in ["", ".", "..", "a/b", "a%2fb", "a?b", "a#b", "a b", "a\\b", "a\n", "\u{e9}"] {
            assert_eq!(text(edit_url(b"https://x.ru", code.as_bytes())), Err(Error::ArgumentCode), "{code}");
        }
        for url in ["", "http://x.ru", "https://x.ru:1", "https://x.ru/a", "https://a@x.ru"] {
            assert_eq!(text(edit_url(url.as_bytes(), b"code")), Err(Error::ArgumentSystemUrl), "{url}");
        }
    }
}

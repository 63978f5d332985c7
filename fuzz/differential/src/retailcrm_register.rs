//! RetailCRM's register requests against PHP's reading of the form, serde_json's of the JSON, and a grammar of the URL.
use crate::{fields, filled_in, form, json, php, shown};
use apisig_core::Error;
use apisig_core::retailcrm::form::{FORM_MAX, JSON_MAX};
use apisig_core::retailcrm::register::{API_KEY_MAX, Registration, register};
use apisig_core::retailcrm::system_url::{Hosts, SYSTEM_URL_LEN};
use apisig_core::retailcrm::{Keys, sign};
use php::Value;
use regex_lite::Regex;
use std::sync::LazyLock;

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let mut keys = Keys::default();
    keys.add(b"secret").unwrap();
    keys
});

const HOSTS: &[u8] = b"retailcrm.ru,simla.com";
static URL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?:retailcrm\.ru|simla\.com))/?$")
        .unwrap()
});

const NAMES: [&str; 3] = ["token", "apiKey", "systemUrl"];

pub fn check(input: &[u8]) {
    let [api_key, _, form] = fields(input);
    let form = filled_in(form, &sign(&KEYS, api_key).map_or(vec![], Vec::from));
    let mut got = Registration::EMPTY;
    let ours = register(&KEYS, &form, Hosts::new(HOSTS).unwrap(), &mut got);
    let ours = ours.map(|_| [text(&got.api_key), text(&got.system_url)]);
    let oracle = values(&form).and_then(judge);
    assert_eq!(ours, oracle, "{}", shown(&form));
    if ours.is_ok() {
        as_php_reads(&form);
    }
}

fn text(space: &[u8]) -> Vec<u8> {
    space.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()
}

/// Of the fields that servers may put under register: the whole object, or one of its members.
static OBJECT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^ *register([\x00\[. ]|$)").unwrap());
static MEMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^register\[[A-Za-z0-9_]*\]$").unwrap());

/// Token, API key and URL, of either form of the request.
fn values(form: &[u8]) -> Result<[Vec<u8>; 3], Error> {
    let fields = php::pairs(form);
    let fields = fields.iter().map(|(name, value)| (String::from_utf8_lossy(name), value));
    let (objects, members): (Vec<_>, Vec<_>) =
        fields.filter(|(name, _)| OBJECT.is_match(name)).partition(|(name, _)| name == "register");
    let is_sound = form.len() <= FORM_MAX
        && form::is_read_alike(form)
        && members.iter().all(|(name, _)| MEMBER.is_match(name));
    match objects[..] {
        [] if is_sound => {
            let only = |wanted: &str| {
                let mut named = members.iter().filter(|(name, _)| *name == format!("register[{wanted}]"));
                let (found, more) = (named.next(), named.next());
                found.filter(|_| more.is_none()).map(|(_, value)| value.to_vec()).ok_or(Error::Malformed)
            };
            Ok([only(NAMES[0])?, only(NAMES[1])?, only(NAMES[2])?])
        }
        [(_, json)] if is_sound && members.is_empty() && json.len() <= JSON_MAX => {
            let object = json::object(json).ok_or(Error::Malformed)?;
            let text = |name: &str| {
                let value = json::member(&object, name).and_then(|value| value.as_str());
                value.map(|text| text.as_bytes().to_vec()).ok_or(Error::Malformed)
            };
            Ok([text(NAMES[0])?, text(NAMES[1])?, text(NAMES[2])?])
        }
        _ => Err(Error::Malformed),
    }
}

fn judge([token, api_key, system_url]: [Vec<u8>; 3]) -> Result<[Vec<u8>; 2], Error> {
    let is_key = (1..=API_KEY_MAX).contains(&api_key.len()) && api_key.iter().all(u8::is_ascii_graphic);
    if !is_key || system_url.len() > SYSTEM_URL_LEN + 1 || system_url.iter().any(u8::is_ascii_control) {
        return Err(Error::Malformed);
    }
    if !token.eq_ignore_ascii_case(&sign(&KEYS, &api_key).unwrap()) {
        return Err(Error::Mismatch);
    }
    let url = str::from_utf8(&system_url)
        .ok()
        .and_then(|url| URL.captures(url))
        .map(|parts| parts[1].to_lowercase());
    let url = url.filter(|url| url.len() <= SYSTEM_URL_LEN).ok_or(Error::Url)?;
    Ok([api_key, url.into_bytes()])
}

/// What was accepted has the same values for PHP.
fn as_php_reads(form: &[u8]) {
    if form.contains(&0) {
        return;
    }
    let read = php::parse_str(form);
    let of_php = match read.get(b"register") {
        Some(Value::Text(json)) => return assert!(json::object(json).is_some()),
        Some(Value::List(list)) => NAMES.map(|name| list.text(name.as_bytes()).unwrap_or_default().to_vec()),
        None => panic!("PHP reads nothing: {}", shown(form)),
    };
    assert_eq!(values(form), Ok(of_php), "{}", shown(form));
}

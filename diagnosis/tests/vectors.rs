//! Every call of tests/vectors, made by the crates of the core.
use apisig_core::imbachat::{backend, widget};
use apisig_core::{Error, Key, Keys, Text, Time, imbachat, kayako, kommo, mor, retailcrm};
use apisig_diagnosis::{self as diagnosis, Mistake};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A line: its fields, unescaped where they are taken.
struct Call {
    line: String,
}

impl Call {
    fn raw(&self, field: usize) -> &str {
        self.line.split('\t').nth(field).expect("a field")
    }

    fn bytes(&self, field: usize) -> Vec<u8> {
        unescape(self.raw(field))
    }

    fn number(&self, field: usize) -> i64 {
        self.raw(field).parse().expect("a number")
    }

    fn keys<K: Key>(&self) -> Result<Keys<K>, Error> {
        let mut keys = Keys::default();
        self.raw(1).split('|').try_for_each(|secret| keys.add(&unescape(secret)))?;
        Ok(keys)
    }

    /// Compares a result with the last field: a text, an index or the name of a status.
    fn expect(&self, result: Result<Vec<u8>, Error>) {
        let expected = unescape(self.line.rsplit('\t').next().unwrap());
        // Where an argument is not allowed, a row need not say which.
        let is_argument = |name: &str| expected == b"ARGUMENT" && name.starts_with("ARGUMENT");
        let status = |name: String| if is_argument(&name) { "ARGUMENT".into() } else { name };
        let result = result.unwrap_or_else(|error| status(name(error)).into());
        let result = String::from_utf8_lossy(&result);
        assert_eq!(result, String::from_utf8_lossy(&expected), "{}", self.line);
    }

    fn expect_diagnosis(&self, diagnosis: Result<Option<Mistake>, Error>) {
        self.expect(diagnosis.map(|mistake| mistake.map_or("0".into(), name).into()));
    }

    fn expect_index(&self, result: Result<usize, Error>) {
        self.expect(result.map(|index| index.to_string().into()));
    }
}

fn unescape(field: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = field.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, len) = match (first, after.first()) {
            (b'\\', Some(b'n')) => (b'\n', 2),
            (b'\\', Some(b'r')) => (b'\r', 2),
            (b'\\', Some(b't')) => (b'\t', 2),
            (b'\\', Some(b'\\')) => (b'\\', 2),
            (b'\\', Some(b'x')) => (u8::from_str_radix(str::from_utf8(&rest[2..4]).unwrap(), 16).unwrap(), 4),
            (b'\\', _) => panic!("an escape: {field}"),
            (byte, _) => (byte, 1),
        };
        bytes.push(byte);
        rest = &rest[len..];
    }
    bytes
}

/// Of a status or a mistake, as in the C face: NotYetValid is NOT_YET_VALID.
fn name(value: impl std::fmt::Debug) -> String {
    let camel = format!("{value:?}");
    let snake = camel
        .chars()
        .flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain([c.to_ascii_uppercase()]));
    snake.skip(1).collect()
}

fn text(text: impl Text) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

fn calls(vendor: &str, mut make: impl FnMut(&str, &Call)) {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let folder = env::var_os("APISIG_VECTORS").map_or(beside, PathBuf::from);
    let file = fs::read_to_string(folder.join(format!("{vendor}.tsv"))).unwrap();
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    let calls: Vec<_> = lines.map(|line| Call { line: line.into() }).collect();
    assert!(calls.len() >= 20);
    calls.iter().for_each(|call| make(call.raw(0), call));
}

#[test]
fn kayako() {
    use diagnosis::kayako::{diagnose, explain};
    use kayako::request;
    calls("kayako", |verb, call| match verb {
        "sign" => call.expect(call.keys().and_then(|keys| kayako::sign(&keys, &call.bytes(2))).map(text)),
        "verify" => call.expect_index(kayako::verify(&call.keys().unwrap(), &call.bytes(2), &call.bytes(3))),
        "sign_form" => {
            let keys = call.keys().unwrap();
            let fields = [2, 3, 4].map(|field| call.bytes(field));
            let [api_key, salt, form] = fields.each_ref().map(Vec::as_slice);
            call.expect(request::sign_form(&keys, api_key, salt, form).map(text));
        }
        "url" => {
            let (base, route, query) = (call.bytes(1), call.bytes(2), call.bytes(4));
            call.expect(request::url(&base, &route, call.raw(3) == "1", &query).map(text));
        }
        "verify_request" => {
            let keys = call.keys().unwrap();
            call.expect_index(request::verify_request(&keys, &call.bytes(2), &call.bytes(3)));
        }
        "diagnose" => {
            let fields = [1, 2, 3, 4].map(|field| call.bytes(field));
            let [secret, api_key, salt, signature] = fields.each_ref().map(Vec::as_slice);
            call.expect_diagnosis(diagnose(secret, api_key, salt, signature));
        }
        "explain" => call.expect(explain(&call.bytes(1), &call.bytes(2)).map(text)),
        _ => panic!("{verb}"),
    });
}

#[test]
fn retailcrm() {
    calls("retailcrm", |verb, call| match verb {
        "sign" => call.expect(call.keys().and_then(|keys| retailcrm::sign(&keys, &call.bytes(2))).map(text)),
        "verify" => {
            call.expect_index(retailcrm::verify(&call.keys().unwrap(), &call.bytes(2), &call.bytes(3)))
        }
        "check_register" => {
            let mut registration = retailcrm::register::Registration::EMPTY;
            let (keys, form, hosts) = (call.keys().unwrap(), call.bytes(2), call.bytes(3));
            let result = retailcrm::system_url::Hosts::new(&hosts)
                .and_then(|hosts| retailcrm::register::register(&keys, &form, hosts, &mut registration));
            if result.is_ok() {
                assert!(registration.api_key.starts_with(&[&call.bytes(4)[..], b"\0"].concat()));
                assert!(registration.system_url.starts_with(&[&call.bytes(5)[..], b"\0"].concat()));
            }
            call.expect_index(result);
        }
        "config" => call.expect(retailcrm::answers::config(&call.bytes(1), &call.bytes(2)).map(text)),
        "client_id" => call.expect(retailcrm::unsigned::client_id(&call.bytes(1)).map(text)),
        "activity" => call.expect(retailcrm::unsigned::activity(&call.bytes(1)).map(text)),
        "registered" => call.expect(retailcrm::answers::registered(&call.bytes(1)).map(text)),
        "failed" => call.expect(retailcrm::answers::failed(&call.bytes(1)).map(text)),
        "diagnose" => {
            call.expect_diagnosis(diagnosis::retailcrm::diagnose(
                &call.bytes(1),
                &call.bytes(2),
                &call.bytes(3),
            ));
        }
        "explain" => call.expect(diagnosis::retailcrm::explain(&call.bytes(1), &call.bytes(2)).map(text)),
        "edit_url" => call.expect(retailcrm::answers::edit_url(&call.bytes(1), &call.bytes(2)).map(text)),
        _ => panic!("{verb}"),
    });
}

#[test]
fn mor() {
    use diagnosis::mor::{diagnose, explain};
    use mor::request;
    calls("mor", |verb, call| match verb {
        "sign" => call.expect(call.keys().and_then(|keys| mor::sign(&keys, &call.bytes(2))).map(text)),
        "verify" => call.expect_index(mor::verify(&call.keys().unwrap(), &call.bytes(2), &call.bytes(3))),
        "sign_request" => {
            let (keys, method, form) = (call.keys().unwrap(), call.bytes(2), call.bytes(3));
            call.expect(request::sign(&keys, &method, &form).map(text));
        }
        "verify_request" => {
            let (keys, method, form) = (call.keys().unwrap(), call.bytes(2), call.bytes(3));
            call.expect_index(request::verify(&keys, &method, &form));
        }
        "sign_form" => {
            let (keys, method, form) = (call.keys().unwrap(), call.bytes(2), call.bytes(3));
            call.expect(request::sign_form(&keys, &method, &form).map(text));
        }
        "url" => call.expect(request::url(&call.bytes(1), &call.bytes(2)).map(text)),
        "parameters" => call.expect(request::parameters(&call.bytes(1), &call.bytes(2)).map(text)),
        "refusal" => call.expect(request::refusal(&call.bytes(1), &call.bytes(2)).map(text)),
        "diagnose" => {
            let (secret, method, form) = (call.bytes(1), call.bytes(2), call.bytes(3));
            call.expect_diagnosis(diagnose(&secret, &method, &form, &call.bytes(4)));
        }
        "explain" => call.expect(explain(&call.bytes(1), &call.bytes(2), &call.bytes(3)).map(text)),
        _ => panic!("{verb}"),
    });
}

#[test]
fn imbachat() {
    calls("imbachat", |verb, call| match verb {
        "sign" => call.expect(
            Time::new(call.number(3))
                .and_then(|expires_at| imbachat::sign(&call.keys().unwrap(), call.number(2), expires_at))
                .map(text),
        ),
        "verify" => {
            let keys = call.keys().unwrap();
            let result = Time::new(call.number(3))
                .and_then(|now| imbachat::verify(&keys, &call.bytes(2), now, call.number(4)));
            assert_eq!(
                result.as_ref().map_or(0, |verified| verified.user_id),
                call.number(5),
                "{}",
                call.line
            );
            call.expect_index(result.map(|verified| verified.index));
        }
        "seconds_left" => {
            let left = |now| imbachat::seconds_left(&call.bytes(1), now, call.number(3));
            call.expect(Time::new(call.number(2)).and_then(left).map(|seconds| seconds.to_string().into()));
        }
        "verify_login" => {
            let (login, password) = (call.bytes(1), call.bytes(2));
            call.expect_index(imbachat::verify_login(&login, &password, &call.bytes(3), &call.bytes(4)));
        }
        "verify_authorization" => {
            let (login, password) = (call.bytes(1), call.bytes(2));
            call.expect_index(backend::verify_authorization(&login, &password, &call.bytes(3)));
        }
        "user_ids" => {
            let parameter = call.bytes(1);
            let ids = backend::user_ids(&parameter);
            call.expect(ids.map(|ids| ids.map(|id| id.to_string()).collect::<Vec<_>>().join(" ").into()));
        }
        "widget" => {
            let (dev_id, token, origin) = (call.bytes(1), call.bytes(3), call.bytes(4));
            call.expect(widget::widget(&dev_id, call.number(2), &token, &origin).map(text));
        }
        "open_dialog" => call.expect(widget::open_dialog(call.number(1)).map(text)),
        "diagnose" => {
            let (secret, dev_id, token) = (call.bytes(1), call.bytes(2), call.bytes(3));
            let diagnose = |now| diagnosis::imbachat::diagnose(&secret, &dev_id, &token, now, call.number(5));
            call.expect_diagnosis(Time::new(call.number(4)).and_then(diagnose));
        }
        "explain" => {
            let (secret, token) = (call.bytes(1), call.bytes(2));
            let explain = |now| diagnosis::imbachat::explain(&secret, &token, now).map(text);
            call.expect(Time::new(call.number(3)).and_then(explain));
        }
        _ => panic!("{verb}"),
    });
}

#[test]
fn kommo() {
    use diagnosis::kommo::{diagnose, diagnose_webhook, explain};
    use kommo::{channel, webhook};
    calls("kommo", |verb, call| match verb {
        "sign" => {
            let (method, url, body) = (call.bytes(2), call.bytes(3), call.bytes(4));
            let mut headers = kommo::Headers::EMPTY;
            let result = Time::new(call.number(5)).and_then(|time| {
                kommo::sign(&call.keys().unwrap(), &method, &url, &body, time, &mut headers)
            });
            if result.is_ok() {
                assert_eq!(headers.date, [&call.bytes(6)[..], b"\0"].concat()[..], "{}", call.line);
                assert_eq!(headers.content_type, *b"application/json\0");
                assert_eq!(headers.content_md5, [&call.bytes(7)[..], b"\0"].concat()[..], "{}", call.line);
            }
            call.expect(result.map(|()| headers.x_signature[..40].to_vec()));
        }
        "sign_digest" | "string_to_sign" => {
            let first = if verb == "sign_digest" { 2 } else { 1 };
            let fields: Vec<_> = (first..first + 5).map(|field| call.bytes(field)).collect();
            let string_to_sign = kommo::StringToSign::new(request(&fields));
            call.expect(match verb {
                "sign_digest" => {
                    string_to_sign.and_then(|it| kommo::sign_digest(&call.keys().unwrap(), &it)).map(text)
                }
                _ => string_to_sign.map(text),
            });
        }
        "verify" => {
            let fields: Vec<_> = [2, 3, 5, 6, 7].iter().map(|field| call.bytes(*field)).collect();
            let (keys, body, signature) = (call.keys().unwrap(), call.bytes(4), call.bytes(8));
            call.expect_index(Time::new(call.number(9)).and_then(|now| {
                kommo::verify(&keys, request(&fields), &body, &signature, now, call.number(10))
            }));
        }
        "sign_webhook" => {
            call.expect(call.keys().and_then(|keys| webhook::sign(&keys, &call.bytes(2))).map(text))
        }
        "verify_webhook" => {
            call.expect_index(webhook::verify(&call.keys().unwrap(), &call.bytes(2), &call.bytes(3)))
        }
        "url" => call.expect(channel::url(&call.bytes(1), &call.bytes(2)).map(text)),
        "connect_url" => call.expect(channel::connect_url(&call.bytes(1), &call.bytes(2)).map(text)),
        "connect_body" => {
            let (account_id, title, version) = (call.bytes(1), call.bytes(2), call.bytes(3));
            call.expect(channel::connect_body(&account_id, &title, &version).map(text));
        }
        "disconnect_url" => call.expect(channel::disconnect_url(&call.bytes(1), &call.bytes(2)).map(text)),
        "disconnect_body" => call.expect(channel::disconnect_body(&call.bytes(1)).map(text)),
        "scope_id" => call.expect(channel::scope_id(&call.bytes(1), &call.bytes(2)).map(text)),
        "diagnose" => call.expect_diagnosis(Time::new(call.number(9)).and_then(|now| {
            let fields: Vec<_> = [2, 3, 5, 6, 7].iter().map(|field| call.bytes(*field)).collect();
            let (secret, body, signature) = (call.bytes(1), call.bytes(4), call.bytes(8));
            diagnose(&secret, request(&fields), Some(&body), &signature, now, call.number(10))
        })),
        "diagnose_webhook" => {
            let (secret, body, signature) = (call.bytes(1), call.bytes(2), call.bytes(3));
            call.expect_diagnosis(diagnose_webhook(&secret, &body, &signature));
        }
        "explain" => {
            let fields: Vec<_> = [2, 3, 5, 6, 7].iter().map(|field| call.bytes(*field)).collect();
            let (secret, body) = (call.bytes(1), call.bytes(4));
            call.expect(explain(&secret, request(&fields), Some(&body)).map(text));
        }
        "sign_lines" => {
            let (keys, method, url, body) =
                (call.keys().unwrap(), call.bytes(2), call.bytes(3), call.bytes(4));
            let lines = |time| kommo::sign_lines(&keys, &method, &url, &body, time).map(text);
            call.expect(Time::new(call.number(5)).and_then(lines));
        }
        "answer" => call.expect(channel::answer(&call.bytes(1), &call.bytes(2)).map(text)),
        _ => panic!("{verb}"),
    });
}

fn request(fields: &[Vec<u8>]) -> kommo::Request<'_> {
    let [method, url, content_md5, content_type, date] = fields else { panic!("five fields") };
    kommo::Request { method, url, content_md5, content_type, date }
}

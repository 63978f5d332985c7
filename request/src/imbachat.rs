//! ImbaChat: a user's token, and the login of its requests to a site.
use crate::kind::{Check, Kind, Likeness, Missing, keys};
use crate::request::Request;
use crate::verdict::{Change, bytes, string};
use apisig_core::crypto::mac::HmacSha256;
use apisig_core::imbachat::token::{decoded, read_claims, split};
use apisig_core::imbachat::{self, backend};
use apisig_core::text::basic;
use apisig_core::text::encoding::base64url;
use apisig_core::text::form::fields;
use apisig_core::{Error, Time};
use apisig_diagnosis::Report;
use apisig_diagnosis::imbachat::{diagnose, explain};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "imbachat",
        title: "a user's token for ImbaChat",
        is_it: |request| {
            let is_it = !tokens(request).is_empty();
            is_it.then_some(Likeness::Common("a token begins with eyJ and has two dots"))
        },
        shareable: &[],
        check: |request| match &mut tokens(request)[..] {
            [] => Err(Missing::Parts(vec!["token"])),
            [token] => Ok(Box::new(Token(std::mem::take(token)))),
            _ => Err(Missing::Twice("token")),
        },
    },
    Kind {
        name: "imbachat-login",
        title: "a request of ImbaChat, by its login",
        is_it: is_login,
        shareable: &[],
        check: |request| Ok(Box::new(Login::new(request)?)),
    },
];

fn is_token(text: &[u8]) -> bool {
    let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.=+/".contains(byte);
    text.starts_with(b"eyJ")
        && text.iter().filter(|byte| **byte == b'.').count() == 2
        && text.iter().all(is_of_token)
}

/// Every token, wherever it is: by itself, as a bearer, in the query, in a form or in the body's JSON.
fn tokens(request: &Request) -> Vec<Vec<u8>> {
    let authorization = request.header("Authorization").ok().flatten();
    let bearer = authorization.and_then(|value| value.strip_prefix(b"Bearer "));
    let alone = [request.bare.as_deref(), request.body.as_deref(), bearer];
    let alone = alone.into_iter().flatten().map(|text| text.trim_ascii().to_vec());
    let form = request.form();
    let values = [request.query(), form.as_deref()].into_iter().flatten().flat_map(fields);
    let values = values.map(|field| bytes(field.value));
    let json: Option<Value> = request.body.as_deref().and_then(|body| serde_json::from_slice(body).ok());
    let members = json.as_ref().and_then(Value::as_object).into_iter().flatten();
    let members = members.filter_map(|(_, value)| Some(value.as_str()?.as_bytes().to_vec()));
    let mut found: Vec<_> = alone.chain(values).chain(members).filter(|text| is_token(text)).collect();
    found.sort();
    found.dedup();
    found
}

fn is_login(request: &Request) -> Option<Likeness> {
    let value = request.header("Authorization").ok().flatten().or(request.bare.as_deref())?;
    let is_basic = value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"Basic "));
    let asks_for_users =
        request.query().is_some_and(|query| fields(query).any(|field| field.name.is("user_ids")));
    match (is_basic, asks_for_users) {
        (true, true) => Some(Likeness::Own("it has the scheme Basic, and asks for user_ids")),
        (true, false) => Some(Likeness::Common("it has the scheme Basic")),
        _ => None,
    }
}

/// A token.
struct Token(Vec<u8>);

impl Check for Token {
    fn verify(&self, secret: &[u8], now: Time) -> Result<(), Error> {
        imbachat::check(&keys(secret)?, &self.0, now, 0).map(|_| ())
    }

    fn diagnose(&self, secret: &[u8], now: Time) -> Report {
        diagnose(secret, b"", &self.0, now, 0)
    }

    fn explain(&self, secret: &[u8], now: Time) -> Result<String, Error> {
        Ok(string(explain(secret, &self.0, now)?))
    }

    /// The signature of its first two parts as they stand.
    fn changes(&self, secret: &[u8]) -> Vec<Change> {
        let Some(parts) = split(&self.0) else { return Vec::new() };
        let keys = keys::<HmacSha256>(secret);
        let mac = keys.and_then(|keys| keys.current().map(|key| key.of(parts.signed)));
        let mut text = [0; 64];
        let len = mac.map_or(0, |mac| base64url(&mac, &mut text));
        let right = text.get(..len).unwrap_or_default();
        Change::of("the token's third part", right, parts.signature)
    }

    /// The last second of its time, if that has passed.
    fn own_time(&self, clock: Time) -> Option<Time> {
        let claims = decoded(split(&self.0)?.claims, read_claims).ok()?;
        let seconds = clock.unix_seconds().min(claims.expires_at.saturating_sub(1)).max(claims.not_before);
        Time::new(seconds).ok()
    }
}

/// API login and password, as the scheme Basic sends them. The secret is `login:password`.
pub struct Login {
    authorization: Vec<u8>,
}

impl Login {
    /// Takes the header.
    pub fn new(request: &Request) -> Result<Self, Missing> {
        let header = request.header("Authorization")?.or(request.bare.as_deref());
        match header {
            None if request.headers.is_none() => Err(Missing::Parts(vec!["Authorization"])),
            header => Ok(Login { authorization: header.unwrap_or_default().to_vec() }),
        }
    }

    fn parts(secret: &[u8]) -> (&[u8], &[u8]) {
        let colon = secret.iter().position(|byte| *byte == b':').unwrap_or(secret.len());
        let (login, rest) = secret.split_at_checked(colon).unwrap_or_default();
        (login, rest.get(1..).unwrap_or_default())
    }

    /// What of a wrong password shows, without either of them.
    pub fn difference(&self, secret: &[u8]) -> Option<&'static str> {
        let mut space = [0; basic::CREDENTIALS_MAX];
        let Ok((login, password)) = basic::credentials(&self.authorization, &mut space) else {
            // As of `echo login:password | base64`.
            let encoded = self.authorization.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            let has_line_feed = STANDARD.decode(encoded).is_ok_and(|text| text.ends_with(b"\n"));
            return Some(match has_line_feed {
                true => "the password ends in a line feed, as echo appends one: use echo -n or printf",
                false => "the header is not Basic, a space, and login:password in base64",
            });
        };
        let (own_login, own_password) = Self::parts(secret);
        if !login.eq_ignore_ascii_case(own_login) {
            let is_swapped = login == own_password && password == own_login;
            return Some(if is_swapped {
                "login and password are swapped"
            } else {
                "the login is another one"
            });
        }
        let (sent, own) = (password.trim_ascii(), own_password.trim_ascii());
        match password == own_password {
            true => None,
            false if sent == own => Some("one of the two passwords has white space around it"),
            false if sent.eq_ignore_ascii_case(own) => Some("the password differs in its case alone"),
            false => Some("the login is right, and the password another one"),
        }
    }
}

impl Check for Login {
    fn verify(&self, secret: &[u8], _now: Time) -> Result<(), Error> {
        let (login, password) = Self::parts(secret);
        backend::check_authorization(login, password, &self.authorization).map(|_| ())
    }

    fn diagnose(&self, secret: &[u8], now: Time) -> Report {
        self.verify(secret, now).map_or_else(Report::from, |()| Report::RIGHT)
    }

    fn explain(&self, secret: &[u8], now: Time) -> Result<String, Error> {
        match self.verify(secret, now) {
            Err(error) if error.is_callers() => Err(error),
            _ => Ok("nothing is signed: login and password are compared\n".into()),
        }
    }

    fn notes(&self, secret: &[u8]) -> Vec<String> {
        let note = match secret {
            [] => None,
            secret if !secret.contains(&b':') => Some("the secret of a login is login:password"),
            secret => self.difference(secret),
        };
        note.map(str::to_owned).into_iter().collect()
    }
}

/// The header of a login and a password, which are `login:password`.
pub fn authorization(secret: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode(secret))
}

//! ImbaChat's tokens against serde_json and base64: whether they are valid, for whom, and until when.
use crate::{NOW, fields, json, shown};
use apisig_core::imbachat::{TOKEN_MAX, Verified};
use apisig_core::{Error, Time, imbachat, kayako};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use std::sync::LazyLock;

struct Claims {
    user_id: i64,
    expires_at: i64,
    not_before: Option<i64>,
}

pub fn check(input: &[u8]) {
    let parts = if input.contains(&0xff) {
        let [header, claims] = fields::<2>(input).map(|json| URL_SAFE_NO_PAD.encode(json));
        format!("{header}.{claims}").into_bytes()
    } else {
        input.to_vec()
    };
    let Some(signature) = signature(&parts) else { return };
    let token = [&parts[..], b".", signature.as_bytes()].concat();
    let claims = read(&token, &parts);
    let mut times = vec![NOW];
    if let Ok(claims) = &claims {
        times.extend([claims.expires_at, claims.not_before.unwrap_or(0)]);
        times.extend([claims.expires_at.saturating_sub(1), claims.not_before.unwrap_or(0).saturating_sub(1)]);
    }
    for now in times {
        let Ok(time) = Time::new(now) else { continue };
        let oracle = claims.as_ref().map_err(|error| *error).and_then(|claims| {
            if claims.not_before.is_some_and(|not_before| not_before > now) {
                Err(Error::NotYetValid)
            } else if claims.expires_at <= now {
                Err(Error::Expired)
            } else {
                Ok(claims.user_id)
            }
        });
        let ours = imbachat::check(&KEYS, &token, time, 0).map(|Verified { user_id, .. }| user_id);
        assert_eq!(ours, oracle, "at {now}: {} {}", shown(input), shown(&token));
    }
}

static KEYS: LazyLock<imbachat::Keys> = LazyLock::new(|| {
    let mut keys = imbachat::Keys::default();
    keys.add(b"secret").unwrap();
    keys
});

/// Kayako's signature is the same HMAC, in the other alphabet; of nothing there is none.
fn signature(parts: &[u8]) -> Option<String> {
    let mut keys = kayako::Keys::default();
    keys.add(b"secret").unwrap();
    let mac = kayako::sign(&keys, parts).ok()?;
    Some(URL_SAFE_NO_PAD.encode(STANDARD.decode(mac).unwrap()))
}

fn read(token: &[u8], parts: &[u8]) -> Result<Claims, Error> {
    let texts: Vec<&[u8]> = parts.split(|byte| *byte == b'.').collect();
    // The signature has a dot in it, or there are not two dots.
    if token.len() > TOKEN_MAX || texts.len() < 2 {
        return Err(Error::Malformed);
    }
    check_header(texts[0])?;
    if texts.len() > 2 {
        return Err(Error::Malformed);
    }
    read_claims(texts[1]).ok_or(Error::Malformed)
}

fn object(part: &[u8]) -> Option<Vec<(String, Value)>> {
    json::object(&URL_SAFE_NO_PAD.decode(part).ok()?)
}

fn check_header(part: &[u8]) -> Result<(), Error> {
    let members = object(part).ok_or(Error::Malformed)?;
    if members.iter().any(|(name, _)| name == "crit" || name == "b64") {
        return Err(Error::Malformed);
    }
    let is_hs256 = json::member(&members, "alg").is_some_and(|value| value == "HS256");
    if is_hs256 { Ok(()) } else { Err(Error::Algorithm) }
}

fn read_claims(part: &[u8]) -> Option<Claims> {
    let members = object(part)?;
    let integer = |name| json::member(&members, name).map(Value::as_i64);
    Some(Claims {
        user_id: integer("user_id")??,
        expires_at: integer("exp")??,
        not_before: integer("nbf").map_or(Some(None), |number| number.map(Some))?,
    })
    .filter(|claims| claims.user_id >= 1)
}

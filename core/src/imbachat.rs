//! ImbaChat: user tokens (JWT, HS256), and the API login and password of its requests to a site.
//! Source: the vendor's page "ImbaChat-docs, API".
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::crypto::hash::{Hasher, Sha256};
use crate::crypto::keys;
use crate::crypto::mac::HmacSha256;
use crate::text::date::Time;
use crate::text::encoding::{base64url, from_base64url, from_base64url_into};
use crate::text::json::{Value, members};
use crate::text::{Line, Sink};
use subtle::Choice;

pub mod backend;
pub mod diagnosis;
pub mod explanation;
mod spelling;
pub mod widget;

/// The widget's secret keys.
pub type Keys = keys::Keys<HmacSha256>;

/// The longest token that is read, in bytes.
pub const TOKEN_MAX: usize = 4096;

/// The longest token that is made, in bytes: three parts and two dots.
pub const TOKEN_LEN: usize = HEADER.len() + 1 + base64url_len(CLAIMS_LEN) + 1 + base64url_len(32);

/// The longest claims that are made: `{"exp":-62167219200,"user_id":9223372036854775807}`.
const CLAIMS_LEN: usize = 50;

/// `{"typ":"JWT","alg":"HS256"}` in base64url, as the vendor's PHP writes it.
const HEADER: &[u8] = b"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

/// Makes a user's token, byte for byte as the vendor's PHP does. A user id below 1 is
/// [`Error::Argument`]: PHP's cast turns whatever is no number into user 0.
pub fn sign(keys: &Keys, user_id: i64, expires_at: Time) -> Result<Line<TOKEN_LEN>, Error> {
    if user_id < 1 {
        return Err(Error::Argument);
    }
    let mut claims = Line::<CLAIMS_LEN>::default();
    claims.push(br#"{"exp":"#);
    claims.push(itoa::Buffer::new().format(expires_at.unix_seconds()).as_bytes());
    claims.push(br#","user_id":"#);
    claims.push(itoa::Buffer::new().format(user_id).as_bytes());
    claims.push(b"}");
    let mut token = Line::default();
    token.push(HEADER);
    token.push(b".");
    token.extend_with(|free| base64url(claims.as_bytes(), free));
    let mac = keys.current()?.of(&token);
    token.push(b".");
    token.extend_with(|free| base64url(&mac, free));
    Ok(token)
}

/// A token that holds.
pub struct Verified {
    /// Whose token it is.
    pub user_id: i64,
    /// The index of the secret that matched.
    pub index: usize,
}

/// Checks a token: its algorithm, its signature, then its claims. It holds from `nbf`, if it has
/// one, until just before `exp`, both widened by `leeway` seconds.
pub fn verify(keys: &Keys, token: &[u8], now: Time, leeway: i64) -> Result<Verified, Error> {
    if leeway < 0 {
        return Err(Error::Argument);
    }
    let Parts { signed, header, claims, signature } = split(token).ok_or(Error::Malformed)?;
    if header != HEADER {
        decoded(header, check_header)?;
    }
    // Read behind the MAC, the processor does both at once.
    let fits = |mac: [u8; 32]| {
        from_base64url(signature).map_or(Choice::from(0), |presented| equal(&mac, &presented))
    };
    let index = keys
        .find(|key| fits(key.of(signed)))
        .map_err(|mismatch| if signature.contains(&b'.') { Error::Malformed } else { mismatch })?;
    let claims = decoded(claims, read_claims)?;
    // Where these saturate, `now`, which is a time of the years 0 to 9999, is on the same side all
    // the same.
    if claims.not_before.saturating_sub(leeway) > now.unix_seconds() {
        return Err(Error::NotYetValid);
    }
    if claims.expires_at.saturating_add(leeway) <= now.unix_seconds() {
        return Err(Error::Expired);
    }
    Ok(Verified { user_id: claims.user_id, index })
}

/// For how many seconds a token that was verified stays valid: its `exp`, widened by `leeway`, less
/// `now`. Never less than 1, since it may have expired after it was verified, and never further than
/// the last time of any check.
pub fn seconds_left(token: &[u8], now: Time, leeway: i64) -> Result<i64, Error> {
    if leeway < 0 {
        return Err(Error::Argument);
    }
    let Parts { claims, .. } = split(token).ok_or(Error::Malformed)?;
    let claims = decoded(claims, read_claims)?;
    let end = claims.expires_at.saturating_add(leeway).min(Time::END);
    Ok(end.saturating_sub(now.unix_seconds()).max(1))
}

/// Checks API login and password: the login without regard to ASCII case, the password exactly,
/// both always.
///
/// What is compared are digests, so that the length of the password shows in nothing but the number
/// of its blocks. An empty login or password of one's own is [`Error::Argument`]: it would let in
/// whoever sends none.
pub fn verify_login(
    login: &[u8],
    password: &[u8],
    presented_login: &[u8],
    presented_password: &[u8],
) -> Result<usize, Error> {
    if login.is_empty() || password.is_empty() {
        return Err(Error::Argument);
    }
    let login_fits = equal(&digest_without_case(login), &digest_without_case(presented_login));
    let password_fits = equal(&digest(password), &digest(presented_password));
    let both_fit = login_fits & password_fits;
    // Declassified by verify: whether both fit.
    if both_fit.into() { Ok(0) } else { Err(Error::Mismatch) }
}

fn digest(text: &[u8]) -> [u8; 32] {
    let mut hasher = Hasher::<Sha256>::default();
    hasher.push(text);
    hasher.finish()
}

fn digest_without_case(text: &[u8]) -> [u8; 32] {
    let mut hasher = Hasher::<Sha256>::default();
    for letter in text {
        hasher.push(&[letter.to_ascii_lowercase()]);
    }
    hasher.finish()
}

const fn base64url_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

struct Parts<'a> {
    signed: &'a [u8],
    header: &'a [u8],
    claims: &'a [u8],
    signature: &'a [u8],
}

/// Splits a token at its two dots. What is signed are the header, the first dot and the claims.
#[inline]
fn split(token: &[u8]) -> Option<Parts<'_>> {
    if token.len() > TOKEN_MAX {
        return None;
    }
    let is_dot = |byte: &u8| *byte == b'.';
    // The vendor's own header need not be searched.
    let first = match token.get(HEADER.len()) {
        Some(b'.') if token.starts_with(HEADER) => HEADER.len(),
        _ => token.iter().position(is_dot)?,
    };
    let second = first + 1 + token.get(first + 1..)?.iter().position(is_dot)?;
    Some(Parts {
        signed: token.get(..second)?,
        header: token.get(..first)?,
        claims: token.get(first + 1..second)?,
        signature: token.get(second + 1..)?,
    })
}

/// Decodes a part of a token and reads it. Few are long, and it takes time to make room for those.
///
/// Never inlined: its room would lie on the stack of `verify`, and push the MAC's frames below what
/// is wiped.
#[inline(never)]
fn decoded<T>(part: &[u8], read: fn(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
    const SHORT: usize = 256;
    if part.len() <= SHORT {
        read(from_base64url_into(part, &mut [0; SHORT]).ok_or(Error::Malformed)?)
    } else {
        read(from_base64url_into(part, &mut [0; TOKEN_MAX]).ok_or(Error::Malformed)?)
    }
}

/// A header may say what it likes, as long as the algorithm is HS256 and nothing in it must be
/// understood.
fn check_header(header: &[u8]) -> Result<(), Error> {
    let mut algorithm_fits = false;
    members(header, |name, value| {
        if name.is("alg") {
            algorithm_fits = matches!(value, Value::Text(text) if text.is("HS256"));
        }
        if name.is("crit") || name.is("b64") { Err(Error::Malformed) } else { Ok(()) }
    })?;
    if algorithm_fits { Ok(()) } else { Err(Error::Algorithm) }
}

struct Claims {
    user_id: i64,
    expires_at: i64,
    not_before: i64,
}

fn read_claims(claims: &[u8]) -> Result<Claims, Error> {
    let (mut user_id, mut expires_at, mut not_before) = (None, None, None);
    members(claims, |name, value| {
        let claim = if name.is("user_id") {
            &mut user_id
        } else if name.is("exp") {
            &mut expires_at
        } else if name.is("nbf") {
            &mut not_before
        } else {
            return Ok(());
        };
        match value {
            Value::Integer(number) => *claim = Some(number),
            _ => return Err(Error::Malformed),
        }
        Ok(())
    })?;
    Ok(Claims {
        user_id: user_id.filter(|id| *id >= 1).ok_or(Error::Malformed)?,
        expires_at: expires_at.ok_or(Error::Malformed)?,
        not_before: not_before.unwrap_or(i64::MIN),
    })
}

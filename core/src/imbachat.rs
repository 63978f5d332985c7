//! ImbaChat: user tokens (JWT, HS256), and the API login and password of its requests to a site.
//! Source: the vendor's page "ImbaChat-docs, API".
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::crypto::hash::{Sha256, hash};
use crate::crypto::keys;
use crate::crypto::mac::HmacSha256;
use crate::text::date::Time;
use crate::text::encoding::{base64url, from_base64url};
use crate::text::{Line, LowerCase, Number, Sink, Text};
use subtle::Choice;
use token::{Parts, check_header, decoded, read_claims, split};

pub mod backend;
pub mod token;

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
/// [`Error::ArgumentUserId`]: PHP's cast turns whatever is no number into user 0.
pub fn sign(keys: &Keys, user_id: i64, expires_at: Time) -> Result<Line<TOKEN_LEN>, Error> {
    if user_id < 1 {
        return Err(Error::ArgumentUserId);
    }
    let mut claims = Line::<CLAIMS_LEN>::default();
    (r#"{"exp":"#, Number(expires_at.unix_seconds()), r#","user_id":"#, Number(user_id), "}")
        .write(&mut claims);
    let mut token = Line::default();
    token.push(HEADER);
    token.push(b".");
    token.extend_with(|free| base64url(claims.as_bytes(), free));
    let mac = keys.current()?.of(&token);
    token.push(b".");
    token.extend_with(|free| base64url(&mac, free));
    Ok(token)
}

/// A verified token.
pub struct Verified {
    /// Whose token it is.
    pub user_id: i64,
    /// The index of the secret that matched.
    pub index: usize,
}

/// Checks a token: its algorithm, its signature, then its claims. It is valid from `nbf`, if it has
/// one, until just before `exp`, both widened by `leeway` seconds.
pub fn check(keys: &Keys, token: &[u8], now: Time, leeway: i64) -> Result<Verified, Error> {
    if leeway < 0 {
        return Err(Error::ArgumentLeeway);
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
        return Err(Error::ArgumentLeeway);
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
/// of its blocks.
pub fn check_login(
    login: &[u8],
    password: &[u8],
    presented_login: &[u8],
    presented_password: &[u8],
) -> Result<usize, Error> {
    own(login, password)?;
    let login_fits = equal(&hash::<Sha256>(&LowerCase(login)), &hash::<Sha256>(&LowerCase(presented_login)));
    let password_fits = equal(&hash::<Sha256>(password), &hash::<Sha256>(presented_password));
    let both_fit = login_fits & password_fits;
    // Declassified by check: whether both fit.
    if both_fit.into() { Ok(0) } else { Err(Error::Mismatch) }
}

/// An empty login or password of the caller's own would accept a sender that presents none.
fn own(login: &[u8], password: &[u8]) -> Result<(), Error> {
    match (login, password) {
        ([], _) => Err(Error::ArgumentLogin),
        (_, []) => Err(Error::ArgumentPassword),
        _ => Ok(()),
    }
}

const fn base64url_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

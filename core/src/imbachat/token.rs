//! The parts of a token, and what they say: reading them checks no signature.
use super::{HEADER, TOKEN_MAX};
use crate::Error;
use crate::text::encoding::from_base64url_into;
use crate::text::json::{Value, members};

/// The parts of a token, in base64url.
pub struct Parts<'a> {
    /// Header, dot and claims.
    pub signed: &'a [u8],
    /// What names the algorithm.
    pub header: &'a [u8],
    /// Whose token it is, and when it is valid.
    pub claims: &'a [u8],
    /// All that stands behind the second dot.
    pub signature: &'a [u8],
}

/// Splits a token at its two dots. What is signed are the header, the first dot and the claims.
#[inline]
pub fn split(token: &[u8]) -> Option<Parts<'_>> {
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

/// Decodes a part of a token and reads it. Few are long, and space for those costs time.
///
/// Never inlined: its space would be on the stack of `check`, and push the MAC's frames below what
/// is wiped.
#[inline(never)]
pub fn decoded<T>(part: &[u8], read: fn(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
    const SHORT: usize = 256;
    if part.len() <= SHORT {
        read(from_base64url_into(part, &mut [0; SHORT]).ok_or(Error::Malformed)?)
    } else {
        read(from_base64url_into(part, &mut [0; TOKEN_MAX]).ok_or(Error::Malformed)?)
    }
}

/// A header may say what it likes, as long as the algorithm is HS256 and nothing in it must be
/// understood.
pub fn check_header(header: &[u8]) -> Result<(), Error> {
    let mut algorithm_fits = false;
    members(header, |name, value| {
        if name.is("alg") {
            algorithm_fits = matches!(value, Value::Text(text) if text.is("HS256"));
        }
        if name.is("crit") || name.is("b64") { Err(Error::Malformed) } else { Ok(()) }
    })?;
    if algorithm_fits { Ok(()) } else { Err(Error::Algorithm) }
}

/// What a token says.
pub struct Claims {
    /// 1 or more.
    pub user_id: i64,
    /// In Unix seconds, as all times here.
    pub expires_at: i64,
    /// The least number if the token does not say it.
    pub not_before: i64,
}

/// Reads claims, of which `nbf` may be missing.
pub fn read_claims(claims: &[u8]) -> Result<Claims, Error> {
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

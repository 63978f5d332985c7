//! ImbaChat's backend API: the login and password of its requests to a site. Source: the vendor's page "ImbaChat-docs, API".
use super::{check_login, own};
use crate::Error;
use crate::text::basic;

/// The most bytes of login, colon and password that are read.
pub const CREDENTIALS_MAX: usize = basic::CREDENTIALS_MAX;

/// Checks the Authorization header of a request, as [`check_login`] does its login and password.
///
/// The credentials are decoded onto the stack, up to [`CREDENTIALS_MAX`] bytes of it: so much more
/// is to be wiped.
pub fn check_authorization(login: &[u8], password: &[u8], authorization: &[u8]) -> Result<usize, Error> {
    // What is presented must not hide a mistake of one's own.
    own(login, password)?;
    let mut space = [0; CREDENTIALS_MAX];
    let (presented_login, presented_password) = basic::credentials(authorization, &mut space)?;
    check_login(login, password, presented_login, presented_password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn any_login_and_password_that_a_header_can_hold_are_let_in_and_no_others() {
        let mut random = Random::new();
        for _ in 0..10_000 {
            let mut text = |limit: usize, but: u8| -> Vec<u8> {
                let mut bytes = random.several(limit, |random| b' ' + random.below(0x5f) as u8);
                bytes.retain(|byte| *byte != but);
                bytes.push(b'x');
                bytes
            };
            let (login, password) = (text(20, b':'), text(900, 0));
            let header = |password: &[u8]| {
                format!("Basic {}", STANDARD.encode([&login[..], b":", password].concat())).into_bytes()
            };
            assert_eq!(check_authorization(&login, &password, &header(&password)), Ok(0));
            let wrong = header(&password[1..]);
            assert_eq!(check_authorization(&login, &password, &wrong), Err(Error::Mismatch));
        }
    }
}

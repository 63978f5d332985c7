//! ImbaChat's backend API: what a site needs to answer ImbaChat's requests for its users. Source: the
//! vendor's page "ImbaChat-docs, API".
use super::{check_login, own};
use crate::Error;
use crate::text::basic;
use core::ffi::CStr;

/// The most bytes of login, colon and password that are read.
pub const CREDENTIALS_MAX: usize = basic::CREDENTIALS_MAX;

/// The most user ids that are read: a URL that servers take holds few more, and a database is not
/// asked for more at once.
pub const USER_IDS_MAX: usize = 1000;

/// The body of the answer to a request that is not authorized, byte for byte as the vendor's PHP makes it.
pub const UNAUTHORIZED: &CStr =
    c"{\"code\":401,\"version\":1,\"error\":\"Authenticate required!\",\"debug\":\"\"}";

/// The value of that answer's header WWW-Authenticate.
pub const WWW_AUTHENTICATE: &CStr = c"Basic realm=\"Backend\"";

/// Checks the Authorization header of a request, as [`verify_login`] does its login and password.
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

/// Reads a list of user ids, each 1 or more: `1,2`. Elements may have white space around them, empty
/// ones are passed over; anything else, and more than [`USER_IDS_MAX`] ids, is [`Error::Malformed`].
pub fn user_ids(parameter: &[u8]) -> Result<impl Iterator<Item = i64> + Clone, Error> {
    let elements = parameter.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let elements = elements.filter(|element| !element.is_empty());
    let mut ids = elements.clone().map(user_id);
    match (ids.by_ref().take(USER_IDS_MAX).all(|id| id.is_some()), ids.next()) {
        (true, None) => Ok(elements.filter_map(user_id)),
        _ => Err(Error::Malformed),
    }
}

fn user_id(digits: &[u8]) -> Option<i64> {
    let id = digits.iter().try_fold(0_i64, |id, digit| {
        id.checked_mul(10)?.checked_add(char::from(*digit).to_digit(10)?.into())
    });
    id.filter(|id| *id >= 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    fn ids(parameter: &str) -> Option<Vec<i64>> {
        user_ids(parameter.as_bytes()).ok().map(Iterator::collect)
    }

    #[test]
    fn the_answer_is_json() {
        let body = UNAUTHORIZED.to_str().unwrap();
        let expected =
            serde_json::json!({"code": 401, "version": 1, "error": "Authenticate required!", "debug": ""});
        assert_eq!(serde_json::from_str::<serde_json::Value>(body).unwrap(), expected);
    }

    #[test]
    fn a_list_is_read_as_far_as_its_limit() {
        let list = |count| vec!["7"; count].join(",");
        assert_eq!(ids(&list(USER_IDS_MAX)), Some(vec![7; USER_IDS_MAX]));
        assert_eq!(ids(&list(USER_IDS_MAX + 1)), None);
        // Empty elements do not count.
        assert_eq!(ids(&format!("{},,,", list(USER_IDS_MAX))), Some(vec![7; USER_IDS_MAX]));
        assert_eq!(ids(&format!("{},x", list(USER_IDS_MAX))), None);
    }

    /// The oracle reads numbers of any size, with a sign: those are not ids.
    #[test]
    fn random_lists_are_read_as_the_oracle_reads_them() {
        let mut random = Random::new();
        let mut read = 0;
        for _ in 0..100_000 {
            let parameter: String = random
                .several(24, |random| random.one_of(b"00123456789,,, \t+-x"))
                .iter()
                .map(|byte| char::from(*byte))
                .collect();
            let elements = parameter.split(',').map(|element| element.trim_matches([' ', '\t']));
            let oracle = elements
                .filter(|element| !element.is_empty())
                .map(|element| match element.parse() {
                    Ok(id @ 1..) if !element.starts_with('+') => Some(id),
                    _ => None,
                })
                .collect::<Option<Vec<i64>>>();
            assert_eq!(ids(&parameter), oracle, "{parameter}");
            read += usize::from(oracle.is_some());
        }
        assert!(read > 1000, "{read}");
    }

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

//! ImbaChat's backend API: what a site reads of ImbaChat's requests for its users, and answers. Source: the
//! vendor's page "ImbaChat-docs, API".
use apisig_core::Error;
use core::ffi::CStr;

/// The most user ids that are read: a URL that servers take holds few more, and a database is not
/// asked for more at once.
pub const USER_IDS_MAX: usize = 1000;

/// The body of the answer to a request that is not authorized, byte for byte as the vendor's PHP makes it.
pub const UNAUTHORIZED: &CStr =
    c"{\"code\":401,\"version\":1,\"error\":\"Authenticate required!\",\"debug\":\"\"}";

/// The value of that answer's header WWW-Authenticate.
pub const WWW_AUTHENTICATE: &CStr = c"Basic realm=\"Backend\"";

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
}

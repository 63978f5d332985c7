//! Times as Unix seconds, as RFC 3339, or as in a log.
use crate::output::Failure;
use apisig_core::Time;

/// Reads `1669231521`, `2022-11-23T19:25:21Z` or `[23/Nov/2022:19:25:21 +0000]`, the brackets optional.
pub fn moment(text: &str) -> Result<Time, String> {
    apisig_request::moment(text).ok_or_else(|| {
        "a time is written as 1669231521, 2022-11-23T19:25:21Z or [23/Nov/2022:19:25:21 +0000]".into()
    })
}

/// The clock's time.
pub fn clock() -> Result<Time, Failure> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Time::new(i64::try_from(now.as_secs()).unwrap_or(i64::MAX))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_each_of_its_forms() {
        for text in [
            "1669231521",
            "2022-11-23T19:25:21Z",
            "2022-11-23T21:25:21+02:00",
            "2022-11-23T19:25:21.9Z",
            "[23/Nov/2022:19:25:21 +0000]",
            "23/Nov/2022:22:25:21 +0300",
        ] {
            assert_eq!(moment(text).map(Time::unix_seconds), Ok(1_669_231_521), "{text}");
        }
        assert_eq!(moment("-1").map(Time::unix_seconds), Ok(-1));
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "now",
            "1.5",
            "2022-11-23",
            "2022-11-23T19:25:21",
            "[1669231521]",
            "31/Nov/2022:19:25:21 +0000",
        ] {
            assert!(moment(text).is_err(), "{text}");
        }
        // Beyond the years that a Date can have.
        assert!(moment("9223372036854775807").is_err() && moment("99999999999999999999").is_err());
    }
}

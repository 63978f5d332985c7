//! Times as Unix seconds, as RFC 3339, or as in a log.
use apisig_core::Time;
use chrono::DateTime;

/// Reads `1669231521`, `2022-11-23T19:25:21Z` or `[23/Nov/2022:19:25:21 +0000]`, the brackets optional.
pub fn moment(text: &str) -> Option<Time> {
    let seconds = text.parse().ok().or_else(|| {
        let log = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        let time = DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_str(log, "%d/%b/%Y:%H:%M:%S %z"));
        Some(time.ok()?.timestamp())
    });
    seconds.and_then(|seconds| Time::new(seconds).ok())
}

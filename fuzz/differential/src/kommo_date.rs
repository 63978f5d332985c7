//! Kommo's Date against chrono's reader of RFC 2822, where ours reads: it is stricter by decision, and the grammar here says where.
use crate::shown;
use apisig_core::kommo::{self, Keys, Request, StringToSign, sign_digest};
use apisig_core::{Error, Time};
use chrono::DateTime;
use regex_lite::Regex;
use std::sync::LazyLock;

/// No comments, folded lines or years of two digits; no zone by name but Greenwich; single spaces or more just where one must be.
static GRAMMAR: LazyLock<Regex> = LazyLock::new(|| {
    let grammar = r"(?ix) ^ ( (Mon|Tue|Wed|Thu|Fri|Sat|Sun) , \x20+ )?
        ( [0-9]{1,2} \x20+ (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \x20+ [0-9]{4}
        \x20+ [0-9]{2}:[0-9]{2}(:[0-9]{2})? \x20+ ) ( GMT | UTC? | Z | [+-][0-9]{4} ) $";
    Regex::new(grammar).unwrap()
});

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let mut keys = Keys::default();
    keys.add(b"secret").unwrap();
    keys
});

pub fn check(date: &[u8]) {
    let request = Request {
        method: b"GET",
        url: b"/",
        content_md5: b"d41d8cd98f00b204e9800998ecf8427e",
        content_type: b"",
        date,
    };
    // A control character: nothing is signed.
    let Ok(string_to_sign) = StringToSign::new(request) else { return };
    let signature = sign_digest(&KEYS, &string_to_sign).unwrap();
    let ours = |now, tolerance| kommo::check(&KEYS, request, Some(b""), &signature, now, tolerance);
    match read(date) {
        Some(time) => {
            assert_eq!(ours(time, 0), Ok(0), "{}", shown(date));
            if let Ok(later) = Time::new(time.unix_seconds() + 1) {
                assert_eq!(ours(later, 0), Err(Error::Expired), "{}", shown(date));
            }
        }
        None => assert_eq!(ours(Time::new(0).unwrap(), i64::MAX), Err(Error::Malformed), "{}", shown(date)),
    }
}

fn read(date: &[u8]) -> Option<Time> {
    let parts = GRAMMAR.captures(str::from_utf8(date).ok()?)?;
    // chrono refuses a day of the week that is not the date's, and knows no UTC.
    let zone = if parts[6].eq_ignore_ascii_case("UTC") { "GMT" } else { &parts[6] };
    let time = DateTime::parse_from_rfc2822(&format!("{}{zone}", &parts[3])).ok()?;
    Time::new(time.timestamp()).ok()
}

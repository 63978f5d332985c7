//! What a person pastes: it is read, and nothing is right that no secret made. The words of a command are those of shlex.
use crate::{NOW, shown};
use apisig_core::Time;
use apisig_request::{Pasted, Request, Times, Verdict, read, taken};

/// No input has it: what is right was not checked.
const SECRET: &[u8] = b"6f1b4c0ee2d94e5c8a53a1d9c1d5b7f0";

pub fn check(input: &[u8]) {
    let Ok(Pasted { requests, .. }) = read(input) else { return };
    let clock = Time::new(NOW).expect("a time");
    for (request, taken) in taken(&requests, None).into_iter().take(3) {
        is_of_the_input(input, request);
        let _ = (taken.kind.check)(request);
        // A diagnosis signs ten thousand times, and has targets of its own: one input of 4096 gets one.
        let sum: u32 = input.iter().map(|byte| u32::from(*byte)).sum();
        let is_diagnosed = sum.is_multiple_of(4096);
        let secrets = if is_diagnosed { &[None, Some(SECRET)][..] } else { &[] };
        for secret in secrets.iter().copied() {
            let verdict = Verdict::new(request, taken, secret, Times { at: None, clock });
            assert_ne!(verdict.finding.is_valid(), Some(true), "not so: {}", shown(input));
            let notes = verdict.notes.concat();
            assert!(!notes.chars().any(char::is_control), "not so: {notes:?}");
        }
    }
    if let [b'c', b'u', b'r', b'l', b' ', words @ ..] = input {
        as_the_oracle(words, &requests);
    }
}

/// Nothing comes in from elsewhere: what is encoded gets three times as long, and no longer. A variable may be there often.
fn is_of_the_input(input: &[u8], request: &Request) {
    if input.windows(2).any(|pair| pair == b"{{") {
        return;
    }
    let parts = [&request.url, &request.body, &request.bare];
    let longest = parts.into_iter().flatten().map(Vec::len).max();
    assert!(longest.unwrap_or_default() <= 3 * input.len() + "http://".len(), "not so: {}", shown(input));
}

/// A command without what shlex does not know has the URL that its words have.
fn as_the_oracle(words: &[u8], requests: &[Request]) {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" '\"\\/:.".contains(byte);
    let (Ok(text), [request]) = (str::from_utf8(words), requests) else { return };
    if !words.iter().all(is_plain) || text.ends_with('\\') {
        return;
    }
    let oracle = shlex::split(text).expect("words that were read");
    let [url] = &oracle[..] else { return };
    let scheme = if url.contains("://") { "" } else { "http://" };
    assert_eq!(request.url.as_deref(), Some(format!("{scheme}{url}").as_bytes()), "not so: {text}");
}

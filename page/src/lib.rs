//! The functions of the page. A text goes in and comes out through one buffer, which lies in WebAssembly's own memory.
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use apisig_core::Time;
use apisig_request::{PASTED_MAX, Times, Verdict, kinds, object, read, shareable, taken, visible};
use serde_json::{Value, json};
use std::sync::{LazyLock, Mutex, PoisonError};

static BUFFER: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(Mutex::default);

/// The most bytes of what goes in: a pasted text and a secret, as JSON.
const INPUT_MAX: usize = 8 * PASTED_MAX;

/// The most requests that are checked: each takes a moment, in which the page stands still.
const CHECKED_MAX: usize = 20;

/// Where so many bytes are to be written; null if they are too many.
#[unsafe(no_mangle)]
pub extern "C" fn input(len: usize) -> *mut u8 {
    if len > INPUT_MAX {
        return std::ptr::null_mut();
    }
    let mut buffer = BUFFER.lock().unwrap_or_else(PoisonError::into_inner);
    buffer.clear();
    buffer.resize(len, 0);
    buffer.as_mut_ptr()
}

/// Checks what was written: an object with the texts `text`, `secret` (null without one), `kind` (null: as its form shows) and
/// `signed`, which is only made visible, at a time in Unix seconds. The answer is JSON of this length, at [`output`].
#[unsafe(no_mangle)]
pub extern "C" fn check(now: f64) -> usize {
    let mut buffer = BUFFER.lock().unwrap_or_else(PoisonError::into_inner);
    let input = serde_json::from_slice(&buffer);
    // The secret was in it.
    buffer.fill(0);
    let answer = input.map_or_else(
        |_| json!({"unreadable": "The text has broken characters."}),
        |input| answer(&input, now as i64),
    );
    *buffer = answer.to_string().into_bytes();
    buffer.len()
}

/// Where the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    BUFFER.lock().unwrap_or_else(PoisonError::into_inner).as_ptr()
}

/// The names and titles of all kinds, for a choice. The answer is JSON of this length, at [`output`].
#[unsafe(no_mangle)]
pub extern "C" fn choices() -> usize {
    let mut buffer = BUFFER.lock().unwrap_or_else(PoisonError::into_inner);
    let kinds = kinds().map(|kind| json!({"name": kind.name, "title": kind.title}));
    *buffer = Value::Array(kinds.collect()).to_string().into_bytes();
    buffer.len()
}

fn answer(input: &Value, now: i64) -> Value {
    let text = input["text"].as_str().unwrap_or_default();
    let pasted = match read(text.as_bytes()) {
        Ok(pasted) => pasted,
        Err(why) => return json!({"unreadable": why.to_string()}),
    };
    let kind = kinds().find(|kind| Some(kind.name) == input["kind"].as_str());
    let secret = input["secret"].as_str().map(str::as_bytes);
    let Ok(clock) = Time::new(now) else {
        return json!({"unreadable": "The clock of this machine is wrong."});
    };
    let times = Times { at: None, clock };
    let found = taken(&pasted.requests, kind);
    let objects = found
        .iter()
        .take(CHECKED_MAX)
        .map(|(request, taken)| object(&Verdict::new(request, *taken, secret, times)));
    // A link has no choice of the kind with it.
    let link = match (&found[..], kind) {
        ([(request, taken)], None) if pasted.requests.len() == 1 => shareable(request, *taken),
        _ => None,
    };
    json!({
        "form": pasted.form,
        "requests": objects.collect::<Vec<_>>(),
        "others": pasted.requests.len() - found.len(),
        "unchecked": found.len().saturating_sub(CHECKED_MAX),
        "signed": visible(input["signed"].as_str().unwrap_or_default().as_bytes()),
        "link": link,
    })
}

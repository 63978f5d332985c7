//! The functions of the page. A text goes in and comes out through one buffer, which lies in WebAssembly's own memory.
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use apisig_core::Time;
use apisig_request::{PASTED_MAX, Times, Verdict, has_credential, kinds, object, read, taken};
use serde_json::{Value, json};
use std::sync::{LazyLock, Mutex, PoisonError};

static BUFFER: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(Mutex::default);

/// The most bytes of what goes in: a pasted text and a secret, as JSON.
const INPUT_MAX: usize = 8 * PASTED_MAX;

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

/// Checks what was written: an object with `text`, `secret` (null without one) and `kind` (null: as its form shows), both
/// texts, at a time in Unix seconds. The answer is JSON of this length, at [`output`].
#[unsafe(no_mangle)]
pub extern "C" fn check(now: f64) -> usize {
    let mut buffer = BUFFER.lock().unwrap_or_else(PoisonError::into_inner);
    let input = serde_json::from_slice(&buffer).unwrap_or(Value::Null);
    // The secret was in it.
    buffer.fill(0);
    *buffer = answer(&input, now as i64).to_string().into_bytes();
    buffer.len()
}

/// Where the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    BUFFER.lock().unwrap_or_else(PoisonError::into_inner).as_ptr()
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
    let objects = found.iter().map(|(request, taken)| object(&Verdict::new(request, *taken, secret, times)));
    json!({
        "form": pasted.form,
        "requests": objects.collect::<Vec<_>>(),
        "others": pasted.requests.len() - found.len(),
        "hasCredential": pasted.requests.iter().any(has_credential),
        "kinds": kinds().map(|kind| json!({"name": kind.name, "title": kind.title})).collect::<Vec<_>>(),
    })
}

//! Differential fuzz targets: each reads an input as the library does and as an oracle does, and ends the run where the two do not
//! agree. The inputs are those of the targets in C of the same name, and so are the corpora.
mod form;
mod json;
mod php;

use std::ffi::c_int;

/// The time of every check but those of times.
const NOW: i64 = 1_669_231_521;

/// Each target has a module; libFuzzer's function is linked to the one that is called like it.
macro_rules! targets {
    ($($name:ident)*) => {$(
        mod $name;

        /// # Safety
        ///
        /// Called by libFuzzer, whose bytes are readable.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(data: *const u8, size: usize) -> c_int {
            // SAFETY: as above; without a byte there may be no pointer.
            let input = if size == 0 { &[] } else { unsafe { std::slice::from_raw_parts(data, size) } };
            $name::check(input);
            0
        }
    )*};
}
targets! {
    imbachat_authorization
    imbachat_token
    imbachat_user_ids
    kayako_request
    kommo_answer
    kommo_date
    mor_request
    pasted_request
    retailcrm_register
}

/// The fields of an input, which end at 0xff; the last one has the rest.
fn fields<const N: usize>(input: &[u8]) -> [&[u8]; N] {
    let mut parts = input.splitn(N, |byte| *byte == 0xff);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// What the fuzzer wrote, with what it cannot guess in place of the first @.
fn filled_in(text: &[u8], value: &[u8]) -> Vec<u8> {
    match text.iter().position(|byte| *byte == b'@') {
        Some(at) => [&text[..at], value, &text[at + 1..]].concat(),
        None => text.to_vec(),
    }
}

/// A text of the library.
fn written(text: &impl apisig_core::Text) -> Vec<u8> {
    let mut bytes = Vec::new();
    text.write(&mut bytes);
    bytes
}

/// For messages: an input that can be read.
fn shown(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

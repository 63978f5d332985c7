//! Differential fuzz targets: each reads an input as the library does and as an oracle does, and ends the run where the two do not
//! agree. The inputs are those of the targets in C of the same name, and so are the corpora.
mod authorization;
mod form;
mod json;
mod kayako_request;
mod kommo_answer;
mod kommo_date;
mod mor_request;
mod php;
mod retailcrm_register;
mod token;
mod user_ids;

use std::ffi::c_int;

/// The time of every check but those of times.
const NOW: i64 = 1_669_231_521;

/// libFuzzer's function is linked to one of these.
macro_rules! targets {
    ($($name:ident => $check:path;)*) => {$(
        /// # Safety
        ///
        /// Called by libFuzzer, whose bytes are readable.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(data: *const u8, size: usize) -> c_int {
            // SAFETY: as above; without a byte there may be no pointer.
            let input = if size == 0 { &[] } else { unsafe { std::slice::from_raw_parts(data, size) } };
            $check(input);
            0
        }
    )*};
}
targets! {
    differential_imbachat_authorization => authorization::check;
    differential_imbachat_token => token::check;
    differential_imbachat_user_ids => user_ids::check;
    differential_kayako_request => kayako_request::check;
    differential_kommo_answer => kommo_answer::check;
    differential_kommo_date => kommo_date::check;
    differential_mor_request => mor_request::check;
    differential_retailcrm_register => retailcrm_register::check;
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

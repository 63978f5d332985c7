//! The mistakes that a diagnosis can name. Each vendor has an apisig_<vendor>_diagnose(), for the owner of
//! the secret: log a diagnosis, and never return it to the sender, who would learn how to sign.
use apisig_diagnosis::Mistake;
use core::ffi::c_char;

/// What was done wrong, and what to do instead, in English, in a static string. It never contains
/// anything that was passed in. A number that is no apisig_mistake has a text too.
#[unsafe(no_mangle)]
pub extern "C" fn apisig_mistake_text(mistake: i32) -> *const c_char {
    let known = Mistake::ALL.iter().find(|known| **known as i32 == mistake);
    known.map_or(Mistake::UNKNOWN, |known| known.text()).as_ptr()
}

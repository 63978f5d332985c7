//! The only code, but for src/handle.rs, that touches a caller's pointers: one way to take a string in, one
//! to give a text out, one to return what a check found. Whatever touched a secret runs on a stack that is
//! wiped behind it.
//!
//! What every function here asks of its caller, and the C face of its own: pointers are NULL or
//! valid for the length that goes with them, for reading or writing, and what is written overlaps
//! nothing that is read.
use crate::system;
use crate::wipe::wiped;
use apisig_core::text::len;
use apisig_core::{Error, Sink, Text};
use apisig_diagnosis::Report;
use core::ffi::c_char;

/// The bytes of stack that a call may leave something of a secret in; tests/c/wipe.c measures it.
/// Calls that touch no secret wipe nothing.
pub const STACK: usize = 2048;
/// Likewise, of a call that makes one MAC or hash, or compares it.
pub const MAC_STACK: usize = 1024;
/// Likewise, of a call that tries other secrets or explains.
pub const DIAGNOSIS_STACK: usize = 32768;
pub const NO_SECRET: usize = 0;

/// What is written to. In C it is `char`; in PHP's header `uint8_t`, since PHP overwrites string
/// literals through `char *`.
pub type apisig_out = c_char;

/// Takes a string in.
pub unsafe fn bytes<'a>(string: *const c_char, len: usize) -> Result<&'a [u8], Error> {
    match (string.is_null(), isize::try_from(len)) {
        (true, Ok(0)) => Ok(&[]),
        // SAFETY: not NULL, of a length that a slice may have, and readable by rule 2.
        (false, Ok(_)) => Ok(unsafe { core::slice::from_raw_parts(string.cast(), len) }),
        _ => Err(Error::Argument),
    }
}

/// Takes a handle in.
pub unsafe fn handle<'a, H>(handle: *const H) -> Result<&'a H, Error> {
    // SAFETY: by rule 1 it is NULL or comes from `new`, and nobody writes to it meanwhile.
    unsafe { handle.as_ref() }.ok_or(Error::ArgumentHandle)
}

/// Writes a text of any length. Returns its length, or the status.
pub unsafe fn text<const STACK: usize, T: Text>(
    out: *mut apisig_out,
    out_size: usize,
    make: impl FnOnce() -> Result<T, Error>,
) -> isize {
    if out.is_null() && out_size > 0 {
        return Error::Argument as isize;
    }
    wiped::<STACK, _>(|| match make() {
        // SAFETY: writable by rule 3.
        Ok(text) => unsafe { write(&text, out, out_size) },
        Err(error) => {
            // SAFETY: as above.
            unsafe { write::<[u8; 0]>(&[], out, out_size) };
            error as isize
        }
    })
}

/// Writes a text of known length. Returns `out` or NULL, which PHP and ctypes turn into a string directly.
pub unsafe fn known_text<const STACK: usize, T: Text>(
    out: *mut apisig_out,
    out_size: usize,
    make: impl FnOnce() -> Result<T, Error>,
) -> *const c_char {
    // SAFETY: the caller keeps the rules.
    let len = unsafe { text::<STACK, _>(out, out_size, make) };
    if usize::try_from(len).is_ok_and(|len| len < out_size) { out } else { core::ptr::null() }
}

/// Writes a text and its NUL if both fit, else the NUL alone. Returns the text's length.
unsafe fn write<T: Text>(text: &T, out: *mut apisig_out, out_size: usize) -> isize {
    let length = len(text);
    let mut cursor = Cursor { at: out, left: 0 };
    if length < out_size {
        cursor.left = length;
        text.write(&mut cursor);
    }
    if out_size > 0 {
        // SAFETY: it is `out`, or at most the text's length behind it, which is below `out_size`.
        unsafe { cursor.at.write(0) };
    }
    isize::try_from(length).unwrap_or(Error::Argument as isize)
}

/// Writes integers if all of them fit. Returns how many they are, or the status.
pub unsafe fn integers<I: Iterator<Item = i64> + Clone>(
    out: *mut i64,
    out_max: usize,
    make: impl FnOnce() -> Result<I, Error>,
) -> isize {
    if out.is_null() && out_max > 0 {
        return Error::Argument as isize;
    }
    let integers = match make() {
        Ok(integers) => integers,
        Err(error) => return error as isize,
    };
    let count = integers.clone().count();
    if count <= out_max {
        for (at, integer) in (0..count).zip(integers) {
            // SAFETY: `at` is below `out_max`, and so writable by rule 3.
            unsafe { out.add(at).write(integer) };
        }
    }
    isize::try_from(count).unwrap_or(Error::Argument as isize)
}

/// Where the next piece goes, and how many bytes may follow. A caller who breaks rule 2 and changes the
/// strings after they were measured gets a text that is cut off, and no more bytes than fit.
struct Cursor {
    at: *mut apisig_out,
    left: usize,
}

impl Sink for Cursor {
    fn push(&mut self, bytes: &[u8]) {
        let len = bytes.len().min(self.left);
        // SAFETY: `left` never exceeds the space in the buffer.
        unsafe {
            core::ptr::copy_nonoverlapping(bytes.as_ptr(), self.at.cast(), len);
            self.at = self.at.add(len);
        }
        self.left -= len;
    }
}

/// Fills a record, which is empty on error. Returns the status.
pub unsafe fn record<const STACK: usize, T: Copy>(
    out: *mut T,
    empty: T,
    fill: impl FnOnce(&mut T) -> Result<(), Error>,
) -> i32 {
    // SAFETY: the caller keeps the rules.
    unsafe { filled::<STACK, _, _>(out, empty, fill) }.map_or_else(|error| error as i32, |()| 0)
}

/// The same for a check: returns the index of the secret that matched, or the status.
pub unsafe fn checked_record<const STACK: usize, T: Copy>(
    out: *mut T,
    empty: T,
    check: impl FnOnce(&mut T) -> Result<usize, Error>,
) -> i32 {
    // SAFETY: the caller keeps the rules.
    number(unsafe { filled::<STACK, _, _>(out, empty, check) })
}

unsafe fn filled<const STACK: usize, T: Copy, R>(
    out: *mut T,
    empty: T,
    fill: impl FnOnce(&mut T) -> Result<R, Error>,
) -> Result<R, Error> {
    if out.is_null() {
        return Err(Error::Argument);
    }
    wiped::<STACK, _>(|| {
        // SAFETY: not NULL, and writable by rule 3; written before it is referred to.
        let out = unsafe {
            out.write(empty);
            &mut *out
        };
        fill(out).inspect_err(|_| *out = empty)
    })
}

/// Returns the index of the secret that matched, or the status.
pub fn index<const STACK: usize>(check: impl FnOnce() -> Result<usize, Error>) -> i32 {
    number(wiped::<STACK, _>(check))
}

fn number(result: Result<usize, Error>) -> i32 {
    result.map_or_else(|error| error as i32, |index| index as i32)
}

/// Returns a diagnosis: 0 if nothing is wrong, the first mistake, or the status.
pub fn diagnosis(diagnose: impl FnOnce() -> Result<Report, Error>) -> i32 {
    wiped::<DIAGNOSIS_STACK, _>(|| diagnose()?.mistake())
        .map_or_else(|error| error as i32, |mistake| mistake.map_or(0, |mistake| mistake as i32))
}

/// Writes to an optional result.
pub unsafe fn set<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: not NULL, and writable by rule 1.
        unsafe { place.write(value) }
    }
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0_u8; N];
    if system::fill(&mut bytes) { Ok(bytes) } else { Err(Error::Random) }
}

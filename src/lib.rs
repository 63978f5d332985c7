//! apisig: the request signatures of messaging, CRM, helpdesk and telephony APIs.
//!
//! Every function is called apisig_<vendor>_<verb>; each vendor has a section below.
//!
//! The rules of this interface:
//!
//! 1. A handle holds the secret. apisig_<vendor>_new() makes one, apisig_<vendor>_add_secret() adds a
//!    secret that checks still accept while it is being rotated out, apisig_<vendor>_free() wipes and
//!    frees it. Every other function takes the handle as const and never writes to it: any number
//!    of threads may share one. A NULL handle is APISIG_ARGUMENT_HANDLE.
//! 2. A string is a pointer and its length in bytes, may hold any byte, and does not change while the
//!    call lasts. NULL is allowed if and only if the length is 0; NULL with another length, or a length
//!    beyond PTRDIFF_MAX, is APISIG_ARGUMENT.
//! 3. A text result is written, with a NUL behind it, into `out`, a buffer of `out_size` bytes that
//!    is yours and overlaps no argument; where there is none, or not enough room, an empty string is
//!    written and nothing else.
//!    A text whose longest form has a macro, APISIG_<VENDOR>_<WHAT>_SIZE, is returned as `out`; or NULL
//!    is returned: an argument is not allowed, or the buffer is too small, unless the function says
//!    otherwise.
//!    Of any other text the whole length is returned, the NUL not counted, as by snprintf(): if it
//!    is not below `out_size`, call again with a bigger buffer. `out` may be NULL if `out_size` is
//!    0: that measures the text. A negative return is an apisig_status.
//! 4. apisig_<vendor>_verify...() returns true only if what was presented is right; on any doubt it returns
//!    false. apisig_<vendor>_check...() takes the same arguments and returns the index of the secret that
//!    matched, 0 for the one given to _new(), or the negative apisig_status: compare it with 0.
//!    A status of -100 and below, APISIG_ARGUMENT_..., and APISIG_ARGUMENT say which argument of the caller's
//!    own is not allowed. What is presented never makes one. Where a function lists APISIG_ARGUMENT, it may be
//!    any of them.
//! 5. Times are Unix seconds within the years 0000 to 9999, passed in: nothing here reads a clock,
//!    a file, the environment or global state, logs, or allocates memory outside of _new(). Random
//!    bytes are used by apisig_kayako_salt() alone.
//! 6. New functions and statuses may be added at any time; what is here does not change while the
//!    SONAME stays.
#![cfg_attr(not(test), no_std)]
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// C names things in its own way, and every `unsafe extern "C" fn` has the one contract above.
#![allow(non_camel_case_types, clippy::missing_safety_doc)]

mod boundary;
#[macro_use]
mod check;
#[macro_use]
mod diagnose;
#[macro_use]
mod handle;
#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::expect_used, clippy::panic)]
mod vectors;
mod wipe;

pub mod status;

pub mod imbachat;
pub mod kayako;
pub mod kommo;
pub mod mor;
pub mod retailcrm;

pub mod mistake;

#[cfg(not(any(test, feature = "proof")))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: abort() may be called at any time. It is never reached: see tests/proof.sh.
    unsafe { libc::abort() }
}

/// A panic path that the optimiser could not rule out calls a function that does not exist: the
/// link fails.
#[cfg(feature = "proof")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe extern "C" {
        fn a_panic_path_is_left_in_apisig() -> !;
    }
    // SAFETY: no program that calls it can be linked.
    unsafe { a_panic_path_is_left_in_apisig() }
}

#[cfg(feature = "proof")]
core::arch::global_asm!(".hidden a_panic_path_is_left_in_apisig");

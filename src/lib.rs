//! apisig: the request signatures of messaging, CRM, helpdesk and telephony APIs.
//!
//! Every function is called apisig_<vendor>_<verb>; each vendor has a section below.
//!
//! The rules of this interface:
//!
//! 1. A handle has the secrets: the current one, which signs, and previous ones, which checks still accept.
//!    apisig_<vendor>_new(): a handle with the current secret. Or NULL, and in `why` APISIG_ARGUMENT_SECRET,
//!    APISIG_ARGUMENT_SECRET_LENGTH (MOR alone), APISIG_ARGUMENT or APISIG_MEMORY.
//!    apisig_<vendor>_add_secret(): true if a previous secret was added, up to APISIG_SECRETS_MAX in all. Or false,
//!    and in `why` one of the first three, APISIG_ARGUMENT_HANDLE or APISIG_ARGUMENT_SECRET_COUNT.
//!    apisig_<vendor>_free(): wipes and frees the handle.
//!    `why` may be NULL, and is 0 if all is well. These three need the handle for themselves. Every other
//!    function takes it as const and never writes to it: any number of threads may share it. A NULL handle
//!    is APISIG_ARGUMENT_HANDLE.
//! 2. A string is a pointer and its length in bytes. It may contain any byte, and must not change during
//!    the call. NULL is allowed if the length is 0; NULL with another length, or a length beyond PTRDIFF_MAX, is
//!    APISIG_ARGUMENT.
//! 3. A text is written to `out`, a buffer of `out_size` bytes that overlaps no argument, and ends with a NUL.
//!    If there is no text, or the buffer is too small, an empty string is written.
//!    A text whose longest form has a macro, APISIG_<VENDOR>_<WHAT>_SIZE, is returned as `out`; or NULL
//!    is returned: an argument is not allowed, or the buffer is too small, unless the function says
//!    otherwise.
//!    Of any other text the whole length is returned, the NUL not counted, as by snprintf(): if it
//!    is not below `out_size`, call again with a bigger buffer. `out` may be NULL if `out_size` is
//!    0: that measures the text. A negative return is an apisig_status.
//! 4. apisig_<vendor>_verify...() returns true only if what was presented is right.
//!    apisig_<vendor>_check...() takes the same arguments and returns the index of the secret that matched, 0
//!    for the one given to _new(), or the negative apisig_status: compare it with 0. Three differ:
//!    apisig_imbachat_check() returns the user's id, the checks of a login and password return 0, and
//!    apisig_retailcrm_check_register() fills a struct besides.
//!    APISIG_ARGUMENT (-1) and the statuses of -100 and below are mistakes of the caller's own; those of -100
//!    and below name the argument. What is presented never makes one. Where a function lists
//!    APISIG_ARGUMENT, it may be any of them.
//! 5. Times are Unix seconds within the years 0000 to 9999. Nothing here reads a clock, a file, the environment
//!    or global state, logs, or allocates but _new(). Only apisig_kayako_salt() uses random bytes.
//! 6. New functions, statuses and mistakes may be added at any time; nothing else changes while the SONAME stays.
//! 7. apisig_<vendor>_diagnosis...() writes lines. `found NAME TEXT`: the mistakes APISIG_MISTAKE_<NAME>, two at
//!    most, that together make what was presented, in the order in which to mend them. `hint TEXT`: a detail of
//!    a mistake, such as which parameter to leave out. Where no mistake was found, hints say what the form alone
//!    shows; these need no secret. If nothing is wrong, there is no line. The texts may change. A negative return
//!    is the status, if there are no lines.
#![no_std]
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
mod system;
mod wipe;

pub mod status;

pub mod imbachat;
pub mod kayako;
pub mod kommo;
pub mod mor;
pub mod retailcrm;

pub mod mistake;

#[cfg(not(feature = "proof"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: abort() may be called at any time. It is never reached: see tests/packages/proof.sh.
    unsafe { system::abort() }
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

//! What the library asks of the system: memory for handles, random bytes, the end of the process.
// The proof ends without abort().
#![cfg_attr(feature = "proof", allow(unused_imports, dead_code))]
#[cfg(not(target_family = "wasm"))]
pub use libc::{abort, free, malloc};
#[cfg(target_family = "wasm")]
pub use wasm::{abort, fill, free, malloc};

#[cfg(target_family = "wasm")]
mod wasm;

/// Fills `bytes` with random ones, 256 at most: true if all of them are. By number: the function `getrandom`
/// would need a newer C library.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn fill(bytes: &mut [u8]) -> bool {
    // SAFETY: the kernel writes as many bytes as it is told, at most.
    let written = unsafe { libc::syscall(libc::SYS_getrandom, bytes.as_mut_ptr(), bytes.len(), 0) };
    usize::try_from(written) == Ok(bytes.len())
}

/// Likewise on macOS and BSD.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub fn fill(bytes: &mut [u8]) -> bool {
    // SAFETY: the kernel writes as many bytes as it is told, at most.
    unsafe { libc::getentropy(bytes.as_mut_ptr().cast(), bytes.len()) == 0 }
}

/// Likewise on Windows.
#[cfg(windows)]
pub fn fill(bytes: &mut [u8]) -> bool {
    const USE_SYSTEM_PREFERRED_RNG: u32 = 2;
    #[link(name = "bcrypt")]
    unsafe extern "system" {
        fn BCryptGenRandom(algorithm: *mut u8, bytes: *mut u8, count: u32, flags: u32) -> i32;
    }
    let Ok(count) = u32::try_from(bytes.len()) else { return false };
    // SAFETY: the system writes as many bytes as it is told, at most.
    unsafe {
        BCryptGenRandom(core::ptr::null_mut(), bytes.as_mut_ptr(), count, USE_SYSTEM_PREFERRED_RNG) == 0
    }
}

// Rust's own library names there what unwinds, though nothing does.
#[cfg(target_arch = "arm")]
core::arch::global_asm!(
    ".weak rust_eh_personality",
    ".hidden rust_eh_personality",
    "rust_eh_personality:",
    "udf #0"
);

//! What makes a handle, adds secrets to it and frees it, once for every vendor.
use crate::boundary::{STACK, bytes, index, set};
use crate::system;
use apisig_core::{Error, Key, Keys};
use core::ffi::c_char;

/// A vendor's handle. See build/form.rs.
macro_rules! handle {
    (
        handle: $handle:ident,
        keys: $keys:ty,
        vendor: $vendor:ident,
        new: $new:ident,
        add_secret: $add_secret:ident,
        free: $free:ident,
        about: $about:literal,
        secret: $secret:literal,
    ) => {
        /// $about See rule 1.
        #[derive(Default)]
        pub struct $handle($keys);

        /// Makes a handle: see rule 1. `secret`: $secret
        #[unsafe(no_mangle)]
        #[must_use]
        pub unsafe extern "C" fn $new(
            secret: *const c_char,
            secret_len: usize,
            why: *mut i32,
        ) -> *mut $handle {
            // SAFETY: the caller keeps the rules.
            unsafe { crate::handle::new(secret, secret_len, why, |handle: &mut $handle| &mut handle.0) }
        }

        /// Adds a previous secret: see rule 1.
        #[unsafe(no_mangle)]
        #[must_use]
        pub unsafe extern "C" fn $add_secret(
            $vendor: *mut $handle,
            secret: *const c_char,
            secret_len: usize,
            why: *mut i32,
        ) -> bool {
            // SAFETY: the caller keeps the rules.
            unsafe { crate::handle::add_secret($vendor, secret, secret_len, why, |handle| &mut handle.0) }
        }

        /// Wipes and frees a handle, or does nothing with NULL: see rule 1.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $free($vendor: *mut $handle) {
            // SAFETY: the caller keeps the rules.
            unsafe { crate::handle::free($vendor) }
        }
    };
}

/// Makes a handle and adds its first secret, in place, so that no copy is left elsewhere.
pub unsafe fn new<K: Key, H: Default>(
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
    keys: fn(&mut H) -> &mut Keys<K>,
) -> *mut H {
    // SAFETY: malloc may be called at any time, and aligns for every type.
    let place: *mut H = unsafe { system::malloc(size_of::<H>()) }.cast();
    if place.is_null() {
        // SAFETY: by rule 1.
        unsafe { set(why, Error::Memory as i32) };
        return place;
    }
    // SAFETY: fresh memory of the right size; the arguments by rules 1 and 2.
    unsafe {
        place.write(H::default());
        if add_secret(place, secret, secret_len, why, keys) {
            return place;
        }
        free(place);
    }
    core::ptr::null_mut()
}

/// Adds a secret to a handle: `keys` finds its keys.
pub unsafe fn add_secret<K: Key, H>(
    handle: *mut H,
    secret: *const c_char,
    secret_len: usize,
    why: *mut i32,
    keys: fn(&mut H) -> &mut Keys<K>,
) -> bool {
    // SAFETY: the handle by rule 1 NULL or from `new`, and while secrets are added nobody else has
    // it; the rest by rules 1 and 2.
    unsafe {
        let status = index::<STACK>(|| {
            let handle = handle.as_mut().ok_or(Error::ArgumentHandle)?;
            keys(handle).add(bytes(secret, secret_len)?).map(|()| 0)
        });
        set(why, status);
        status == 0
    }
}

/// Wipes and frees a handle.
pub unsafe fn free<H>(handle: *mut H) {
    if handle.is_null() {
        return;
    }
    // SAFETY: from `new`, and no longer in use by rule 1. A volatile write is not optimised away.
    unsafe {
        for offset in 0..size_of::<H>() {
            handle.cast::<u8>().add(offset).write_volatile(0);
        }
        system::free(handle.cast());
    }
}

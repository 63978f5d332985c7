//! What exports a check, once for every vendor: one function returns a bool, the other the number that says
//! why.

/// A check under its two names. See build/form.rs.
macro_rules! check {
    (
        $(#[$about:meta])*
        verify: $verify:ident,
        check: $check:ident,
        parameters: ($($parameter:ident: $type:ty),* $(,)?),
        stack: $stack:expr,
        result: $result:expr,
    ) => {
        $(#[$about])*
        #[unsafe(no_mangle)]
        #[must_use]
        pub unsafe extern "C" fn $verify($($parameter: $type),*) -> bool {
            // SAFETY: the caller keeps the rules.
            unsafe { $check($($parameter),*) >= 0 }
        }

        /// As $verify(), but returns a number: see rule 4.
        #[unsafe(no_mangle)]
        #[must_use]
        pub unsafe extern "C" fn $check($($parameter: $type),*) -> i32 {
            // SAFETY: the caller keeps the rules.
            unsafe { crate::boundary::index::<{ $stack }>(|| $result) }
        }
    };
}

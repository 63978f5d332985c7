//! What exports a check, once for every vendor: a bool for an `if`, and a number for who asks why not.

/// A check under its two names. cbindgen sees nothing that a macro makes: for the headers build.rs fills in
/// this form.
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

        /// As $verify(), by number: see rule 4.
        #[unsafe(no_mangle)]
        #[must_use]
        pub unsafe extern "C" fn $check($($parameter: $type),*) -> i32 {
            // SAFETY: the caller keeps the rules.
            unsafe { crate::boundary::index::<{ $stack }>(|| $result) }
        }
    };
}

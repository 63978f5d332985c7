//! What exports a diagnosis, once for every vendor: by its number, and in words.

/// A diagnosis under its two names. See build/form.rs.
macro_rules! diagnose {
    (
        $(#[$about:meta])*
        diagnose: $diagnose:ident,
        diagnosis: $diagnosis:ident,
        parameters: ($($parameter:ident: $type:ty),* $(,)?),
        result: $result:expr,
    ) => {
        $(#[$about])*
        #[unsafe(no_mangle)]
        #[must_use]
        pub unsafe extern "C" fn $diagnose($($parameter: $type),*) -> i32 {
            // SAFETY: the caller keeps the rules.
            unsafe { crate::boundary::diagnosis(|| Ok($result)) }
        }

        /// As $diagnose(), in lines: see rule 7.
        #[unsafe(no_mangle)]
        #[must_use]
        pub unsafe extern "C" fn $diagnosis(
            $($parameter: $type,)*
            out: *mut crate::boundary::apisig_out,
            out_size: usize,
        ) -> isize {
            // SAFETY: the caller keeps the rules.
            unsafe {
                crate::boundary::text::<{ crate::boundary::DIAGNOSIS_STACK }, _>(out, out_size, || {
                    $result.text()
                })
            }
        }
    };
}

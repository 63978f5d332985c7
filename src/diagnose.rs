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

        /// As $diagnose(), in lines. `found NAME TEXT`: the mistakes APISIG_MISTAKE_<NAME>, two at most, that together
        /// make what was presented, in the order in which to mend them. `hint TEXT`: what the form alone shows,
        /// where none were found, also without a secret. Nothing if nothing is wrong. The texts may change. Returns
        /// the length, or the negative status if there is nothing else to say.
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

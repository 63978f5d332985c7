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
            unsafe { crate::boundary::diagnosis(|| $result) }
        }

        /// As $diagnose(), in words, which may change: a line for each mistake, in the order in which to mend them;
        /// nothing if nothing is wrong. Returns the text's length, or the negative status.
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
                    let mistake: Option<apisig_diagnosis::Mistake> = ($result)?;
                    Ok(mistake.map(|mistake| (mistake.text().to_bytes(), "\n")))
                })
            }
        }
    };
}

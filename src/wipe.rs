//! Leaves nothing of a secret behind: wipes the stack that a call has used, and the registers.
use core::hint::black_box;

/// Runs `work`, then wipes STACK bytes of the stack that it used, and the registers. The two must
/// not be inlined into one frame.
pub fn wiped<const STACK: usize, R>(work: impl FnOnce() -> R) -> R {
    #[inline(never)]
    fn run<R>(work: impl FnOnce() -> R) -> R {
        work()
    }
    #[inline(never)]
    fn wipe<const STACK: usize>() {
        black_box(&mut [0_u8; STACK]);
    }
    let result = run(work);
    wipe::<STACK>();
    if STACK > 0 {
        registers::wipe();
    }
    result
}

/// What is left in vector registers would reach the stack of the code that saves them next, such as the
/// dynamic linker when it binds a function. The C library copies through registers that it alone knows
/// to be there.
#[cfg(target_arch = "x86_64")]
mod registers {
    use core::arch::naked_asm;

    cpufeatures::new!(avx, "avx");
    cpufeatures::new!(avx512, "avx512f", "avx512vl");

    pub fn wipe() {
        // SAFETY: the processor and the operating system have the registers that are wiped.
        unsafe {
            match (avx512::get(), avx::get()) {
                (true, _) => wipe_avx512(),
                (false, true) => wipe_avx(),
                (false, false) => wipe_sse(),
            }
        }
    }

    // Functions of the System V ABI, under which a caller keeps no vector register: the compiler takes all of them
    // for overwritten, without being told to use them. On Windows it then restores those that are our caller's.

    #[unsafe(naked)]
    unsafe extern "sysv64" fn wipe_sse() {
        macro_rules! zero {
            ($($register:tt)*) => {
                naked_asm!($(concat!("xorps ", $register, ", ", $register),)* "ret")
            };
        }
        zero!("xmm0" "xmm1" "xmm2" "xmm3" "xmm4" "xmm5" "xmm6" "xmm7"
              "xmm8" "xmm9" "xmm10" "xmm11" "xmm12" "xmm13" "xmm14" "xmm15")
    }

    #[unsafe(naked)]
    unsafe extern "sysv64" fn wipe_avx() {
        naked_asm!("vzeroall", "ret")
    }

    /// What writes to the low part of a register clears the rest.
    #[unsafe(naked)]
    unsafe extern "sysv64" fn wipe_avx512() {
        macro_rules! zero {
            ($($register:tt)*) => {
                naked_asm!(
                    "vzeroall",
                    $(concat!("vpxord ", $register, ", ", $register, ", ", $register),)*
                    "ret",
                )
            };
        }
        zero!("xmm16" "xmm17" "xmm18" "xmm19" "xmm20" "xmm21" "xmm22" "xmm23"
              "xmm24" "xmm25" "xmm26" "xmm27" "xmm28" "xmm29" "xmm30" "xmm31")
    }
}

#[cfg(target_arch = "aarch64")]
mod registers {
    use core::arch::naked_asm;

    pub fn wipe() {
        // SAFETY: every processor of this kind has these registers.
        unsafe { wipe_neon() }
    }

    /// The lower halves of v8 to v15 are our caller's. The upper ones, and what SVE has above, are cleared by a write to
    /// the lower.
    #[unsafe(naked)]
    unsafe extern "C" fn wipe_neon() {
        macro_rules! wipe {
            ([$($register:tt)*] [$($kept:tt)*]) => {
                naked_asm!(
                    $(concat!("movi ", $register, ".2d, #0"),)*
                    $(concat!("mov ", $kept, ".8b, ", $kept, ".8b"),)*
                    "ret",
                )
            };
        }
        wipe!(["v0" "v1" "v2" "v3" "v4" "v5" "v6" "v7"
               "v16" "v17" "v18" "v19" "v20" "v21" "v22" "v23"
               "v24" "v25" "v26" "v27" "v28" "v29" "v30" "v31"]
              ["v8" "v9" "v10" "v11" "v12" "v13" "v14" "v15"])
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod registers {
    pub fn wipe() {}
}

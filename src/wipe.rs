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

    // Functions of C's, so that the compiler takes all vector registers for overwritten, without being
    // told to use them.

    #[unsafe(naked)]
    unsafe extern "C" fn wipe_sse() {
        macro_rules! zero {
            ($($register:tt)*) => {
                naked_asm!($(concat!("xorps ", $register, ", ", $register),)* "ret")
            };
        }
        zero!("xmm0" "xmm1" "xmm2" "xmm3" "xmm4" "xmm5" "xmm6" "xmm7"
              "xmm8" "xmm9" "xmm10" "xmm11" "xmm12" "xmm13" "xmm14" "xmm15")
    }

    #[unsafe(naked)]
    unsafe extern "C" fn wipe_avx() {
        naked_asm!("vzeroall", "ret")
    }

    /// What writes to the low part of a register clears the rest.
    #[unsafe(naked)]
    unsafe extern "C" fn wipe_avx512() {
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

#[cfg(not(target_arch = "x86_64"))]
mod registers {
    pub fn wipe() {}
}

//! WebAssembly has no C library. The module exports an allocator, for its caller's strings too, and imports the
//! random bytes, which only the page or Node has.
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::ffi::c_void;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[link(wasm_import_module = "apisig")]
unsafe extern "C" {
    /// Like crypto.getRandomValues(). It throws if there are none.
    fn random(bytes: *mut u8, count: usize);
}

unsafe extern "C" {
    /// Where the linker's own data ends.
    static __heap_base: u8;
}

/// In front of each piece of memory; keeps what follows aligned for every type.
const HEADER: usize = 16;
const PAGE: usize = 65536;

/// Pieces are of 2^n bytes. Of each size there is a list of those that were freed: each has the address of the
/// next behind its header, the last one 0.
static FREED: [AtomicUsize; 32] = [const { AtomicUsize::new(0) }; 32];
/// Where memory begins that was never given out.
static UNUSED: AtomicUsize = AtomicUsize::new(0);

/// As in C; aligned to 16 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    place(size).map_or(core::ptr::null_mut(), |at| (at + HEADER) as *mut c_void)
}

fn place(size: usize) -> Option<usize> {
    let whole = size.checked_add(HEADER)?.checked_next_power_of_two()?.max(2 * HEADER);
    let power = whole.trailing_zeros() as usize;
    let freed = FREED.get(power)?;
    let mut at = freed.load(Relaxed);
    if at == 0 {
        at = never_used(whole)?;
    } else {
        // SAFETY: a piece in the list of the freed has the next one's address there.
        freed.store(unsafe { *((at + HEADER) as *const usize) }, Relaxed);
    }
    // SAFETY: a piece that is free, of `whole` bytes.
    unsafe { *(at as *mut usize) = power };
    Some(at)
}

fn never_used(size: usize) -> Option<usize> {
    let at = UNUSED.load(Relaxed).max((&raw const __heap_base).addr().next_multiple_of(HEADER));
    let end = at.checked_add(size)?;
    let more = end.div_ceil(PAGE).saturating_sub(memory_size(0));
    if more > 0 && memory_grow(0, more) == usize::MAX {
        return None;
    }
    UNUSED.store(end, Relaxed);
    Some(at)
}

/// As in C. The compiler makes this call of malloc() and zeros.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    let Some(size) = count.checked_mul(size) else { return core::ptr::null_mut() };
    // SAFETY: what is written to was just given out. Volatile, or this would be made a call of itself.
    unsafe {
        let place = malloc(size);
        for offset in 0..if place.is_null() { 0 } else { size } {
            place.cast::<u8>().add(offset).write_volatile(0);
        }
        place
    }
}

/// As in C.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(place: *mut c_void) {
    let Some(at) = place.addr().checked_sub(HEADER) else { return };
    // SAFETY: from malloc(), which wrote the power there.
    unsafe {
        if let Some(freed) = FREED.get(*(at as *const usize)) {
            *(place.cast::<usize>()) = freed.load(Relaxed);
            freed.store(at, Relaxed);
        }
    }
}

/// Ends the call with an exception of JavaScript's.
pub unsafe fn abort() -> ! {
    unreachable()
}

/// See super::fill().
pub fn fill(bytes: &mut [u8]) -> bool {
    // SAFETY: the caller of the module writes as many bytes as it is told.
    unsafe { random(bytes.as_mut_ptr(), bytes.len()) };
    true
}

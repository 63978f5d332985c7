//! The compression function of MD5 (RFC 1321), as fast as its chain of dependent steps allows. Its
//! constants are those of the RFC; the tests compare it with RustCrypto's `md-5`.
use super::hash::BLOCK;
use core::hint::black_box;

/// Works whole blocks into the state.
pub fn compress(state: &mut [u32; 4], blocks: &[[u8; BLOCK]]) {
    for block in blocks {
        let mut words = [0; 16];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        compress_block(state, words);
    }
}

#[rustfmt::skip]
fn compress_block(state: &mut [u32; 4], words: [u32; 16]) {
    let [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = words;
    let [mut a, mut b, mut c, mut d] = *state;
    // A zero that the compiler does not know for one: see `step`.
    let zero = black_box(0);
    a = f([a, b, c, d], m0, 0xd76a_a478, 7, zero);
    d = f([d, a, b, c], m1, 0xe8c7_b756, 12, zero);
    c = f([c, d, a, b], m2, 0x2420_70db, 17, zero);
    b = f([b, c, d, a], m3, 0xc1bd_ceee, 22, zero);
    a = f([a, b, c, d], m4, 0xf57c_0faf, 7, zero);
    d = f([d, a, b, c], m5, 0x4787_c62a, 12, zero);
    c = f([c, d, a, b], m6, 0xa830_4613, 17, zero);
    b = f([b, c, d, a], m7, 0xfd46_9501, 22, zero);
    a = f([a, b, c, d], m8, 0x6980_98d8, 7, zero);
    d = f([d, a, b, c], m9, 0x8b44_f7af, 12, zero);
    c = f([c, d, a, b], m10, 0xffff_5bb1, 17, zero);
    b = f([b, c, d, a], m11, 0x895c_d7be, 22, zero);
    a = f([a, b, c, d], m12, 0x6b90_1122, 7, zero);
    d = f([d, a, b, c], m13, 0xfd98_7193, 12, zero);
    c = f([c, d, a, b], m14, 0xa679_438e, 17, zero);
    b = f([b, c, d, a], m15, 0x49b4_0821, 22, zero);

    a = g([a, b, c, d], m1, 0xf61e_2562, 5, zero);
    d = g([d, a, b, c], m6, 0xc040_b340, 9, zero);
    c = g([c, d, a, b], m11, 0x265e_5a51, 14, zero);
    b = g([b, c, d, a], m0, 0xe9b6_c7aa, 20, zero);
    a = g([a, b, c, d], m5, 0xd62f_105d, 5, zero);
    d = g([d, a, b, c], m10, 0x0244_1453, 9, zero);
    c = g([c, d, a, b], m15, 0xd8a1_e681, 14, zero);
    b = g([b, c, d, a], m4, 0xe7d3_fbc8, 20, zero);
    a = g([a, b, c, d], m9, 0x21e1_cde6, 5, zero);
    d = g([d, a, b, c], m14, 0xc337_07d6, 9, zero);
    c = g([c, d, a, b], m3, 0xf4d5_0d87, 14, zero);
    b = g([b, c, d, a], m8, 0x455a_14ed, 20, zero);
    a = g([a, b, c, d], m13, 0xa9e3_e905, 5, zero);
    d = g([d, a, b, c], m2, 0xfcef_a3f8, 9, zero);
    c = g([c, d, a, b], m7, 0x676f_02d9, 14, zero);
    b = g([b, c, d, a], m12, 0x8d2a_4c8a, 20, zero);

    a = h([a, b, c, d], m5, 0xfffa_3942, 4, zero);
    d = h([d, a, b, c], m8, 0x8771_f681, 11, zero);
    c = h([c, d, a, b], m11, 0x6d9d_6122, 16, zero);
    b = h([b, c, d, a], m14, 0xfde5_380c, 23, zero);
    a = h([a, b, c, d], m1, 0xa4be_ea44, 4, zero);
    d = h([d, a, b, c], m4, 0x4bde_cfa9, 11, zero);
    c = h([c, d, a, b], m7, 0xf6bb_4b60, 16, zero);
    b = h([b, c, d, a], m10, 0xbebf_bc70, 23, zero);
    a = h([a, b, c, d], m13, 0x289b_7ec6, 4, zero);
    d = h([d, a, b, c], m0, 0xeaa1_27fa, 11, zero);
    c = h([c, d, a, b], m3, 0xd4ef_3085, 16, zero);
    b = h([b, c, d, a], m6, 0x0488_1d05, 23, zero);
    a = h([a, b, c, d], m9, 0xd9d4_d039, 4, zero);
    d = h([d, a, b, c], m12, 0xe6db_99e5, 11, zero);
    c = h([c, d, a, b], m15, 0x1fa2_7cf8, 16, zero);
    b = h([b, c, d, a], m2, 0xc4ac_5665, 23, zero);

    a = i([a, b, c, d], m0, 0xf429_2244, 6, zero);
    d = i([d, a, b, c], m7, 0x432a_ff97, 10, zero);
    c = i([c, d, a, b], m14, 0xab94_23a7, 15, zero);
    b = i([b, c, d, a], m5, 0xfc93_a039, 21, zero);
    a = i([a, b, c, d], m12, 0x655b_59c3, 6, zero);
    d = i([d, a, b, c], m3, 0x8f0c_cc92, 10, zero);
    c = i([c, d, a, b], m10, 0xffef_f47d, 15, zero);
    b = i([b, c, d, a], m1, 0x8584_5dd1, 21, zero);
    a = i([a, b, c, d], m8, 0x6fa8_7e4f, 6, zero);
    d = i([d, a, b, c], m15, 0xfe2c_e6e0, 10, zero);
    c = i([c, d, a, b], m6, 0xa301_4314, 15, zero);
    b = i([b, c, d, a], m13, 0x4e08_11a1, 21, zero);
    a = i([a, b, c, d], m4, 0xf753_7e82, 6, zero);
    d = i([d, a, b, c], m11, 0xbd3a_f235, 10, zero);
    c = i([c, d, a, b], m2, 0x2ad7_d2bb, 15, zero);
    b = i([b, c, d, a], m9, 0xeb86_d391, 21, zero);
    let [s0, s1, s2, s3] = state;
    *s0 = s0.wrapping_add(a);
    *s1 = s1.wrapping_add(b);
    *s2 = s2.wrapping_add(c);
    *s3 = s3.wrapping_add(d);
}

/// Only `mixed` waits for the step before. Left alone, the compiler would add the parts of `ready`
/// to it one by one, which makes the chain longer by a fifth; the exclusive or keeps their sum
/// together.
#[inline(always)]
fn step(ready: u32, mixed: u32, b: u32, rotation: u32, zero: u32) -> u32 {
    (ready ^ zero).wrapping_add(mixed).rotate_left(rotation).wrapping_add(b)
}

#[inline(always)]
fn f([a, b, c, d]: [u32; 4], word: u32, constant: u32, rotation: u32, zero: u32) -> u32 {
    step(a.wrapping_add(word).wrapping_add(constant), (b & c) | (!b & d), b, rotation, zero)
}

/// The two halves of this function share no bit: added one after the other, only one of them waits.
#[inline(always)]
fn g([a, b, c, d]: [u32; 4], word: u32, constant: u32, rotation: u32, zero: u32) -> u32 {
    step(a.wrapping_add(word).wrapping_add(constant).wrapping_add(c & !d), b & d, b, rotation, zero)
}

#[inline(always)]
fn h([a, b, c, d]: [u32; 4], word: u32, constant: u32, rotation: u32, zero: u32) -> u32 {
    step(a.wrapping_add(word).wrapping_add(constant), b ^ c ^ d, b, rotation, zero)
}

#[inline(always)]
fn i([a, b, c, d]: [u32; 4], word: u32, constant: u32, rotation: u32, zero: u32) -> u32 {
    step(a.wrapping_add(word).wrapping_add(constant), c ^ (b | !d), b, rotation, zero)
}

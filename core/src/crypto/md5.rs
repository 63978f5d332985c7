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
    // A zero that the compiler does not know for one: see `step`.
    let zero = black_box(0);
    let mut abcd = *state;
    abcd = four(f, abcd, [m0, m1, m2, m3], [0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee], [7, 12, 17, 22], zero);
    abcd = four(f, abcd, [m4, m5, m6, m7], [0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501], [7, 12, 17, 22], zero);
    abcd = four(f, abcd, [m8, m9, m10, m11], [0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be], [7, 12, 17, 22], zero);
    abcd = four(f, abcd, [m12, m13, m14, m15], [0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821], [7, 12, 17, 22], zero);
    abcd = four(g, abcd, [m1, m6, m11, m0], [0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa], [5, 9, 14, 20], zero);
    abcd = four(g, abcd, [m5, m10, m15, m4], [0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8], [5, 9, 14, 20], zero);
    abcd = four(g, abcd, [m9, m14, m3, m8], [0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed], [5, 9, 14, 20], zero);
    abcd = four(g, abcd, [m13, m2, m7, m12], [0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a], [5, 9, 14, 20], zero);
    abcd = four(h, abcd, [m5, m8, m11, m14], [0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c], [4, 11, 16, 23], zero);
    abcd = four(h, abcd, [m1, m4, m7, m10], [0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70], [4, 11, 16, 23], zero);
    abcd = four(h, abcd, [m13, m0, m3, m6], [0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05], [4, 11, 16, 23], zero);
    abcd = four(h, abcd, [m9, m12, m15, m2], [0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665], [4, 11, 16, 23], zero);
    abcd = four(i, abcd, [m0, m7, m14, m5], [0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039], [6, 10, 15, 21], zero);
    abcd = four(i, abcd, [m12, m3, m10, m1], [0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1], [6, 10, 15, 21], zero);
    abcd = four(i, abcd, [m8, m15, m6, m13], [0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1], [6, 10, 15, 21], zero);
    abcd = four(i, abcd, [m4, m11, m2, m9], [0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391], [6, 10, 15, 21], zero);
    for (word, sum) in state.iter_mut().zip(abcd) {
        *word = word.wrapping_add(sum);
    }
}

/// Four steps, after which each word of the state has changed once.
#[inline(always)]
fn four(
    mix: fn([u32; 4], u32, u32, u32, u32) -> u32,
    [a, b, c, d]: [u32; 4],
    [m0, m1, m2, m3]: [u32; 4],
    [k0, k1, k2, k3]: [u32; 4],
    [r0, r1, r2, r3]: [u32; 4],
    zero: u32,
) -> [u32; 4] {
    let a = mix([a, b, c, d], m0, k0, r0, zero);
    let d = mix([d, a, b, c], m1, k1, r1, zero);
    let c = mix([c, d, a, b], m2, k2, r2, zero);
    let b = mix([b, c, d, a], m3, k3, r3, zero);
    [a, b, c, d]
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

//! Comparison in a time that does not depend on what is compared.
//!
//! What it answers stays a `Choice` until the answer itself is given out: tests/trust/constant_time.sh
//! lets memcheck follow every secret, and takes a branch on one for declassified only where the line above
//! it begins with `// Declassified by check: ` or `// Declassified by sign: `.
use subtle::{Choice, ConstantTimeEq};

/// Whether two digests are equal: all differences are gathered, and only then asked for, behind the
/// barrier of `subtle`.
#[inline]
pub fn equal<const N: usize>(one: &[u8; N], other: &[u8; N]) -> Choice {
    let difference = one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b));
    difference.ct_eq(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_equal_only_if_every_bit_is() {
        let digest: [u8; 20] = core::array::from_fn(|i| (i * 13 + 7) as u8);
        assert!(bool::from(equal(&digest, &digest)));
        for at in 0..20 {
            for bit in 0..8 {
                let mut other = digest;
                other[at] ^= 1 << bit;
                assert!(!bool::from(equal(&digest, &other)));
                other[(at + 1) % 20] ^= 1 << bit;
                assert!(!bool::from(equal(&digest, &other)));
                other[(at + 2) % 20] ^= 1 << (7 - bit);
                assert!(!bool::from(equal(&digest, &other)));
            }
        }
    }
}

//! Random numbers for the tests, the same ones each time: a failure can be seen again.

/// A linear congruential generator.
pub struct Random(u64);

impl Random {
    pub fn new() -> Self {
        Random(1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    pub fn one_of<T: Copy>(&mut self, choice: &[T]) -> T {
        choice[self.below(choice.len())]
    }

    /// Fewer than `limit` things.
    pub fn several<T>(&mut self, limit: usize, mut thing: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(limit)).map(|_| thing(self)).collect()
    }
}

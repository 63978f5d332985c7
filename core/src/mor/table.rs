//! A hash table of names, made by the compiler.

/// Where each name stands that was inserted.
pub struct Table<const SLOTS: usize>([u16; SLOTS]);

const EMPTY: u16 = u16::MAX;

impl<const SLOTS: usize> Table<SLOTS> {
    /// Without names.
    pub const NEW: Self = Table([EMPTY; SLOTS]);

    /// Says that a name stands at `place`.
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub const fn insert(&mut self, name: &[u8], place: usize) {
        assert!(place < EMPTY as usize);
        let mut slot = hash(name) % SLOTS;
        while self.0[slot] != EMPTY {
            slot = (slot + 1) % SLOTS;
        }
        self.0[slot] = place as u16;
    }

    /// Where a name stands: `is_there` compares it with the one at a place.
    pub fn find(&self, name: &[u8], is_there: impl Fn(usize) -> bool) -> Option<usize> {
        let first = hash(name) % SLOTS;
        let slots = (0..SLOTS).filter_map(|step| self.0.get((first + step) % SLOTS));
        let mut places = slots.copied().take_while(|place| *place != EMPTY).map(usize::from);
        places.find(|place| is_there(*place))
    }

    /// How many names there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.iter().filter(|place| **place != EMPTY).count()
    }
}

/// FNV-1a.
const fn hash(mut name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    while let Some((byte, rest)) = name.split_first() {
        hash = (hash ^ *byte as u32).wrapping_mul(0x0100_0193);
        name = rest;
    }
    (hash ^ hash >> 16) as usize
}

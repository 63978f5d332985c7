//! A hash table of names, made by the compiler.

/// Where each name stands that was inserted. At least one of its slots stays empty.
pub struct Table<const SLOTS: usize>([u16; SLOTS]);

const EMPTY: u16 = u16::MAX;

impl<const SLOTS: usize> Table<SLOTS> {
    /// Without names.
    pub const EMPTY: Self = Table([EMPTY; SLOTS]);

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
        let mut slot = hash(name) % SLOTS;
        loop {
            match *self.0.get(slot)? {
                EMPTY => return None,
                place if is_there(place.into()) => return Some(place.into()),
                _ => slot = (slot + 1) % SLOTS,
            }
        }
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

//! The pool: one bit for each party that has ever registered, in order of registration.

use rand::{Rng, RngExt};

/// Who waits for a slot. Parties are numbered in the order in which they register.
#[derive(Default)]
pub struct Pool {
    bits: Vec<u64>,
    registered: u32,
    /// Nobody before this party is in the pool.
    oldest: u32,
    size: u32,
}

impl Pool {
    /// Adds the next party.
    #[inline]
    pub fn register(&mut self) {
        let bit = self.registered % 64;
        if bit == 0 {
            self.bits.push(0);
        }
        self.bits[self.registered as usize / 64] |= 1 << bit;
        self.registered += 1;
        self.size += 1;
    }

    /// Parties in the pool.
    pub fn size(&self) -> u32 {
        self.size
    }

    #[inline]
    pub fn contains(&self, party: u32) -> bool {
        self.bits[party as usize / 64] >> (party % 64) & 1 == 1
    }

    /// Takes out a party; false if it was not in the pool.
    #[inline]
    pub fn remove(&mut self, party: u32) -> bool {
        let is_in = self.contains(party);
        self.bits[party as usize / 64] &= !(1 << (party % 64));
        self.size -= u32::from(is_in);
        is_in
    }

    /// Takes out a party, each with the same chance. The pool must not be empty.
    ///
    /// By trial among all who registered since the longest registered: in the reference every second or third trial hits.
    pub fn remove_random(&mut self, rng: &mut impl Rng) -> u32 {
        loop {
            let party = rng.random_range(self.oldest..self.registered);
            if self.remove(party) {
                return party;
            }
        }
    }

    /// Takes out the longest registered party. The pool must not be empty.
    pub fn remove_oldest(&mut self) -> u32 {
        let mut word = self.oldest / 64;
        while self.bits[word as usize] == 0 {
            word += 1;
        }
        self.oldest = word * 64 + self.bits[word as usize].trailing_zeros();
        self.remove(self.oldest);
        self.oldest
    }
}

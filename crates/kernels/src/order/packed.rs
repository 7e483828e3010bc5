//! Numbers and their places in one word each: as many of the bits in which the numbers differ as there is room for, then the index. It is half the
//! memory of the two side by side, and nearly always enough.

use rayon::prelude::*;

use crate::Interrupted;
use crate::pieces::PIECE;
use crate::stop::zeroed;

/// How keys are packed.
#[derive(Clone, Copy)]
pub(super) struct Packing {
    /// The bits of the index.
    index: u64,
    /// Bits at the front that all keys have in common.
    common: u32,
    /// Keys that are the same in a word are the same.
    pub exact: bool,
}

impl Packing {
    /// By all threads of the current pool.
    pub fn of(keys: &[u64]) -> Self {
        let first = keys.first().copied().unwrap_or_default();
        let differ = keys
            .par_chunks(PIECE)
            .map(|keys| keys.iter().fold(0, |bits, key| bits | (key ^ first)))
            .reduce(|| 0, |a, b| a | b);
        let index = keys.len().next_power_of_two() as u64 - 1;
        let common = differ.leading_zeros().min(u64::BITS - 1);
        Self {
            index,
            common,
            exact: (differ << common) & index == 0,
        }
    }

    /// A word for each key. The same threads.
    pub fn pack(self, keys: &[u64]) -> Result<Vec<u64>, Interrupted> {
        let mut words = zeroed(keys.len())?;
        let pieces = words.par_chunks_mut(PIECE).zip(keys.par_chunks(PIECE));
        pieces.enumerate().for_each(|(piece, (words, keys))| {
            let first = (piece * PIECE) as u64;
            for (index, (word, key)) in (first..).zip(words.iter_mut().zip(keys)) {
                *word = (key << self.common) & self.key() | index;
            }
        });
        Ok(words)
    }

    /// The bits of a word that are a key's.
    #[inline(always)]
    pub fn key(self) -> u64 {
        !self.index
    }

    /// The place of the key in a word.
    #[inline(always)]
    pub fn place(self, word: u64) -> usize {
        (word & self.index) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_the_order_as_far_as_they_go() {
        let keys: Vec<u64> = (0..1000u64)
            .map(|i| (1 << 60) + (i * 7919 % 1009))
            .collect();
        let packing = Packing::of(&keys);
        assert!(packing.exact, "ten bits differ");
        let mut words = packing.pack(&keys).unwrap();
        words.sort_unstable();
        let places: Vec<usize> = words.iter().map(|&word| packing.place(word)).collect();
        assert!(places.windows(2).all(|two| keys[two[0]] <= keys[two[1]]));
        assert!(!Packing::of(&[0, 1, u64::MAX]).exact, "all bits differ");
        assert!(Packing::of(&[5, 5, 5]).exact);
        assert!(Packing::of(&[7]).exact);
    }
}

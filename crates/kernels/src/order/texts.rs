//! A column of texts, in UTF-16 units, whose order is the order of `<` on strings.

use rayon::prelude::*;

/// Stands for a missing text in a list of lengths.
const MISSING: u32 = u32::MAX;

/// Texts, one behind the other.
#[derive(Default)]
pub struct Texts {
    units: Vec<u16>,
    /// Where each ends, with the highest bit set where there is none.
    ends: Vec<u64>,
}

const NONE: u64 = 1 << 63;

impl Texts {
    /// Appends texts that stand one behind the other in `units`. A length of `u32::MAX` is that of a missing text.
    ///
    /// # Panics
    /// If the lengths do not add up to that of `units`.
    pub fn push(&mut self, units: &[u16], lengths: impl Iterator<Item = u32>) {
        let mut end = self.units.len() as u64;
        self.units.extend_from_slice(units);
        self.ends.extend(lengths.map(|length| {
            if length == MISSING {
                return end | NONE;
            }
            end += u64::from(length);
            end
        }));
        assert!(end == self.units.len() as u64, "lengths must add up");
    }

    /// Appends so many missing ones.
    pub fn skip(&mut self, count: usize) {
        let end = self.units.len() as u64;
        self.ends.resize(self.ends.len() + count, end | NONE);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn get(&self, at: usize) -> Option<&[u16]> {
        let end = self.ends[at];
        if end & NONE != 0 {
            return None;
        }
        let start = at
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] & !NONE);
        Some(&self.units[start as usize..end as usize])
    }

    /// Numbers in the order of the texts as far as they tell: what follows the beginning that all have in common, eight units of it where all are
    /// small, else four. A missing text gets the greatest.
    pub(super) fn prefixes(&self, down: bool) -> Vec<u64> {
        let common = self.common();
        let narrow = self.units.par_iter().all(|&unit| unit < 0x100);
        let turn = if down { u64::MAX } else { 0 };
        let prefix = |at| match self.get(at) {
            None => u64::MAX,
            Some(text) if narrow => head::<8>(&text[common..]) ^ turn,
            Some(text) => head::<4>(&text[common..]) ^ turn,
        };
        (0..self.len()).into_par_iter().map(prefix).collect()
    }

    /// Units at the beginning that all texts share.
    fn common(&self) -> usize {
        let Some(first) = (0..self.len()).find_map(|at| self.get(at)) else {
            return 0;
        };
        let shared = |at| match self.get(at) {
            None => first.len(),
            Some(text) => text.iter().zip(first).take_while(|(a, b)| a == b).count(),
        };
        let all = (0..self.len()).into_par_iter().map(shared).min();
        all.unwrap_or_default()
    }
}

/// The first `UNITS` units as one number, with zeros behind the text's end.
#[inline(always)]
fn head<const UNITS: usize>(text: &[u16]) -> u64 {
    let mut number = 0;
    for at in 0..UNITS {
        let unit = text.get(at).copied().unwrap_or_default();
        number = number << (64 / UNITS) | u64::from(unit);
    }
    number
}

//! One key of all records.

use std::cmp::Ordering;

use super::Texts;
use crate::key::key_of_f64;
use crate::{Interrupted, pages};

/// What a key among numbers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A number; NaN is as good as missing.
    Number,
    /// A text: behind all numbers. The texts themselves stand in the next column.
    Text,
    /// Nothing.
    Missing,
}

/// Keys of one sort, with their direction.
pub enum Column {
    /// Numbers as keys that compare upwards, whatever the direction.
    Numbers(Vec<u64>, bool),
    /// Texts.
    Texts(Texts, bool),
}

/// Behind every number, also infinity, and before what is missing.
const TEXT: u64 = u64::MAX - 1;
const MISSING: u64 = u64::MAX;

impl Column {
    /// A column that so many numbers will come to.
    ///
    /// # Errors
    /// When the system has not so much memory.
    pub fn for_numbers(length: usize, down: bool) -> Result<Self, Interrupted> {
        let mut keys = Vec::new();
        keys.try_reserve_exact(length)?;
        pages::ask_for(&keys);
        Ok(Self::Numbers(keys, down))
    }

    /// Appends numbers. Both zeros are equal, as `<` has it.
    pub fn push_numbers(&mut self, numbers: impl Iterator<Item = (f64, Class)>) {
        let Self::Numbers(keys, down) = self else {
            unreachable!("a column of texts takes texts");
        };
        let turn = if *down { u64::MAX } else { 0 };
        keys.extend(numbers.map(|(number, class)| match class {
            Class::Number if number.is_nan() => MISSING,
            Class::Number => key_of_f64(number + 0.0) ^ turn,
            Class::Text => TEXT ^ turn,
            Class::Missing => MISSING,
        }));
    }

    /// How many records it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(keys, _) => keys.len(),
            Self::Texts(texts, _) => texts.len(),
        }
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Compares two records.
    pub(super) fn compare(&self, a: usize, b: usize) -> Ordering {
        match self {
            Self::Numbers(keys, _) => keys[a].cmp(&keys[b]),
            Self::Texts(texts, down) => match (texts.get(a), texts.get(b)) {
                (Some(a), Some(b)) if *down => b.cmp(a),
                (Some(a), Some(b)) => a.cmp(b),
                // What is there comes first.
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
        }
    }
}

//! Whom the JavaScript thread that made a call must notify before it returns to its own work.
//!
//! Only JavaScript can wake a thread that waits on `Atomics`, so native code names the waiters and JavaScript rings them.

use smallvec::SmallVec;

/// See the module. `#[must_use]`: a ring that is dropped is a worker that sleeps on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Rings {
    /// Slots: store 0 to their ring word, then notify it.
    pub slots: SmallVec<[u32; 8]>,
    /// Words of callers with a [`crate::Bell::Word`].
    pub words: SmallVec<[u32; 1]>,
}

impl Rings {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nobody is to be rung.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.words.is_empty()
    }

    pub(crate) fn slot(&mut self, slot: u32) {
        if !self.slots.contains(&slot) {
            self.slots.push(slot);
        }
    }

    pub(crate) fn word(&mut self, word: u32) {
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        other.slots.into_iter().for_each(|slot| self.slot(slot));
        other.words.into_iter().for_each(|word| self.word(word));
    }
}

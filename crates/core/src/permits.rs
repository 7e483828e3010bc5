//! The bound on waiting calls: how many items, and how many bytes, of `run` and `par` may be unclaimed at once.

use crate::sync::{AtomicU64, Ordering};

pub(crate) struct Permits {
    items: AtomicU64,
    bytes: AtomicU64,
    max_items: u64,
    max_bytes: u64,
}

impl Permits {
    pub(crate) fn new(max_items: u64, max_bytes: u64) -> Self {
        Self {
            items: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            max_items,
            max_bytes,
        }
    }

    /// Takes both or neither.
    pub(crate) fn take(&self, items: u64, bytes: u64) -> bool {
        if !take_one(&self.items, items, self.max_items) {
            return false;
        }
        if !take_one(&self.bytes, bytes, self.max_bytes) {
            self.items.fetch_sub(items, Ordering::AcqRel);
            return false;
        }
        true
    }

    /// Counts what was admitted before and comes back: it cannot be refused.
    pub(crate) fn force(&self, items: u64, bytes: u64) {
        self.items.fetch_add(items, Ordering::AcqRel);
        self.bytes.fetch_add(bytes, Ordering::AcqRel);
    }

    /// Takes all that is left of the items: how many that were.
    pub(crate) fn fill(&self) -> u64 {
        let before = self.items.fetch_max(self.max_items, Ordering::AcqRel);
        self.max_items.saturating_sub(before)
    }

    pub(crate) fn give(&self, items: u64, bytes: u64) {
        self.items.fetch_sub(items, Ordering::AcqRel);
        self.bytes.fetch_sub(bytes, Ordering::AcqRel);
    }
}

fn take_one(used: &AtomicU64, wanted: u64, max: u64) -> bool {
    let mut old = used.load(Ordering::Acquire);
    loop {
        let new = match old.checked_add(wanted) {
            Some(new) if new <= max => new,
            _ => return false,
        };
        match used.compare_exchange_weak(old, new, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return true,
            Err(seen) => old = seen,
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn takes_both_or_neither() {
        let permits = Permits::new(2, 10);
        assert!(permits.take(1, 10));
        assert!(!permits.take(1, 1), "bytes are out");
        assert!(!permits.take(2, 0), "items are out");
        assert!(permits.take(1, 0));
        permits.give(1, 10);
        permits.force(5, 50);
        assert!(!permits.take(1, 0), "what came back counts");
        assert_eq!(permits.fill(), 0);
        permits.give(5, 50);
        assert_eq!((permits.fill(), permits.take(1, 0)), (1, false));
    }
}

//! The process-wide budget of threads: pools and native lanes count against it when they make one.

use std::sync::{LazyLock, PoisonError};

use crate::sync::Arc;

/// Threads of many pools under one roof. Every pool may always have one.
pub struct Budget(std::sync::Mutex<Counts>);

struct Counts {
    limit: u32,
    used: u32,
}

/// One counted thread; given back when dropped.
pub struct Seat(Arc<Budget>);

impl Budget {
    /// A budget of `limit` threads, none used.
    pub fn new(limit: u32) -> Arc<Self> {
        Arc::new(Self(std::sync::Mutex::new(Counts { limit, used: 0 })))
    }

    /// The budget of this process: one thread for each core, more if a single pool asks for more.
    pub fn process() -> Arc<Self> {
        static PROCESS: LazyLock<Arc<Budget>> = LazyLock::new(|| {
            let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            Budget::new(u32::try_from(cores).unwrap_or(u32::MAX))
        });
        Arc::clone(&PROCESS)
    }

    /// One pool alone may use all that it was made for.
    pub fn raise_to(&self, limit: u32) {
        let mut counts = self.counts();
        counts.limit = counts.limit.max(limit);
    }

    /// Threads that may still be made.
    pub fn left(&self) -> u32 {
        let counts = self.counts();
        counts.limit.saturating_sub(counts.used)
    }

    /// Counts a thread, if there is room or if it is the `first` of its pool.
    pub fn take(self: &Arc<Self>, first: bool) -> Option<Seat> {
        let mut counts = self.counts();
        if counts.used >= counts.limit && !first {
            return None;
        }
        counts.used += 1;
        Some(Seat(Arc::clone(self)))
    }

    // Never held across anything that could panic or wait, and not part of any protocol: loom need not see it.
    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.counts().used -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_pool_is_never_refused() {
        let budget = Budget::new(1);
        let one = budget.take(false).unwrap();
        assert!(budget.take(false).is_none());
        let first = budget.take(true).unwrap();
        drop(one);
        assert!(budget.take(false).is_none(), "the forced one counts too");
        drop(first);
        assert_eq!(budget.left(), 1);
        budget.raise_to(3);
        assert_eq!(budget.left(), 3);
    }
}

//! The end of a pool.

use std::time::Duration;

use crate::pool::Pool;
use crate::ranges::End;
use crate::rings::Rings;
use crate::sync::Ordering;

impl Pool {
    /// No more jobs, no more items: whatever has not settled does so now as closed, and what runs is given no grace.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.budget.leave(self);
        let jobs: Vec<_> = self.jobs.lock().drain().collect();
        let mut rings = Rings::new();
        for (_, job) in jobs {
            self.end(&job, End::Closed, Duration::ZERO, &mut rings);
        }
        self.owe(rings);
    }
}

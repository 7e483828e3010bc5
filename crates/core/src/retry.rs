//! Failed items that may run again.

use crate::job::Job;
use crate::pool::Pool;
use crate::rings::Rings;
use crate::sync::{Arc, Ordering};

impl Pool {
    /// Puts a kept item back to the front of its job, for its next attempt. Nothing if it is not kept.
    pub fn retry(&self, job: &Arc<Job>, index: u32) -> Option<Rings> {
        let must_push = {
            let mut ranges = job.ranges.lock();
            let (item, ending) = ranges.retry(index)?;
            let weight = item.weight();
            job.count_in(1);
            job.tally.retry(ending);
            self.open_items.fetch_add(1, Ordering::AcqRel);
            self.queued_items.fetch_add(1, Ordering::AcqRel);
            if job.waits {
                self.permits.force(1, weight);
            }
            job.state.arrive(1)
        };
        if must_push {
            self.enqueue(Arc::clone(job));
        }
        let mut rings = Rings::new();
        self.summon(job, &mut rings);
        Some(rings)
    }

    /// A kept item will not run again.
    pub fn forget(&self, job: &Arc<Job>, index: u32) {
        job.ranges.lock().forget(index);
    }
}

//! Opening a job, giving it work, and being done with it.

use crate::caller::{Bell, Caller};
use crate::frames::MAX_DEPTH;
use crate::job::{Job, JobSpec};
use crate::lineage::Kin;
use crate::pool::Pool;
use crate::range::Range;
use crate::rings::Rings;
use crate::segment::Segment;
use crate::sync::{Arc, Ordering};

/// Why a job was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// The pool, or the caller, takes no more jobs.
    Closed,
    /// It would be nested too deep.
    TooDeep {
        /// Jobs above one that may still be opened.
        most: u32,
    },
}

/// A segment that was not accepted comes back.
#[derive(Debug)]
pub enum Refused {
    /// As many items, or bytes, wait as may.
    Full(Segment),
    /// The job was cancelled or its pool closed.
    Closed(Segment),
}

impl Pool {
    /// Opens a job for `caller`.
    ///
    /// # Errors
    /// [`Unopened::Closed`] once [`Pool::close`] has begun; [`Unopened::TooDeep`] if so many jobs wait for it that its
    /// workers could run out of frames.
    pub fn open(
        self: &Arc<Self>,
        spec: JobSpec,
        caller: &Arc<Caller>,
    ) -> Result<Arc<Job>, Unopened> {
        let lineage = self.lineage(spec.parent, caller);
        if lineage.depth > MAX_DEPTH {
            return Err(Unopened::TooDeep { most: MAX_DEPTH });
        }
        let id = self.next_job.fetch_add(1, Ordering::Relaxed);
        let job = Arc::new(Job::new(id, spec, self.workers(), caller, lineage));
        {
            let mut jobs = self.jobs.lock();
            // Under the lock that `close` takes after it has set the flag: either sees the other.
            if self.closed.load(Ordering::Acquire) || caller.is_closed() {
                return Err(Unopened::Closed);
            }
            jobs.insert(id, Arc::clone(&job));
        }
        for kin in &job.lineage.kin {
            if let Some(mut desk) = self.slot(kin.slot).and_then(|slot| slot.desk_of(kin.epoch)) {
                desk.add_kin(&job);
                if matches!(caller.bell, Bell::Slot { slot, epoch } if (Kin { slot, epoch }) == *kin)
                {
                    desk.caller = Some(Arc::clone(caller));
                }
            }
        }
        Ok(job)
    }

    /// Gives a job more items.
    ///
    /// # Errors
    /// The segment comes back if too much waits or the job has ended.
    pub fn submit(&self, job: &Arc<Job>, segment: Segment) -> Result<Rings, Refused> {
        let range = Range::whole(segment);
        let (items, weight) = (u64::from(range.len()), range.weight());
        if job.waits && !self.permits.take(items, weight) {
            return Err(Refused::Full(range.segment));
        }
        if let Err(range) = self.stock(job, range) {
            if job.waits {
                self.permits.give(items, weight);
            }
            return Err(Refused::Closed(range.segment));
        }
        let mut rings = Rings::new();
        self.summon(job, &mut rings);
        let taken_up = !rings.is_empty() || self.idle_set.spinning() > 0;
        if !taken_up {
            self.make_room(job, &mut rings);
        }
        Ok(rings)
    }

    /// Takes all room of the queue, as so many waiting calls would; [`Pool::empty`] gives it back.
    pub fn fill(&self) -> u64 {
        self.permits.fill()
    }

    /// Gives back what [`Pool::fill`] took.
    pub fn empty(&self, filled: u64) {
        self.permits.give(filled, 0);
    }

    /// The job's caller is done with it. Whatever has not settled is cancelled.
    pub fn release(&self, job: &Arc<Job>) {
        if job.open_items() > 0 {
            let rings = self.cancel(job);
            self.owe(rings);
        }
        self.jobs.lock().remove(&job.id);
    }
}

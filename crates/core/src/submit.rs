//! Opening a job, giving it work, and being done with it.

use smallvec::SmallVec;

use crate::caller::{Bell, Caller};
use crate::job::{Job, JobSpec, Kin, Parent};
use crate::pool::Pool;
use crate::range::Range;
use crate::rings::Rings;
use crate::segment::Segment;
use crate::sync::{Arc, Ordering};

/// The pool takes no more jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

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
    /// [`Closed`] once [`Pool::close`] has begun.
    pub fn open(self: &Arc<Self>, spec: JobSpec, caller: &Arc<Caller>) -> Result<Arc<Job>, Closed> {
        let kin = self.kin_of(spec.parent, caller);
        let id = self.next_job.fetch_add(1, Ordering::Relaxed);
        let job = Arc::new(Job::new(id, spec, self.workers(), caller, kin));
        {
            let mut jobs = self.jobs.lock();
            // Under the lock that `close` takes after it has set the flag: either sees the other.
            if self.closed.load(Ordering::Acquire) || caller.is_closed() {
                return Err(Closed);
            }
            jobs.insert(id, Arc::clone(&job));
        }
        for kin in &job.kin {
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

    /// The workers that wait for a job of this parent: the caller itself, if it is a worker, and those above it.
    fn kin_of(&self, parent: Option<Parent>, caller: &Caller) -> SmallVec<[Kin; 2]> {
        let mut kin: SmallVec<[Kin; 2]> = parent
            .and_then(|parent| {
                let desk = self.slot(parent.slot)?.desk_of(parent.epoch)?;
                let lease = desk.frames.get(usize::from(parent.frame))?.as_ref()?;
                Some(lease.job.kin.clone())
            })
            .unwrap_or_default();
        if let Bell::Slot { slot, epoch } = caller.bell {
            kin.push(Kin { slot, epoch });
        }
        kin
    }
}

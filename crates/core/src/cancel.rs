//! Ending jobs and items ahead of their time.

use std::time::Duration;

use crate::caller::Caller;
use crate::desk::Desk;
use crate::job::Job;
use crate::lease::Lease;
use crate::panel::{Ask, Panel};
use crate::pool::Pool;
use crate::post::Post;
use crate::ranges::End;
use crate::record::{Fate, Kind};
use crate::rings::Rings;
use crate::slot::Slot;
use crate::sync::Arc;
use crate::tally::Ending;

/// What became of a cancelled item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelItem {
    /// It never ran and never will.
    Dropped,
    /// It runs: it was asked to stop, and after its grace its worker is killed. Nothing more is heard of it.
    Running,
    /// It had settled before, or does not exist.
    Gone,
}

impl Pool {
    /// Nothing of the job starts any more, what runs of it is asked to stop and killed after its grace, and its caller
    /// hears nothing more.
    pub fn cancel(&self, job: &Arc<Job>) -> Rings {
        let mut rings = Rings::new();
        self.end(job, End::Cancelled, job.grace, &mut rings);
        rings
    }

    /// The caller is gone: its jobs are cancelled and its inbox is closed.
    pub fn desert(&self, caller: &Arc<Caller>) -> Rings {
        caller.close();
        let mut rings = Rings::new();
        let jobs: Vec<_> = self
            .jobs
            .lock()
            .extract_if(|_, job| Arc::ptr_eq(&job.caller, caller))
            .collect();
        for (_, job) in jobs {
            rings.merge(self.cancel(&job));
        }
        rings
    }

    /// Cancels one item.
    pub fn cancel_item(&self, job: &Arc<Job>, index: u32) -> CancelItem {
        let queued = {
            let mut ranges = job.ranges.lock();
            let queued = ranges.strike(index);
            if let Some(range) = &queued {
                self.unqueue(job, range);
            }
            queued.is_some()
        };
        if queued {
            self.settle(job, Ending::Cancelled, 1);
            return CancelItem::Dropped;
        }
        // From here on the item cannot go back to the queue, so that looking at each desk once is enough.
        let found = self
            .slots
            .iter()
            .find_map(|slot| self.cancel_at(slot, job, index));
        let stopped = job.ranges.lock().unstrike(index);
        match found {
            _ if stopped => CancelItem::Dropped,
            Some(outcome) => outcome,
            None => CancelItem::Gone,
        }
    }

    fn cancel_at(&self, slot: &Slot, job: &Arc<Job>, index: u32) -> Option<CancelItem> {
        let mut post = Post::new(slot.number);
        let mut rings = Rings::new();
        let found = {
            let mut desk = slot.desk();
            let (frame, item) = desk.frames.iter().find_map(|(frame, lease)| {
                let own = Arc::ptr_eq(&lease.job, job);
                Some((frame, lease.unsettled_at(index).filter(|_| own)?))
            })?;
            // What lies in the outbox has finished, and what has not begun comes back and is stopped on the way.
            self.take_outbox(slot, &mut desk, &mut post, &mut rings);
            self.shed(&mut desk, frame, item, &mut post);
            let panel = desk.panel.clone();
            let lease = desk.frames.get_mut(frame).zip(panel);
            let running = lease.and_then(|(lease, panel)| {
                lease.unsettled_at(index)?;
                self.condemn(&*panel, frame, lease, item, job.grace);
                self.rouse(slot, &mut rings);
                Some(CancelItem::Running)
            });
            self.close_finished(slot, &mut desk, &mut post, &mut rings);
            post.send();
            running
        };
        self.deliver(post, &mut rings);
        self.summon(job, &mut rings);
        self.owe(rings);
        Some(found.unwrap_or(CancelItem::Gone))
    }

    /// Ends a job: its queue is emptied, then every desk is searched. What comes back to the queue in between is refused
    /// there.
    pub(crate) fn end(&self, job: &Arc<Job>, how: End, grace: Duration, rings: &mut Rings) {
        let mut post = Post::new(0);
        let dropped = {
            let mut ranges = job.ranges.lock();
            job.state.end();
            let dropped = ranges.end(how);
            dropped
                .iter()
                .flatten()
                .for_each(|range| self.unqueue(job, range));
            dropped
        };
        self.drop_pieces(job, how, dropped.into_iter().flatten(), &mut post);
        for slot in &self.slots {
            let mut desk = slot.desk();
            if desk.leases().any(|lease| Arc::ptr_eq(&lease.job, job)) {
                self.take_outbox(slot, &mut desk, &mut post, rings);
                self.end_at(&mut desk, job, how, grace, &mut post);
                self.rouse(slot, rings);
                self.close_finished(slot, &mut desk, &mut post, rings);
            }
            post.send();
        }
        self.deliver(post, rings);
    }

    fn end_at(&self, desk: &mut Desk, job: &Arc<Job>, how: End, grace: Duration, post: &mut Post) {
        let Some(panel) = desk.panel.clone() else {
            return;
        };
        for frame in 0..desk.frames.len() {
            let lease = desk.frames.get(frame);
            if !lease.is_some_and(|lease| Arc::ptr_eq(&lease.job, job)) {
                continue;
            }
            self.shed(desk, frame, 0, post);
            let Some(lease) = desk.frames.get_mut(frame) else {
                continue;
            };
            for item in lease.unsettled_below(lease.limit()) {
                if how == End::Closed {
                    panel.ask(frame, item, Ask::Cancelled);
                    self.end_item(
                        lease,
                        item,
                        Ending::Cancelled,
                        Kind::Fate,
                        &[Fate::Closed as u8],
                        post,
                    );
                    lease.condemn(item, grace);
                } else {
                    self.condemn(&*panel, frame, lease, item, grace);
                }
            }
        }
    }

    /// Settles a running item without a word to its caller, who asked for it.
    fn condemn(
        &self,
        panel: &dyn Panel,
        frame: usize,
        lease: &mut Lease,
        item: u32,
        grace: Duration,
    ) {
        panel.ask(frame, item, Ask::Cancelled);
        if lease.settle(item) {
            self.settle(&lease.job, Ending::Cancelled, 1);
            lease.condemn(item, grace);
        }
    }
}

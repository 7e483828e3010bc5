//! Moving the front of a job into a lease.

use std::time::Instant;

use crate::claim::{
    ClaimAsk, ClaimHead, ClaimSink, FLAG_ELEMENTS, FLAG_KIN, FLAG_ROW, FLAG_TABLE, FLAG_TIMED,
};
use crate::claim_size::Sizing;
use crate::desk::Desk;
use crate::job::Job;
use crate::layout::{claim_max, elements_max};
use crate::lease::Lease;
use crate::pool::Pool;
use crate::range::Range;
use crate::ranges::{Fit, Taken};
use crate::rings::Rings;
use crate::segment::Segment;
use crate::slot::Slot;
use crate::sync::{Arc, Ordering};

/// Who asks, and for what.
#[derive(Clone, Copy)]
pub(crate) struct Claimant<'a> {
    pub(crate) slot: &'a Slot,
    pub(crate) epoch: u32,
    pub(crate) ask: &'a ClaimAsk,
    pub(crate) out: &'a dyn ClaimSink,
    /// The time, read once for what the claim ends and what it begins.
    pub(crate) now: Instant,
}

pub(crate) enum Found {
    Lease(ClaimHead, Range),
    /// The next item alone needs an inbox of so many bytes.
    TooLarge(usize),
    Nothing,
}

impl Pool {
    /// Takes from the first of `own` that has something, or else from the next job in the run queue.
    pub(crate) fn hand_out(
        &self,
        claimant: &Claimant<'_>,
        desk: &mut Desk,
        frame: usize,
        own: Option<&[Arc<Job>]>,
        rings: &mut Rings,
    ) -> Found {
        if let Some(own) = own {
            let mut found = own
                .iter()
                .map(|job| self.take_from(job, claimant, desk, frame, rings));
            return found
                .find(|found| !matches!(found, Found::Nothing))
                .unwrap_or(Found::Nothing);
        }
        while let Some(job) = self.queue.pop() {
            let found = self.take_from(&job, claimant, desk, frame, rings);
            if job.state.end_turn() {
                self.enqueue(job);
            }
            if !matches!(found, Found::Nothing) {
                return found;
            }
        }
        Found::Nothing
    }

    fn take_from(
        &self,
        job: &Arc<Job>,
        claimant: &Claimant<'_>,
        desk: &mut Desk,
        frame: usize,
        rings: &mut Rings,
    ) -> Found {
        let units = job.state.take_units(job.width);
        if units == 0 {
            return Found::Nothing;
        }
        let most = |segment: &Segment| {
            if segment.is_cheap() {
                elements_max(frame)
            } else {
                claim_max(frame)
            }
        };
        let fit = Fit {
            most: &most,
            capacity: claimant.ask.capacity,
            size: &|segment, begin, end| claimant.out.size(segment, begin, end),
        };
        let (wanted, long) = self.claim_items(job, units, elements_max(frame));
        let taken = self.draw(job, wanted, &fit);
        let kept = if let Taken::Range(range) = &taken {
            units.min(range.len())
        } else {
            0
        };
        self.give_units(job, units - kept, false, rings);
        match taken {
            Taken::Range(range) => {
                let head = self.lease(job, claimant, desk, frame, &range, kept);
                if let Some(lease) = desk.frames.get_mut(frame) {
                    lease.long = long;
                }
                Found::Lease(head, range)
            }
            Taken::TooLarge(bytes) => Found::TooLarge(bytes),
            Taken::Empty => Found::Nothing,
        }
    }

    /// How many are wanted, and whether those are more than beside another job that waits for its turn.
    fn claim_items(&self, job: &Job, units: u32, most: u32) -> (u32, bool) {
        let estimate = job.meter.estimate();
        let sizing = Sizing {
            pending: job.state.pending(),
            workers: self.workers(),
            width: units,
            chunk: job.chunk,
            most,
            estimate,
            probes: if estimate.is_none() {
                job.meter.probe()
            } else {
                0
            },
        };
        let items = sizing.items();
        let alone = sizing.items_alone();
        if alone > items && self.is_alone() {
            (alone, true)
        } else {
            (items, false)
        }
    }

    fn lease(
        &self,
        job: &Arc<Job>,
        claimant: &Claimant<'_>,
        desk: &mut Desk,
        frame: usize,
        range: &Range,
        units: u32,
    ) -> ClaimHead {
        let items = range.len();
        let claim_id = self.next_claim.fetch_add(1, Ordering::Relaxed);
        if let Some(panel) = &desk.panel {
            panel.reset_states(frame, items);
            // No need for a total order yet: the worker reads these on this very thread, all others under the lock that is held here.
            panel.started(frame).store(0, Ordering::Release);
            panel.limit(frame).store(items, Ordering::Release);
        }
        let lease = Lease::new(
            Arc::clone(job),
            range.clone(),
            units,
            claim_id,
            claimant.now,
        );
        desk.frames.put(frame, lease);
        claimant
            .slot
            .load
            .store(desk.frames.used(), Ordering::Release);
        job.begin();
        ClaimHead {
            frame: frame as u32,
            items,
            first_index: range.index(0),
            attempt: range.attempt,
            width: units,
            claim_id,
            job: job.id,
            recipe: job.recipe,
            parcels: range.segment.parcels(),
            flags: if claimant.ask.suspended { FLAG_KIN } else { 0 }
                | if range.segment.is_row() { FLAG_ROW } else { 0 }
                | if range.segment.is_table() {
                    FLAG_TABLE
                } else {
                    0
                }
                | if job.elements { FLAG_ELEMENTS } else { 0 }
                | if job.timeout.is_some() { FLAG_TIMED } else { 0 },
            caller: job.caller.slot(),
        }
    }
}

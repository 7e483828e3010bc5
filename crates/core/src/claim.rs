//! A worker asks for work: its results are taken first, then it gets the front of a job that is runnable.

use crate::claim_size::Sizing;
use crate::desk::Desk;
use crate::job::Job;
use crate::lease::Lease;
use crate::pool::Pool;
use crate::post::Post;
use crate::range::Range;
use crate::ranges::Taken;
use crate::rings::Rings;
use crate::segment::Segment;
use crate::slot::Slot;
use crate::slot_state::Phase;
use crate::sync::{Arc, MutexGuard, Ordering};

/// The claim was made by a worker that has suspended items.
pub const FLAG_KIN: u32 = 1;

/// What the claimant says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimAsk {
    /// Bytes that its inbox takes.
    pub capacity: usize,
    /// It has suspended items: it takes only what these wait for, or more of the same wide job.
    pub suspended: bool,
}

/// What the claimant is told about the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimHead {
    /// Which of its frames.
    pub frame: u32,
    /// Number of items.
    pub items: u32,
    /// Position in the job of the first.
    pub first_index: u32,
    /// 1 for the first run.
    pub attempt: u32,
    /// Items that it may run at the same time.
    pub width: u32,
    /// Never the same twice in a row of 2^32.
    pub claim_id: u32,
    /// The job's number.
    pub job: u64,
    /// What the function is looked up by.
    pub recipe: u32,
    /// The segment's [`Segment::parcels`].
    pub parcels: u32,
    /// See [`FLAG_KIN`].
    pub flags: u32,
}

/// Where the claimed items go.
pub trait ClaimSink {
    /// Bytes that `take` would write for these items. By default what every format needs: bytes, definitions, offsets.
    fn size(&self, segment: &Segment, begin: u32, end: u32) -> usize {
        let offsets = 4 * (end - begin + 1) as usize;
        segment.bytes(begin, end).len() + segment.definitions().len() + offsets
    }

    /// Copies the items out. Called without any lock held, once the lease is written.
    fn take(&mut self, head: &ClaimHead, segment: &Segment, begin: u32, end: u32);
}

/// The answer to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The sink has the items.
    Frame,
    /// No work for this worker.
    Nothing {
        /// There is some that could be stolen later: look again in 2 ms.
        siblings_hold_unstarted: bool,
    },
    /// The inbox must be at least so large.
    NeedBytes(usize),
    /// Leave: nothing more will come.
    Leave,
    /// The worker is no longer believed, or about to be killed.
    Doomed,
}

enum Found {
    Lease(ClaimHead, Range),
    NeedBytes(usize),
    Nothing,
}

impl Pool {
    /// Commits, frees finished frames, and claims. See [`Claimed`].
    pub fn claim(
        &self,
        slot: u32,
        epoch: u32,
        ask: &ClaimAsk,
        out: &mut dyn ClaimSink,
    ) -> (Claimed, Rings) {
        let mut rings = Rings::new();
        let mut post = Post::new(slot);
        let found = self.claim_locked(slot, epoch, ask, out, &mut post, &mut rings);
        self.deliver(post, &mut rings);
        let claimed = match found {
            Ok(Found::Lease(head, range)) => {
                out.take(&head, &range.segment, range.begin, range.end);
                Claimed::Frame
            }
            Ok(Found::Nothing) => Claimed::Nothing {
                siblings_hold_unstarted: self.anything_to_steal(slot),
            },
            Ok(Found::NeedBytes(bytes)) => Claimed::NeedBytes(bytes),
            Err(refusal) => refusal,
        };
        (claimed, rings)
    }

    fn claim_locked(
        &self,
        number: u32,
        epoch: u32,
        ask: &ClaimAsk,
        out: &dyn ClaimSink,
        post: &mut Post,
        rings: &mut Rings,
    ) -> Result<Found, Claimed> {
        let slot = self.slot(number).ok_or(Claimed::Doomed)?;
        let mut desk = slot.desk_of(epoch).ok_or(Claimed::Doomed)?;
        self.settle_up(slot, epoch, &mut desk, ask, post, rings);
        // Twice: what is stolen goes through its job's queue, where another may be faster.
        for round in 0..2 {
            desk = self.admit(slot, epoch, desk)?;
            let own_only = ask.suspended || slot.leaving.load(Ordering::Acquire);
            let Some(frame) = desk.free_frame() else {
                return Ok(Found::Nothing);
            };
            let own = own_only.then(|| desk.own_jobs());
            match self.find(slot, &mut desk, frame, own.as_deref(), ask, out, rings) {
                Found::Nothing => {}
                found => return Ok(found),
            }
            // One desk at a time.
            drop(desk);
            if round == 1 || !self.steal(number, own.as_deref(), post) {
                break;
            }
            desk = slot.desk_of(epoch).ok_or(Claimed::Doomed)?;
        }
        Ok(Found::Nothing)
    }

    /// What a claim does before it looks for work.
    fn settle_up(
        &self,
        slot: &Slot,
        epoch: u32,
        desk: &mut Desk,
        ask: &ClaimAsk,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        self.take_outbox(slot, desk, post, rings);
        desk.rewind();
        self.trim(slot, desk, post, rings);
        post.send();
        if let Some(phase) = slot.state.work(epoch) {
            self.left(slot, phase);
            slot.kin_only.store(ask.suspended, Ordering::Release);
        }
    }

    /// Refuses a worker that is to be killed or to leave.
    fn admit<'a>(
        &self,
        slot: &Slot,
        epoch: u32,
        desk: MutexGuard<'a, Desk>,
    ) -> Result<MutexGuard<'a, Desk>, Claimed> {
        match slot.state.phase(epoch) {
            Some(Phase::Busy) if slot.leaving.load(Ordering::Acquire) && !desk.has_leases() => {
                Err(Claimed::Leave)
            }
            Some(Phase::Busy) => Ok(desk),
            _ => Err(Claimed::Doomed),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn find(
        &self,
        slot: &Slot,
        desk: &mut Desk,
        frame: usize,
        own: Option<&[Arc<Job>]>,
        ask: &ClaimAsk,
        out: &dyn ClaimSink,
        rings: &mut Rings,
    ) -> Found {
        if let Some(own) = own {
            let mut found = own
                .iter()
                .map(|job| self.take_from(job, slot, desk, frame, ask, out, rings));
            return found
                .find(|found| !matches!(found, Found::Nothing))
                .unwrap_or(Found::Nothing);
        }
        while let Some(job) = self.queue.pop() {
            let found = self.take_from(&job, slot, desk, frame, ask, out, rings);
            if job.state.end_turn() {
                self.enqueue(&job);
            }
            if !matches!(found, Found::Nothing) {
                self.pass_on(rings);
                return found;
            }
        }
        Found::Nothing
    }

    /// Moves items from a job's ranges into a lease, under both locks.
    #[allow(clippy::too_many_arguments)]
    fn take_from(
        &self,
        job: &Arc<Job>,
        slot: &Slot,
        desk: &mut Desk,
        frame: usize,
        ask: &ClaimAsk,
        out: &dyn ClaimSink,
        rings: &mut Rings,
    ) -> Found {
        let units = job.state.take_units(job.width);
        if units == 0 {
            return Found::Nothing;
        }
        let size = |range: &Range| out.size(&range.segment, range.begin, range.end);
        let taken = match &desk.panel {
            Some(_) => self.draw(job, self.claim_items(job, units), ask.capacity, &size),
            None => Taken::Empty,
        };
        let kept = if let Taken::Range(range) = &taken {
            units.min(range.len())
        } else {
            0
        };
        self.give_units(job, units - kept, rings);
        match taken {
            Taken::Range(range) => {
                let head = self.lease(job, slot, desk, frame, &range, kept, ask);
                Found::Lease(head, range)
            }
            Taken::TooLarge(bytes) => Found::NeedBytes(bytes),
            Taken::Empty => Found::Nothing,
        }
    }

    fn claim_items(&self, job: &Job, units: u32) -> u32 {
        let estimate = job.meter.estimate();
        let probes = if estimate.is_none() {
            job.meter.probe()
        } else {
            0
        };
        let pending = job.state.pending();
        Sizing {
            pending,
            workers: self.workers(),
            width: units,
            chunk: job.chunk,
            estimate,
            probes,
        }
        .items()
    }

    #[allow(clippy::too_many_arguments)]
    fn lease(
        &self,
        job: &Arc<Job>,
        slot: &Slot,
        desk: &mut Desk,
        frame: usize,
        range: &Range,
        units: u32,
        ask: &ClaimAsk,
    ) -> ClaimHead {
        let items = range.len();
        let claim_id = self.next_claim.fetch_add(1, Ordering::Relaxed);
        if let Some(panel) = &desk.panel {
            panel.reset_states(frame, items);
            panel.started(frame).store(0, Ordering::SeqCst);
            panel.limit(frame).store(items, Ordering::SeqCst);
        }
        desk.frames[frame] = Some(Lease::new(Arc::clone(job), range.clone(), units, claim_id));
        slot.load.fetch_add(1, Ordering::AcqRel);
        job.claimed.store(true, Ordering::Relaxed);
        job.meter.start(items);
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
            flags: if ask.suspended { FLAG_KIN } else { 0 },
        }
    }
}

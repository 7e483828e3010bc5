//! A worker asks for work: its results are taken first, then it gets the front of a job that is runnable.

use crate::desk::Desk;
use crate::hand_out::{Claimant, Found};
use crate::pool::Pool;
use crate::post::Post;
use crate::rings::Rings;
use crate::segment::Segment;
use crate::slot::Slot;
use crate::slot_state::Phase;
use crate::sync::{MutexGuard, Ordering};

/// The claim was made by a worker that has suspended items.
pub const FLAG_KIN: u32 = 1;
/// The items are a row: see [`Segment::is_row`].
pub const FLAG_ROW: u32 = 2;
/// The items are elements of shared memory.
pub const FLAG_ELEMENTS: u32 = 4;
/// The items have a timeout: they are begun one by one, so that an item that is killed for its time is the only one that its worker runs.
pub const FLAG_TIMED: u32 = 8;
/// The items are rows with text: see [`Segment::is_table`].
pub const FLAG_TABLE: u32 = 16;

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
    /// See [`FLAG_KIN`], [`FLAG_ROW`], [`FLAG_ELEMENTS`], [`FLAG_TIMED`] and [`FLAG_TABLE`].
    pub flags: u32,
    /// Slot of the worker whose job it is; nothing if it is not a worker's.
    pub caller: Option<u32>,
}

/// Where the claimed items go.
pub trait ClaimSink {
    /// Bytes that `take` would write for these items; only computes, for it is called under locks.
    /// By default what every format needs: bytes, definitions, offsets, text.
    fn size(&self, segment: &Segment, begin: u32, end: u32) -> usize {
        segment.size(begin, end)
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
        let Some(place) = self.slot(slot) else {
            return (Claimed::Doomed, rings);
        };
        let mut post = Post::new(slot);
        let found = self.claim_locked(place, epoch, ask, out, &mut post, &mut rings);
        self.deliver(post, &mut rings);
        // Whoever gets nothing may have been the one that was counted on; whoever gets something leaves the rest.
        self.pass_on(&mut rings);
        let claimed = match found {
            Ok(Found::Lease(head, range)) => {
                out.take(&head, &range.segment, range.begin, range.end);
                Claimed::Frame
            }
            Ok(Found::TooLarge(bytes)) => Claimed::NeedBytes(bytes),
            Ok(Found::Nothing) => Claimed::Nothing {
                siblings_hold_unstarted: self.anything_to_steal(slot),
            },
            Err(refusal) => refusal,
        };
        (claimed, rings)
    }

    fn claim_locked(
        &self,
        slot: &Slot,
        epoch: u32,
        ask: &ClaimAsk,
        out: &dyn ClaimSink,
        post: &mut Post,
        rings: &mut Rings,
    ) -> Result<Found, Claimed> {
        let mut desk = slot.desk_of(epoch).ok_or(Claimed::Doomed)?;
        self.settle_up(slot, ask, &mut desk, post, rings);
        self.wake_up(slot, epoch);
        slot.kin_only.store(ask.suspended, Ordering::Release);
        let claimant = &Claimant {
            slot,
            epoch,
            ask,
            out,
            now: post.now(),
        };
        loop {
            desk = admit(claimant, desk)?;
            let Some(frame) = desk.frames.free() else {
                return Ok(Found::Nothing);
            };
            let leaving = slot.leaving.load(Ordering::Acquire);
            let own_only = ask.suspended || leaving || desk.frames.floor().is_some();
            let own = own_only.then(|| desk.own_jobs(leaving));
            match self.hand_out(claimant, &mut desk, frame, own.as_deref(), rings) {
                Found::Nothing => {}
                found => return Ok(found),
            }
            // One desk at a time. What is stolen goes through its job's queue, where another may be faster: then it
            // was worth stealing, and there is less left each time.
            drop(desk);
            if !self.steal(slot.number, own.as_deref(), post) {
                return Ok(Found::Nothing);
            }
            desk = slot.desk_of(epoch).ok_or(Claimed::Doomed)?;
        }
    }

    /// What a claim does before it looks for work.
    fn settle_up(
        &self,
        slot: &Slot,
        ask: &ClaimAsk,
        desk: &mut Desk,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        desk.looking = !ask.suspended;
        self.take_outbox(slot, desk, post, rings);
        desk.rewind();
        self.trim(slot, desk, post, rings);
        post.send();
        desk.looking = false;
    }
}

/// Refuses a worker that is to be killed or to leave.
fn admit<'a>(
    claimant: &Claimant<'_>,
    desk: MutexGuard<'a, Desk>,
) -> Result<MutexGuard<'a, Desk>, Claimed> {
    let leaving = claimant.slot.leaving.load(Ordering::Acquire) && !desk.has_leases();
    match claimant.slot.state.phase(claimant.epoch) {
        Some(Phase::Busy) if leaving => Err(Claimed::Leave),
        Some(Phase::Busy) => Ok(desk),
        _ => Err(Claimed::Doomed),
    }
}

//! A job that is alone gets long claims, and gives up what is too long of them as soon as another one comes.
//!
//! So they cost a worker less, and a newcomer waits no longer for it: what lies beyond the length that claims have beside other jobs goes back to the queue, and
//! the worker is done once it has run what it has announced.
//!
//! Whoever sizes a claim does so under its desk's lock: it sets the flag, then looks at the queue. Whoever submits pushes, then looks at the flag, then
//! takes the locks. So either the one sees the other's job, or the other sees its claim.

use crate::claim_size::courteous;
use crate::job::Job;
use crate::pool::Pool;
use crate::post::Post;
use crate::rings::Rings;
use crate::slot::Slot;
use crate::sync::{Arc, Ordering, fence};

impl Pool {
    /// Whether no job waits for its turn beside the one that a claim is being made of.
    pub(crate) fn is_alone(&self) -> bool {
        // Only a change of it is written: every submitter looks there.
        if !self.long_claims.load(Ordering::SeqCst) {
            self.long_claims.store(true, Ordering::SeqCst);
        }
        fence(Ordering::SeqCst);
        self.queue.is_empty()
    }

    /// Items of `newcomer` have come, and nobody idle was there for them: other jobs' claims are cut to the length that they have where jobs take turns.
    pub(crate) fn make_room(&self, newcomer: &Arc<Job>, rings: &mut Rings) {
        fence(Ordering::SeqCst);
        if !self.long_claims.load(Ordering::SeqCst) {
            return;
        }
        self.long_claims.store(false, Ordering::SeqCst);
        for slot in &self.slots {
            self.shorten(slot, newcomer, rings);
        }
    }

    fn shorten(&self, slot: &Slot, newcomer: &Arc<Job>, rings: &mut Rings) {
        let mut post = Post::new(slot.number);
        let mut desk = slot.desk();
        for frame in 0..desk.frames.len() {
            let lease = desk.frames.get_mut(frame).filter(|lease| lease.long);
            let Some(lease) = lease else {
                continue;
            };
            if Arc::ptr_eq(&lease.job, newcomer) {
                self.long_claims.store(true, Ordering::SeqCst);
                continue;
            }
            lease.long = false;
            let job = Arc::clone(&lease.job);
            if let Some(estimate) = job.meter.estimate() {
                self.shed(&mut desk, frame, courteous(estimate).max(1), &mut post);
                self.summon(&job, rings);
            }
        }
        post.send();
        drop(desk);
        self.deliver(post, rings);
    }
}

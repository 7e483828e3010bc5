//! Results on their way to inboxes, collected under a desk's lock: one block for each run of records of a claim.
//!
//! Blocks are sent while the lock is held, so that those of a claim arrive in order; bells are rung after it is released. Not all of them are: see
//! [`crate::patience`].

use smallvec::SmallVec;

use crate::caller::{Block, Caller};
use crate::job::Job;
use crate::lease::Lease;
use crate::record::{Fate, Kind, Record};
use crate::sync::Arc;

/// See the module.
pub(crate) struct Post {
    slot: u32,
    open: Option<(Arc<Job>, Block)>,
    /// Something in the open block may not wait.
    urgent: bool,
    heard: SmallVec<[Arc<Caller>; 2]>,
}

impl Post {
    pub(crate) fn new(slot: u32) -> Self {
        Self {
            slot,
            open: None,
            urgent: false,
            heard: SmallVec::new(),
        }
    }

    /// A record of a leased item, or the definitions of its claim.
    pub(crate) fn record(&mut self, lease: &mut Lease, kind: Kind, item: u32, payload: &[u8]) {
        lease.heard = true;
        let item = if kind == Kind::Definitions {
            0
        } else {
            lease.index(item)
        };
        self.write(&lease.job, lease.claim_id, kind, item, payload);
    }

    /// The pool closed before these items were claimed.
    pub(crate) fn closed(&mut self, job: &Arc<Job>, indexes: impl Iterator<Item = u32>) {
        for item in indexes {
            self.write(job, 0, Kind::Fate, item, &[Fate::Closed as u8]);
        }
    }

    /// Nothing more of this claim follows.
    pub(crate) fn end_of_claim(&mut self, lease: &Lease) {
        if lease.heard {
            self.block(&lease.job, lease.claim_id).last = true;
        }
    }

    /// Puts what is collected into the inbox. Call it before the desk's lock is released.
    pub(crate) fn send(&mut self) {
        let Some((job, block)) = self.open.take() else {
            return;
        };
        let held = job.caller.post(&job, block);
        let urgent = std::mem::take(&mut self.urgent);
        if !urgent && job.may_wait(held) {
            return;
        }
        if !self
            .heard
            .iter()
            .any(|caller| Arc::ptr_eq(caller, &job.caller))
        {
            self.heard.push(Arc::clone(&job.caller));
        }
    }

    /// The callers to ring.
    pub(crate) fn into_heard(mut self) -> SmallVec<[Arc<Caller>; 2]> {
        self.send();
        self.heard
    }

    fn write(&mut self, job: &Arc<Job>, claim_id: u32, kind: Kind, item: u32, payload: &[u8]) {
        let record = Record {
            frame: 0,
            kind: kind as u8,
            item,
            ran: 0.0,
            payload,
        };
        record.write(&mut self.block(job, claim_id).bytes);
        self.urgent |= !kind.may_wait();
    }

    fn block(&mut self, job: &Arc<Job>, claim_id: u32) -> &mut Block {
        let fits = self
            .open
            .as_ref()
            .is_some_and(|(_, block)| block.job == job.id && block.claim_id == claim_id);
        if !fits {
            self.send();
        }
        let slot = self.slot;
        let new = || {
            (
                Arc::clone(job),
                Block {
                    job: job.id,
                    claim_id,
                    slot,
                    last: false,
                    bytes: Vec::new(),
                },
            )
        };
        &mut self.open.get_or_insert_with(new).1
    }
}

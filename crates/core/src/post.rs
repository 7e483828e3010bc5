//! Results on their way to inboxes, collected under a desk's lock: one block for each run of records of a claim.
//!
//! Blocks are sent while the lock is held, so that those of a claim arrive in order; bells are rung after it is released. Not all of them are: see
//! [`crate::patience`].

use std::time::Instant;

use smallvec::SmallVec;

use crate::caller::{Block, Caller};
use crate::inbox::Mail;
use crate::job::Job;
use crate::lease::Lease;
use crate::record::{Fate, Kind, Record};
use crate::sync::{Arc, now};

/// See the module.
pub(crate) struct Post {
    slot: u32,
    /// Bytes that may be about to come.
    expected: usize,
    /// See [`Self::now`].
    now: Option<Instant>,
    open: Option<Mail>,
    /// Something in the open block may not wait.
    urgent: bool,
    heard: SmallVec<[Arc<Caller>; 2]>,
}

/// A block begins with room for so many bytes at most: should claims alternate in an outbox, each of their blocks holds little.
const ROOM: usize = 4096;

impl Post {
    pub(crate) fn new(slot: u32) -> Self {
        Self {
            slot,
            expected: 0,
            now: None,
            open: None,
            urgent: false,
            heard: SmallVec::new(),
        }
    }

    /// The time of all that it tells of: the clock is read once, if anything needs it.
    pub(crate) fn now(&mut self) -> Instant {
        *self.now.get_or_insert_with(now)
    }

    /// So many bytes of records come, of one claim for all that is known.
    pub(crate) fn expect(&mut self, bytes: usize) {
        self.expected = bytes.min(ROOM);
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
        let Some(mail) = self.open.take() else {
            return;
        };
        let job = Arc::clone(&mail.0);
        let held = job.caller.post(mail);
        let urgent = std::mem::take(&mut self.urgent);
        if !urgent && job.may_wait(held) {
            return;
        }
        let known = |heard: &Arc<Caller>| Arc::ptr_eq(heard, &job.caller);
        if !self.heard.iter().any(known) {
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
        let room = self.expected.max(record.length());
        let bytes = &mut self.block(job, claim_id).bytes;
        if bytes.is_empty() {
            bytes.reserve_exact(room);
        }
        record.write(bytes);
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

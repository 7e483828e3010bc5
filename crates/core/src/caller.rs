//! A thread that opens jobs: the inbox where its results arrive, and the bell that tells it so.

use crate::inbox::{Inbox, Mail};
use crate::sync::{Arc, AtomicBool, AtomicU64, Ordering};

/// How a caller is told that its inbox has something for it.
pub enum Bell {
    /// A doorbell without payload that any thread may ring; must not block.
    Native(Box<dyn Fn() + Send + Sync>),
    /// The caller is a worker of the same pool: its slot is rung if it is parked.
    Slot {
        /// Its slot.
        slot: u32,
        /// Which occupant of it.
        epoch: u32,
    },
    /// A word that JavaScript knows by this number: it is named in [`crate::Rings::words`].
    Word(u32),
}

/// Results of one claim that were committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The job they belong to.
    pub job: u64,
    /// The claim that made them: its definitions hold for its records.
    pub claim_id: u32,
    /// The slot that ran them.
    pub slot: u32,
    /// Nothing more of this claim follows: its definitions can be forgotten. May come without records.
    pub last: bool,
    /// Records, their item rewritten to the index in the job, their frame to 0.
    pub bytes: Vec<u8>,
}

/// See the module.
pub struct Caller {
    pub(crate) bell: Bell,
    inbox: Inbox,
    /// The bell has been rung and not been answered: further results need no ring.
    rung: AtomicBool,
    /// Bytes in the inbox, about: what has arrived since it was last looked into.
    held: AtomicU64,
    closed: AtomicBool,
}

impl Caller {
    /// A caller with an empty inbox.
    pub fn new(bell: Bell) -> Arc<Self> {
        Arc::new(Self {
            bell,
            inbox: Inbox::new(),
            rung: AtomicBool::new(false),
            held: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        })
    }

    /// Hands over blocks until about `budget_bytes` have gone by. True: there is more, come back without being rung.
    ///
    /// Blocks of jobs that were cancelled meanwhile are dropped on the way.
    pub fn drain(&self, budget_bytes: usize, f: &mut dyn FnMut(Block)) -> bool {
        // First: a block that arrives from here on rings again.
        self.rung.swap(false, Ordering::SeqCst);
        self.held.store(0, Ordering::Relaxed);
        let mut spent = 0;
        self.inbox.take(|(job, block)| {
            if !job.muted() {
                spent += block.bytes.len().max(1);
                f(block);
            }
            spent >= budget_bytes.max(1)
        })
    }

    /// Nothing arrives any more, and what has arrived is dropped.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.inbox.clear();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Where it works, if it is a worker.
    pub(crate) fn slot(&self) -> Option<u32> {
        match self.bell {
            Bell::Slot { slot, .. } => Some(slot),
            Bell::Native(_) | Bell::Word(_) => None,
        }
    }

    pub(crate) fn has_mail(&self) -> bool {
        self.inbox.has_any()
    }

    /// Puts a block into the inbox. Gives the bytes that wait there.
    pub(crate) fn post(&self, mail: Mail) -> u64 {
        if self.is_closed() {
            return 0;
        }
        let bytes = mail.1.bytes.len() as u64;
        self.inbox.put(mail);
        self.held.fetch_add(bytes, Ordering::Relaxed) + bytes
    }

    /// True for the one who has to ring.
    pub(crate) fn claim_ring(&self) -> bool {
        !self.rung.swap(true, Ordering::SeqCst)
    }

    /// Somebody has rung, and that will be answered after a block that was put in before this look: it went in behind a lock that the reader
    /// takes after it has cleared the flag, so had it taken that lock before, this look would find the flag cleared.
    pub(crate) fn is_rung(&self) -> bool {
        self.rung.load(Ordering::Acquire)
    }
}

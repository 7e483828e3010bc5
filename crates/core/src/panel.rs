//! What the core sees of one slot's shared memory.
//!
//! The worker may write anything here at any time: whatever is read is checked against the leases before it is believed.

use crate::sync::AtomicU32;

/// The item has not begun.
pub const QUEUED: u8 = 0;
/// The item has begun and has not committed.
pub const STARTED: u8 = 1;
/// The item's result lies in the outbox, or has been taken from it.
pub const COMMITTED: u8 = 2;

/// What the core asks of a running item; a byte that a sync loop can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ask {
    /// Nothing is asked.
    Nothing = 0,
    /// The item's job, or the item, was cancelled.
    Cancelled = 1,
    /// The item's time is up.
    TimedOut = 2,
    /// Nothing of the item itself: it was announced together with others, has not begun, and its worker is to take the
    /// announcement back from here on. (3 is the worker's own.)
    Recall = 4,
}

/// One slot's shared memory; the binding implements it over a SharedArrayBuffer, tests over plain vectors.
pub trait Panel: Send + Sync {
    /// End of the committed records in the outbox.
    fn written(&self) -> &AtomicU32;
    /// Bytes of the table that stands open at `written`; 0 for none.
    fn open_table(&self) -> &AtomicU32;
    /// Items below it may have begun.
    fn started(&self, frame: usize) -> &AtomicU32;
    /// Items from it on are not the worker's.
    fn limit(&self, frame: usize) -> &AtomicU32;
    /// The item's state byte: [`QUEUED`], [`STARTED`] or [`COMMITTED`].
    fn state(&self, frame: usize, item: u32) -> u8;
    /// Sets the first `items` state and ask bytes of the frame to 0.
    fn reset_states(&self, frame: usize, items: u32);
    /// Writes the item's ask byte.
    fn ask(&self, frame: usize, item: u32, ask: Ask);
    /// Appends a copy of the outbox bytes `from..to`, which the worker leaves alone. The copy is what gets checked, never the original.
    fn read_outbox(&self, from: u32, to: u32, into: &mut Vec<u8>);
    /// The 8 bytes of the outbox at `at`, a multiple of 8, as one little-endian number. The worker may be writing them: they are what they were or
    /// what they will be, and nothing in between.
    fn cell(&self, at: u32) -> u64;
}

/// The shared words of the pool itself.
pub trait PoolWords: Send + Sync {
    /// Bumps the word that spinning workers look at.
    fn work_arrived(&self);
}

//! The packed state of a job: everything that decides whether it belongs in the run queue, in one atomic.
//!
//! | bits | meaning |
//! |---|---|
//! | 0..32 | pending: items in its ranges |
//! | 32..56 | units: shares of its concurrency that leases hold |
//! | 56 | scheduled: it is in the run queue, or with a worker that popped it and will decide |
//! | 57 | ended: cancelled or closed; never runnable again |
//!
//! *Runnable* is: pending > 0, units < concurrency, not ended. Whoever makes a job runnable and finds `scheduled` clear
//! sets it in the same step and must push the job; so it is in the queue at most once, and is never forgotten.

use crate::sync::{AtomicU64, Ordering};

const UNIT: u64 = 1 << 32;
const UNITS: u64 = 0x00FF_FFFF;
const SCHEDULED: u64 = 1 << 56;
const ENDED: u64 = 1 << 57;

/// Largest concurrency that fits the bits.
pub(crate) const MAX_CONCURRENCY: u32 = UNITS as u32;

/// See the module.
pub(crate) struct JobState {
    bits: AtomicU64,
    concurrency: u32,
}

#[derive(Clone, Copy)]
struct Bits(u64);

impl Bits {
    fn pending(self) -> u32 {
        self.0 as u32
    }

    fn units(self) -> u32 {
        ((self.0 / UNIT) & UNITS) as u32
    }

    fn runnable(self, concurrency: u32) -> bool {
        self.pending() > 0 && self.units() < concurrency && self.0 & ENDED == 0
    }

    /// Sets `scheduled` if that has become necessary.
    fn scheduled_if_runnable(self, concurrency: u32) -> Self {
        if self.runnable(concurrency) {
            Self(self.0 | SCHEDULED)
        } else {
            self
        }
    }
}

impl JobState {
    /// A job with nothing pending.
    pub(crate) fn new(concurrency: u32) -> Self {
        Self {
            bits: AtomicU64::new(0),
            concurrency: concurrency.clamp(1, MAX_CONCURRENCY),
        }
    }

    pub(crate) fn concurrency(&self) -> u32 {
        self.concurrency
    }

    /// Items were put into the ranges. True: the caller must push the job.
    #[must_use]
    pub(crate) fn arrive(&self, items: u32) -> bool {
        let (old, new) = self
            .change(|bits| Bits(bits.0 + u64::from(items)).scheduled_if_runnable(self.concurrency));
        Self::became_scheduled(old, new)
    }

    /// Items were taken out of the ranges.
    pub(crate) fn depart(&self, items: u32) {
        self.bits.fetch_sub(u64::from(items), Ordering::AcqRel);
    }

    /// Takes up to `wanted` units if the job is runnable; 0 if it is not.
    pub(crate) fn take_units(&self, wanted: u32) -> u32 {
        let take = |bits: Bits| {
            if bits.runnable(self.concurrency) {
                wanted.min(self.concurrency - bits.units())
            } else {
                0
            }
        };
        let (old, _) = self.change(|bits| Bits(bits.0 + u64::from(take(bits)) * UNIT));
        take(old)
    }

    /// Gives units back. True: the caller must push the job.
    #[must_use]
    pub(crate) fn give_units(&self, units: u32) -> bool {
        let (old, new) = self.change(|bits| {
            Bits(bits.0 - u64::from(units) * UNIT).scheduled_if_runnable(self.concurrency)
        });
        Self::became_scheduled(old, new)
    }

    /// The one who popped the job is done with it. True: still runnable, the caller must push it again.
    #[must_use]
    pub(crate) fn end_turn(&self) -> bool {
        let (_, new) =
            self.change(|bits| Bits(bits.0 & !SCHEDULED).scheduled_if_runnable(self.concurrency));
        new.0 & SCHEDULED != 0
    }

    /// Nothing of it starts any more. True the first time.
    pub(crate) fn end(&self) -> bool {
        self.bits.fetch_or(ENDED, Ordering::AcqRel) & ENDED == 0
    }

    pub(crate) fn ended(&self) -> bool {
        self.load().0 & ENDED != 0
    }

    pub(crate) fn pending(&self) -> u32 {
        self.load().pending()
    }

    /// Units that nobody holds.
    pub(crate) fn free_units(&self) -> u32 {
        self.concurrency.saturating_sub(self.load().units())
    }

    pub(crate) fn runnable(&self) -> bool {
        self.load().runnable(self.concurrency)
    }

    fn load(&self) -> Bits {
        Bits(self.bits.load(Ordering::Acquire))
    }

    fn became_scheduled(old: Bits, new: Bits) -> bool {
        old.0 & SCHEDULED == 0 && new.0 & SCHEDULED != 0
    }

    fn change(&self, step: impl Fn(Bits) -> Bits) -> (Bits, Bits) {
        let mut old = self.load();
        loop {
            let new = step(old);
            match self
                .bits
                .compare_exchange_weak(old.0, new.0, Ordering::AcqRel, Ordering::Acquire)
            {
                Ok(_) => return (old, new),
                Err(seen) => old = Bits(seen),
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn is_pushed_once_until_its_turn_ends() {
        let state = JobState::new(2);
        assert!(state.arrive(3));
        assert!(!state.arrive(1), "already scheduled");
        assert_eq!(state.take_units(1), 1);
        state.depart(4);
        assert!(!state.end_turn(), "nothing pending");
        assert!(state.arrive(1));
    }

    #[test]
    fn a_full_job_comes_back_with_its_units() {
        let state = JobState::new(2);
        assert!(state.arrive(5));
        assert_eq!(state.take_units(8), 2);
        assert!(!state.end_turn(), "no units left");
        assert_eq!(state.take_units(1), 0);
        assert!(state.give_units(1), "runnable again");
        assert!(!state.give_units(1), "already scheduled");
    }

    #[test]
    fn an_ended_job_is_never_runnable() {
        let state = JobState::new(1);
        assert!(state.arrive(1));
        assert!(state.end());
        assert!(!state.end());
        assert_eq!(state.take_units(1), 0);
        assert!(!state.end_turn());
        assert!(!state.arrive(1));
    }
}

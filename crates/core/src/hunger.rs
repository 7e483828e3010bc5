//! A pool that could use more workers than the budget has threads for, and the sleeping workers that leave for it.
//!
//! A worker costs up to a tenth of a second to replace, in its own pool or in another, so it is not sent away whenever two pools
//! are used by turns. It leaves once some pool has been hungry for about as long *while it slept*: that time is added up by the
//! ticks of hungry homes, and each worker remembers the sum at which it fell asleep.

use std::time::{Duration, Instant};

use crate::pool::Pool;
use crate::slot::Slot;
use crate::slot_state::Phase;
use crate::sync::Ordering;

/// About what it costs to replace a worker on a busy machine, with the loading and warming up of its code.
const PATIENCE: Duration = Duration::from_millis(100);

impl Pool {
    /// Sleeping workers that had better leave, for other pools: for each of these, [`Pool::dismiss`] one.
    pub fn excess(&self) -> u32 {
        match self.budget.missing() {
            0 => 0,
            missing => missing.min(self.spare()),
        }
    }

    /// Asks a sleeping worker to leave, if other pools want its thread and it is none of those that always stay. True: it will;
    /// wake it, and it gets [`crate::Claimed::Leave`].
    pub fn dismiss(&self, slot: u32, epoch: u32) -> bool {
        let Some(slot) = self.slot(slot) else {
            return false;
        };
        let Some(mut desk) = slot.desk_of(epoch) else {
            return false;
        };
        if !self.may_go(slot) || self.spare() == 0 {
            return false;
        }
        let promised = desk
            .seat
            .as_mut()
            .is_some_and(|seat| self.budget.promise(seat));
        if promised {
            // Whoever submits from here on rings another. If it was rung just now, what it was rung for stays for another.
            slot.leaving.store(true, Ordering::Release);
            self.wake_up(slot, epoch);
        }
        promised
    }

    /// The pool could use so many more workers than it can have.
    pub(crate) fn set_hunger(&self, workers: u32) {
        if self.hunger.load(Ordering::Acquire) != workers {
            self.budget.set_hunger(self, workers);
        }
    }

    /// Part of the home's tick: where others have let threads sleep for too long, their homes are rung.
    pub(crate) fn suffer(&self, now: Instant, passed: Duration) {
        if self.hunger.load(Ordering::Acquire) == 0 {
            return;
        }
        for other in self.budget.suffer(self, now, passed) {
            if other.excess() > 0 {
                other.call_home();
            }
        }
    }

    /// Workers that may go, beyond those to be kept.
    fn spare(&self) -> u32 {
        if self.queued_items.load(Ordering::Acquire) > 0 {
            return 0;
        }
        let staying = self.slots.iter().filter(|slot| stays(slot)).count() as u32;
        let idle = self.slots.iter().filter(|slot| self.may_go(slot)).count() as u32;
        idle.min(staying.saturating_sub(self.min_workers))
    }

    fn may_go(&self, slot: &Slot) -> bool {
        let asleep = slot.state.load().0 == Phase::Parked
            && slot.load.load(Ordering::Acquire) == 0
            && !slot.kin_only.load(Ordering::Acquire)
            && !slot.leaving.load(Ordering::Acquire);
        let mark = Duration::from_nanos(slot.idle_mark.load(Ordering::Acquire));
        asleep && self.budget.suffered().saturating_sub(mark) >= PATIENCE
    }
}

fn stays(slot: &Slot) -> bool {
    let phase = slot.state.load().0;
    !matches!(phase, Phase::Vacant | Phase::Doomed | Phase::Dead)
        && !slot.leaving.load(Ordering::Acquire)
}

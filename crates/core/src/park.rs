//! A worker arrives, looks for work for a moment, and goes to sleep; and none sleeps on while there is work for it.

use smallvec::SmallVec;

use crate::desk::Desk;
use crate::idle::Sleeper;
use crate::pool::Pool;
use crate::slot::Slot;
use crate::slot_state::Phase;
use crate::sync::Ordering;

impl Pool {
    /// The worker of a seat has come to life.
    pub fn attach(&self, slot: u32, epoch: u32) -> bool {
        self.slot(slot).is_some_and(|slot| slot.state.attach(epoch))
    }

    /// The worker begins, or ends, to look at the pool's work word: it counts as awake meanwhile. False: there is no
    /// need, another one looks already.
    pub fn spin(&self, slot: u32, epoch: u32, on: bool) -> bool {
        let Some(slot) = self.slot(slot) else {
            return false;
        };
        if !on {
            self.wake_up(slot, epoch);
        } else if self.idle_set.spinning() > 0 {
            return false;
        } else if slot.state.phase(epoch) == Some(Phase::Busy) {
            // Counted first: nobody may see it uncount what it has not counted.
            let counts = !slot.kin_only.load(Ordering::Acquire);
            if counts {
                self.idle_set.begin_spin();
            }
            if !slot.state.spin(epoch) && counts {
                self.idle_set.end_spin();
            }
        }
        true
    }

    /// The worker has stored 1 to its ring word and wants to sleep. True: it will be rung. False: claim again.
    pub fn park(&self, slot: u32, epoch: u32) -> bool {
        let Some(slot) = self.slot(slot) else {
            return false;
        };
        let wide = {
            let Some(desk) = slot.desk_of(epoch) else {
                return false;
            };
            let kin_only = slot.kin_only.load(Ordering::Acquire);
            let leaving = slot.leaving.load(Ordering::Acquire);
            let wide = |desk: &Desk| desk.wide_jobs().iter().map(|job| job.id).collect();
            kin_only.then(|| {
                if leaving {
                    SmallVec::new()
                } else {
                    wide(&desk)
                }
            })
        };
        slot.idle_mark
            .store(self.budget.suffered().as_nanos() as u64, Ordering::Release);
        let Some(phase) = slot.state.park(epoch) else {
            return false;
        };
        self.left(slot, phase);
        self.idle_set.enter(
            Sleeper {
                slot: slot.number,
                epoch,
            },
            wide,
        );
        // Submitters push, then look at who sleeps; it sleeps, then looks for work.
        let may_sleep =
            slot.state.phase(epoch) == Some(Phase::Parked) && !self.has_work_for(slot, epoch);
        if !may_sleep {
            self.idle_set.leave(slot.number);
            self.wake_up(slot, epoch);
        }
        may_sleep
    }

    /// The worker woke by itself.
    pub fn unpark(&self, slot: u32, epoch: u32) {
        if let Some(slot) = self.slot(slot) {
            self.wake_up(slot, epoch);
        }
    }

    pub(crate) fn wake_up(&self, slot: &Slot, epoch: u32) {
        if let Some(phase) = slot.state.work(epoch) {
            self.left(slot, phase);
        }
    }

    fn has_work_for(&self, slot: &Slot, epoch: u32) -> bool {
        let Some(desk) = slot.desk_of(epoch) else {
            return true;
        };
        let mail = desk.caller.as_ref().is_some_and(|caller| caller.has_mail());
        let leave_asked = slot.leaving.load(Ordering::Acquire);
        let leave = leave_asked && !desk.has_leases();
        let work = if slot.kin_only.load(Ordering::Acquire) {
            desk.own_jobs(leave_asked)
                .iter()
                .any(|job| job.state.runnable())
        } else {
            !self.queue.is_empty()
        };
        let asked = slot.asked.swap(false, Ordering::AcqRel);
        mail || leave || work || asked
    }
}

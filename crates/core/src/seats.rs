//! Which slots have a worker, and whether more are needed.

use crate::panel::Panel;
use crate::pool::Pool;
use crate::slot_state::Phase;
use crate::sync::{Arc, Ordering};

impl Pool {
    /// How many more workers should be started now for what could run. If the budget of threads allows fewer than the work
    /// could use, other pools hear of it.
    pub fn wanted(&self) -> u32 {
        let seated = self
            .slots
            .iter()
            .filter(|slot| slot.state.load().0 != Phase::Vacant)
            .count() as u32;
        let useful = self.useful(self.workers() - seated);
        let allowed = self.budget.left().max(u32::from(seated == 0));
        let wanted = useful.min(allowed);
        self.set_hunger(useful - wanted);
        wanted
    }

    /// Workers that would find work at once, of `room` new ones.
    fn useful(&self, room: u32) -> u32 {
        if room == 0 || self.queued_items.load(Ordering::Acquire) == 0 {
            return 0;
        }
        let available = self.slots.iter().filter(|slot| slot.is_available()).count() as u32;
        self.claims_possible(available + room)
            .saturating_sub(available)
            .min(room)
    }

    /// Claims that could be made now, counted no further than `enough`.
    fn claims_possible(&self, enough: u32) -> u32 {
        let jobs = self.jobs.lock();
        let mut claims = 0;
        for job in jobs.values().filter(|job| job.state.runnable()) {
            claims += job
                .state
                .pending()
                .min(job.state.free_units())
                .div_ceil(job.width)
                .min(enough);
            if claims >= enough {
                break;
            }
        }
        claims
    }

    /// A slot for a new worker.
    pub fn vacant_slot(&self) -> Option<u32> {
        self.slots
            .iter()
            .find(|slot| slot.state.load().0 == Phase::Vacant)
            .map(|slot| slot.number)
    }

    /// A worker is about to start in this slot. Gives its epoch, which it must name in every call; nothing if the slot is
    /// taken or the budget of threads is used up.
    pub fn seat(&self, slot: u32, panel: Arc<dyn Panel>) -> Option<u32> {
        let slot = self.slot(slot)?;
        let first = self
            .slots
            .iter()
            .all(|slot| slot.state.load().0 == Phase::Vacant);
        let mut desk = slot.desk();
        if slot.state.load().0 != Phase::Vacant {
            return None;
        }
        desk.seat = Some(self.budget.take(first)?);
        // The memory is that of the slot's last worker, which may have died with results in it and a table open. Its frames' words are written with
        // each claim.
        panel.written().store(0, Ordering::Release);
        panel.open_table().store(0, Ordering::Release);
        desk.panel = Some(panel);
        slot.kin_only.store(false, Ordering::Release);
        slot.leaving.store(false, Ordering::Release);
        slot.load.store(0, Ordering::Release);
        let epoch = slot.state.seat();
        self.started
            .fetch_add(u64::from(epoch.is_some()), Ordering::Relaxed);
        epoch
    }

    /// Asks a worker to leave: it gets no new work, and [`crate::Claimed::Leave`] once it holds none. True: it will; ring
    /// its slot.
    pub fn retire(&self, slot: u32, epoch: u32) -> bool {
        let Some(slot) = self.slot(slot) else {
            return false;
        };
        let Some(_desk) = slot.desk_of(epoch) else {
            return false;
        };
        slot.leaving.store(true, Ordering::Release);
        // Out of the idle set: whoever submits now must ring another.
        self.wake_up(slot, epoch);
        true
    }
}

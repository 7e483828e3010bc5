//! What a worker leaves behind. First its thread ends (`die`), later the home knows why (`bury`).

use crate::desk::Desk;
use crate::lease::Lease;
use crate::panel::{COMMITTED, Panel};
use crate::pool::Pool;
use crate::post::Post;
use crate::record::{Fate, Kind};
use crate::rings::Rings;
use crate::slot::Slot;
use crate::slot_state::Phase;
use crate::sync::{Arc, Ordering};
use crate::tally::Ending;
use crate::the_protocol::{begun, started};

impl Pool {
    /// Called on the dying thread itself, by its env's cleanup hook: nothing writes the panel any more. Finished results
    /// are delivered and unstarted items go back; running ones wait for [`Pool::bury`].
    pub fn die(&self, slot: u32, epoch: u32) {
        let mut rings = Rings::new();
        if let Some(slot) = self.slot(slot) {
            self.die_once(slot, epoch, &mut rings);
        }
        // No JavaScript runs here any more. The home has a worker to bury in any case.
        self.ring(&self.home, &mut rings);
        self.owe(rings);
    }

    /// The worker is gone for certain, for a reason that `verdict` tells: its running items fail with it, and the slot is
    /// vacant again. Also for a worker that never came to life.
    pub fn bury(&self, slot: u32, epoch: u32, verdict: &[u8]) -> Rings {
        let mut rings = Rings::new();
        let Some(slot) = self.slot(slot) else {
            return rings;
        };
        self.die_once(slot, epoch, &mut rings);
        let mut post = Post::new(slot.number);
        let seat = {
            let mut desk = slot.desk();
            let mut seat = None;
            if slot.state.load() == (Phase::Dead, epoch) {
                let payload = [&[Fate::Verdict as u8], verdict].concat();
                self.settle_estate(slot, &mut desk, &payload, &mut post, &mut rings);
                let expected = slot.leaving.load(Ordering::Acquire);
                self.replaced
                    .fetch_add(u64::from(!expected), Ordering::Relaxed);
                seat = std::mem::take(&mut *desk).seat;
                slot.state.vacate(epoch);
            }
            seat
        };
        drop(seat);
        self.deliver(post, &mut rings);
        rings
    }

    fn die_once(&self, slot: &Slot, epoch: u32, rings: &mut Rings) {
        let mut post = Post::new(slot.number);
        let caller = {
            let Some(mut desk) = slot.desk_of(epoch) else {
                return;
            };
            self.take_outbox(slot, &mut desk, &mut post, rings);
            if let Some(row) = &mut desk.row {
                row.abandoned = true;
                self.take_outbox(slot, &mut desk, &mut post, rings);
            }
            self.take_open_table(&mut desk, &mut post, rings);
            self.return_unstarted(slot, &mut desk, &mut post, rings);
            if let Some(phase) = slot.state.die(epoch) {
                self.left(slot, phase);
            }
            desk.caller.take()
        };
        self.deliver(post, rings);
        // If it had been counted on, somebody else must come.
        self.pass_on(rings);
        if let Some(caller) = caller {
            rings.merge(self.desert(&caller));
        }
    }

    fn return_unstarted(&self, slot: &Slot, desk: &mut Desk, post: &mut Post, rings: &mut Rings) {
        let Some(panel) = desk.panel.clone() else {
            return;
        };
        for (frame, lease) in desk.frames.iter_mut() {
            lease.condemned.clear();
            self.finish_elements(&*panel, frame, lease, post);
            let pieces = lease.cut(begun(&*panel, frame, lease.limit()));
            let job = Arc::clone(&lease.job);
            self.restock(&job, pieces, post);
            self.summon(&job, rings);
        }
        self.close_finished(slot, desk, post, rings);
        post.send();
    }

    /// Elements whose results stand in shared memory and have not been told of: their bytes say so, for the thread that wrote both is this one, or gone.
    fn finish_elements(&self, panel: &dyn Panel, frame: usize, lease: &mut Lease, post: &mut Post) {
        if !lease.job.elements || lease.damaged {
            return;
        }
        let announced = started(panel, frame, lease.limit());
        let done = |item: &u32| panel.state(frame, *item) == COMMITTED;
        let mut open = lease.unsettled_below(announced).into_iter().filter(done);
        let mut next = open.next();
        while let Some(first) = next {
            let mut end = first + 1;
            next = open.next();
            while next == Some(end) {
                end += 1;
                next = open.next();
            }
            self.end_span(lease, first..end, post);
        }
    }

    fn settle_estate(
        &self,
        slot: &Slot,
        desk: &mut Desk,
        payload: &[u8],
        post: &mut Post,
        rings: &mut Rings,
    ) {
        for (_, lease) in desk.frames.iter_mut() {
            lease.condemned.clear();
            lease.distort();
            for item in lease.unsettled_below(lease.limit()) {
                self.end_item(lease, item, Ending::Failed, Kind::Fate, payload, post);
            }
        }
        self.close_finished(slot, desk, post, rings);
        post.send();
    }
}

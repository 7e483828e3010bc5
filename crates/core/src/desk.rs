//! What the core keeps about one slot's occupant, behind the slot's lock: its leases above all.

use crate::budget::Seat;
use crate::caller::Caller;
use crate::job::Job;
use crate::layout::FRAMES;
use crate::lease::Lease;
use crate::panel::Panel;
use crate::sync::{Arc, Ordering, Weak};

/// See the module. Empty while the slot is vacant.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) panel: Option<Arc<dyn Panel>>,
    pub(crate) frames: [Option<Lease>; FRAMES],
    /// How far the outbox has been taken.
    pub(crate) cursor: u32,
    /// The worker as one who opens jobs itself.
    pub(crate) caller: Option<Arc<Caller>>,
    /// Jobs that its suspended items wait for, the deepest last.
    pub(crate) kin: Vec<Weak<Job>>,
    /// Reused for copies of the outbox.
    pub(crate) scratch: Vec<u8>,
    pub(crate) seat: Option<Seat>,
}

impl Desk {
    pub(crate) fn free_frame(&self) -> Option<usize> {
        self.frames.iter().position(Option::is_none)
    }

    pub(crate) fn leases(&self) -> impl Iterator<Item = &Lease> {
        self.frames.iter().flatten()
    }

    pub(crate) fn has_leases(&self) -> bool {
        self.leases().next().is_some()
    }

    /// The outbox is empty again. Only on the worker's own thread: it alone writes records.
    pub(crate) fn rewind(&mut self) {
        if let Some(panel) = &self.panel {
            panel.written().store(0, Ordering::Release);
            self.cursor = 0;
        }
    }

    /// Lists a job that items of this worker wait for.
    pub(crate) fn add_kin(&mut self, job: &Arc<Job>) {
        let depth = job.kin.len();
        self.kin.retain(|kin| kin.strong_count() > 0);
        let place = self
            .kin
            .iter()
            .rposition(|kin| kin.upgrade().is_some_and(|kin| kin.kin.len() <= depth));
        self.kin
            .insert(place.map_or(0, |place| place + 1), Arc::downgrade(job));
    }

    /// What a suspended worker may take from: its kin, deepest first, then the wide jobs it is in.
    pub(crate) fn own_jobs(&mut self) -> Vec<Arc<Job>> {
        self.kin
            .retain(|kin| kin.upgrade().is_some_and(|job| !job.state.ended()));
        let kin = self.kin.iter().rev().filter_map(Weak::upgrade);
        kin.chain(self.wide_jobs()).collect()
    }

    /// Jobs that may have several items suspended in this worker.
    pub(crate) fn wide_jobs(&self) -> impl Iterator<Item = Arc<Job>> {
        self.leases()
            .filter(|lease| lease.job.wide())
            .map(|lease| Arc::clone(&lease.job))
    }
}

//! What the core keeps about one slot's occupant, behind the slot's lock: its leases above all.

use crate::budget::Seat;
use crate::caller::Caller;
use crate::frames::Frames;
use crate::job::Job;
use crate::lease::Lease;
use crate::panel::Panel;
use crate::row::OpenRow;
use crate::sync::{Arc, Ordering, Weak};
use crate::table::OpenTable;

/// See the module. Empty while the slot is vacant.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) panel: Option<Arc<dyn Panel>>,
    pub(crate) frames: Frames,
    /// How far the outbox has been taken.
    pub(crate) cursor: u32,
    /// The worker as one who opens jobs itself.
    pub(crate) caller: Option<Arc<Caller>>,
    /// Jobs that its suspended items wait for, the deepest last.
    pub(crate) kin: Vec<Weak<Job>>,
    /// The row that was open when it was.
    pub(crate) row: Option<OpenRow>,
    /// The table that was open when a tick last looked.
    pub(crate) open_table: Option<OpenTable>,
    /// Reused for copies of the outbox.
    pub(crate) scratch: Vec<u8>,
    /// Likewise, for cells of a row.
    pub(crate) cells: Vec<u8>,
    pub(crate) seat: Option<Seat>,
    /// Its worker is about to look for work itself, so that one fewer need be rung for the units that it gives back.
    pub(crate) looking: bool,
}

impl Desk {
    pub(crate) fn leases(&self) -> impl Iterator<Item = &Lease> {
        self.frames.iter().map(|(_, lease)| lease)
    }

    pub(crate) fn has_leases(&self) -> bool {
        !self.frames.is_empty()
    }

    /// The outbox is empty again. Only on the worker's own thread: it alone writes records.
    pub(crate) fn rewind(&mut self) {
        if let Some(panel) = &self.panel {
            panel.written().store(0, Ordering::Release);
            self.cursor = 0;
            self.row = None;
        }
    }

    /// Lists a job that items of this worker wait for.
    pub(crate) fn add_kin(&mut self, job: &Arc<Job>) {
        let depth = job.lineage.depth;
        self.kin.retain(|kin| kin.strong_count() > 0);
        let place = self
            .kin
            .iter()
            .rposition(|kin| kin.upgrade().is_some_and(|kin| kin.lineage.depth <= depth));
        self.kin
            .insert(place.map_or(0, |place| place + 1), Arc::downgrade(job));
    }

    /// What a suspended worker may take from: its kin, deepest first, then the wide jobs it is in; when its frames run
    /// short, only what is deeper than all that it has; when it is to leave, its kin alone, or it might never.
    pub(crate) fn own_jobs(&self, leaving: bool) -> Vec<Arc<Job>> {
        let kin = self.kin.iter().rev().filter_map(Weak::upgrade);
        let kin = kin.filter(|job| !job.state.ended());
        match self.frames.floor() {
            Some(floor) => kin.take_while(|job| job.lineage.depth > floor).collect(),
            None if leaving => kin.collect(),
            None => kin.chain(self.wide_jobs()).collect(),
        }
    }

    /// Jobs that may have several items suspended in this worker, each once.
    pub(crate) fn wide_jobs(&self) -> Vec<Arc<Job>> {
        let mut wide: Vec<Arc<Job>> = Vec::new();
        for lease in self.leases().filter(|lease| lease.job.wide()) {
            if !wide.iter().any(|job| Arc::ptr_eq(job, &lease.job)) {
                wide.push(Arc::clone(&lease.job));
            }
        }
        wide
    }
}

//! A place for one worker at a time.

use crate::desk::Desk;
use crate::slot_state::{Phase, SlotState};
use crate::sync::{AtomicBool, AtomicU32, AtomicU64, Mutex, MutexGuard, Ordering};

/// See the module.
pub(crate) struct Slot {
    pub(crate) number: u32,
    pub(crate) state: SlotState,
    /// It has suspended items, so it only takes kin; as of its last claim.
    pub(crate) kin_only: AtomicBool,
    /// The home wants the worker to leave.
    pub(crate) leaving: AtomicBool,
    /// An `ask` was written since the worker last wanted to sleep.
    pub(crate) asked: AtomicBool,
    /// Nanoseconds that pools had suffered, see `budget.rs`, when the worker last went to sleep.
    pub(crate) idle_mark: AtomicU64,
    /// Number of leases, for those who estimate without the lock. Stored under it, so that nobody has to add.
    pub(crate) load: AtomicU32,
    desk: Mutex<Desk>,
}

impl Slot {
    pub(crate) fn new(number: u32) -> Self {
        Self {
            number,
            state: SlotState::new(),
            kin_only: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            asked: AtomicBool::new(false),
            idle_mark: AtomicU64::new(0),
            load: AtomicU32::new(0),
            desk: Mutex::new(Desk::default()),
        }
    }

    /// The desk, whoever sits there.
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock()
    }

    /// The desk, if `epoch` is its occupant and not dead.
    pub(crate) fn desk_of(&self, epoch: u32) -> Option<MutexGuard<'_, Desk>> {
        let desk = self.desk.lock();
        self.state
            .phase(epoch)
            .filter(|&phase| phase != Phase::Dead)
            .map(|_| desk)
    }

    /// It will look at the run queue without being rung, or can be rung for it.
    pub(crate) fn is_available(&self) -> bool {
        if self.leaving.load(Ordering::Acquire) {
            return false;
        }
        match self.state.load().0 {
            Phase::Starting => true,
            Phase::Busy => self.load.load(Ordering::Acquire) == 0,
            Phase::Spinning | Phase::Parked => !self.kin_only.load(Ordering::Acquire),
            Phase::Vacant | Phase::Doomed | Phase::Dead => false,
        }
    }
}

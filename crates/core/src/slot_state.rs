//! The packed state of a slot: who occupies it (the epoch) and what that worker is doing (the phase), in one atomic.
//!
//! | bits | meaning |
//! |---|---|
//! | 0..8 | phase |
//! | 32..64 | epoch: counts the slot's occupants, so that a call of a former one is refused |
//!
//! ```text
//! Vacant ─seat→ Starting ─attach→ Busy ⇄ Spinning
//!    ↑                             ⇅       ↓
//!    │                           Parked ←──┘        Starting | Busy | Spinning | Parked ─doom→ Doomed
//!    └──vacate── Dead ←──die── any of them
//! ```

use crate::sync::{AtomicU64, Ordering};

/// What the occupant of a slot is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Nobody is here.
    Vacant = 0,
    /// A worker is about to come.
    Starting = 1,
    /// It runs items, or is about to ask for some.
    Busy = 2,
    /// It found nothing and looks again for a moment.
    Spinning = 3,
    /// It waits to be rung.
    Parked = 4,
    /// It will be killed: it gets nothing more.
    Doomed = 5,
    /// Its thread is gone; its estate waits for the verdict.
    Dead = 6,
}

impl Phase {
    const ALL: [Self; 7] = [
        Self::Vacant,
        Self::Starting,
        Self::Busy,
        Self::Spinning,
        Self::Parked,
        Self::Doomed,
        Self::Dead,
    ];
}

/// See the module.
pub(crate) struct SlotState(AtomicU64);

fn pack(phase: Phase, epoch: u32) -> u64 {
    u64::from(epoch) << 32 | phase as u64
}

fn unpack(bits: u64) -> (Phase, u32) {
    (
        Phase::ALL[(bits & 7) as usize % Phase::ALL.len()],
        (bits >> 32) as u32,
    )
}

impl SlotState {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(pack(Phase::Vacant, 0)))
    }

    pub(crate) fn load(&self) -> (Phase, u32) {
        unpack(self.0.load(Ordering::Acquire))
    }

    /// The phase, if `epoch` is still the occupant.
    pub(crate) fn phase(&self, epoch: u32) -> Option<Phase> {
        let (phase, current) = self.load();
        (current == epoch && phase != Phase::Vacant).then_some(phase)
    }

    /// Vacant → Starting, under a new epoch.
    pub(crate) fn seat(&self) -> Option<u32> {
        let old = self.0.load(Ordering::Acquire);
        let (phase, epoch) = unpack(old);
        if phase != Phase::Vacant {
            return None;
        }
        let next = epoch.wrapping_add(1).max(1);
        self.0
            .compare_exchange(
                old,
                pack(Phase::Starting, next),
                Ordering::AcqRel,
                Ordering::Acquire,
            )
            .ok()?;
        Some(next)
    }

    /// Starting → Busy.
    pub(crate) fn attach(&self, epoch: u32) -> bool {
        self.shift(epoch, &[Phase::Starting], Phase::Busy).is_some()
    }

    /// Whatever a living worker did → Busy. Gives the phase it left.
    pub(crate) fn work(&self, epoch: u32) -> Option<Phase> {
        // Mostly it is busy already, and a look does: to swap in what is there would take the line from all who look.
        if self.load() == (Phase::Busy, epoch) {
            return Some(Phase::Busy);
        }
        self.shift(
            epoch,
            &[Phase::Busy, Phase::Spinning, Phase::Parked],
            Phase::Busy,
        )
    }

    /// Parked → Busy, by somebody who will ring it.
    pub(crate) fn wake(&self, epoch: u32) -> bool {
        self.shift(epoch, &[Phase::Parked], Phase::Busy).is_some()
    }

    /// Busy → Spinning.
    pub(crate) fn spin(&self, epoch: u32) -> bool {
        self.shift(epoch, &[Phase::Busy], Phase::Spinning).is_some()
    }

    /// Busy, Spinning → Parked. Gives the phase it left.
    pub(crate) fn park(&self, epoch: u32) -> Option<Phase> {
        self.shift(epoch, &[Phase::Busy, Phase::Spinning], Phase::Parked)
    }

    /// Alive → Doomed. Gives the phase it left.
    pub(crate) fn doom(&self, epoch: u32) -> Option<Phase> {
        self.shift(
            epoch,
            &[Phase::Starting, Phase::Busy, Phase::Spinning, Phase::Parked],
            Phase::Doomed,
        )
    }

    /// Occupied → Dead. Gives the phase it left; `None` if it was dead already.
    pub(crate) fn die(&self, epoch: u32) -> Option<Phase> {
        self.shift(
            epoch,
            &[
                Phase::Starting,
                Phase::Busy,
                Phase::Spinning,
                Phase::Parked,
                Phase::Doomed,
            ],
            Phase::Dead,
        )
    }

    /// Dead → Vacant.
    pub(crate) fn vacate(&self, epoch: u32) -> bool {
        self.shift(epoch, &[Phase::Dead], Phase::Vacant).is_some()
    }

    fn shift(&self, epoch: u32, from: &[Phase], to: Phase) -> Option<Phase> {
        let mut old = self.0.load(Ordering::Acquire);
        loop {
            let (phase, current) = unpack(old);
            if current != epoch || !from.contains(&phase) {
                return None;
            }
            match self.0.compare_exchange_weak(
                old,
                pack(to, epoch),
                Ordering::SeqCst,
                Ordering::Acquire,
            ) {
                Ok(_) => return Some(phase),
                Err(seen) => old = seen,
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_former_occupant_is_refused() {
        let state = SlotState::new();
        let first = state.seat().unwrap();
        assert_eq!(state.seat(), None);
        assert!(state.attach(first));
        assert_eq!(state.die(first), Some(Phase::Busy));
        assert_eq!(state.die(first), None);
        assert!(state.vacate(first));
        assert_eq!(state.phase(first), None);
        let second = state.seat().unwrap();
        assert_ne!(first, second);
        assert!(!state.attach(first));
        assert_eq!(state.park(first), None);
        assert_eq!(state.phase(second), Some(Phase::Starting));
    }

    #[test]
    fn only_a_parked_worker_is_woken() {
        let state = SlotState::new();
        let epoch = state.seat().unwrap();
        assert!(!state.wake(epoch));
        assert!(state.attach(epoch) && state.spin(epoch));
        assert!(!state.wake(epoch));
        assert_eq!(state.park(epoch), Some(Phase::Spinning));
        assert!(state.wake(epoch));
        assert_eq!(state.doom(epoch), Some(Phase::Busy));
        assert_eq!(state.work(epoch), None);
    }
}

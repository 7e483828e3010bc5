//! A pool's figures at one moment.

use crate::desk::Desk;
use crate::panel::STARTED;
use crate::pool::Pool;
use crate::slot_state::Phase;
use crate::sync::Ordering;
use crate::the_protocol::started;

/// See [`Pool::stats`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Items that no worker has.
    pub queued: u64,
    /// Items that a worker has and that have not settled.
    pub running: u64,
    /// Workers about to come to life.
    pub starting: u32,
    /// Workers that run items or are about to ask for some.
    pub busy: u32,
    /// Workers that look for work.
    pub spinning: u32,
    /// Workers asleep.
    pub parked: u32,
    /// Workers about to be killed.
    pub doomed: u32,
    /// Workers whose estate is not settled.
    pub dead: u32,
    /// Workers seated, ever.
    pub started: u64,
    /// Workers buried that had not been asked to leave.
    pub replaced: u64,
}

impl Pool {
    /// Slots in which an item runs: it has been started and has not ended, though it may have settled.
    pub fn running_slots(&self) -> Vec<u32> {
        let slots = self.slots.iter();
        let running = slots.filter(|slot| runs_something(&slot.desk()));
        running.map(|slot| slot.number).collect()
    }

    /// Nothing is submitted that has not settled.
    pub fn idle(&self) -> bool {
        self.open_items.load(Ordering::Acquire) == 0
    }

    /// Nothing runs and nothing is to be killed: the home need not look any more. An item that was cancelled or timed out
    /// has settled, but its lease stays until it has ended.
    pub fn quiet(&self) -> bool {
        self.idle()
            && self
                .slots
                .iter()
                .all(|slot| slot.load.load(Ordering::Acquire) == 0)
    }

    /// The figures. Not one instant: each is right by itself.
    pub fn stats(&self) -> Stats {
        let queued = self.queued_items.load(Ordering::Acquire);
        let mut stats = Stats {
            queued,
            running: self
                .open_items
                .load(Ordering::Acquire)
                .saturating_sub(queued),
            started: self.started.load(Ordering::Relaxed),
            replaced: self.replaced.load(Ordering::Relaxed),
            ..Stats::default()
        };
        for slot in &self.slots {
            match slot.state.load().0 {
                Phase::Vacant => {}
                Phase::Starting => stats.starting += 1,
                Phase::Busy => stats.busy += 1,
                Phase::Spinning => stats.spinning += 1,
                Phase::Parked => stats.parked += 1,
                Phase::Doomed => stats.doomed += 1,
                Phase::Dead => stats.dead += 1,
            }
        }
        stats
    }
}

fn runs_something(desk: &Desk) -> bool {
    let Some(panel) = desk.panel.as_deref() else {
        return false;
    };
    desk.frames.iter().any(|(frame, lease)| {
        let begun = started(panel, frame, lease.limit());
        let condemned = lease.condemned.iter().map(|condemned| condemned.item);
        let mut items = lease.unsettled_below(begun).into_iter().chain(condemned);
        items.any(|item| panel.state(frame, item) == STARTED)
    })
}

//! The workers that wait to be rung, and the number of those that look for work by themselves.

use smallvec::SmallVec;

use crate::job::Job;
use crate::sync::{AtomicU32, Mutex, Ordering, fence};

/// A worker in the idle set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sleeper {
    pub(crate) slot: u32,
    pub(crate) epoch: u32,
}

#[derive(Default)]
struct Sets {
    /// Would take anything. The last to come is the first to be rung: its caches are warm.
    free: Vec<Sleeper>,
    /// Have suspended items: would take kin, or more of these wide jobs.
    suspended: Vec<(Sleeper, SmallVec<[u64; 1]>)>,
}

/// See the module.
pub(crate) struct Idle {
    sets: Mutex<Sets>,
    /// Sizes of the sets, so that a submitter who finds everybody busy need not lock.
    sleepers: AtomicU32,
    spinning: AtomicU32,
}

impl Idle {
    pub(crate) fn new() -> Self {
        Self {
            sets: Mutex::new(Sets::default()),
            sleepers: AtomicU32::new(0),
            spinning: AtomicU32::new(0),
        }
    }

    /// Adds a worker. The caller looks for work again afterwards: a submitter pushes first and comes here second.
    pub(crate) fn enter(&self, sleeper: Sleeper, wide: Option<SmallVec<[u64; 1]>>) {
        let mut sets = self.sets.lock();
        sets.remove(sleeper.slot);
        match wide {
            None => sets.free.push(sleeper),
            Some(wide) => sets.suspended.push((sleeper, wide)),
        }
        self.count(&sets);
        drop(sets);
        fence(Ordering::SeqCst);
    }

    pub(crate) fn leave(&self, slot: u32) {
        let mut sets = self.sets.lock();
        sets.remove(slot);
        self.count(&sets);
    }

    /// Takes out whom to ring for `wanted` claims of `job`, less those who spin, and `awake` others who look as well.
    /// `wake` says whether the sleeper was really asleep.
    pub(crate) fn pick(
        &self,
        job: Option<&Job>,
        wanted: u32,
        awake: u32,
        mut wake: impl FnMut(Sleeper) -> bool,
    ) {
        // Between the push of the work and the look at who sleeps.
        fence(Ordering::SeqCst);
        if wanted == 0 || self.sleepers.load(Ordering::SeqCst) == 0 {
            return;
        }
        let awake = awake + self.spinning.load(Ordering::SeqCst);
        let mut missing = wanted.saturating_sub(awake);
        let mut sets = self.sets.lock();
        while missing > 0
            && let Some(sleeper) = sets.free.pop()
        {
            missing -= u32::from(wake(sleeper));
        }
        if let Some(job) = job {
            // A spinning worker may refuse what these are waiting for, so it does not count for them.
            sets.suspended.retain(|(sleeper, wide)| {
                let concerned = job.is_kin_of(sleeper.slot) || wide.contains(&job.id);
                !(concerned && {
                    wake(*sleeper);
                    true
                })
            });
        }
        self.count(&sets);
    }

    pub(crate) fn begin_spin(&self) {
        self.spinning.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn spinning(&self) -> u32 {
        self.spinning.load(Ordering::SeqCst)
    }

    pub(crate) fn end_spin(&self) {
        self.spinning.fetch_sub(1, Ordering::SeqCst);
        // It looks at the queue next: whoever counted it has pushed before.
        fence(Ordering::SeqCst);
    }

    fn count(&self, sets: &Sets) {
        self.sleepers.store(
            (sets.free.len() + sets.suspended.len()) as u32,
            Ordering::SeqCst,
        );
    }
}

impl Sets {
    fn remove(&mut self, slot: u32) {
        self.free.retain(|sleeper| sleeper.slot != slot);
        self.suspended.retain(|(sleeper, _)| sleeper.slot != slot);
    }
}

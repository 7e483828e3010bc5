//! The meeting point of one home, its workers and the callers. The operations are in the files named after them:
//!
//! | who calls | operations | file |
//! |---|---|---|
//! | home | `wanted vacant_slot seat retire` | `seats.rs` |
//! | home | `excess dismiss` | `hunger.rs` |
//! | home | `tick` | `deadlines.rs` |
//! | home, dying worker | `bury`, `die` | `estate.rs` |
//! | home | `close idle stats` | `close.rs`, `stats.rs` |
//! | worker | `attach spin park unpark` | `park.rs` |
//! | worker | `claim`, `contest` | `claim.rs`, `steal.rs`, `shed.rs` |
//! | worker | `commit` | `commit.rs` |
//! | caller | `open submit release` | `submit.rs`, `courtesy.rs` |
//! | caller | `cancel cancel_item desert` | `cancel.rs` |
//! | caller | `retry forget` | `retry.rs` |
//!
//! Lock order: a desk, then a job's ranges, then one of the leaves (run queue, inbox, tally, idle set, job table, debt, clock, budget). Never two desks.

use std::collections::HashMap;
use std::time::Instant;

use crossbeam_utils::CachePadded;

use crate::budget::Budget;
use crate::caller::{Bell, Caller};
use crate::idle::{Idle, Sleeper};
use crate::job::Job;
use crate::panel::PoolWords;
use crate::permits::Permits;
use crate::post::Post;
use crate::rings::Rings;
use crate::run_queue::RunQueue;
use crate::slot::Slot;
use crate::slot_state::Phase;
use crate::sync::{Arc, AtomicBool, AtomicU32, AtomicU64, Mutex, Ordering, Weak, fence};

/// Slots are allocated up front and scanned: more than this many workers in one process is a mistake.
pub const MAX_WORKERS: u32 = 1024;

/// The worker of another pool that a home is.
#[derive(Clone)]
pub struct Lodging {
    /// The other pool.
    pub pool: Weak<Pool>,
    /// The worker's slot there.
    pub slot: u32,
    /// Which occupant of it.
    pub epoch: u32,
}

/// How large a pool may grow.
#[derive(Clone)]
pub struct PoolOptions {
    /// Workers, 1 to [`MAX_WORKERS`].
    pub max_workers: u32,
    /// Workers that stay when they are idle and other pools are short of threads.
    pub min_workers: u32,
    /// Unclaimed items of jobs that wait.
    pub max_waiting: u64,
    /// Bytes of these.
    pub max_waiting_bytes: u64,
    /// What its workers count against.
    pub budget: Arc<Budget>,
    /// Where its home works, if that is a worker.
    pub lodging: Option<Lodging>,
}

impl PoolOptions {
    /// The facade's defaults.
    pub fn new(max_workers: u32, budget: Arc<Budget>) -> Self {
        Self {
            max_workers,
            min_workers: 0,
            max_waiting: 1_000_000,
            max_waiting_bytes: 1 << 30,
            budget,
            lodging: None,
        }
    }
}

/// See the module.
pub struct Pool {
    pub(crate) slots: Box<[CachePadded<Slot>]>,
    pub(crate) queue: RunQueue,
    pub(crate) idle_set: Idle,
    pub(crate) permits: Permits,
    pub(crate) budget: Arc<Budget>,
    pub(crate) min_workers: u32,
    /// Workers that it could use and cannot have; changed under the budget's lock.
    pub(crate) hunger: AtomicU32,
    pub(crate) words: Arc<dyn PoolWords>,
    pub(crate) home: Arc<Caller>,
    lodging: Option<Lodging>,
    pub(crate) jobs: Mutex<HashMap<u64, Arc<Job>>>,
    pub(crate) closed: AtomicBool,
    pub(crate) next_job: AtomicU64,
    pub(crate) next_claim: AtomicU32,
    /// There may be some that are to be cut when another job comes: see `courtesy.rs`.
    pub(crate) long_claims: AtomicBool,
    /// Items submitted and not settled.
    pub(crate) open_items: AtomicU64,
    /// Items in the ranges of jobs.
    pub(crate) queued_items: AtomicU64,
    /// Slots that native code wanted to ring when no JavaScript was at hand.
    pub(crate) debt: Mutex<Rings>,
    pub(crate) last_tick: Mutex<Option<Instant>>,
    pub(crate) started: AtomicU64,
    pub(crate) replaced: AtomicU64,
}

impl Pool {
    /// A pool without workers. `home` is the thread that will start, watch and bury them.
    pub fn new(options: PoolOptions, words: Arc<dyn PoolWords>, home: Arc<Caller>) -> Arc<Self> {
        let workers = options.max_workers.clamp(1, MAX_WORKERS);
        options.budget.raise_to(workers);
        let pool = Arc::new(Self {
            slots: (0..workers)
                .map(|number| CachePadded::new(Slot::new(number)))
                .collect(),
            queue: RunQueue::new(),
            idle_set: Idle::new(),
            permits: Permits::new(options.max_waiting, options.max_waiting_bytes),
            budget: options.budget,
            min_workers: options.min_workers,
            hunger: AtomicU32::new(0),
            words,
            home,
            lodging: options.lodging,
            jobs: Mutex::new(HashMap::new()),
            closed: AtomicBool::new(false),
            next_job: AtomicU64::new(1),
            next_claim: AtomicU32::new(1),
            long_claims: AtomicBool::new(false),
            open_items: AtomicU64::new(0),
            queued_items: AtomicU64::new(0),
            debt: Mutex::new(Rings::new()),
            last_tick: Mutex::new(None),
            started: AtomicU64::new(0),
            replaced: AtomicU64::new(0),
        });
        pool.budget.enter(&pool);
        pool
    }

    pub(crate) fn workers(&self) -> u32 {
        self.slots.len() as u32
    }

    pub(crate) fn slot(&self, slot: u32) -> Option<&Slot> {
        self.slots.get(slot as usize).map(|slot| &**slot)
    }

    /// Puts a runnable job whose `scheduled` bit the caller has just set into the queue.
    pub(crate) fn enqueue(&self, job: Arc<Job>) {
        self.queue.push(job);
        self.words.work_arrived();
    }

    /// Wakes workers for what of the job could run now.
    pub(crate) fn summon(&self, job: &Job, rings: &mut Rings) {
        self.summon_beside(job, 0, rings);
    }

    /// The same, where `awake` workers look for work next that nobody else counts.
    pub(crate) fn summon_beside(&self, job: &Job, awake: u32, rings: &mut Rings) {
        let units = job.state.pending().min(job.state.free_units());
        self.pick(Some(job), units.div_ceil(job.width), awake, rings);
    }

    /// Wakes one more worker if work is left: each claim looks after the next, whoever was counted as awake.
    pub(crate) fn pass_on(&self, rings: &mut Rings) {
        if !self.queue.is_empty() {
            self.pick(None, 1, 0, rings);
        }
    }

    fn pick(&self, job: Option<&Job>, wanted: u32, awake: u32, rings: &mut Rings) {
        self.idle_set
            .pick(job, wanted, awake, |sleeper| self.wake(sleeper, rings));
    }

    fn wake(&self, sleeper: Sleeper, rings: &mut Rings) -> bool {
        let woken = self
            .slot(sleeper.slot)
            .is_some_and(|slot| slot.state.wake(sleeper.epoch));
        if woken {
            rings.slot(sleeper.slot);
        }
        woken
    }

    /// An `ask` has been written: a worker that sleeps over suspended items has to pass it on. Under its desk's lock, which
    /// it takes between entering the idle set and sleeping: either sees the other.
    pub(crate) fn rouse(&self, slot: &Slot, rings: &mut Rings) {
        slot.asked.store(true, Ordering::Release);
        let sleeper = Sleeper {
            slot: slot.number,
            epoch: slot.state.load().1,
        };
        if self.wake(sleeper, rings) {
            self.idle_set.leave(slot.number);
        }
    }

    /// Sends what is left of the post and rings its callers.
    pub(crate) fn deliver(&self, post: Post, rings: &mut Rings) {
        for caller in post.into_heard() {
            if !caller.is_rung() {
                self.ring(&caller, rings);
            }
        }
    }

    pub(crate) fn ring(&self, caller: &Caller, rings: &mut Rings) {
        if caller.is_closed() {
            return;
        }
        match &caller.bell {
            Bell::Native(ring) if caller.claim_ring() => ring(),
            Bell::Word(word) if caller.claim_ring() => rings.word(*word),
            Bell::Slot { slot, epoch } => {
                // Between the push of a block and the look at whether its reader sleeps.
                fence(Ordering::SeqCst);
                if self.wake(
                    Sleeper {
                        slot: *slot,
                        epoch: *epoch,
                    },
                    rings,
                ) {
                    self.idle_set.leave(*slot);
                }
            }
            Bell::Native(_) | Bell::Word(_) => {}
        }
    }

    /// For operations that cannot hand rings to JavaScript: the home will do it.
    pub(crate) fn owe(&self, mut rings: Rings) {
        if rings.is_empty() {
            return;
        }
        if let Bell::Word(word) = self.home.bell {
            rings.word(word);
        }
        self.debt.lock().merge(rings);
        self.call_home();
    }

    /// Rings the home where no JavaScript of this pool is at hand. One that waits on a word is a worker of another pool, whose
    /// home is asked to wake it.
    pub(crate) fn call_home(&self) {
        if let Bell::Native(_) = self.home.bell {
            self.ring(&self.home, &mut Rings::new());
        } else if let Some(lodging) = &self.lodging
            && let Some(outer) = lodging.pool.upgrade()
            && let Some(slot) = outer.slot(lodging.slot)
        {
            let mut rings = Rings::new();
            if let Some(_desk) = slot.desk_of(lodging.epoch) {
                outer.rouse(slot, &mut rings);
            }
            outer.owe(rings);
        }
    }

    /// Asks the home to look: a caller that is not the home has queued what more workers could run.
    pub fn ring_home(&self) -> Rings {
        let mut rings = Rings::new();
        self.ring(&self.home, &mut rings);
        rings
    }

    /// Whom native code wanted to ring when no JavaScript was at hand.
    pub fn take_rings(&self) -> Rings {
        std::mem::take(&mut *self.debt.lock())
    }

    /// A slot left a phase in which it was counted.
    pub(crate) fn left(&self, slot: &Slot, phase: Phase) {
        match phase {
            Phase::Spinning if !slot.kin_only.load(Ordering::Acquire) => self.idle_set.end_spin(),
            Phase::Parked => self.idle_set.leave(slot.number),
            _ => {}
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.budget.leave(self);
    }
}

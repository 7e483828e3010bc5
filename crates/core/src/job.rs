//! What a verb submitted: a recipe, how it may run, and the ranges of it that nobody has claimed.

use std::time::Duration;

use crate::caller::Caller;
use crate::job_state::JobState;
use crate::lineage::Lineage;
use crate::meter::Meter;
use crate::patience;
use crate::ranges::{End, Ranges};
use crate::run_queue::Priority;
use crate::sync::{Arc, AtomicBool, AtomicU32, Mutex, Ordering};
use crate::tally::Tally;

/// How a job is opened.
pub struct JobSpec {
    /// Opaque: what the workers look the function up by.
    pub recipe: u32,
    /// How urgent it is.
    pub priority: Priority,
    /// Items that may run at the same time; 0 for the number of workers.
    pub concurrency: u32,
    /// Items of a claim, if the user wants to decide.
    pub chunk: Option<u32>,
    /// How long an attempt may run.
    pub timeout: Option<Duration>,
    /// Between asking an item to stop and killing its worker.
    pub grace: Duration,
    /// Failed items are kept until [`crate::Pool::retry`] or [`crate::Pool::forget`].
    pub keep_failed: bool,
    /// Its unclaimed items count against the pool's bound.
    pub waits: bool,
    /// Its items are elements of shared memory: see the README.
    pub elements: bool,
    /// Its caller drains its inbox every few ms by itself, and can use no result before it has all of them. Not believed of workers, whose inboxes only
    /// their turns drain.
    pub patient: bool,
    /// What is known of its function.
    pub meter: Arc<Meter>,
    /// Where its items are counted.
    pub tally: Arc<Tally>,
    /// The running item that opened it.
    pub parent: Option<Parent>,
}

impl JobSpec {
    /// The defaults of the facade.
    pub fn new(recipe: u32, meter: Arc<Meter>) -> Self {
        Self {
            recipe,
            priority: Priority::Normal,
            concurrency: 0,
            chunk: None,
            timeout: None,
            grace: Duration::from_millis(100),
            keep_failed: false,
            waits: false,
            elements: false,
            patient: false,
            meter,
            tally: Arc::default(),
            parent: None,
        }
    }
}

/// A frame in which an item runs that opens a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Its slot.
    pub slot: u32,
    /// Which occupant of it.
    pub epoch: u32,
    /// Its frame.
    pub frame: u16,
}

/// See the module.
pub struct Job {
    pub(crate) id: u64,
    pub(crate) recipe: u32,
    pub(crate) priority: Priority,
    /// Units that a claim takes.
    pub(crate) width: u32,
    pub(crate) chunk: Option<u32>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) grace: Duration,
    pub(crate) keep_failed: bool,
    pub(crate) waits: bool,
    pub(crate) elements: bool,
    /// Its results may wait while so much work is unclaimed; never, where there is none.
    pub(crate) patience: Option<Duration>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) caller: Arc<Caller>,
    pub(crate) lineage: Lineage,
    pub(crate) state: JobState,
    pub(crate) ranges: Mutex<Ranges>,
    /// Items submitted and not settled; a stashed item is settled until it is retried.
    open: AtomicU32,
    begun: AtomicBool,
}

impl Job {
    pub(crate) fn new(
        id: u64,
        spec: JobSpec,
        workers: u32,
        caller: &Arc<Caller>,
        lineage: Lineage,
    ) -> Self {
        let concurrency = if spec.concurrency == 0 {
            workers
        } else {
            spec.concurrency
        };
        let state = JobState::new(concurrency);
        let width = if state.concurrency() <= workers {
            1
        } else {
            state.concurrency().div_ceil(workers)
        };
        Self {
            id,
            recipe: spec.recipe,
            priority: spec.priority,
            width,
            chunk: spec.chunk,
            timeout: spec.timeout,
            grace: spec.grace,
            keep_failed: spec.keep_failed,
            waits: spec.waits,
            elements: spec.elements,
            patience: (spec.patient && caller.slot().is_none()).then(|| patience::ahead(workers)),
            meter: spec.meter,
            tally: spec.tally,
            caller: Arc::clone(caller),
            lineage,
            state,
            ranges: Mutex::new(Ranges::default()),
            open: AtomicU32::new(0),
            begun: AtomicBool::new(false),
        }
    }

    /// Its number, unique within the pool.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whether a worker has been given any of its items.
    pub fn has_started(&self) -> bool {
        self.begun.load(Ordering::Acquire)
    }

    /// Items submitted and not settled.
    pub fn open_items(&self) -> u32 {
        self.open.load(Ordering::Acquire)
    }

    pub(crate) fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }

    pub(crate) fn count_in(&self, items: u32) {
        self.open.fetch_add(items, Ordering::AcqRel);
    }

    pub(crate) fn count_out(&self, items: u32) {
        self.open.fetch_sub(items, Ordering::AcqRel);
    }

    /// Several of its items may be suspended in one worker.
    pub(crate) fn wide(&self) -> bool {
        self.width > 1
    }

    pub(crate) fn is_kin_of(&self, slot: u32) -> bool {
        self.lineage.kin.iter().any(|kin| kin.slot == slot)
    }

    /// Its caller wants to hear nothing more of it.
    pub(crate) fn muted(&self) -> bool {
        self.state.ended() && self.ranges.lock().ended() == Some(End::Cancelled)
    }
}

//! The queue of runnable jobs: three priorities, of which none is starved.
//!
//! A lock around plain queues, which is held for a push or a pop: both together are four atomic steps, where three channels of
//! which the first is mostly empty take eight. Whoever only wants to know whether something is in it does not lock.

use std::collections::VecDeque;

use crate::job::Job;
use crate::sync::{Arc, AtomicU32, Mutex, Ordering};

/// How urgent a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Priority {
    /// Before the others.
    High,
    /// The usual.
    #[default]
    Normal,
    /// After the others, yet never starved.
    Low,
}

/// Every 16th pop begins at normal and every 32nd at low: 1/32 of the claims is what "never starved" costs at most.
const NORMAL_FIRST: u32 = 16;
const LOW_FIRST: u32 = 32;

#[derive(Default)]
struct Lanes {
    jobs: [VecDeque<Arc<Job>>; 3],
    pops: u32,
}

/// See the module.
pub(crate) struct RunQueue {
    lanes: Mutex<Lanes>,
    /// Jobs in all lanes. Stored under the lock; read without it by those who have put a fence between what they told others and this look,
    /// as pushers do between their push and the look at who sleeps.
    length: AtomicU32,
}

impl RunQueue {
    pub(crate) fn new() -> Self {
        Self {
            lanes: Mutex::new(Lanes::default()),
            length: AtomicU32::new(0),
        }
    }

    /// At the back of its priority: jobs take turns, claim by claim.
    pub(crate) fn push(&self, job: Arc<Job>) {
        let mut lanes = self.lanes.lock();
        lanes.jobs[job.priority as usize].push_back(job);
        self.count(&lanes);
    }

    pub(crate) fn pop(&self) -> Option<Arc<Job>> {
        if self.is_empty() {
            return None;
        }
        let mut lanes = self.lanes.lock();
        lanes.pops = lanes.pops.wrapping_add(1);
        let order = match lanes.pops {
            turn if turn.is_multiple_of(LOW_FIRST) => [2, 0, 1],
            turn if turn.is_multiple_of(NORMAL_FIRST) => [1, 0, 2],
            _ => [0, 1, 2],
        };
        let job = order
            .into_iter()
            .find_map(|lane| lanes.jobs[lane].pop_front());
        self.count(&lanes);
        job
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length.load(Ordering::SeqCst) == 0
    }

    fn count(&self, lanes: &Lanes) {
        let jobs: usize = lanes.jobs.iter().map(VecDeque::len).sum();
        self.length.store(jobs as u32, Ordering::Release);
    }
}

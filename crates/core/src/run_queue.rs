//! The queue of runnable jobs: three priorities, of which none is starved.

use crate::job::Job;
use crate::sync::{Arc, AtomicU32, Ordering, Queue};

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
pub(crate) struct RunQueue {
    lanes: [Queue<Arc<Job>>; 3],
    pops: AtomicU32,
}

impl RunQueue {
    pub(crate) fn new() -> Self {
        Self {
            lanes: [Queue::new(), Queue::new(), Queue::new()],
            pops: AtomicU32::new(0),
        }
    }

    /// At the back of its priority: jobs take turns, claim by claim.
    pub(crate) fn push(&self, job: Arc<Job>) {
        self.lanes[job.priority as usize].push(job);
    }

    pub(crate) fn pop(&self) -> Option<Arc<Job>> {
        let turn = self.pops.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let order = match turn {
            turn if turn % LOW_FIRST == 0 => [2, 0, 1],
            turn if turn % NORMAL_FIRST == 0 => [1, 0, 2],
            _ => [0, 1, 2],
        };
        order.into_iter().find_map(|lane| self.lanes[lane].pop())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lanes.iter().all(Queue::is_empty)
    }
}

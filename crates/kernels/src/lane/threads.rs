//! The threads of a lane: named, counted, never the global pool's. A panic in them is an outcome, and never the end of the process.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::Interrupted;

/// How a lane is made.
#[derive(Clone, Debug)]
pub struct LaneOptions {
    /// Threads wanted, from 1.
    pub threads: usize,
    /// Bytes of each thread's stack; `None` for the system's default.
    pub stack_size: Option<usize>,
    /// Part of the threads' names.
    pub name: String,
    /// Jobs that may wait for a permit.
    pub max_waiting: usize,
}

/// Takes a seat for one more thread; `first` cannot be refused.
pub type Seats = Box<dyn FnMut(bool) -> Option<Box<dyn Any + Send + Sync>>>;

/// Why a job has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was stopped, or its memory has gone.
    Interrupted(Interrupted),
    /// It panicked: a fault of ours, told with its message.
    Panicked(String),
}

pub(super) struct Threads {
    pool: ThreadPool,
    /// Given back when the lane is dropped.
    _seats: Vec<Box<dyn Any + Send + Sync>>,
}

impl Threads {
    pub(super) fn start(options: LaneOptions, mut seats: Seats) -> Result<Self, String> {
        let mut taken = Vec::new();
        while taken.len() < options.threads.max(1) {
            match seats(taken.is_empty()) {
                Some(seat) => taken.push(seat),
                None => break,
            }
        }
        let name = options.name;
        let mut builder = ThreadPoolBuilder::new()
            .num_threads(taken.len().max(1))
            .thread_name(move |index| format!("{name}-native-{index}"))
            // Every body below catches its own panics; this is for what could still escape them.
            .panic_handler(|_| {});
        if let Some(bytes) = options.stack_size {
            builder = builder.stack_size(bytes);
        }
        let pool = builder.build().map_err(|error| error.to_string())?;
        Ok(Self {
            pool,
            _seats: taken,
        })
    }

    pub(super) fn count(&self) -> usize {
        self.pool.current_num_threads()
    }

    pub(super) fn spawn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Interrupted> + Send + 'static,
        done: impl FnOnce(Result<T, Failure>) + Send + 'static,
    ) {
        self.pool.spawn(move || {
            let outcome = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(outcome) => outcome.map_err(Failure::Interrupted),
                Err(panic) => Err(Failure::Panicked(message(&*panic))),
            };
            // Whatever `done` does, this thread lives on; a job that is not told of its end is told so when what it holds is dropped.
            drop(catch_unwind(AssertUnwindSafe(move || done(outcome))));
        });
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a native thread panicked").to_owned()
}

//! The threads of a lane: named, counted, never the global pool's. They start with the first job and go when the lane rests; the next job starts them
//! again. A panic in them is an outcome, and never the end of the process.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parking_lot::Mutex;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Failure, Refused};
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

/// What counts a thread for as long as it is kept.
pub type Seat = Box<dyn Any + Send + Sync>;

/// Takes a seat for one more thread; the `first` cannot be refused.
pub type Seats = Box<dyn Fn(bool) -> Option<Seat> + Send + Sync>;

pub(super) struct Threads {
    options: LaneOptions,
    take_seat: Seats,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    /// One for each thread.
    seats: Vec<Seat>,
    pool: Option<Arc<ThreadPool>>,
    closed: bool,
}

impl Threads {
    pub(super) fn new(options: LaneOptions, take_seat: Seats) -> Self {
        Self {
            options,
            take_seat,
            made: Mutex::default(),
        }
    }

    /// Those that run.
    pub(super) fn count(&self) -> usize {
        let made = self.made.lock();
        let pool = made.pool.as_ref();
        pool.map_or(0, |pool| pool.current_num_threads())
    }

    /// Starts them, if there are none. Where there were fewer seats than wanted and `quiet` says that nothing runs, there may be more by now.
    pub(super) fn start(&self, quiet: bool) -> Result<Arc<ThreadPool>, Refused> {
        let mut made = self.made.lock();
        if made.closed {
            return Err(Refused::Closed);
        }
        if let Some(pool) = &made.pool
            && !(quiet && made.seats.len() < self.options.threads)
        {
            return Ok(pool.clone());
        }
        let before = made.seats.len();
        while made.seats.len() < self.options.threads.max(1) {
            match (self.take_seat)(made.seats.is_empty()) {
                Some(seat) => made.seats.push(seat),
                None => break,
            }
        }
        match &made.pool {
            Some(pool) if made.seats.len() == before => return Ok(pool.clone()),
            _ => {}
        }
        match self.build(made.seats.len().max(1)) {
            // Threads that were there before end by themselves.
            Ok(pool) => Ok(made.pool.insert(Arc::new(pool)).clone()),
            Err(reason) => {
                made.seats.truncate(before);
                made.pool.clone().ok_or(Refused::NoThreads(reason))
            }
        }
    }

    fn build(&self, threads: usize) -> Result<ThreadPool, String> {
        let name = self.options.name.clone();
        let mut builder = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(move |index| format!("{name}-native-{index}"))
            // Every body below catches its own panics; this is for what could still escape them.
            .panic_handler(|_| {});
        if let Some(bytes) = self.options.stack_size {
            builder = builder.stack_size(bytes);
        }
        builder.build().map_err(|error| error.to_string())
    }

    /// They end once they have done what they were given; their seats are free at once. `unless` is asked while no job can start them again.
    pub(super) fn rest(&self, unless: impl FnOnce() -> bool) {
        let mut made = self.made.lock();
        let left = if unless() {
            None
        } else {
            Some((made.pool.take(), std::mem::take(&mut made.seats)))
        };
        drop(made);
        // Whoever waits for a seat is told outside of the lock.
        drop(left);
    }

    /// The same, and none start again.
    pub(super) fn close(&self) {
        self.made.lock().closed = true;
        self.rest(|| false);
    }

    pub(super) fn spawn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Interrupted> + Send + 'static,
        done: impl FnOnce(Result<T, Failure>) + Send + 'static,
    ) {
        let pool = match self.start(false) {
            Ok(pool) => pool,
            Err(refused) => return done(Err(Failure::Refused(refused))),
        };
        pool.spawn(move || {
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

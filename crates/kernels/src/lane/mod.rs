//! The native lane: a rayon pool of our own with its own bounded queue, permits and staging memory.

mod admission;
mod failure;
mod staging;
mod threads;

pub use admission::Permit;
pub use failure::{Failure, Refused};
pub use staging::{Block, STAGING_BLOCK, STAGING_BLOCKS};
pub use threads::{LaneOptions, Seat, Seats};

use std::sync::Arc;

use crate::Interrupted;
use admission::Admission;
use staging::Staging;
use threads::Threads;

/// What one everycore pool has for native work.
pub struct Lane {
    threads: Threads,
    admission: Arc<Admission>,
    staging: Arc<Staging>,
}

impl Lane {
    /// A lane that has no threads yet. `seats` counts them; fewer seats than asked for make fewer threads.
    pub fn open(options: LaneOptions, seats: Seats) -> Arc<Self> {
        // Twice the threads: while one job's last piece runs, the next one's first pieces are there.
        let active = (options.threads * 2).max(4);
        Arc::new(Self {
            admission: Admission::new(active, options.max_waiting),
            threads: Threads::new(options, seats),
            staging: Staging::new(),
        })
    }

    /// Threads that run now.
    pub fn threads(&self) -> usize {
        self.threads.count()
    }

    /// Jobs that can be active at the same time.
    pub fn permits(&self) -> usize {
        self.admission.permits()
    }

    /// Asks for one of the permits, without which a job may neither take memory nor run. `None`: `later` will be called with it, on whichever
    /// thread gives one back, unless `unwanted` says by then that the job has ended.
    ///
    /// # Errors
    /// When as many wait as may, when it was closed, or when no thread can be started.
    pub fn admit(
        &self,
        unwanted: crate::Stop,
        later: impl FnOnce(Permit) + Send + 'static,
    ) -> Result<Option<Permit>, Refused> {
        let permit = Admission::ask(&self.admission, unwanted, Box::new(later))?;
        if permit.is_some() {
            self.threads.start(self.admission.active() == 1)?;
        }
        Ok(permit)
    }

    /// A block of warm memory to stage input in. `None`: all are in use, and `room` is called once when half of them are free again.
    pub fn stage(&self, room: impl FnOnce() + Send + 'static) -> Option<Block> {
        Staging::take(&self.staging, Box::new(room))
    }

    /// Runs `work` on the threads, inside their pool, then `done` with what became of it, also if it panicked.
    pub fn spawn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Interrupted> + Send + 'static,
        done: impl FnOnce(Result<T, Failure>) + Send + 'static,
    ) {
        self.threads.spawn(work, done);
    }

    /// Lets threads and staging memory go, unless a job is active; the next one makes them again.
    pub fn rest(&self) {
        self.threads.rest(|| self.admission.active() > 0);
        self.staging.clear();
    }

    /// Takes no job from now on. Jobs that run should have been stopped; the threads end with them, and what is still spawned is refused.
    pub fn close(&self) {
        self.threads.close();
        self.staging.clear();
    }
}

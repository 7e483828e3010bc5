//! The native lane: a rayon pool of our own with its own bounded queue, permits and staging memory.

mod admission;
mod staging;
mod threads;

pub use admission::{Full, Permit};
pub use staging::{Block, STAGING_BLOCK, STAGING_BLOCKS};
pub use threads::{Failure, LaneOptions, Seats};

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
    /// Starts the threads. `seats` counts them; fewer seats than asked for make fewer threads.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn open(options: LaneOptions, seats: Seats) -> Result<Arc<Self>, String> {
        let waiting = options.max_waiting;
        let threads = Threads::start(options, seats)?;
        // Twice the threads: while one job's last piece runs, the next one's first pieces are there.
        let active = (threads.count() * 2).max(4);
        Ok(Arc::new(Self {
            threads,
            admission: Admission::new(active, waiting),
            staging: Staging::new(),
        }))
    }

    /// Threads of the pool.
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
    /// When as many wait as may.
    pub fn admit(
        &self,
        unwanted: crate::Stop,
        later: impl FnOnce(Permit) + Send + 'static,
    ) -> Result<Option<Permit>, Full> {
        Admission::ask(&self.admission, unwanted, Box::new(later))
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
}

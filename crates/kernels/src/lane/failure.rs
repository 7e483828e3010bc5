//! Why a job is not taken, and why one has no result.

use crate::Interrupted;

/// Why a lane takes no job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// As many jobs wait as may.
    Full,
    /// The lane was closed.
    Closed,
    /// The system refuses threads, and says why.
    NoThreads(String),
}

/// Why a job has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was stopped, or its memory has gone.
    Interrupted(Interrupted),
    /// It panicked: a fault of ours, told with its message.
    Panicked(String),
    /// There are no threads for it.
    Refused(Refused),
}

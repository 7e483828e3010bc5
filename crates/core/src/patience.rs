//! Results that need not ring.
//!
//! Every ring wakes the calling thread, and where all cores are busy each wake-up takes one from a worker. A caller that looks by itself every few ms,
//! and can use no result of a job before it has all of them, is *patient*: it need not be rung while its workers have enough to do until it looks.

use std::time::Duration;

use crate::job::Job;
use crate::record::Kind;
use crate::sync::{Ordering, fence};

/// Unclaimed work that each worker must be able to count on: twice the time between two looks of a caller that is on time, so that it still has its turn to
/// hand over more.
const AHEAD: Duration = Duration::from_millis(4);

/// Bytes of results in an inbox that are worth a ring: some 0.1 ms of decoding, which is better done while the workers work than behind them.
const ENOUGH: u64 = 64 * 1024;

impl Kind {
    /// Whether a record of this kind may wait: a failure is something that its caller may want to act upon.
    pub(crate) fn may_wait(self) -> bool {
        !matches!(self, Self::Error | Self::Fate)
    }
}

/// The work that must be unclaimed in a pool of so many workers.
pub(crate) fn ahead(workers: u32) -> Duration {
    AHEAD.saturating_mul(workers)
}

impl Job {
    /// Whether results may wait, `held` bytes of which are in the inbox by now.
    pub(crate) fn may_wait(&self, held: u64) -> bool {
        let Some(ahead) = self.patience.filter(|_| held < ENOUGH) else {
            return false;
        };
        // Between the push of the results and the look at what is unclaimed: whoever takes the last of it rings after that.
        fence(Ordering::SeqCst);
        let estimate = self.meter.estimate().unwrap_or_default();
        estimate.saturating_mul(self.state.pending()) >= ahead
    }
}

//! What is known of a function: how long an item of it takes, and how its items ended.

use std::time::Duration;

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// Shared by all jobs of one function.
#[derive(Default)]
pub struct Meter {
    /// Nanoseconds an item; 0 while unknown.
    estimate: AtomicU64,
    /// Claims made while the estimate was unknown.
    probes: AtomicU32,
    started: AtomicU64,
    completed: AtomicU64,
    failed: AtomicU64,
    cancelled: AtomicU64,
    timed_out: AtomicU64,
    retried: AtomicU64,
}

/// A meter's counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Items that a worker was given (and did not lose again unstarted), a retry counting anew.
    pub started: u64,
    /// Items that ended with a value.
    pub completed: u64,
    /// Items that ended with an error or with their worker.
    pub failed: u64,
    /// Items that were cancelled, before or while they ran.
    pub cancelled: u64,
    /// Items that ran out of time.
    pub timed_out: u64,
    /// Items that were put back after a failure.
    pub retried: u64,
}

/// How an item ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Completed,
    Failed,
    Cancelled,
    TimedOut,
}

impl Meter {
    /// Of a function nothing is known about.
    pub fn new() -> Self {
        Self::default()
    }

    /// Time an item takes, if any has been measured.
    pub fn estimate(&self) -> Option<Duration> {
        match self.estimate.load(Ordering::Relaxed) {
            0 => None,
            nanos => Some(Duration::from_nanos(nanos)),
        }
    }

    /// The counters.
    pub fn totals(&self) -> Totals {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Totals {
            started: read(&self.started),
            completed: read(&self.completed),
            failed: read(&self.failed),
            cancelled: read(&self.cancelled),
            timed_out: read(&self.timed_out),
            retried: read(&self.retried),
        }
    }

    /// Learns from a claim. Quick to believe in less, slow to believe in more: the first claim of a function carries the
    /// loading of its code, and must not make the next hundred claims too small.
    pub(crate) fn learn(&self, elapsed: Duration, items: u32) {
        let nanos = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX) / u64::from(items.max(1));
        let nanos = nanos.clamp(1, u64::MAX / 16);
        let old = self.estimate.load(Ordering::Relaxed);
        let new = match old {
            0 => nanos,
            old if nanos < old => old.midpoint(nanos),
            old => (old * 7 + nanos) / 8,
        };
        // A lost race costs one sample.
        self.estimate.store(new, Ordering::Relaxed);
    }

    /// How many claims were made before anything was known, this one not included.
    pub(crate) fn probe(&self) -> u32 {
        self.probes.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn start(&self, items: u32) {
        self.started.fetch_add(u64::from(items), Ordering::Relaxed);
    }

    pub(crate) fn unstart(&self, items: u32) {
        self.started.fetch_sub(u64::from(items), Ordering::Relaxed);
    }

    pub(crate) fn retry(&self) {
        self.retried.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn end(&self, ending: Ending, items: u32) {
        let counter = match ending {
            Ending::Completed => &self.completed,
            Ending::Failed => &self.failed,
            Ending::Cancelled => &self.cancelled,
            Ending::TimedOut => &self.timed_out,
        };
        counter.fetch_add(u64::from(items), Ordering::Relaxed);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn forgets_a_slow_first_claim_soon() {
        let meter = Meter::new();
        assert_eq!(meter.estimate(), None);
        meter.learn(Duration::from_millis(5), 1);
        for _ in 0..12 {
            meter.learn(Duration::from_micros(100), 100);
        }
        assert!(meter.estimate().unwrap() < Duration::from_micros(4));
        meter.learn(Duration::from_millis(1), 1);
        assert!(
            meter.estimate().unwrap() < Duration::from_micros(150),
            "one slow claim is not believed at once"
        );
    }
}

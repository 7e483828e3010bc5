//! What is known of a function: how long an item of it takes. How its items fared is in [`crate::tally`].

use std::time::Duration;

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// Shared by all jobs of one function.
#[derive(Default)]
pub struct Meter {
    /// Nanoseconds an item; 0 while unknown.
    estimate: AtomicU64,
    /// Claims made while the estimate was unknown.
    probes: AtomicU32,
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

    /// Learns from a claim. Quick to believe in less, slow to believe in more: the first claim of a function carries the
    /// loading of its code, and must not make the next hundred claims too small.
    pub fn learn(&self, elapsed: Duration, items: u32) {
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

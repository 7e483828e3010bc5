//! How the items of one name fared: how many ended how, how long they waited, how long they ran.

use std::time::Duration;

use hdrhistogram::Histogram;
// Not this crate's own: it guards no protocol, is a leaf, and loom would only multiply its interleavings.
use parking_lot::Mutex;

use crate::sync::{AtomicU64, Ordering};

/// How an item ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With a value.
    Completed,
    /// With an error, or with its worker.
    Failed,
    /// Cancelled, before or while it ran.
    Cancelled,
    /// Out of time.
    TimedOut,
}

/// Counters at one moment. Each item that has ended counts once, by its last attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Items submitted.
    pub total: u64,
    /// Items that ended with a value.
    pub completed: u64,
    /// Items that ended with an error or with their worker.
    pub failed: u64,
    /// Items that were cancelled, before or while they ran.
    pub cancelled: u64,
    /// Items that ran out of time.
    pub timed_out: u64,
    /// Attempts that were made because another had failed.
    pub retried: u64,
}

/// A distribution of times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// The mean, exactly.
    pub mean: Duration,
    /// Half of the times are no longer; this one and those below to within 1 %.
    pub p50: Duration,
    /// Nine of ten are no longer.
    pub p90: Duration,
    /// 99 of 100 are no longer.
    pub p99: Duration,
    /// The longest, exactly.
    pub max: Duration,
}

/// See the module. Shared by all jobs of one name in one pool, and by all threads that open such.
#[derive(Default)]
pub struct Tally {
    total: AtomicU64,
    completed: AtomicU64,
    failed: AtomicU64,
    cancelled: AtomicU64,
    timed_out: AtomicU64,
    retried: AtomicU64,
    /// Of waiting and of running: one lock for both, for mostly an item's come together.
    times: Mutex<[Times; 2]>,
}

const WAITS: usize = 0;
const RUNS: usize = 1;

impl Tally {
    /// Adds what a thread has counted by itself.
    pub fn add(&self, counts: &Counts) {
        let add = |counter: &AtomicU64, count: u64| {
            if count > 0 {
                counter.fetch_add(count, Ordering::Relaxed);
            }
        };
        add(&self.total, counts.total);
        add(&self.completed, counts.completed);
        add(&self.failed, counts.failed);
        add(&self.cancelled, counts.cancelled);
        add(&self.timed_out, counts.timed_out);
        add(&self.retried, counts.retried);
    }

    /// Items that were counted as cancelled had been refused: they failed.
    pub fn refuse(&self, items: u32) {
        self.counter(Ending::Failed)
            .fetch_add(u64::from(items), Ordering::Relaxed);
        self.counter(Ending::Cancelled)
            .fetch_sub(u64::from(items), Ordering::Relaxed);
    }

    /// So many items waited so long each for the start of their first attempt.
    pub fn waited(&self, each: Duration, items: u32) {
        self.times.lock()[WAITS].add(each, items);
    }

    /// So many attempts ran so long each.
    pub fn ran(&self, each: Duration, items: u32) {
        self.times.lock()[RUNS].add(each, items);
    }

    /// So many items waited so long each, if that is known, and attempts of theirs ran so long: each time with how many it holds for.
    pub(crate) fn timed(
        &self,
        waited: Option<Duration>,
        items: u32,
        runs: impl IntoIterator<Item = (Duration, u32)>,
    ) {
        let mut times = self.times.lock();
        if let Some(waited) = waited {
            times[WAITS].add(waited, items);
        }
        for (each, items) in runs {
            times[RUNS].add(each, items);
        }
    }

    /// Attempts that ran so long.
    pub fn all_ran(&self, times: impl Iterator<Item = Duration>) {
        let mut all = self.times.lock();
        for each in times {
            all[RUNS].add(each, 1);
        }
    }

    /// The counters. Not one instant: each is right by itself.
    pub fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            total: read(&self.total),
            completed: read(&self.completed),
            failed: read(&self.failed),
            cancelled: read(&self.cancelled),
            timed_out: read(&self.timed_out),
            retried: read(&self.retried),
        }
    }

    /// How long items waited.
    pub fn waits(&self) -> Spread {
        self.times.lock()[WAITS].spread()
    }

    /// How long attempts ran that ended by themselves.
    pub fn runs(&self) -> Spread {
        self.times.lock()[RUNS].spread()
    }

    pub(crate) fn submit(&self, items: u32) {
        self.total.fetch_add(u64::from(items), Ordering::Relaxed);
    }

    pub(crate) fn end(&self, ending: Ending, items: u32) {
        self.counter(ending)
            .fetch_add(u64::from(items), Ordering::Relaxed);
    }

    /// An attempt that ended so is followed by another: it was not the item's end.
    pub(crate) fn retry(&self, ending: Ending) {
        self.counter(ending).fetch_sub(1, Ordering::Relaxed);
        self.retried.fetch_add(1, Ordering::Relaxed);
    }

    fn counter(&self, ending: Ending) -> &AtomicU64 {
        match ending {
            Ending::Completed => &self.completed,
            Ending::Failed => &self.failed,
            Ending::Cancelled => &self.cancelled,
            Ending::TimedOut => &self.timed_out,
        }
    }
}

/// Beyond it a time counts as so long: a day.
const LONGEST: Duration = Duration::from_secs(86_400);

struct Times {
    /// In nanoseconds, to two digits; grows with the longest time, to some 40 KiB for a day.
    histogram: Histogram<u64>,
    sum: f64,
    max: u64,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            histogram: Histogram::new(2).expect("two digits are within what a histogram can do"),
            sum: 0.0,
            max: 0,
        }
    }
}

impl Times {
    fn add(&mut self, each: Duration, items: u32) {
        let nanos = each.min(LONGEST).as_nanos() as u64;
        // It grows by itself, and cannot fail below the longest time.
        let _ = self.histogram.record_n(nanos, u64::from(items));
        self.sum += nanos as f64 * f64::from(items);
        self.max = self.max.max(nanos);
    }

    fn spread(&self) -> Spread {
        let count = self.histogram.len();
        if count == 0 {
            return Spread::default();
        }
        // What a histogram answers is the upper end of a bucket, which may lie beyond the longest time.
        let max = self.max;
        let at =
            |quantile| Duration::from_nanos(self.histogram.value_at_quantile(quantile).min(max));
        Spread {
            mean: Duration::from_nanos((self.sum / count as f64) as u64),
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            max: Duration::from_nanos(self.max),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn spreads_are_within_one_percent() {
        let tally = Tally::default();
        assert_eq!(tally.runs(), Spread::default());
        for ms in 1..=100 {
            tally.ran(Duration::from_millis(ms), 10);
        }
        let Spread {
            mean,
            p50,
            p90,
            p99,
            max,
        } = tally.runs();
        assert_eq!(mean, Duration::from_micros(50_500));
        for (found, ms) in [(p50, 50.0), (p90, 90.0), (p99, 99.0), (max, 100.0)] {
            assert!(
                (found.as_secs_f64() * 1000.0 / ms - 1.0).abs() < 0.01,
                "{found:?} is not {ms} ms"
            );
        }
        assert!(p99 <= max);
    }

    #[test]
    fn any_time_can_be_told() {
        let tally = Tally::default();
        for each in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            tally.waited(each, u32::MAX);
        }
        assert!(tally.waits().max >= LONGEST.mul_f64(0.99));
    }

    #[test]
    fn a_repeated_attempt_is_no_end() {
        let tally = Tally::default();
        tally.submit(2);
        tally.end(Ending::TimedOut, 1);
        tally.retry(Ending::TimedOut);
        tally.end(Ending::Completed, 2);
        let counts = Counts {
            total: 2,
            completed: 2,
            retried: 1,
            ..Counts::default()
        };
        assert_eq!(tally.counts(), counts);
    }
}

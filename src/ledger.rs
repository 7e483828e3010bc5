//! What became of the jobs of a pool, by name, and how the pool stands: read by the facade's `metrics` and `stats`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{Counts, Ledger as CoreLedger, Spread, Tally as CoreTally};
use napi_derive::napi;

use crate::error::Result;
use crate::registry::find;

/// The tallies of a pool. Made before the pool is opened: what runs on the caller is counted too.
#[napi]
pub struct Ledger(pub(crate) Arc<CoreLedger>);

/// Where the items of one name are counted.
#[napi]
pub struct Tally(pub(crate) Arc<CoreTally>);

/// How many items ended how; each counts once.
#[napi(object)]
pub struct TallyCounts {
    pub total: f64,
    pub completed: f64,
    pub failed: f64,
    pub cancelled: f64,
    pub timed_out: f64,
    pub retried: f64,
}

/// A distribution of times, in ms.
#[napi(object)]
pub struct TallySpread {
    pub mean: f64,
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub max: f64,
}

/// What is known of one name.
#[napi(object)]
pub struct TallyFigures {
    pub name: String,
    pub counts: TallyCounts,
    pub waits: TallySpread,
    pub runs: TallySpread,
}

/// How a pool stands.
#[napi(object)]
pub struct PoolFigures {
    /// Items that nobody has claimed.
    pub queued: f64,
    /// Items claimed and not settled.
    pub running: f64,
    /// Workers that run something, or are about to be stopped.
    pub busy: u32,
    /// Workers that wait for work.
    pub idle: u32,
    /// Workers on their way up.
    pub starting: u32,
    /// Workers started, ever.
    pub started: f64,
    /// Those of them that ended without having been asked to.
    pub replaced: f64,
    /// Threads of the native lane; 0 until it is used.
    pub native_threads: u32,
    /// As its home has last set it.
    pub health: u32,
}

#[napi]
impl Ledger {
    /// Of a pool that has not been opened.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// That of an open pool.
    #[napi(factory, catch_unwind)]
    pub fn of_pool(pool: u32) -> Result<Self> {
        Ok(Self(Arc::clone(&find(pool)?.ledger)))
    }

    /// Where the items of a name are counted.
    #[napi(catch_unwind)]
    pub fn tally(&self, name: String) -> Tally {
        Tally(self.0.tally(&name))
    }

    /// Everything that is known, by name, in no order.
    #[napi(catch_unwind)]
    pub fn figures(&self) -> Vec<TallyFigures> {
        let all = self.0.all().into_iter();
        all.map(|(name, tally)| TallyFigures {
            name,
            counts: tally.counts().into(),
            waits: tally.waits().into(),
            runs: tally.runs().into(),
        })
        .collect()
    }
}

#[napi]
impl Tally {
    /// Adds what a thread has counted by itself.
    #[napi(catch_unwind)]
    pub fn add(&self, counts: TallyCounts) {
        self.0.add(&counts.into());
    }

    /// Ms that attempts ran which a thread has made itself; so many of them were first ones, for which nobody waits there.
    #[napi(catch_unwind)]
    pub fn time(&self, runs: &[f64], first: u32) {
        self.0.all_ran(runs.iter().copied().map(millis));
        if first > 0 {
            self.0.waited(Duration::ZERO, first);
        }
    }

    /// Items that were counted as cancelled had been refused.
    #[napi(catch_unwind)]
    pub fn refuse(&self, items: u32) {
        self.0.refuse(items);
    }
}

/// How a pool stands; nothing of one that is closed.
#[napi(catch_unwind)]
pub fn pool_figures(pool: u32) -> Option<PoolFigures> {
    let house = find(pool).ok()?;
    let stats = house.pool.stats();
    Some(PoolFigures {
        queued: stats.queued as f64,
        running: stats.running as f64,
        busy: stats.busy + stats.doomed,
        idle: stats.spinning + stats.parked,
        starting: stats.starting,
        started: stats.started as f64,
        replaced: stats.replaced as f64,
        native_threads: house.lane.threads() as u32,
        health: house.health.load(Ordering::Relaxed),
    })
}

fn millis(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default()
}

impl From<Counts> for TallyCounts {
    fn from(counts: Counts) -> Self {
        Self {
            total: counts.total as f64,
            completed: counts.completed as f64,
            failed: counts.failed as f64,
            cancelled: counts.cancelled as f64,
            timed_out: counts.timed_out as f64,
            retried: counts.retried as f64,
        }
    }
}

impl From<TallyCounts> for Counts {
    fn from(counts: TallyCounts) -> Self {
        Self {
            total: counts.total as u64,
            completed: counts.completed as u64,
            failed: counts.failed as u64,
            cancelled: counts.cancelled as u64,
            timed_out: counts.timed_out as u64,
            retried: counts.retried as u64,
        }
    }
}

impl From<Spread> for TallySpread {
    fn from(spread: Spread) -> Self {
        let ms = |time: Duration| time.as_nanos() as f64 / 1e6;
        Self {
            mean: ms(spread.mean),
            p50: ms(spread.p50),
            p90: ms(spread.p90),
            p99: ms(spread.p99),
            max: ms(spread.max),
        }
    }
}

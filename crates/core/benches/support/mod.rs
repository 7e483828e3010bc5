//! What the benches share: the tests' stage, and timing of batches whose making and clearing away is not measured.
#![allow(dead_code, unused_imports, reason = "each bench uses its own part")]

#[path = "../../tests/support/mod.rs"]
mod stage;

use std::time::{Duration, Instant};

use criterion::{Bencher, BenchmarkGroup, Criterion, Throughput, measurement::WallTime};

pub use stage::{Frame, Stage, Worker, segment};

/// Items of a batch: enough to hide the clock, few enough to stay in the cache.
pub const BATCH: u64 = 1024;

/// A group whose figures are per item.
pub fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(BATCH));
    group
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20);
    group
}

/// Measures `run` on what `make` makes; dropping it is not measured.
pub fn batches<T>(
    bencher: &mut Bencher<'_>,
    mut make: impl FnMut() -> T,
    mut run: impl FnMut(&mut T),
) {
    bencher.iter_custom(|rounds| {
        let mut spent = Duration::ZERO;
        for _ in 0..rounds {
            let mut batch = make();
            let begin = Instant::now();
            run(&mut batch);
            spent += begin.elapsed();
        }
        spent
    });
}

/// rayon with as many threads as this bench's other rows use: one beside the measuring thread.
pub fn rayon_pool() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread")
}

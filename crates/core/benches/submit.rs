//! What it costs the caller to hand over work, beside a plain channel and rayon's `spawn`.
#![cfg(not(loom))]

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use support::{BATCH, Stage, batches, group, rayon_pool, segment};

fn submit(criterion: &mut Criterion) {
    let mut group = group(criterion, "submit");
    group.bench_function("everycore/single items", |bencher| {
        let make = || {
            let stage = Stage::new(2);
            let job = stage.job(|_| {});
            let segments: Vec<_> = (0..BATCH as u32)
                .map(|index| segment(index..index + 1))
                .collect();
            (stage, job, segments)
        };
        batches(bencher, make, |(stage, job, segments)| {
            for segment in segments.drain(..) {
                drop(stage.pool.submit(job, segment));
            }
        });
    });
    group.bench_function("everycore/one segment", |bencher| {
        let make = || {
            let stage = Stage::new(2);
            let job = stage.job(|_| {});
            (stage, job, Some(segment(0..BATCH as u32)))
        };
        batches(bencher, make, |(stage, job, segment)| {
            drop(
                segment
                    .take()
                    .map(|segment| stage.pool.submit(job, segment)),
            );
        });
    });
    group.bench_function("crossbeam-channel/send", |bencher| {
        let make = || {
            let items: Vec<_> = (0..BATCH as u32)
                .map(|index| segment(index..index + 1))
                .collect();
            (crossbeam_channel::unbounded(), items)
        };
        batches(bencher, make, |((sender, _receiver), items)| {
            items.drain(..).for_each(|item| drop(sender.send(item)));
        });
    });
    group.bench_function("rayon/spawn", |bencher| {
        let pool = rayon_pool();
        let make = || {
            (0..BATCH as u32)
                .map(|index| segment(index..index + 1))
                .collect::<Vec<_>>()
        };
        batches(bencher, make, |items| {
            items
                .drain(..)
                .for_each(|item| pool.spawn(move || drop(item)));
        });
    });
    group.finish();
}

criterion_group!(benches, submit);
criterion_main!(benches);

//! What it costs a worker to get its next items, beside receiving from a plain channel and being run by rayon.
#![cfg(not(loom))]

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use support::{BATCH, Stage, Worker, batches, group, rayon_pool, segment};

/// A worker that finds the whole batch queued.
fn make(chunk: u32) -> (Stage, Worker) {
    let stage = Stage::new(1);
    let worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(chunk));
    drop(stage.submit(&job, 0..BATCH as u32));
    (stage, worker)
}

/// Claims it all and runs nothing but the protocol.
fn run((_, worker): &mut (Stage, Worker)) {
    while let Some(frame) = worker.claim() {
        worker.run(frame.head.frame);
    }
}

fn claim(criterion: &mut Criterion) {
    let mut group = group(criterion, "claim");
    for chunk in [1, 16, 256] {
        group.bench_function(format!("everycore/{chunk} at once"), |bencher| {
            batches(bencher, || make(chunk), run);
        });
    }
    group.bench_function("crossbeam-channel/recv", |bencher| {
        let make = || {
            let (sender, receiver) = crossbeam_channel::unbounded();
            (0..BATCH as u32).for_each(|index| drop(sender.send(segment(index..index + 1))));
            (sender, receiver)
        };
        batches(
            bencher,
            make,
            |(_sender, receiver)| while receiver.try_recv().is_ok() {},
        );
    });
    group.bench_function("rayon/spawn and run", |bencher| {
        let pool = rayon_pool();
        let make = || {
            (0..BATCH as u32)
                .map(|index| segment(index..index + 1))
                .collect::<Vec<_>>()
        };
        batches(bencher, make, |items| {
            pool.in_place_scope(|scope| {
                items
                    .drain(..)
                    .for_each(|item| scope.spawn(move |_| drop(item)));
            });
        });
    });
    group.finish();
}

criterion_group!(benches, claim);
criterion_main!(benches);

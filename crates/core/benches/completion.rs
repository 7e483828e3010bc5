//! What a result costs from the worker's outbox to the caller's hand, beside a plain channel and rayon.
#![cfg(not(loom))]

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use everycore_core::Records;
use support::{BATCH, Frame, Stage, Worker, batches, group, rayon_pool};

/// A worker with the whole batch in hand.
fn make() -> (Stage, Worker, Frame) {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(BATCH as u32));
    drop(stage.submit(&job, 0..BATCH as u32));
    let frame = worker.claim().expect("the batch");
    (stage, worker, frame)
}

/// Runs the batch and commits every `results` of it; the caller listens after each commit.
fn run(results: u32, (stage, worker, frame): &mut (Stage, Worker, Frame)) {
    let number = frame.head.frame;
    while let Some(item) = worker.begin(number) {
        worker.finish(number, item);
        if item % results == results - 1 {
            drop(worker.commit());
            stage.home.caller.drain(usize::MAX, &mut |block| {
                black_box(Records::new(&block.bytes).count());
            });
        }
    }
}

fn completion(criterion: &mut Criterion) {
    let mut group = group(criterion, "completion");
    for results in [1, 16, 256] {
        group.bench_function(format!("everycore/{results} a commit"), |bencher| {
            batches(bencher, make, |stage| run(results, stage));
        });
    }
    group.bench_function("crossbeam-channel/send and recv", |bencher| {
        batches(
            bencher,
            crossbeam_channel::unbounded,
            |(sender, receiver)| {
                for index in 0..BATCH as u32 {
                    drop(sender.send(index.to_le_bytes().to_vec()));
                    drop(black_box(receiver.try_recv()));
                }
            },
        );
    });
    group.bench_function("rayon/spawn that sends", |bencher| {
        let pool = rayon_pool();
        batches(
            bencher,
            crossbeam_channel::unbounded,
            |(sender, receiver)| {
                pool.in_place_scope(|scope| {
                    for index in 0..BATCH as u32 {
                        let sender = &*sender;
                        scope.spawn(move |_| drop(sender.send(index.to_le_bytes().to_vec())));
                    }
                });
                while receiver.try_recv().is_ok() {}
            },
        );
    });
    group.finish();
}

criterion_group!(benches, completion);
criterion_main!(benches);

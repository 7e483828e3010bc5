//! Word counts of 8 M characters beside a plain loop over the same table, on 1 to 8 threads.

use std::sync::mpsc::channel;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use everycore_kernels::Stop;
use everycore_kernels::words::{WordJob, WordPiece, Words, count_here, split_point};

mod support {
    pub mod lanes;
}
use support::lanes::in_lanes;

const LENGTH: usize = 8_000_000;
const PIECE: usize = 64 * 1024;

fn bench(criterion: &mut Criterion) {
    // Some 20,000 different words, short ones more often than long ones.
    let mut state = 1u32;
    let mut text = Vec::with_capacity(LENGTH + 16);
    while text.len() < LENGTH {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let word = format!("{} ", (state >> 16) % (1 << (state >> 28)).max(20_000));
        text.extend(word.encode_utf16());
    }
    let mut group = criterion.benchmark_group("count 8 M characters");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.sample_size(10);
    for words in [Words::Runs, Words::Unicode] {
        group.bench_function(format!("{words:?}/plain loop"), |bencher| {
            bencher.iter(|| count_here(words, &text));
        });
        in_lanes(|lane, name| {
            group.bench_function(format!("{words:?}/{name}"), |bencher| {
                bencher.iter(|| {
                    let (sender, receiver) = channel();
                    let job = WordJob::new(lane.clone(), words, Stop::default(), move |outcome| {
                        drop(sender.send(outcome));
                    });
                    let mut at = 0;
                    while at < text.len() {
                        let some = &text[at..text.len().min(at + PIECE)];
                        let cut = split_point(words, some);
                        job.submit(WordPiece::Large(some[..cut].to_vec()), at as u64);
                        at += cut;
                    }
                    job.complete();
                    receiver.recv()
                });
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! Word counts of 8 M characters beside a plain loop over the same table, on 1 to 8 threads.

use std::sync::Arc;
use std::sync::mpsc::channel;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use everycore_kernels::Stop;
use everycore_kernels::lane::Lane;
use everycore_kernels::words::{WordCounts, WordJob, WordPiece, Words, count_here, split_point};

mod support {
    pub mod lanes;
}
use support::lanes::in_lanes;

const LENGTH: usize = 8_000_000;
const PIECE: usize = 64 * 1024;

/// The text, copied piece by piece as the calling thread does it, with the place of each.
fn pieces(words: Words, text: &[u16]) -> Vec<(WordPiece, u64)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let some = &text[at..text.len().min(at + PIECE)];
        let cut = split_point(words, some);
        pieces.push((WordPiece::Large(some[..cut].to_vec()), at as u64));
        at += cut;
    }
    pieces
}

fn in_lane(lane: &Arc<Lane>, words: Words, pieces: Vec<(WordPiece, u64)>) -> WordCounts {
    let (sender, receiver) = channel();
    let job = WordJob::new(lane.clone(), words, Stop::default(), move |outcome| {
        drop(sender.send(outcome));
    });
    for (piece, at) in pieces {
        job.submit(piece, at);
    }
    job.complete();
    receiver.recv().expect("an outcome").expect("counts")
}

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
    group.throughput(Throughput::Elements(text.len() as u64));
    group.sample_size(10);
    for words in [Words::Runs, Words::Unicode] {
        group.bench_function(format!("{words:?}/plain loop"), |bencher| {
            bencher.iter(|| count_here(words, &text));
        });
        in_lanes(|lane, name| {
            group.bench_function(format!("{words:?}/{name}"), |bencher| {
                bencher.iter_batched(
                    || pieces(words, &text),
                    |pieces| in_lane(lane, words, pieces),
                    BatchSize::PerIteration,
                );
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! 4,000 messages of 16 KiB where they are, beside the plain loop, on 1 to 8 threads.

use std::sync::Arc;
use std::sync::mpsc::channel;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use everycore_kernels::hash::{Algorithm, HashJob, Hasher};
use everycore_kernels::lane::Lane;
use everycore_kernels::{Gone, Memory, Stop};

mod support {
    pub mod lanes;
}
use support::lanes::in_lanes;

const MESSAGES: usize = 4000;
const LENGTH: usize = 16 * 1024;

/// One message of many, in memory that all of them share.
struct Message(Arc<Vec<u8>>, usize);

impl Memory for Message {
    fn len(&self) -> usize {
        LENGTH
    }

    fn read(&self, at: usize, into: &mut [u8]) -> Result<(), Gone> {
        into.copy_from_slice(&self.0[self.1 * LENGTH + at..][..into.len()]);
        Ok(())
    }

    fn write(&self, _: usize, _: &[u8]) -> Result<(), Gone> {
        Err(Gone)
    }
}

fn in_lane(lane: &Arc<Lane>, algorithm: Algorithm, bytes: &Arc<Vec<u8>>) -> Vec<u8> {
    let (sender, receiver) = channel();
    let job = HashJob::new(
        lane.clone(),
        algorithm,
        MESSAGES,
        Stop::default(),
        move |outcome| {
            drop(sender.send(outcome));
        },
    )
    .expect("memory");
    for first in (0..MESSAGES).step_by(16) {
        let some = first..MESSAGES.min(first + 16);
        let message = |i| (i, Box::new(Message(bytes.clone(), i)) as Box<dyn Memory>);
        job.submit_shared(some.map(message).collect());
    }
    receiver.recv().expect("an outcome").expect("digests")
}

fn bench(criterion: &mut Criterion) {
    let bytes: Arc<Vec<u8>> = Arc::new((0..MESSAGES * LENGTH).map(|i| (i * 7) as u8).collect());
    let mut group = criterion.benchmark_group("hash 4,000 x 16 KiB");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.sample_size(10);
    for algorithm in Algorithm::ALL {
        group.bench_function(format!("{algorithm:?}/plain loop"), |bencher| {
            bencher.iter(|| {
                let mut digest = [0; 64];
                for message in bytes.chunks(LENGTH) {
                    let mut hasher = Hasher::new(algorithm);
                    hasher.update(message);
                    hasher.finish(&mut digest[..algorithm.length()]);
                }
                digest
            });
        });
        in_lanes(|lane, name| {
            group.bench_function(format!("{algorithm:?}/{name}"), |bencher| {
                bencher.iter(|| in_lane(lane, algorithm, &bytes));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! Sort and argsort beside the standard library's, on 1 to 8 threads.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use everycore_kernels::{Gone, Keys, Kind, Memory, Stop, argsort, sort};

mod support {
    pub mod numbers;
    pub mod threads;
}
use support::{numbers::numbers, threads::on_threads};

const LENGTH: usize = 5_000_000;

/// Takes what is written, and forgets it.
struct Sink;

impl Memory for Sink {
    fn len(&self) -> usize {
        usize::MAX
    }

    fn read(&self, _: usize, _: &mut [u8]) -> Result<(), Gone> {
        Err(Gone)
    }

    fn write(&self, _: usize, bytes: &[u8]) -> Result<(), Gone> {
        std::hint::black_box(bytes);
        Ok(())
    }
}

fn bench(criterion: &mut Criterion) {
    let numbers = numbers(LENGTH);
    let keys = || {
        let mut keys = Keys::with_capacity(Kind::F64, LENGTH).expect("memory");
        let copied = keys.append(Kind::F64, &bytemuck::cast_slice::<_, u8>(&numbers));
        copied.expect("memory of our own");
        keys
    };
    let mut group = criterion.benchmark_group("sort 5 M doubles");
    group.throughput(Throughput::Elements(LENGTH as u64));
    group.sample_size(10);
    group.bench_function("std", |bencher| {
        bencher.iter_batched_ref(
            || numbers.clone(),
            |numbers| numbers.sort_unstable_by(f64::total_cmp),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("std, indexes", |bencher| {
        bencher.iter_batched_ref(
            || (0..LENGTH as u32).collect::<Vec<u32>>(),
            |order| order.sort_by(|&a, &b| numbers[a as usize].total_cmp(&numbers[b as usize])),
            BatchSize::PerIteration,
        );
    });
    let stop = Stop::default();
    on_threads(|pool, name| {
        group.bench_function(format!("sort/{name}"), |bencher| {
            bencher.iter_batched(
                keys,
                |keys| pool.install(|| sort(Kind::F64, keys, &Sink, &stop)),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("argsort/{name}"), |bencher| {
            bencher.iter_batched(
                keys,
                |keys| pool.install(|| argsort(keys, &Sink, &stop)),
                BatchSize::PerIteration,
            );
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

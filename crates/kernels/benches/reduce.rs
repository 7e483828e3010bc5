//! Sum and least beside a plain loop, on 1 to 8 threads. Both are bound by memory where the numbers are many.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use everycore_kernels::{Kind, Reduction, Stop, reduce};

mod support {
    pub mod threads;
}
use support::threads::on_threads;

const LENGTH: usize = 5_000_000;

fn bench(criterion: &mut Criterion) {
    let numbers: Vec<f64> = (0..LENGTH).map(|i| i as f64 * 0.1).collect();
    let bytes: &[u8] = bytemuck::cast_slice(&numbers);
    let mut group = criterion.benchmark_group("reduce 5 M doubles");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.sample_size(20);
    group.bench_function("sum/plain loop", |bencher| {
        bencher.iter(|| {
            black_box(&numbers)
                .iter()
                .fold(0.0, |sum, value| sum + value)
        });
    });
    group.bench_function("min/plain loop", |bencher| {
        bencher.iter(|| {
            let numbers = black_box(&numbers).iter();
            numbers.fold(
                f64::INFINITY,
                |low, &value| if value < low { value } else { low },
            )
        });
    });
    on_threads(|pool, threads| {
        for (name, reduction) in [("sum", Reduction::Sum), ("min", Reduction::Min)] {
            group.bench_function(format!("{name}/{threads}"), |bencher| {
                bencher.iter(|| {
                    pool.install(|| {
                        reduce(&black_box(bytes), Kind::F64, reduction, &Stop::default())
                    })
                });
            });
        }
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

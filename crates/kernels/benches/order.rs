//! The order of a million records by a number and by a text, beside the standard library's stable sort of indexes, on 1 to 8 threads.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use everycore_kernels::Stop;
use everycore_kernels::order::{Class, Column, Texts, order};

mod support {
    pub mod numbers;
    pub mod threads;
}
use support::{numbers::numbers, threads::on_threads};

const LENGTH: usize = 1_000_000;

fn bench(criterion: &mut Criterion) {
    let numbers = numbers(LENGTH);
    let texts: Vec<Vec<u16>> = numbers
        .iter()
        .map(|number| {
            format!("user-{:x}", (number * 1e12) as u64)
                .encode_utf16()
                .collect()
        })
        .collect();
    let by_number = || {
        let mut column = Column::for_numbers(LENGTH, false).expect("memory");
        column.push_numbers(numbers.iter().map(|&number| (number, Class::Number)));
        vec![column]
    };
    let by_text = || {
        let mut column = Texts::default();
        for text in &texts {
            column.push(text, std::iter::once(text.len() as u32));
        }
        vec![Column::Texts(column, false)]
    };
    let indexes = || (0..LENGTH as u32).collect::<Vec<u32>>();

    let mut group = criterion.benchmark_group("order 1 M records");
    group.throughput(Throughput::Elements(LENGTH as u64));
    group.sample_size(10);
    group.bench_function("number/std", |bencher| {
        bencher.iter_batched_ref(
            indexes,
            |order| order.sort_by(|&a, &b| numbers[a as usize].total_cmp(&numbers[b as usize])),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("text/std", |bencher| {
        bencher.iter_batched_ref(
            indexes,
            |order| order.sort_by(|&a, &b| texts[a as usize].cmp(&texts[b as usize])),
            BatchSize::PerIteration,
        );
    });
    let stop = Stop::default();
    on_threads(|pool, name| {
        group.bench_function(format!("number/{name}"), |bencher| {
            bencher.iter_batched(
                by_number,
                |columns| pool.install(|| order(columns, &stop)),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("text/{name}"), |bencher| {
            bencher.iter_batched(
                by_text,
                |columns| pool.install(|| order(columns, &stop)),
                BatchSize::PerIteration,
            );
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

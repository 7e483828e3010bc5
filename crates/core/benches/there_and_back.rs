//! Items to 1–8 threads and their results back, beside what one would build of channels, or of rayon: the same pattern for all. One thread hands
//! items out in parcels of so many and takes the results in; the others take a parcel, run its items, and send their results.
#![cfg(not(loom))]

#[path = "support/bare.rs"]
mod bare;

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use bare::{BareWorker, Quiet};
use criterion::{Bencher, Criterion, Throughput, criterion_group, criterion_main};
use crossbeam_utils::Backoff;
use everycore_core::{
    Bell, Budget, CELL, Caller, JobSpec, Meter, Pool, PoolOptions, Records, Segment, SegmentParts,
};

const ITEMS: u64 = 1 << 16;
const THREADS: [usize; 4] = [1, 2, 4, 8];
const PARCELS: [u64; 3] = [1, 16, 256];

/// What an item costs: some 5 ns.
fn work(item: u64) -> u64 {
    (0..4).fold(item, |hash, _| {
        (hash ^ hash >> 7).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// Hands everything out and takes it in; the threads stay for all rounds.
trait Crew {
    fn round(&mut self, parcel: u64);
}

/// Threads that take parcels from `$receive` and send results by `$send`, until the first channel is closed.
macro_rules! channels {
    ($name:ident, $sender:ty, $receiver:ty, $back:ty, $new:expr, $back_new:expr, $send:expr, $receive:expr, $take:expr) => {
        struct $name {
            items: Option<$sender>,
            results: $back,
            threads: Vec<thread::JoinHandle<()>>,
        }

        impl $name {
            fn new(threads: usize) -> Self {
                let (items, inbox) = $new;
                let inbox: $receiver = inbox;
                let (back, results) = $back_new;
                let threads = (0..threads).map(|_| {
                    let (inbox, back) = (inbox.clone(), back.clone());
                    thread::spawn(move || {
                        while let Ok(mut parcel) = $receive(&inbox) {
                            parcel.iter_mut().for_each(|item| *item = work(*item));
                            if $send(&back, parcel).is_err() {
                                return;
                            }
                        }
                    })
                });
                Self {
                    items: Some(items),
                    results,
                    threads: threads.collect(),
                }
            }
        }

        impl Crew for $name {
            fn round(&mut self, parcel: u64) {
                let items = self.items.as_ref().expect("open");
                for first in (0..ITEMS).step_by(parcel as usize) {
                    drop($send(items, (first..first + parcel).collect::<Vec<_>>()));
                }
                for _ in 0..ITEMS / parcel {
                    black_box($take(&self.results).ok());
                }
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                self.items = None;
                self.threads
                    .drain(..)
                    .for_each(|thread| drop(thread.join()));
            }
        }
    };
}

type Parcel = Vec<u64>;

channels!(
    Crossbeam,
    crossbeam_channel::Sender<Parcel>,
    crossbeam_channel::Receiver<Parcel>,
    crossbeam_channel::Receiver<Parcel>,
    crossbeam_channel::unbounded(),
    crossbeam_channel::unbounded(),
    crossbeam_channel::Sender::send,
    crossbeam_channel::Receiver::recv,
    crossbeam_channel::Receiver::recv
);
channels!(
    Flume,
    flume::Sender<Parcel>,
    flume::Receiver<Parcel>,
    flume::Receiver<Parcel>,
    flume::unbounded(),
    flume::unbounded(),
    flume::Sender::send,
    flume::Receiver::recv,
    flume::Receiver::recv
);
channels!(
    AsyncChannel,
    async_channel::Sender<Parcel>,
    async_channel::Receiver<Parcel>,
    async_channel::Receiver<Parcel>,
    async_channel::unbounded(),
    async_channel::unbounded(),
    async_channel::Sender::send_blocking,
    async_channel::Receiver::recv_blocking,
    async_channel::Receiver::recv_blocking
);

fn std_pair() -> (mpsc::Sender<Parcel>, Arc<Mutex<mpsc::Receiver<Parcel>>>) {
    let (sender, receiver) = mpsc::channel();
    (sender, Arc::new(Mutex::new(receiver)))
}

channels!(
    Std,
    mpsc::Sender<Parcel>,
    Arc<Mutex<mpsc::Receiver<Parcel>>>,
    mpsc::Receiver<Parcel>,
    std_pair(),
    mpsc::channel(),
    mpsc::Sender::send,
    |inbox: &Arc<Mutex<mpsc::Receiver<Parcel>>>| inbox.lock().expect("no panic").recv(),
    mpsc::Receiver::recv
);

/// rayon's own threads, and a channel back.
struct Rayon(rayon::ThreadPool);

impl Crew for Rayon {
    fn round(&mut self, parcel: u64) {
        let (back, results) = crossbeam_channel::unbounded();
        for first in (0..ITEMS).step_by(parcel as usize) {
            let back = back.clone();
            let items: Parcel = (first..first + parcel).collect();
            self.0.spawn(move || {
                drop(back.send(items.into_iter().map(work).collect::<Parcel>()));
            });
        }
        for _ in 0..ITEMS / parcel {
            black_box(results.recv().ok());
        }
    }
}

/// This crate: a segment for each parcel, claims as the scheduler sizes them.
struct Everycore {
    pool: Arc<Pool>,
    home: Arc<Caller>,
    meter: Arc<Meter>,
    news: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Everycore {
    fn new(threads: usize) -> Self {
        let news = Arc::new(AtomicU64::new(0));
        let bell = {
            let news = Arc::clone(&news);
            let main = thread::current();
            Box::new(move || {
                news.fetch_add(1, Ordering::Release);
                main.unpark();
            })
        };
        let home = Caller::new(Bell::Native(bell));
        let options = PoolOptions::new(threads as u32, Budget::new(threads as u32));
        let pool = Pool::new(options, Arc::new(Quiet), Arc::clone(&home));
        let over = Arc::new(AtomicBool::new(false));
        let threads = (0..threads).map(|_| {
            let (mut worker, over) = (BareWorker::new(&pool), Arc::clone(&over));
            thread::spawn(move || {
                let backoff = Backoff::new();
                while !over.load(Ordering::Acquire) {
                    if worker.turn(work) {
                        backoff.reset();
                    } else {
                        backoff.snooze();
                    }
                }
            })
        });
        let threads = threads.collect();
        Self {
            pool,
            home,
            meter: Arc::new(Meter::new()),
            news,
            over,
            threads,
        }
    }
}

impl Crew for Everycore {
    fn round(&mut self, parcel: u64) {
        let job = self
            .pool
            .open(JobSpec::new(1, Arc::clone(&self.meter)), &self.home);
        let job = job.expect("open");
        for first in (0..ITEMS).step_by(parcel as usize) {
            let parts = SegmentParts {
                first_index: first as u32,
                bytes: (first..first + parcel).flat_map(u64::to_le_bytes).collect(),
                ..SegmentParts::default()
            };
            let segment = Segment::new(parts).expect("whole cells");
            drop(self.pool.submit(&job, segment).expect("room"));
        }
        let mut left = ITEMS as usize;
        while left > 0 {
            let seen = self.news.load(Ordering::Acquire);
            self.home.drain(usize::MAX, &mut |block| {
                for record in Records::new(&block.bytes) {
                    left -= black_box(record.expect("sound")).payload.len() / CELL;
                }
            });
            // As the channels do before they sleep.
            let backoff = Backoff::new();
            while left > 0 && self.news.load(Ordering::Acquire) == seen {
                if backoff.is_completed() {
                    thread::park();
                } else {
                    backoff.snooze();
                }
            }
        }
    }
}

impl Drop for Everycore {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        self.threads
            .drain(..)
            .for_each(|thread| drop(thread.join()));
    }
}

fn rounds(bencher: &mut Bencher<'_>, parcel: u64, crew: &mut dyn Crew) {
    bencher.iter_custom(|rounds| {
        let begin = Instant::now();
        (0..rounds).for_each(|_| crew.round(parcel));
        begin.elapsed()
    });
}

type Hire = fn(usize) -> Box<dyn Crew>;

const CREWS: [(&str, Hire); 6] = [
    ("everycore", |threads| Box::new(Everycore::new(threads))),
    ("crossbeam-channel", |threads| {
        Box::new(Crossbeam::new(threads))
    }),
    ("flume", |threads| Box::new(Flume::new(threads))),
    ("async-channel", |threads| {
        Box::new(AsyncChannel::new(threads))
    }),
    ("std mpsc", |threads| Box::new(Std::new(threads))),
    ("rayon spawn", |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        Box::new(Rayon(pool.expect("threads")))
    }),
];

fn there_and_back(criterion: &mut Criterion) {
    for parcel in PARCELS {
        let mut group = criterion.benchmark_group(format!("there and back, {parcel} at once"));
        group
            .throughput(Throughput::Elements(ITEMS))
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(300))
            .sample_size(10);
        for threads in THREADS {
            for (name, hire) in CREWS {
                group.bench_function(format!("{threads} threads/{name}"), |bencher| {
                    rounds(bencher, parcel, &mut *hire(threads));
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, there_and_back);
criterion_main!(benches);

//! Items to 1–8 threads and their results back, beside what one would build of channels, or of rayon: the same pattern for all. One thread hands
//! items out in parcels of so many and takes the results in; the others take a parcel, run its items, and send their results.
//!
//! The last rows are how the core is used: it gets everything at once and decides itself what a claim holds. The others get parcels of the size that serves
//! them best, found by hand.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use crate::bare::{BareWorker, Bells, Turn};
use crate::parcels::{Parcel, Work, parcel, segment};
use crate::table::Table;
use crossbeam_utils::Backoff;
use everycore_core::{Bell, Budget, CELL, Caller, JobSpec, Meter, Pool, PoolOptions, Records};

const ITEMS: u64 = 1 << 16;
const THREADS: [usize; 4] = [1, 2, 4, 8];
const PARCELS: [u64; 3] = [1, 16, 256];
/// What serves channels best.
const BY_HAND: u64 = 1024;

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
                            Work::new().on_all(&mut parcel);
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
                    drop($send(items, self::parcel(first, parcel)));
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
            let mut items = self::parcel(first, parcel);
            self.0.spawn(move || {
                Work::new().on_all(&mut items);
                drop(back.send(items));
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
    bells: Arc<Bells>,
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
        let bells = Bells::new(threads);
        let options = PoolOptions::new(threads as u32, Budget::new(threads as u32));
        let pool = Pool::new(options, bells.clone(), Arc::clone(&home));
        let over = Arc::new(AtomicBool::new(false));
        let threads = (0..threads).map(|_| {
            let mut worker = BareWorker::new(&pool, Arc::clone(&bells));
            let over = Arc::clone(&over);
            thread::spawn(move || {
                while !over.load(Ordering::Acquire) {
                    match worker.turn(&mut Work::new()) {
                        Turn::Ran => {}
                        Turn::Soon => worker.rest(true),
                        Turn::Nothing => worker.rest(false),
                    }
                }
            })
        });
        let threads: Vec<_> = threads.collect();
        bells.belong_to(
            threads
                .iter()
                .map(|thread| thread.thread().clone())
                .collect(),
        );
        Self {
            pool,
            home,
            meter: Arc::new(Meter::new()),
            bells,
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
            let rings = self.pool.submit(&job, segment(first, parcel));
            self.bells.ring(rings.expect("room"));
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
        self.pool.release(&job);
    }
}

impl Drop for Everycore {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        (0..self.threads.len()).for_each(|slot| self.bells.wake(slot));
        self.threads
            .drain(..)
            .for_each(|thread| drop(thread.join()));
    }
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

/// Everybody on so many threads: the core gets parcels of `ours`, the others of `theirs`.
fn row(table: &mut Table, name: &str, threads: usize, ours: u64, theirs: u64) {
    if !table.wants(name) {
        return;
    }
    let mut runners: Vec<_> = CREWS
        .iter()
        .enumerate()
        .map(|(place, (name, hire))| {
            let mut crew = hire(threads);
            let parcel = if place == 0 { ours } else { theirs };
            let run: Box<dyn FnMut()> = Box::new(move || crew.round(parcel));
            (*name, run)
        })
        .collect();
    table.row(name, ITEMS, &mut runners);
}

pub fn measure() {
    let mut table = Table::new("There and back: items of some 15 ns to other threads");
    for items in PARCELS {
        for threads in THREADS {
            let name = format!("parcels of {items}, {threads} threads");
            row(&mut table, &name, threads, items, items);
        }
    }
    for threads in THREADS {
        let name = format!("as it is used, {threads} threads");
        row(&mut table, &name, threads, ITEMS, BY_HAND);
    }
}

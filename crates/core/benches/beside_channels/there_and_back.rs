//! Items to 1–8 threads and their results back, beside what one would build of channels, or of rayon: the same pattern for all. One thread hands
//! items out in parcels of so many and takes the results in; the others take a parcel, run its items, and send their results.
//!
//! The last rows are how the core is used: it gets everything at once and decides itself what a claim holds. The others get parcels of the size that serves
//! them best, found by hand.

use std::hint::black_box;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use crate::everycore::Everycore;
use crate::parcels::{Parcel, Work, parcel};
use crate::table::Table;

pub const ITEMS: u64 = 1 << 16;
const THREADS: [usize; 4] = [1, 2, 4, 8];
const PARCELS: [u64; 3] = [1, 16, 256];
/// What serves channels best.
const BY_HAND: u64 = 1024;

/// Hands everything out and takes it in; the threads stay for all rounds.
pub trait Crew {
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
    let mut table = Table::new("There and back: items of some 11 ns to other threads");
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

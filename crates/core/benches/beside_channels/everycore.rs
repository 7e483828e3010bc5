//! The core with as many bare workers as there are threads.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crossbeam_utils::Backoff;
use everycore_core::{Bell, Budget, CELL, Caller, JobSpec, Meter, Pool, PoolOptions, Records};

use crate::bare::{BareWorker, Bells, Turn};
use crate::parcels::segment;
use crate::there_and_back::{Crew, ITEMS};

/// This crate: a segment for each parcel, claims as the scheduler sizes them.
pub struct Everycore {
    pool: Arc<Pool>,
    home: Arc<Caller>,
    meter: Arc<Meter>,
    bells: Arc<Bells>,
    news: Arc<AtomicU64>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Everycore {
    pub fn new(threads: usize) -> Self {
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
        let threads = (0..threads).map(|_| {
            let mut worker = BareWorker::new(&pool, Arc::clone(&bells));
            let bells = Arc::clone(&bells);
            thread::spawn(move || {
                while !bells.are_over() {
                    match worker.turn() {
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
        self.bells.close();
        self.threads
            .drain(..)
            .for_each(|thread| drop(thread.join()));
    }
}

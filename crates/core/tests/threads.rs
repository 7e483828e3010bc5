//! Real threads: workers that run, steal, die and are killed while the home looks on, and every item settles once.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use support::{Stage, Worker};

const ITEMS: u32 = 60_000;
const WORKERS: u32 = 3;

/// Runs until it is told to stop, or dies in the middle of an item every `dies_after` items.
fn live(mut worker: Worker, begun: &[AtomicU8], stop: &AtomicBool, dies_after: u32) {
    let mut left = dies_after;
    while !stop.load(Ordering::SeqCst) {
        let Some(frame) = worker.claim() else {
            thread::yield_now();
            continue;
        };
        let number = frame.head.frame;
        while let Some(item) = worker.begin(number) {
            begun[frame.items[item as usize] as usize].fetch_add(1, Ordering::SeqCst);
            left -= 1;
            if left == 0 {
                worker.die();
                return;
            }
            worker.finish(number, item);
            if item % 64 == 63 {
                let _ = worker.commit();
            }
        }
        worker.frames.remove(&number);
    }
    worker.die();
}

#[test]
fn every_item_settles_once_while_workers_die() {
    let stage = Arc::new(Stage::new(WORKERS));
    let begun: Vec<AtomicU8> = (0..ITEMS).map(|_| AtomicU8::new(0)).collect();
    let stop = AtomicBool::new(false);
    let job = stage.job(|_| {});
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut deaths = 0;
    thread::scope(|scope| {
        let mut alive = Vec::new();
        let mut submitted = 0;
        while !(submitted == ITEMS && stage.pool.idle()) {
            assert!(Instant::now() < deadline, "stuck: {:?}", stage.pool.stats());
            if submitted < ITEMS {
                let _ = stage.submit(&job, submitted..submitted + 500);
                submitted += 500;
            }
            while stage.pool.vacant_slot().is_some() {
                let worker = stage.worker();
                let (slot, epoch) = (worker.slot, worker.epoch);
                let dies_after = 1000 + 700 * slot;
                let (begun, stop) = (&begun, &stop);
                alive.push((
                    slot,
                    epoch,
                    scope.spawn(move || live(worker, begun, stop, dies_after)),
                ));
            }
            assert_eq!(stage.pass(Duration::from_millis(2)), []);
            stage.home.listen();
            alive = alive
                .into_iter()
                .filter_map(|(slot, epoch, thread)| {
                    if !thread.is_finished() {
                        return Some((slot, epoch, thread));
                    }
                    deaths += 1;
                    let _ = stage.pool.bury(slot, epoch, b"gone");
                    None
                })
                .collect();
        }
        stop.store(true, Ordering::SeqCst);
    });
    assert!(deaths > 10, "{deaths}");
    assert_eq!(stage.home.settled(&job), Vec::from_iter(0..ITEMS));
    assert!(begun.iter().all(|begun| begun.load(Ordering::SeqCst) == 1));
}

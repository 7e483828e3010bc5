//! An item is begun by its worker or taken back, never both, and results are taken once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use everycore_core::CancelItem;
use loom::sync::Mutex;
use loom::sync::atomic::{AtomicU32, Ordering, fence};
use loom::thread;

use super::panel::{Ask, Panel};
use super::stage::{Scene, Worker, caller, hear, job, model, pool, scene, segment};
use super::the_protocol::{contest, lower_limit};

/// The two words of a frame, and nothing else.
struct Words {
    started: AtomicU32,
    limit: AtomicU32,
}

impl Panel for Words {
    fn written(&self) -> &AtomicU32 {
        unimplemented!("not part of this protocol")
    }
    fn open_table(&self) -> &AtomicU32 {
        unimplemented!("not part of this protocol")
    }
    fn started(&self, _frame: usize) -> &AtomicU32 {
        &self.started
    }
    fn limit(&self, _frame: usize) -> &AtomicU32 {
        &self.limit
    }
    fn state(&self, _frame: usize, _item: u32) -> u8 {
        0
    }
    fn reset_states(&self, _frame: usize, _items: u32) {}
    fn ask(&self, _frame: usize, _item: u32, _ask: Ask) {}
    fn read_outbox(&self, _from: u32, _to: u32, _into: &mut Vec<u8>) {}
    fn cell(&self, _at: u32) -> u64 {
        0
    }
}

const ITEMS: u32 = 3;

/// `work` is the worker's side: it announces items and gives how many it has begun. Two others take back what they can, from different items on.
fn with_two_thieves(work: fn(&Words, &Mutex<u32>) -> u32) {
    model(move || {
        let words = Arc::new(Words {
            started: AtomicU32::new(0),
            limit: AtomicU32::new(ITEMS),
        });
        // The desk: the true limit.
        let desk = Arc::new(Mutex::new(ITEMS));
        let thieves = [1, 2].map(|keep| {
            let (words, desk) = (Arc::clone(&words), Arc::clone(&desk));
            thread::spawn(move || {
                let mut limit = desk.lock().unwrap();
                let old = *limit;
                *limit = lower_limit(&*words, 0, old, keep.min(old));
                *limit..old
            })
        });
        let begun = work(&words, &desk);
        let mut owners = [0; ITEMS as usize];
        (0..begun).for_each(|item| owners[item as usize] += 1);
        for thief in thieves {
            thief
                .join()
                .unwrap()
                .for_each(|item| owners[item as usize] += 1);
        }
        let kept = *desk.lock().unwrap();
        assert_eq!(
            owners, [1; ITEMS as usize],
            "begun below {begun}, kept below {kept}"
        );
    });
}

/// The worker runs its items in order.
#[test]
fn the_protocol_with_two_thieves() {
    with_two_thieves(|words, desk| {
        let mut begun = 0;
        for item in 0..ITEMS {
            words.started.store(item + 1, Ordering::SeqCst);
            fence(Ordering::SeqCst);
            if item >= words.limit.load(Ordering::SeqCst) {
                let limit = desk.lock().unwrap();
                if !contest(words, 0, *limit, item) {
                    break;
                }
            }
            begun = item + 1;
        }
        begun
    });
}

/// The worker announces several at once, as it does with elements and numbers.
#[test]
fn a_stretch_with_two_thieves() {
    with_two_thieves(|words, desk| {
        let mut begun = 0;
        for stretch in [2, ITEMS] {
            words.started.store(stretch, Ordering::SeqCst);
            fence(Ordering::SeqCst);
            let mut end = stretch;
            if stretch > words.limit.load(Ordering::SeqCst) {
                let limit = desk.lock().unwrap();
                if !contest(words, 0, *limit, stretch - 1) {
                    drop(limit);
                    // As the worker reads it, without a lock.
                    end = words.limit.load(Ordering::SeqCst);
                }
            }
            begun = end.max(begun);
            if end < stretch {
                break;
            }
        }
        begun
    });
}

#[test]
fn a_cancelled_item_against_its_start() {
    model(|| {
        let Scene {
            pool, worker, job, ..
        } = scene(|_| {});
        assert_eq!(worker.claim(), Some(2));
        assert!(worker.begin(0));
        let starting = {
            let worker = worker.clone();
            thread::spawn(move || worker.begin(1))
        };
        let outcome = pool.cancel_item(&job, 1);
        let begun = starting.join().unwrap();
        assert_eq!(
            outcome,
            if begun {
                CancelItem::Running
            } else {
                CancelItem::Dropped
            }
        );
    });
}

#[test]
fn a_cancelled_item_against_its_way_back_to_the_queue() {
    model(|| {
        let Scene {
            pool, worker, job, ..
        } = scene(|_| {});
        assert_eq!(worker.claim(), Some(2));
        let dying = thread::spawn(move || worker.pool.die(worker.slot, worker.epoch));
        assert_eq!(
            pool.cancel_item(&job, 1),
            CancelItem::Dropped,
            "wherever it was"
        );
        dying.join().unwrap();
        assert_eq!(job.open_items(), 1);
        assert_eq!(pool.stats().queued, 1);
    });
}

#[test]
fn a_cancelled_job_against_its_claim() {
    model(|| {
        let Scene {
            pool, worker, job, ..
        } = scene(|_| {});
        let claiming = {
            let worker = worker.clone();
            thread::spawn(move || worker.claim().is_some() && worker.begin(0))
        };
        drop(pool.cancel(&job));
        let settled_at_once = pool.idle();
        claiming.join().unwrap();
        assert!(settled_at_once && pool.idle());
        assert!(
            !worker.begin(1),
            "nothing begins once the cancel has returned"
        );
    });
}

#[test]
fn a_look_against_the_workers_own_commit() {
    model(|| {
        let Scene {
            home, pool, worker, ..
        } = scene(|_| {});
        assert_eq!(worker.claim(), Some(2));
        assert!(worker.begin(0));
        let committing = {
            let worker = worker.clone();
            thread::spawn(move || {
                worker.finish(0);
                drop(worker.pool.commit(worker.slot, worker.epoch, None));
                assert!(worker.begin(1));
                worker.finish(1);
            })
        };
        let mut kills = Vec::new();
        drop(pool.tick(Instant::now(), &mut kills));
        committing.join().unwrap();
        drop(pool.commit(worker.slot, worker.epoch, None));
        assert_eq!(kills, []);
        assert_eq!(hear(&home), [0, 1], "each once, in order");
    });
}

#[test]
fn a_look_against_an_open_row() {
    model(|| {
        let Scene {
            home, pool, worker, ..
        } = scene(|_| {});
        assert_eq!(worker.claim(), Some(2));
        assert!(worker.begin(0));
        worker.open_row();
        let running = {
            let worker = worker.clone();
            thread::spawn(move || {
                worker.finish_in_row(0);
                assert!(worker.begin(1));
                worker.finish_in_row(1);
                worker.close_row(2);
            })
        };
        let mut kills = Vec::new();
        drop(pool.tick(Instant::now(), &mut kills));
        running.join().unwrap();
        drop(pool.commit(worker.slot, worker.epoch, None));
        assert_eq!(hear(&home), [0, 1], "each once, in order");
    });
}

#[test]
fn a_look_against_a_stretch_in_a_row() {
    model(|| {
        let Scene {
            home, pool, worker, ..
        } = scene(|_| {});
        assert_eq!(worker.claim(), Some(2));
        worker.open_row();
        let running = {
            let worker = worker.clone();
            thread::spawn(move || {
                // The second item fails: the row ends after the first.
                worker.announce(2);
                worker.finish_in_row(0);
                worker.close_row(1);
                worker.finish(1);
            })
        };
        let mut kills = Vec::new();
        drop(pool.tick(Instant::now(), &mut kills));
        running.join().unwrap();
        drop(pool.commit(worker.slot, worker.epoch, None));
        assert_eq!(hear(&home), [0, 1], "each once, in order");
    });
}

#[test]
fn a_kill_against_the_end_of_its_item() {
    model(|| {
        let Scene {
            home, pool, worker, ..
        } = scene(|spec| spec.timeout = Some(Duration::from_millis(1)));
        assert_eq!(worker.claim(), Some(2));
        assert!(worker.begin(0));
        let mut kills = Vec::new();
        let now = Instant::now();
        let look = Duration::from_millis(2);
        drop(pool.tick(now, &mut kills));
        drop(pool.tick(now + look, &mut kills));
        let running = {
            let worker = worker.clone();
            thread::spawn(move || {
                worker.finish(0);
                worker.begin(1)
            })
        };
        drop(pool.tick(now + 2 * look, &mut kills));
        let next_begun = running.join().unwrap();
        assert!(
            kills.is_empty() || !next_begun,
            "the kill hits another item"
        );
        drop(pool.commit(worker.slot, worker.epoch, None));
        assert_eq!(hear(&home), [0], "its value or its fate");
    });
}

#[test]
fn two_workers_that_claim_the_same_job() {
    model(|| {
        let home = caller();
        let pool = pool(2, &home);
        let workers = [Worker::new(&pool), Worker::new(&pool)];
        let job = job(&pool, &home);
        drop(pool.submit(&job, segment(0, 3)));
        let claims = workers.map(|worker| thread::spawn(move || worker.claim().unwrap_or(0)));
        let claimed: u32 = claims.map(|claim| claim.join().unwrap()).iter().sum();
        assert_eq!(u64::from(claimed) + pool.stats().queued, 3);
        assert!(claimed >= 2);
    });
}

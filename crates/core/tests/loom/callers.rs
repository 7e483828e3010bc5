//! Results, closing, and the doorbell.

use std::sync::Arc;

use std::time::Duration;

use everycore_core::{Bell, Caller};
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use super::stage::{
    Scene, Worker, caller, hear, job, job_with, model, model_with, pool, scene, segment,
};

#[test]
fn a_ring_is_never_lost() {
    model(|| {
        let pending = Arc::new(AtomicBool::new(false));
        let bell = Arc::clone(&pending);
        let ear = Caller::new(Bell::Native(Box::new(move || {
            bell.swap(true, Ordering::SeqCst);
        })));
        let pool = pool(1, &ear);
        let worker = Worker::new(&pool);
        let job = job(&pool, &ear);
        drop(pool.submit(&job, segment(0, 2)));
        assert_eq!(worker.claim(), Some(2));
        let working = thread::spawn(move || {
            for item in 0..2 {
                assert!(worker.begin(item));
                worker.finish(item);
                drop(worker.pool.commit(worker.slot, worker.epoch, None));
            }
        });
        let mut heard = Vec::new();
        if pending.swap(false, Ordering::SeqCst) {
            heard.extend(hear(&ear));
        }
        working.join().unwrap();
        if pending.swap(false, Ordering::SeqCst) {
            heard.extend(hear(&ear));
        }
        assert_eq!(
            heard,
            [0, 1],
            "every block is heard by somebody who was rung"
        );
    });
}

#[test]
fn a_result_that_waits_is_heard_with_the_last() {
    model_with(5, || {
        let pending = Arc::new(AtomicBool::new(false));
        let bell = Arc::clone(&pending);
        let ear = Caller::new(Bell::Native(Box::new(move || {
            bell.swap(true, Ordering::SeqCst);
        })));
        let pool = pool(2, &ear);
        let (first, last) = (Worker::new(&pool), Worker::new(&pool));
        let job = job_with(&pool, &ear, |spec| {
            spec.chunk = Some(1);
            spec.patient = true;
            // So long that the result of one may wait while the other is unclaimed.
            spec.meter.learn(Duration::from_secs(1), 1);
        });
        drop(pool.submit(&job, segment(0, 2)));
        assert_eq!(first.claim(), Some(1));
        first.finish(0);
        let waiting = thread::spawn(move || {
            drop(first.pool.commit(first.slot, first.epoch, None));
        });
        assert_eq!(last.claim(), Some(1));
        last.finish(0);
        drop(last.pool.commit(last.slot, last.epoch, None));
        let mut heard = Vec::new();
        if pending.swap(false, Ordering::SeqCst) {
            heard.extend(hear(&ear));
        }
        waiting.join().unwrap();
        if pending.swap(false, Ordering::SeqCst) {
            heard.extend(hear(&ear));
        }
        heard.sort_unstable();
        assert_eq!(heard, [0, 1], "nothing waits behind the last ring");
    });
}

#[test]
fn a_submit_against_the_close() {
    model(|| {
        let home = caller();
        let pool = pool(1, &home);
        let job = job(&pool, &home);
        let submitting = {
            let (pool, job) = (Arc::clone(&pool), Arc::clone(&job));
            thread::spawn(move || pool.submit(&job, segment(0, 1)).is_ok())
        };
        pool.close();
        let accepted = submitting.join().unwrap();
        assert_eq!(hear(&home), if accepted { vec![0] } else { vec![] });
        assert!(pool.idle());
    });
}

#[test]
fn a_claim_against_the_close() {
    model(|| {
        let Scene {
            home, pool, worker, ..
        } = scene(|_| {});
        let working = {
            let worker = worker.clone();
            thread::spawn(move || {
                if worker.claim().is_some() && worker.begin(0) {
                    worker.finish(0);
                }
            })
        };
        pool.close();
        working.join().unwrap();
        drop(pool.bury(worker.slot, worker.epoch, b""));
        let mut heard = hear(&home);
        heard.sort_unstable();
        assert_eq!(heard, [0, 1], "each once");
    });
}

/// Two looks of the home while the worker does something; what is heard in the end.
fn heard_beside(work: impl FnOnce(&Worker) + Send + 'static) -> Vec<u32> {
    let Scene {
        home, pool, worker, ..
    } = scene(|_| {});
    assert_eq!(worker.claim(), Some(2));
    let working = {
        let worker = worker.clone();
        thread::spawn(move || work(&worker))
    };
    for _ in 0..2 {
        drop(pool.tick(std::time::Instant::now(), &mut Vec::new()));
    }
    working.join().unwrap();
    assert_eq!(worker.claim(), None);
    let mut heard = hear(&home);
    heard.sort_unstable();
    heard
}

#[test]
fn rows_of_an_open_table_are_whole_and_come_once() {
    model_with(3, || {
        let heard = heard_beside(|worker| {
            worker.open_table();
            for item in 0..2 {
                assert!(worker.begin(item));
                worker.finish_in_table(item);
            }
            worker.close_table(2);
        });
        assert_eq!(heard, [0, 1]);
    });
}

#[test]
fn a_record_in_the_place_of_an_empty_table_is_not_taken_for_its_rows() {
    model_with(3, || {
        let heard = heard_beside(|worker| {
            worker.open_table();
            for item in 0..2 {
                assert!(worker.begin(item));
                worker.close_table(0);
                worker.finish(item);
            }
        });
        assert_eq!(heard, [0, 1]);
    });
}

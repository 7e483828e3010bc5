//! Failed items that are kept run again if, and only if, they are asked to.

mod support;

use std::time::Duration;

use support::{Heard, Stage};

#[test]
fn a_failed_item_runs_again_before_the_rest() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.keep_failed = true;
        spec.chunk = Some(1);
    });
    let _ = stage.submit(&job, 0..2);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    worker.end(frame, item, 1, b"oops");
    let _ = worker.commit();
    assert_eq!(stage.home.of(&job, 0), [Heard::Error(b"oops".to_vec())]);
    assert_eq!(job.open_items(), 1, "a kept item has settled");
    assert!(stage.pool.retry(&job, 0).is_some());
    assert!(stage.pool.retry(&job, 0).is_none(), "once");
    let again = worker.claim().unwrap();
    assert_eq!((again.items[..].to_vec(), again.head.attempt), (vec![0], 2));
    worker.run(again.head.frame);
    assert_eq!(worker.run_all(), [1]);
    assert!(matches!(
        stage.home.of(&job, 0)[..],
        [Heard::Error(_), Heard::Value(_)]
    ));
    assert!(stage.pool.idle());
}

#[test]
fn so_do_items_whose_worker_died_or_whose_time_was_up() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.keep_failed = true;
        spec.timeout = Some(Duration::from_millis(10));
        spec.grace = Duration::ZERO;
        spec.concurrency = 2;
    });
    let _ = stage.submit(&job, 0..2);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    stage.pass(Duration::from_millis(8));
    worker.begin(frame).unwrap();
    assert_eq!(stage.pass(Duration::from_millis(4)).len(), 1);
    let _ = worker.bury();
    assert_eq!(stage.home.of(&job, 0), [Heard::Fate(1, Vec::new())]);
    assert_eq!(stage.home.of(&job, 1), [Heard::Fate(0, b"gone".to_vec())]);
    assert!(stage.pool.retry(&job, 0).is_some() && stage.pool.retry(&job, 1).is_some());
    let mut heir = stage.worker();
    let mut ran = heir.run_all();
    ran.sort_unstable();
    assert_eq!(ran, [0, 1]);
}

#[test]
fn a_forgotten_item_and_one_that_was_not_kept_do_not() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    for keep_failed in [true, false] {
        let job = stage.job(|spec| spec.keep_failed = keep_failed);
        let _ = stage.submit(&job, 0..1);
        let frame = worker.claim().unwrap().head.frame;
        let item = worker.begin(frame).unwrap();
        worker.end(frame, item, 1, b"oops");
        let _ = worker.commit();
        stage.pool.forget(&job, 0);
        assert!(stage.pool.retry(&job, 0).is_none());
    }
}

#[test]
fn nothing_of_a_cancelled_job_does() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.keep_failed = true);
    let _ = stage.submit(&job, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    worker.end(frame, item, 1, b"oops");
    let _ = worker.commit();
    let _ = stage.pool.cancel(&job);
    assert!(stage.pool.retry(&job, 0).is_none());
}

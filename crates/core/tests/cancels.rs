//! Cancelling ends a job, or one item, wherever it is.

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::CancelItem;
use support::{Heard, Stage};

#[test]
fn a_whole_job() {
    let stage = Stage::new(2);
    let (mut one, mut two) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| spec.chunk = Some(3));
    let other = stage.job(|_| {});
    let _ = stage.submit(&job, 0..10);
    let frame = one.claim().unwrap().head.frame;
    let item = one.begin(frame).unwrap();
    one.finish(frame, item);
    one.begin(frame).unwrap();
    let _ = stage.submit(&other, 0..1);
    let _ = stage.pool.cancel(&job);
    assert_eq!(
        stage.home.settled(&job),
        [],
        "its caller hears nothing more"
    );
    assert_eq!(
        one.panel.ask_of(0, 1).load(Ordering::SeqCst),
        1,
        "what runs is asked to stop"
    );
    assert_eq!(two.run_all(), [0], "only the other job is left");
    assert_eq!(stage.home.settled(&other), [0]);
    assert_eq!(one.begin(frame), None, "what had not begun does not begin");
    assert!(stage.pool.idle());
    assert!(stage.pool.submit(&job, support::segment(10..11)).is_err());
    let kills = stage.pass(Duration::from_millis(110));
    assert_eq!(kills.len(), 1, "what does not stop is stopped");
}

#[test]
fn a_job_that_stops_by_itself_costs_no_worker() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(3));
    let _ = stage.submit(&job, 0..3);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    let _ = stage.pool.cancel(&job);
    stage.pass(Duration::from_millis(50));
    worker.end(frame, item, 1, b"aborted");
    assert_eq!(stage.pass(Duration::from_millis(200)), []);
    let next = stage.job(|_| {});
    let _ = stage.submit(&next, 0..3);
    assert_eq!(worker.run_all(), [0, 1, 2]);
    assert_eq!(stage.home.settled(&job), []);
}

#[test]
fn without_grace_it_is_killed_at_the_next_look() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.grace = Duration::ZERO);
    let _ = stage.submit(&job, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    let _ = stage.pool.cancel(&job);
    assert_eq!(stage.pass(Duration::ZERO).len(), 1);
}

#[test]
fn one_item_wherever_it_is() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(4));
    let _ = stage.submit(&job, 0..10);
    assert_eq!(
        stage.pool.cancel_item(&job, 7),
        CancelItem::Dropped,
        "queued"
    );
    let frame = worker.claim().unwrap().head.frame;
    let first = worker.begin(frame).unwrap();
    worker.finish(frame, first);
    worker.begin(frame).unwrap();
    assert_eq!(
        stage.pool.cancel_item(&job, 3),
        CancelItem::Dropped,
        "claimed, not begun"
    );
    assert_eq!(
        stage.pool.cancel_item(&job, 1),
        CancelItem::Running,
        "running"
    );
    assert_eq!(stage.pool.cancel_item(&job, 1), CancelItem::Gone, "once");
    assert_eq!(
        stage.pool.cancel_item(&job, 0),
        CancelItem::Gone,
        "finished"
    );
    assert_eq!(
        stage.pool.cancel_item(&job, 99),
        CancelItem::Gone,
        "never there"
    );
    worker.finish(frame, 1);
    worker.run(frame);
    worker.run_all();
    assert_eq!(stage.home.settled(&job), [0, 2, 4, 5, 6, 8, 9]);
    assert!(stage.pool.idle());
}

#[test]
fn the_caller_that_goes_takes_its_jobs_along() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let ear = support::Ear::default();
    let job = stage.job_of(&ear, |_| {});
    let kept = stage.job(|_| {});
    let _ = stage.submit(&job, 0..5);
    let _ = stage.submit(&kept, 0..1);
    let _ = stage.pool.desert(&ear.caller);
    assert_eq!(worker.run_all(), [0]);
    assert_eq!(ear.settled(&job), []);
    assert_eq!(stage.home.settled(&kept), [0]);
    assert!(stage.pool.idle());
}

#[test]
fn a_released_job_leaves_nothing() {
    let stage = Stage::new(1);
    let job = stage.job(|spec| {
        spec.keep_failed = true;
        spec.waits = true;
    });
    let _ = stage.submit(&job, 0..5);
    stage.pool.release(&job);
    assert!(stage.pool.idle());
    assert!(stage.worker().claim().is_none());
    assert_eq!(stage.home.of(&job, 0), Vec::<Heard>::new());
}

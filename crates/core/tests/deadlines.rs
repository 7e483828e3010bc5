//! Timeouts and cancels settle at once, kill after their grace, and never kill by mistake.

mod support;

use std::time::Duration;

use everycore_core::Kill;
use support::{Heard, Stage, Worker};

const MS: Duration = Duration::from_millis(1);

fn timed_out() -> Vec<Heard> {
    vec![Heard::Fate(1, Vec::new())]
}

fn with_timeout(stage: &Stage) -> std::sync::Arc<everycore_core::Job> {
    stage.job(|spec| {
        spec.chunk = Some(10);
        spec.timeout = Some(20 * MS);
        spec.grace = 10 * MS;
    })
}

fn kill_of(worker: &Worker) -> Kill {
    Kill {
        slot: worker.slot,
        epoch: worker.epoch,
    }
}

#[test]
fn an_endless_item_costs_itself_alone() {
    let stage = Stage::new(2);
    let mut worker = stage.worker();
    let job = with_timeout(&stage);
    let _ = stage.submit(&job, 0..3);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    assert_eq!(stage.pass(18 * MS), []);
    assert_eq!(stage.home.settled(&job), []);
    assert_eq!(stage.pass(4 * MS), []);
    assert_eq!(
        stage.home.of(&job, 0),
        timed_out(),
        "settled when it is due"
    );
    assert_eq!(
        worker
            .panel
            .ask_of(0, 0)
            .load(std::sync::atomic::Ordering::SeqCst),
        2
    );
    assert_eq!(
        stage.pass(20 * MS),
        [kill_of(&worker)],
        "killed after its grace, and once"
    );
    assert_eq!(
        stage.pool.stats().queued,
        2,
        "what it had not begun runs elsewhere"
    );
    assert_eq!(stage.worker().run_all(), [1, 2]);
    worker.die();
    let _ = worker.bury();
    assert_eq!(stage.home.settled(&job), [0, 1, 2]);
    assert_eq!(stage.home.of(&job, 0), timed_out());
}

#[test]
fn the_kill_is_called_off_if_the_item_ends() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = with_timeout(&stage);
    let _ = stage.submit(&job, 0..3);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    assert_eq!(stage.pass(24 * MS), []);
    worker.finish(frame, item);
    assert_eq!(stage.pass(100 * MS), []);
    assert_eq!(
        stage.home.of(&job, 0),
        timed_out(),
        "its late value is not heard"
    );
    assert_eq!(worker.run(frame), [1, 2], "and its worker goes on");
    assert!(worker.claim().is_none());
    assert_eq!(stage.home.settled(&job), [0, 1, 2]);
}

#[test]
fn a_long_claim_of_short_items_does_not_time_out() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = with_timeout(&stage);
    let _ = stage.submit(&job, 0..10);
    let frame = worker.claim().unwrap().head.frame;
    while let Some(item) = worker.begin(frame) {
        assert_eq!(stage.pass(14 * MS), []);
        worker.finish(frame, item);
    }
    assert!(worker.claim().is_none());
    let heard = stage.home.counts();
    assert!(
        heard
            .values()
            .all(|heard| matches!(heard[..], [Heard::Value(_)]))
    );
}

#[test]
fn a_stopped_process_is_not_a_slow_item() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.timeout = Some(100 * MS));
    let _ = stage.submit(&job, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    stage.pass(2 * MS);
    stage.stop(Duration::from_secs(3600));
    stage.pass(2 * MS);
    assert_eq!(
        stage.home.settled(&job),
        [],
        "an hour without a look counts as 50 ms"
    );
}

#[test]
fn nor_is_it_where_the_limits_are_short() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = with_timeout(&stage);
    let _ = stage.submit(&job, 0..2);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    stage.pass(2 * MS);
    stage.stop(Duration::from_secs(3600));
    assert_eq!(stage.pass(4 * MS), []);
    assert_eq!(stage.home.settled(&job), [], "one late look alone");
    assert_eq!(stage.pass(12 * MS), []);
    assert_eq!(stage.home.of(&job, 0), timed_out(), "it did run on");
    stage.stop(Duration::from_secs(3600));
    worker.finish(frame, item);
    assert_eq!(stage.pass(20 * MS), [], "its grace was not over either");
    assert_eq!(worker.run(frame), [1]);
}

#[test]
fn a_doomed_worker_gets_nothing_more() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = with_timeout(&stage);
    let _ = stage.submit(&job, 0..3);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    assert_eq!(stage.pass(40 * MS), [kill_of(&worker)]);
    worker.finish(frame, item);
    assert_eq!(
        worker.begin(frame),
        None,
        "the rest was taken away before the kill was decided"
    );
    assert!(worker.claim().is_none());
    assert!(!worker.park());
}

#[test]
fn items_that_await_in_the_same_worker_share_its_fate() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.concurrency = 3;
        spec.timeout = Some(20 * MS);
        spec.grace = 2 * MS;
    });
    let _ = stage.submit(&job, 0..3);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    stage.pass(10 * MS);
    worker.begin(frame).unwrap();
    let third = worker.begin(frame).unwrap();
    worker.finish(frame, third);
    assert_eq!(stage.pass(16 * MS), [kill_of(&worker)]);
    worker.die();
    let _ = worker.bury();
    assert_eq!(stage.home.of(&job, 0), timed_out());
    assert_eq!(stage.home.of(&job, 1), [Heard::Fate(0, b"gone".to_vec())]);
    assert!(matches!(stage.home.of(&job, 2)[..], [Heard::Value(_)]));
}

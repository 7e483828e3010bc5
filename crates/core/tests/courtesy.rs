//! Claims are long where one job has the pool to itself, and shorter as soon as another comes.

mod support;

use std::sync::Arc;
use std::time::Duration;

use everycore_core::{Job, Meter};
use support::Stage;

/// Of items of 10 µs: how many a claim holds beside another job, and how many without one.
const TURN: u32 = 50;
const LONG: u32 = 3200;

/// A job of so many items of 10 µs.
fn job(stage: &Stage, items: u32) -> Arc<Job> {
    let meter = Arc::new(Meter::new());
    meter.learn(Duration::from_millis(1), 100);
    let job = stage.job(|spec| spec.meter = meter);
    let _ = stage.submit(&job, 0..items);
    job
}

#[test]
fn a_job_that_is_alone_gets_long_claims() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let _ = job(&stage, 10_000);
    assert_eq!(worker.claim().unwrap().head.items, LONG);
}

#[test]
fn jobs_that_take_turns_get_short_ones() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let _ = (job(&stage, 10_000), job(&stage, 10_000));
    let claim = worker.claim().unwrap();
    assert_eq!(claim.head.items, TURN);
    assert_eq!(worker.run(claim.head.frame).len(), TURN as usize);
}

#[test]
fn a_long_claim_ends_early_for_a_newcomer() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let heavy = job(&stage, 10_000);
    let claim = worker.claim().unwrap();
    worker.begin(claim.head.frame).unwrap();
    let newcomer = job(&stage, 1);
    worker.finish(claim.head.frame, 0);
    assert_eq!(worker.run(claim.head.frame).len(), TURN as usize - 1);
    let next = worker.claim().unwrap();
    assert_eq!(next.head.job, newcomer.id());
    worker.run(next.head.frame);
    let rest = worker.claim().unwrap();
    assert_eq!(rest.head.first_index, TURN, "what was cut off comes first");
    worker.run(rest.head.frame);
    worker.run_all();
    assert_eq!(stage.home.settled(&heavy), Vec::from_iter(0..10_000));
    assert_eq!(stage.home.settled(&newcomer), [0]);
}

#[test]
fn one_that_has_come_further_ends_where_it_stands() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let heavy = job(&stage, 10_000);
    let frame = worker.claim().unwrap().head.frame;
    for item in 0..120 {
        assert_eq!(worker.begin(frame), Some(item));
        worker.finish(frame, item);
    }
    let _ = job(&stage, 1);
    assert_eq!(worker.begin(frame), None);
    worker.run_all();
    assert_eq!(stage.home.settled(&heavy).len(), 10_000);
}

#[test]
fn not_for_more_of_its_own_job() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let heavy = job(&stage, 10_000);
    let frame = worker.claim().unwrap().head.frame;
    let _ = stage.submit(&heavy, 10_000..20_000);
    for item in 0..TURN {
        assert_eq!(worker.begin(frame), Some(item));
        worker.finish(frame, item);
    }
    assert_eq!(worker.begin(frame), Some(TURN));
    // Yet a stranger that comes behind them is let in.
    let _ = job(&stage, 1);
    assert_eq!(worker.begin(frame), None);
}

#[test]
fn not_while_somebody_else_is_there_for_the_newcomer() {
    let stage = Stage::new(2);
    let (mut busy, mut idle) = (stage.worker(), stage.worker());
    let _ = job(&stage, 20_000);
    let claim = busy.claim().unwrap();
    assert!(stage.pool.spin(idle.slot, idle.epoch, true));
    let newcomer = job(&stage, 1);
    assert_eq!(busy.run(claim.head.frame).len(), LONG as usize);
    let jobs = [idle.claim(), idle.claim()].map(|claim| claim.unwrap().head.job);
    assert!(jobs.contains(&newcomer.id()));
}

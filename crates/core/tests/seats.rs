//! Workers come when there is work for them, leave when asked to, and stay within the budget.

mod support;

use everycore_core::{Budget, ClaimAsk, Claimed};
use support::{CAPACITY, Stage};

const ASK: ClaimAsk = ClaimAsk {
    capacity: CAPACITY,
    suspended: false,
};

#[test]
fn as_many_are_wanted_as_could_work() {
    let stage = Stage::new(4);
    assert_eq!(stage.pool.wanted(), 0);
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1);
    assert_eq!(stage.pool.wanted(), 1);
    let starting = stage.seated();
    assert_eq!(stage.pool.wanted(), 0, "one is coming");
    let _ = stage.submit(&job, 1..100);
    assert_eq!(stage.pool.wanted(), 3);
    let narrow = stage.job(|spec| spec.concurrency = 1);
    let _ = stage.pool.cancel(&job);
    let _ = stage.submit(&narrow, 0..100);
    assert_eq!(stage.pool.wanted(), 0, "one of them would do");
    let _ = starting.bury();
    assert_eq!(stage.pool.wanted(), 1);
}

#[test]
fn a_rung_worker_is_counted_on() {
    let stage = Stage::new(2);
    let mut worker = stage.worker();
    assert!(worker.park());
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1);
    assert_eq!(stage.pool.wanted(), 0);
    let _ = stage.submit(&job, 1..3);
    assert_eq!(stage.pool.wanted(), 1);
    worker.claim().unwrap();
    assert_eq!(stage.pool.wanted(), 1);
}

#[test]
fn a_retired_worker_leaves() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    assert!(worker.park());
    assert!(stage.pool.retire(worker.slot, worker.epoch));
    let job = stage.job(|_| {});
    assert!(stage.submit(&job, 0..1).is_empty(), "nobody counts on it");
    assert_eq!(worker.ask(ASK).0, Claimed::Leave);
    worker.die();
    let _ = worker.bury();
    assert_eq!(stage.pool.stats().replaced, 0);
    assert_eq!(stage.pool.wanted(), 1);
    assert!(!stage.pool.retire(worker.slot, worker.epoch));
}

#[test]
fn a_retired_worker_ends_what_it_has() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(2));
    let _ = stage.submit(&job, 0..4);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    assert!(stage.pool.retire(worker.slot, worker.epoch));
    assert!(matches!(worker.ask(ASK).0, Claimed::Nothing { .. }));
    worker.finish(frame, 0);
    worker.run(frame);
    assert_eq!(worker.ask(ASK).0, Claimed::Leave);
    assert_eq!(stage.home.settled(&job), [0, 1]);
}

#[test]
fn a_worker_that_leaves_gives_back_what_it_has_not_begun() {
    let stage = Stage::new(2);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.chunk = Some(10);
        spec.concurrency = 8;
    });
    let _ = stage.submit(&job, 0..10);
    let frame = worker.claim().unwrap().head.frame;
    let first = worker.begin(frame).unwrap();
    assert!(stage.pool.retire(worker.slot, worker.epoch));
    let _ = stage.pool.give_back(worker.slot, worker.epoch);
    assert_eq!(stage.pool.stats().queued, 9);
    assert_eq!(worker.begin(frame), None, "it is not its own any more");
    let suspended = ClaimAsk {
        suspended: true,
        ..ASK
    };
    assert!(
        matches!(worker.ask(suspended).0, Claimed::Nothing { .. }),
        "nor does it take more of the same"
    );
    let mut other = stage.worker();
    assert_eq!(other.run_all(), (1..10).collect::<Vec<_>>());
    worker.finish(frame, first);
    assert_eq!(worker.ask(ASK).0, Claimed::Leave);
    assert_eq!(stage.home.settled(&job).len(), 10);
}

#[test]
fn the_budget_bounds_all_but_the_first() {
    let budget = Budget::new(1);
    let stages = [(); 2].map(|()| Stage::with(|options| options.budget = budget.clone()));
    for stage in &stages {
        let _ = stage.submit(&stage.job(|_| {}), 0..10);
    }
    let first = stages[0].worker();
    let _second = stages[0].worker();
    assert_eq!(stages[1].pool.wanted(), 1, "every pool may have one");
    let _third = stages[1].worker();
    assert_eq!(stages[1].pool.wanted(), 0);
    assert_eq!(budget.left(), 0);
    let _ = first.bury();
    assert_eq!(budget.left(), 0, "the forced one is over the limit");
    assert_eq!(stages[0].pool.stats().started, 2);
}

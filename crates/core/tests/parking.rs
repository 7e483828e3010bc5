//! A worker sleeps only when there is nothing for it, and is rung when there is.

mod support;

use support::Stage;

#[test]
fn work_before_sleep_is_seen() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    assert!(worker.claim().is_none());
    let job = stage.job(|_| {});
    let rings = stage.submit(&job, 0..1);
    assert!(rings.is_empty(), "it is awake");
    assert!(!worker.park());
    assert_eq!(worker.run_all(), [0]);
    assert!(worker.park());
}

#[test]
fn as_many_are_rung_as_there_is_work_for() {
    let stage = Stage::new(4);
    let workers = [(); 4].map(|()| stage.worker());
    assert!(workers.iter().all(|worker| worker.park()));
    let job = stage.job(|_| {});
    assert_eq!(stage.submit(&job, 0..2).slots.len(), 2);
    assert_eq!(stage.submit(&job, 2..50).slots.len(), 2);
    assert!(
        stage.submit(&job, 50..99).is_empty(),
        "nobody is left to ring"
    );
}

#[test]
fn a_spinning_worker_is_counted_on_and_passes_on() {
    let stage = Stage::new(2);
    let (mut spinner, sleeper) = (stage.worker(), stage.worker());
    assert!(sleeper.park());
    stage.pool.spin(spinner.slot, spinner.epoch, true);
    let job = stage.job(|spec| spec.chunk = Some(1));
    let words = stage.words.0.load(std::sync::atomic::Ordering::SeqCst);
    assert!(stage.submit(&job, 0..1).is_empty());
    assert!(stage.words.0.load(std::sync::atomic::Ordering::SeqCst) > words);
    assert!(stage.submit(&stage.job(|_| {}), 0..1).is_empty());
    let ask = everycore_core::ClaimAsk {
        capacity: support::CAPACITY,
        suspended: false,
    };
    let (_, rings) = spinner.ask(ask);
    assert_eq!(
        rings.slots[..],
        [sleeper.slot],
        "two submitters counted on one spinner"
    );
}

#[test]
fn one_who_woke_by_itself_is_not_rung() {
    let stage = Stage::new(1);
    let worker = stage.worker();
    assert!(worker.park());
    stage.pool.unpark(worker.slot, worker.epoch);
    assert!(stage.submit(&stage.job(|_| {}), 0..1).is_empty());
    assert!(!worker.park());
}

#[test]
fn a_worker_that_goes_on_wakes_nobody_for_its_own_unit() {
    let stage = Stage::new(2);
    let (mut worker, sleeper) = (stage.worker(), stage.worker());
    assert!(sleeper.park());
    let job = stage.job(|spec| {
        spec.concurrency = 1;
        spec.chunk = Some(1);
    });
    stage.pool.spin(worker.slot, worker.epoch, true);
    let _ = stage.submit(&job, 0..5);
    let ask = everycore_core::ClaimAsk {
        capacity: support::CAPACITY,
        suspended: false,
    };
    for _ in 0..5 {
        let (claimed, rings) = worker.ask(ask);
        assert_eq!(claimed, everycore_core::Claimed::Frame);
        assert!(rings.is_empty());
        worker.run(0);
    }
}

#[test]
fn a_rung_worker_that_has_to_leave_passes_on() {
    let stage = Stage::new(2);
    let (sleeper, mut rung) = (stage.worker(), stage.worker());
    assert!(sleeper.park() && rung.park());
    let rings = stage.submit(&stage.job(|_| {}), 0..1);
    assert_eq!(rings.slots[..], [rung.slot]);
    assert!(stage.pool.retire(rung.slot, rung.epoch));
    let ask = everycore_core::ClaimAsk {
        capacity: support::CAPACITY,
        suspended: false,
    };
    let (claimed, rings) = rung.ask(ask);
    assert_eq!(claimed, everycore_core::Claimed::Leave);
    assert_eq!(rings.slots[..], [sleeper.slot]);
}

#[test]
fn who_sleeps_over_suspended_items_is_rung_to_pass_an_ask_on() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    assert!(worker.claim_suspended().is_none());
    assert!(worker.park());
    assert_eq!(stage.pool.cancel(&job).slots[..], [worker.slot]);
}

#[test]
fn an_ask_that_comes_before_sleep_is_seen() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.timeout = Some(std::time::Duration::from_millis(5)));
    let _ = stage.submit(&job, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    assert!(worker.claim_suspended().is_none());
    stage.pass(std::time::Duration::from_millis(10));
    assert!(!worker.park());
    assert!(worker.park());
}

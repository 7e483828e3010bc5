//! Concurrency bounds the items that run at the same time, wherever they run.

mod support;

use support::Stage;

#[test]
fn fewer_than_the_workers() {
    let stage = Stage::new(3);
    let mut workers = [stage.worker(), stage.worker(), stage.worker()];
    let job = stage.job(|spec| {
        spec.concurrency = 2;
        spec.chunk = Some(1);
    });
    let _ = stage.submit(&job, 0..10);
    let frames: Vec<_> = workers.iter_mut().map(|worker| worker.claim()).collect();
    assert!(frames[0].is_some() && frames[1].is_some() && frames[2].is_none());
    assert!(workers[2].park());
    workers[0].run(0);
    let rings = workers[0].commit();
    assert_eq!(
        rings.slots[..],
        [workers[2].slot],
        "a unit that comes back wakes somebody"
    );
    assert!(workers[2].claim().is_some());
    assert!(workers[0].claim().is_none());
}

#[test]
fn more_than_the_workers() {
    let stage = Stage::new(2);
    let (mut one, mut two) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| spec.concurrency = 5);
    let _ = stage.submit(&job, 0..100);
    let (a, b) = (one.claim().unwrap(), two.claim().unwrap());
    assert_eq!((a.head.width, b.head.width), (3, 2), "shares of five");
    assert_eq!(
        (a.head.items, b.head.items),
        (3, 2),
        "an unknown function gets no more"
    );
    assert!(one.claim_suspended().is_none(), "all units are out");
}

#[test]
fn a_frame_that_runs_out_gives_units_back() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.concurrency = 4);
    let _ = stage.submit(&job, 0..6);
    let first = worker.claim().unwrap();
    assert_eq!(first.head.items, 4);
    for _ in 0..4 {
        worker.begin(0).unwrap();
    }
    worker.finish(0, 0);
    worker.finish(0, 2);
    let second = worker.claim_suspended().unwrap();
    assert_eq!(
        (second.head.width, second.items),
        (2, vec![4, 5]),
        "two of four still run"
    );
}

#[test]
fn a_claim_smaller_than_its_width_gives_the_difference_back() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.concurrency = 8);
    let _ = stage.submit(&job, 0..3);
    assert_eq!(worker.claim().unwrap().head.width, 3);
    let _ = stage.submit(&job, 3..20);
    assert_eq!(worker.claim_suspended().unwrap().head.width, 5);
}

#[test]
fn condemned_items_still_count() {
    let stage = Stage::new(2);
    let (mut one, mut two) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| {
        spec.concurrency = 1;
        spec.chunk = Some(1);
    });
    let _ = stage.submit(&job, 0..3);
    let frame = one.claim().unwrap().head.frame;
    let item = one.begin(frame).unwrap();
    stage.pool.cancel_item(&job, 0);
    assert!(two.claim().is_none(), "it settled, and runs on");
    one.finish(frame, item);
    let _ = one.commit();
    assert_eq!(two.claim().unwrap().items, [1]);
}

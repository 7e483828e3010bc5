//! Waiting calls are bounded by number and by bytes; what was refused comes back.

mod support;

use everycore_core::Refused;
use support::{Stage, segment};

#[test]
fn a_full_queue_gives_the_segment_back() {
    let stage = Stage::with(|options| {
        options.max_waiting = 3;
        options.max_waiting_bytes = 1000;
    });
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.waits = true;
        spec.chunk = Some(1);
    });
    let map = stage.job(|_| {});
    let _ = stage.submit(&job, 0..3);
    let _ = stage.submit(&map, 0..100);
    let Err(Refused::Full(back)) = stage.pool.submit(&job, segment(3..4)) else {
        panic!()
    };
    worker.claim().unwrap();
    assert!(
        stage.pool.submit(&job, back).is_ok(),
        "what is claimed waits no more"
    );
}

#[test]
fn bytes_count_too() {
    let stage = Stage::with(|options| options.max_waiting_bytes = 10);
    let job = stage.job(|spec| spec.waits = true);
    let _ = stage.submit(&job, 0..2);
    assert!(matches!(
        stage.pool.submit(&job, segment(2..3)),
        Err(Refused::Full(_))
    ));
}

#[test]
fn whatever_happens_the_permits_come_back() {
    let stage = Stage::with(|options| options.max_waiting = 4);
    let job = stage.job(|spec| {
        spec.waits = true;
        spec.keep_failed = true;
        spec.chunk = Some(4);
    });
    let _ = stage.submit(&job, 0..4);
    stage.pool.cancel_item(&job, 3);
    let mut worker = stage.worker();
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    worker.end(frame, item, 1, b"oops");
    worker.die();
    let _ = worker.bury();
    assert!(stage.pool.retry(&job, 0).is_some());
    assert!(
        stage.pool.submit(&job, segment(4..6)).is_err(),
        "three wait again"
    );
    let _ = stage.pool.cancel(&job);
    let next = stage.job(|spec| spec.waits = true);
    assert!(stage.pool.submit(&next, segment(0..4)).is_ok(), "none does");
    assert!(matches!(
        stage.pool.submit(&job, segment(6..7)),
        Err(Refused::Full(_))
    ));
    stage.pool.release(&next);
    assert!(matches!(
        stage.pool.submit(&job, segment(6..7)),
        Err(Refused::Closed(_))
    ));
    assert!(
        stage
            .pool
            .submit(&stage.job(|spec| spec.waits = true), segment(0..4))
            .is_ok()
    );
}

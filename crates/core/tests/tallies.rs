//! What became of the items of a name, and how long they waited and ran.

mod support;

use std::time::Duration;

use everycore_core::{Counts, Spread};
use support::Stage;

const MS: Duration = Duration::from_millis(1);

#[test]
fn each_item_counts_once_by_its_last_attempt() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.keep_failed = true;
        spec.chunk = Some(1);
        spec.timeout = Some(10 * MS);
        spec.grace = 1000 * MS;
    });
    let tally = stage.tally.clone();
    let _ = stage.submit(&job, 0..4);
    for item in 0..2 {
        let frame = worker.claim().unwrap().head.frame;
        worker.begin(frame).unwrap();
        worker.end(frame, 0, 1, b"oops");
        let _ = worker.commit();
        if item == 0 {
            let _ = stage.pool.retry(&job, 0);
            assert_eq!(tally.counts().failed, 0, "it goes on");
            let frame = worker.claim().unwrap().head.frame;
            worker.run(frame);
            let _ = worker.commit();
        }
    }
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    stage.pass(12 * MS);
    let _ = stage.pool.cancel(&job);
    let expected = Counts {
        total: 4,
        completed: 1,
        failed: 1,
        cancelled: 1,
        timed_out: 1,
        retried: 1,
    };
    assert_eq!(tally.counts(), expected);
}

#[test]
fn items_are_timed_by_their_worker_where_it_looked_at_the_clock() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(3));
    let _ = stage.submit(&job, 0..3);
    let frame = worker.claim().unwrap().head.frame;
    for ran in [10.0, 20.0, f32::NAN] {
        let item = worker.begin(frame).unwrap();
        worker.timed_record(frame, 0, item, ran, b"");
        let _ = worker.commit();
    }
    let Spread { p50, max, .. } = stage.tally.runs();
    assert_eq!((p50.as_millis(), max.as_millis()), (10, 20));
    assert!(stage.tally.waits().max > Duration::ZERO);
}

/// A payload that says how many ran how many ms each.
fn times(pairs: &[(u32, f32)]) -> Vec<u8> {
    let bytes = |&(count, ran): &(u32, f32)| [count.to_le_bytes(), ran.to_le_bytes()].concat();
    pairs.iter().flat_map(bytes).collect()
}

#[test]
fn those_that_were_timed_together_enter_with_the_mean_of_their_stretch() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..10);
    let frame = worker.claim().unwrap().head.frame;
    for item in 0..9 {
        worker.begin(frame).unwrap();
        worker.finish(frame, item);
    }
    let last = worker.begin(frame).unwrap();
    // More than have been told of, and what is no time, count for nothing.
    worker.record(
        frame,
        7,
        0,
        &times(&[(6, 2.0), (2, 500.0), (1, f32::NAN), (100, -1.0)]),
    );
    let _ = worker.commit();
    let Spread { p50, max, .. } = stage.tally.runs();
    assert_eq!((p50.as_millis(), max.as_millis()), (2, 500));
    worker.finish(frame, last);
    let _ = worker.commit();
    assert_eq!(stage.tally.runs().max.as_millis(), 500);
    assert_eq!(stage.home.settled(&job).len(), 10);
}

#[test]
fn times_beyond_all_measure_are_a_day() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..4);
    let frame = worker.claim().unwrap().head.frame;
    for item in 0..4 {
        worker.begin(frame).unwrap();
        worker.finish(frame, item);
    }
    worker.record(
        frame,
        7,
        0,
        &times(&[(1, 1e22), (1, 1e22), (u32::MAX, 1e22)]),
    );
    let _ = worker.commit();
    assert_eq!(stage.tally.runs().max, Duration::from_secs(86_400));
    assert_eq!(stage.home.settled(&job).len(), 4);
}

#[test]
fn times_without_sense_damage_their_frame() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..2);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    worker.record(frame, 7, 0, &[1, 2, 3]);
    let _ = worker.commit();
    assert_eq!(stage.tally.counts().failed, 1);
}

#[test]
fn others_enter_as_the_mean_of_their_claim() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..100);
    let frame = worker.claim().unwrap().head.frame;
    assert_eq!(stage.tally.runs(), Spread::default());
    worker.run(frame);
    let _ = worker.commit();
    let Spread { mean, p50, max, .. } = stage.tally.runs();
    assert!(mean > Duration::ZERO);
    assert_eq!(p50, max, "all of them the same");
}

//! What a worker writes is taken in order, once, and only as far as it makes sense.

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use support::{Heard, Stage};

#[test]
fn results_do_not_wait_for_a_long_neighbour() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(3));
    let _ = stage.submit(&job, 0..3);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    worker.finish(frame, item);
    worker.begin(frame).unwrap();
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0]);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0], "not twice");
}

#[test]
fn a_large_record_comes_after_what_was_before_it() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(2));
    let _ = stage.submit(&job, 0..2);
    let frame = worker.claim().unwrap().head.frame;
    worker.record(frame, 2, 0, b"keys");
    let (first, second) = (worker.begin(frame).unwrap(), worker.begin(frame).unwrap());
    worker.finish(frame, first);
    let large = vec![9; 1 << 20];
    let _ = worker.commit_large(frame, second, &large);
    assert_eq!(
        worker.panel.written.load(Ordering::SeqCst),
        0,
        "the outbox is empty again"
    );
    assert_eq!(stage.home.of(&job, 1), [Heard::Value(large)]);
    assert_eq!(stage.home.definitions()[0].1, b"keys");
    assert_eq!(stage.home.ended_claims().len(), 1);
}

#[test]
fn the_end_of_a_claim_is_told_once() {
    let stage = Stage::new(2);
    let (mut one, mut two) = (stage.worker(), stage.worker());
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..500);
    one.run_all();
    two.run_all();
    let claims = stage.home.ended_claims().len();
    assert!(claims > 1, "{claims}");
    assert_eq!(stage.home.settled(&job).len(), 500);
}

#[test]
fn nonsense_fails_what_runs_and_frees_the_rest() {
    for nonsense in 0..5 {
        let stage = Stage::new(2);
        let mut worker = stage.worker();
        let job = stage.job(|spec| spec.chunk = Some(4));
        let _ = stage.submit(&job, 0..4);
        let frame = worker.claim().unwrap().head.frame;
        let first = worker.begin(frame).unwrap();
        worker.finish(frame, first);
        worker.begin(frame).unwrap();
        match nonsense {
            0 => worker.record(frame, 0, 77, b"item out of range"),
            1 => worker.record(frame, 3, 1, b"\0a fate"),
            2 => worker.record(frame, 200, 1, b"no such kind"),
            3 => worker.panel.written.store(u32::MAX, Ordering::SeqCst),
            _ => {
                worker.panel.written.fetch_add(24, Ordering::SeqCst);
                worker
                    .panel
                    .outbox
                    .lock()
                    .unwrap()
                    .iter_mut()
                    .skip(24)
                    .for_each(|byte| *byte = 255);
            }
        }
        let kills = stage.pass(Duration::from_millis(4));
        assert_eq!(
            kills.len(),
            1,
            "it cannot be believed any more ({nonsense})"
        );
        assert_eq!(stage.home.of(&job, 1), [Heard::Fate(3, Vec::new())]);
        assert_eq!(stage.worker().run_all(), [2, 3]);
        let heard_of_first = stage.home.of(&job, 0);
        let lost_with_it = nonsense == 3;
        assert_eq!(
            matches!(heard_of_first[..], [Heard::Value(_)]),
            !lost_with_it
        );
        assert_eq!(heard_of_first.len(), 1);
    }
}

#[test]
fn records_for_nobody_are_nothing() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(1));
    let _ = stage.submit(&job, 0..1);
    worker.record(7, 0, 0, b"no such claim");
    worker.record(250, 0, 0, b"no such frame");
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    worker.finish(frame, item);
    worker.end(frame, item, 0, b"again");
    let _ = worker.commit();
    assert_eq!(stage.home.of(&job, 0).len(), 1, "the first settlement wins");
}

#[test]
fn a_bell_rings_once_until_it_is_answered() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(4));
    let _ = stage.submit(&job, 0..4);
    let frame = worker.claim().unwrap().head.frame;
    for rings in [1, 1, 1] {
        let item = worker.begin(frame).unwrap();
        worker.finish(frame, item);
        let _ = worker.commit();
        assert_eq!(stage.home.rung.load(Ordering::SeqCst), rings);
    }
    stage.home.listen();
    worker.run(frame);
    let _ = worker.commit();
    assert_eq!(stage.home.rung.load(Ordering::SeqCst), 2);
}

#[test]
fn a_drain_keeps_to_its_budget() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(1));
    let _ = stage.submit(&job, 0..4);
    worker.run_all();
    let mut blocks = 0;
    while stage.home.caller.drain(1, &mut |_| blocks += 1) {}
    assert_eq!(blocks, 4);
}

//! A worker whose item waits for nested work runs that work, and nothing else.

mod support;

use std::sync::Arc;

use everycore_core::{Job, Unopened};
use support::{Ear, Stage, Worker};

/// Opens a job from inside an item of this frame.
fn nested(stage: &Stage, worker: &Worker, ear: &Ear, frame: u32) -> Arc<Job> {
    stage.nested(worker, ear, frame, |_| {}).unwrap()
}

#[test]
fn one_worker_is_enough_to_a_depth_of_a_thousand() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let ear = Ear::of_worker(&worker);
    let top = stage.job(|_| {});
    let _ = stage.submit(&top, 0..1);
    let mut open = vec![(worker.claim().unwrap().head.frame, top)];
    worker.begin(open[0].0).unwrap();
    for _ in 0..1000 {
        let (parent, _) = open.last().unwrap();
        let job = nested(&stage, &worker, &ear, *parent);
        let _ = stage.submit(&job, 0..1);
        let frame = worker.claim_suspended().unwrap().head.frame;
        worker.begin(frame).unwrap();
        open.push((frame, job));
    }
    let (deepest, _) = open.last().unwrap();
    let beyond = stage.nested(&worker, &ear, *deepest, |_| {});
    assert_eq!(beyond.err(), Some(Unopened::TooDeep { most: 1000 }));
    while let Some((frame, job)) = open.pop() {
        worker.finish(frame, 0);
        let _ = worker.commit();
        let heard_by = if open.is_empty() { &stage.home } else { &ear };
        assert_eq!(heard_by.settled(&job), [0]);
    }
}

#[test]
fn strangers_have_to_wait() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let ear = Ear::of_worker(&worker);
    let top = stage.job(|_| {});
    let _ = stage.submit(&top, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    let stranger = stage.job(|_| {});
    let _ = stage.submit(&stranger, 0..1);
    assert!(worker.claim_suspended().is_none());
    assert!(
        worker.park(),
        "the stranger's work does not keep it awake either"
    );
    let job = nested(&stage, &worker, &ear, frame);
    let rings = stage.submit(&job, 0..1);
    assert_eq!(rings.slots[..], [worker.slot], "its own does wake it");
    assert_eq!(worker.claim_suspended().unwrap().head.job, job.id());
}

#[test]
fn kin_reaches_up_the_chain() {
    let stage = Stage::new(2);
    let (mut upper, mut lower) = (stage.worker(), stage.worker());
    let (upper_ear, lower_ear) = (Ear::of_worker(&upper), Ear::of_worker(&lower));
    let top = stage.job(|_| {});
    let _ = stage.submit(&top, 0..1);
    let top_frame = upper.claim().unwrap().head.frame;
    upper.begin(top_frame).unwrap();
    let middle = nested(&stage, &upper, &upper_ear, top_frame);
    let _ = stage.submit(&middle, 0..1);
    let middle_frame = lower.claim().unwrap().head.frame;
    lower.begin(middle_frame).unwrap();
    assert!(upper.claim_suspended().is_none());
    assert!(upper.park());
    let bottom = nested(&stage, &lower, &lower_ear, middle_frame);
    let rings = stage.submit(&bottom, 0..2);
    assert_eq!(
        rings.slots[..],
        [upper.slot],
        "the upper worker waits for it, through the lower"
    );
    assert_eq!(upper.claim_suspended().unwrap().head.job, bottom.id());
    assert_eq!(lower.claim_suspended().unwrap().head.job, bottom.id());
}

#[test]
fn the_deepest_is_first() {
    let stage = Stage::new(2);
    let mut worker = stage.worker();
    let ear = Ear::of_worker(&worker);
    let top = stage.job(|_| {});
    let _ = stage.submit(&top, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    let shallow = nested(&stage, &worker, &ear, frame);
    let _ = stage.submit(&shallow, 0..2);
    let below = worker.claim_suspended().unwrap().head.frame;
    worker.begin(below).unwrap();
    let deep = nested(&stage, &worker, &ear, below);
    let _ = stage.submit(&deep, 0..1);
    assert_eq!(worker.claim_suspended().unwrap().head.job, deep.id());
    assert_eq!(worker.claim_suspended().unwrap().head.job, shallow.id());
}

#[test]
fn a_wide_job_goes_on_in_the_worker_it_is_suspended_in() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.concurrency = 4);
    let _ = stage.submit(&job, 0..1);
    let frame = worker.claim().unwrap().head.frame;
    worker.begin(frame).unwrap();
    assert!(worker.claim_suspended().is_none());
    assert!(worker.park());
    let rings = stage.submit(&job, 1..2);
    assert_eq!(rings.slots[..], [worker.slot]);
    assert_eq!(worker.claim_suspended().unwrap().items, [1]);
}

#[test]
fn results_wake_the_worker_that_waits_for_them() {
    let stage = Stage::new(2);
    let (mut parent, mut child) = (stage.worker(), stage.worker());
    let ear = Ear::of_worker(&parent);
    let top = stage.job(|_| {});
    let _ = stage.submit(&top, 0..1);
    let frame = parent.claim().unwrap().head.frame;
    parent.begin(frame).unwrap();
    let job = nested(&stage, &parent, &ear, frame);
    let _ = stage.submit(&job, 0..2);
    for mail_before_sleep in [false, true] {
        let frame = child.claim().unwrap().head.frame;
        assert_eq!(child.run(frame).len(), 1);
        if mail_before_sleep {
            let _ = child.commit();
            assert!(!parent.park(), "it has mail");
        } else {
            assert!(parent.claim_suspended().is_some() || parent.park());
            parent.frames.retain(|number, _| *number == frame);
            let rings = child.commit();
            assert!(rings.slots.len() <= 1);
        }
        ear.listen();
        if !mail_before_sleep {
            break;
        }
    }
}

#[test]
fn a_chain_that_comes_back_to_a_worker_still_wakes_it() {
    let stage = Stage::new(2);
    let (mut one, mut two) = (stage.worker(), stage.worker());
    let ears = [Ear::of_worker(&one), Ear::of_worker(&two)];
    let top = stage.job(|_| {});
    let _ = stage.submit(&top, 0..1);
    let mut frame = one.claim().unwrap().head.frame;
    one.begin(frame).unwrap();
    for depth in 0..40 {
        // By turns, as when each finds the other's call first.
        let (caller, callee) = if depth % 2 == 0 {
            (&mut one, &mut two)
        } else {
            (&mut two, &mut one)
        };
        let job = nested(&stage, caller, &ears[depth % 2], frame);
        let _ = stage.submit(&job, 0..1);
        let claimed = if depth == 0 {
            callee.claim()
        } else {
            callee.claim_suspended()
        };
        frame = claimed.unwrap().head.frame;
        callee.begin(frame).unwrap();
    }
    assert!(one.claim_suspended().is_none() && two.claim_suspended().is_none());
    assert!(one.park() && two.park());
    let last = nested(&stage, &one, &ears[0], frame);
    let mut rings = stage.submit(&last, 0..1).slots;
    rings.sort_unstable();
    assert_eq!(rings[..], [one.slot, two.slot], "each of them, once");
}

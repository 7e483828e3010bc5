//! A worker may die at any step: finished items stay finished, running ones fail with the verdict, the rest runs elsewhere.

mod support;

use support::{Heard, Stage};

fn verdict() -> Vec<Heard> {
    vec![Heard::Fate(0, b"gone".to_vec())]
}

#[test]
fn in_the_middle_of_a_claim() {
    let stage = Stage::new(2);
    let mut victim = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(10));
    let _ = stage.submit(&job, 0..10);
    let frame = victim.claim().unwrap().head.frame;
    for _ in 0..3 {
        let item = victim.begin(frame).unwrap();
        victim.finish(frame, item);
    }
    victim.begin(frame).unwrap();
    let before = stage.home.rung.load(std::sync::atomic::Ordering::SeqCst);
    victim.die();
    assert!(stage.home.rung.load(std::sync::atomic::Ordering::SeqCst) > before);
    assert_eq!(
        stage.home.settled(&job),
        [0, 1, 2],
        "finished results are delivered at once"
    );
    assert_eq!(
        stage.pool.stats().queued,
        6,
        "what had not begun can run elsewhere at once"
    );
    let mut heir = stage.worker();
    assert_eq!(heir.run_all(), Vec::from_iter(4..10));
    assert!(!stage.pool.idle());
    let _ = victim.bury();
    assert_eq!(stage.home.of(&job, 3), verdict());
    assert_eq!(stage.home.settled(&job), Vec::from_iter(0..10));
    assert!(stage.pool.idle());
    assert_eq!(stage.pool.stats().replaced, 1);
}

#[test]
fn without_its_hook_having_run() {
    let stage = Stage::new(2);
    let mut victim = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(3));
    let _ = stage.submit(&job, 0..3);
    let frame = victim.claim().unwrap().head.frame;
    let item = victim.begin(frame).unwrap();
    victim.finish(frame, item);
    victim.begin(frame).unwrap();
    let _ = victim.bury();
    assert_eq!(stage.home.settled(&job), [0, 1]);
    assert_eq!(stage.home.of(&job, 1), verdict());
    assert_eq!(stage.worker().run_all(), [2]);
}

#[test]
fn before_it_began_anything() {
    let stage = Stage::new(1);
    let mut victim = stage.worker();
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1);
    victim.claim().unwrap();
    victim.die();
    let _ = victim.bury();
    assert_eq!(stage.home.settled(&job), []);
    assert_eq!(stage.worker().run_all(), [0]);
}

#[test]
fn between_committing_and_reporting() {
    let stage = Stage::new(1);
    let mut victim = stage.worker();
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1);
    let frame = victim.claim().unwrap().head.frame;
    assert_eq!(victim.run(frame), [0]);
    victim.die();
    let _ = victim.bury();
    assert!(matches!(stage.home.of(&job, 0)[..], [Heard::Value(_)]));
}

#[test]
fn before_it_came_to_life() {
    let stage = Stage::new(1);
    let unborn = stage.seated();
    assert_eq!(stage.pool.vacant_slot(), None);
    let _ = unborn.bury();
    assert_eq!(stage.pool.vacant_slot(), Some(0));
    assert!(!stage.pool.attach(unborn.slot, unborn.epoch), "too late");
}

#[test]
fn twice_is_once() {
    let stage = Stage::new(1);
    let mut victim = stage.worker();
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1);
    let frame = victim.claim().unwrap().head.frame;
    victim.begin(frame).unwrap();
    victim.die();
    victim.die();
    let _ = victim.bury();
    let heir = stage.worker();
    let _ = victim.bury();
    victim.die();
    assert!(
        heir.park(),
        "the heir is not touched by the dead one's calls"
    );
    assert_eq!(stage.home.of(&job, 0), verdict());
}

#[test]
fn parked_or_spinning_or_rung_but_not_yet_awake() {
    let stage = Stage::new(2);
    let (rung, mut sleeper) = (stage.worker(), stage.worker());
    assert!(sleeper.park() && rung.park());
    let job = stage.job(|_| {});
    let rings = stage.submit(&job, 0..1);
    assert_eq!(
        rings.slots[..],
        [rung.slot],
        "the last to park is the first to be rung"
    );
    rung.die();
    let rings = stage.pool.take_rings();
    assert_eq!(
        rings.slots[..],
        [sleeper.slot],
        "somebody else must come for the work"
    );
    assert_eq!(sleeper.run_all(), [0]);
    stage.pool.spin(sleeper.slot, sleeper.epoch, true);
    sleeper.die();
    let _ = sleeper.bury();
    let _ = rung.bury();
    let third = stage.worker();
    assert!(third.park());
    let rings = stage.submit(&job, 1..2);
    assert_eq!(
        rings.slots[..],
        [third.slot],
        "the dead spinner no longer counts as awake"
    );
}

#[test]
fn of_a_worker_that_opened_jobs() {
    let stage = Stage::new(2);
    let (mut parent, mut other) = (stage.worker(), stage.worker());
    let ear = support::Ear::of_worker(&parent);
    let job = stage.job_of(&ear, |spec| spec.chunk = Some(1));
    let _ = stage.submit(&job, 0..5);
    let frame = other.claim().unwrap().head.frame;
    other.begin(frame).unwrap();
    parent.die();
    let _ = parent.bury();
    assert!(stage.pool.idle(), "its jobs are cancelled with it");
    assert!(other.claim().is_none());
    assert!(stage.pool.submit(&job, support::segment(5..6)).is_err());
    parent.frames.clear();
    assert_eq!(ear.settled(&job), [], "nobody listens any more");
}

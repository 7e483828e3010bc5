//! A caller that looks by itself is not woken for results that it cannot use yet, and is woken for everything else.

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{Job, JobSpec};
use support::{Ear, Heard, Stage, Worker};

/// So long that one unclaimed item is work enough, however quick the claims of a test are.
const LONG: Duration = Duration::from_secs(3600);

/// Items of a claim that goes on after its first: nothing is learned of it, however long the machine lets a test wait.
const UNENDED: Option<u32> = Some(2);

const VALUE: u8 = 0;
const ERROR: u8 = 1;

struct Play {
    stage: Stage,
    worker: Worker,
    job: Arc<Job>,
}

/// A worker, and a patient job of so many long items, one to a claim.
fn play(items: u32, change: impl FnOnce(&mut JobSpec)) -> Play {
    let stage = Stage::new(1);
    let worker = stage.worker();
    let job = stage.job(|spec| {
        spec.patient = true;
        spec.chunk = Some(1);
        spec.meter.learn(LONG, 1);
        change(spec);
    });
    let _ = stage.submit(&job, 0..items);
    Play { stage, worker, job }
}

impl Play {
    /// Whether the next item rings when it has ended so.
    fn rings(&mut self, kind: u8, payload: &[u8]) -> bool {
        let frame = self.worker.claim().unwrap().head.frame;
        let item = self.worker.begin(frame).unwrap();
        self.worker.end(frame, item, kind, payload);
        self.rung_by(|play| drop(play.worker.commit()))
    }

    fn rung_by(&mut self, act: impl FnOnce(&mut Self)) -> bool {
        let before = self.stage.home.rung.load(Ordering::SeqCst);
        act(self);
        self.stage.home.rung.load(Ordering::SeqCst) > before
    }
}

#[test]
fn results_wait_while_there_is_enough_to_do() {
    let mut play = play(3, |_| {});
    assert!(!play.rings(VALUE, b"a"));
    assert!(!play.rings(VALUE, b"b"));
    assert!(
        play.rings(VALUE, b"c"),
        "nothing is unclaimed: the feeder must hear of it, or the end"
    );
    assert_eq!(play.stage.home.settled(&play.job), [0, 1, 2]);
}

#[test]
fn a_look_finds_what_waits() {
    let mut play = play(2, |_| {});
    assert!(!play.rings(VALUE, b"a"));
    assert_eq!(play.stage.home.settled(&play.job), [0]);
}

#[test]
fn failures_ring_and_bring_what_waits() {
    let mut play = play(9, |_| {});
    assert!(!play.rings(VALUE, b"a"));
    assert!(play.rings(ERROR, b"b"));
    let home = &play.stage.home;
    assert_eq!(home.of(&play.job, 0), [Heard::Value(b"a".to_vec())]);
    assert_eq!(home.of(&play.job, 1), [Heard::Error(b"b".to_vec())]);
    assert!(!play.rings(VALUE, b"c"), "what follows waits again");
}

#[test]
fn a_death_rings() {
    let mut play = play(9, |_| {});
    assert!(!play.rings(VALUE, b"a"));
    let frame = play.worker.claim().unwrap().head.frame;
    play.worker.begin(frame).unwrap();
    assert!(play.rung_by(|play| play.stage.pool.die(play.worker.slot, play.worker.epoch)));
    let _ = play
        .stage
        .pool
        .bury(play.worker.slot, play.worker.epoch, b"why");
    assert_eq!(play.stage.home.settled(&play.job), [0, 1]);
}

#[test]
fn much_rings() {
    let mut play = play(9, |_| {});
    let large = vec![0; 40_000];
    assert!(!play.rings(VALUE, &large));
    assert!(play.rings(VALUE, &large), "more than 64 KiB by now");
    play.stage.home.listen();
    assert!(!play.rings(VALUE, &large), "the inbox has been emptied");
}

#[test]
fn little_work_rings() {
    let mut play = play(9, |spec| {
        spec.chunk = UNENDED;
        spec.meter = Arc::default();
        spec.meter.learn(Duration::from_micros(5), 1);
    });
    assert!(
        play.rings(VALUE, b"a"),
        "it will be done before anybody looks"
    );
}

#[test]
fn an_unknown_function_rings() {
    let mut play = play(9, |spec| {
        spec.chunk = UNENDED;
        spec.meter = Arc::default();
    });
    assert!(play.rings(VALUE, b"a"));
}

#[test]
fn others_are_rung_at_once() {
    let mut play = play(9, |spec| spec.patient = false);
    assert!(play.rings(VALUE, b"a"));
}

#[test]
fn a_worker_that_waits_for_its_own_job_is_rung_at_once() {
    let stage = Stage::new(2);
    let (parent, mut worker) = (stage.worker(), stage.worker());
    let ear = Ear::of_worker(&parent);
    let job = stage.job_of(&ear, |spec| {
        spec.patient = true;
        // It keeps its only unit: nobody is rung for that.
        spec.concurrency = 1;
        spec.chunk = Some(2);
        spec.meter.learn(LONG, 1);
    });
    let _ = stage.submit(&job, 0..9);
    let frame = worker.claim().unwrap().head.frame;
    assert!(parent.park());
    worker.begin(frame).unwrap();
    worker.end(frame, 0, VALUE, b"a");
    assert_eq!(worker.commit().slots[..], [parent.slot]);
}

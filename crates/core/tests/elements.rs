//! Elements: claims without bytes, several announced at once, settled by spans.

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{ClaimAsk, Claimed, ELEMENTS_MAX, ElementsParts, FLAG_ELEMENTS, Segment};
use support::{Heard, Stage, Worker};

const SPAN: u8 = 5;

fn elements(first_index: u32, items: u32) -> Segment {
    let parts = ElementsParts {
        first_index,
        parcels: 9,
        definitions: vec![1, 2, 3],
        items,
    };
    Segment::of_elements(parts).unwrap()
}

/// Says that elements below `end` may have begun.
fn announce(worker: &Worker, frame: u32, end: u32) {
    worker.panel.started[frame as usize].store(end, Ordering::SeqCst);
}

/// Elements `begin..end` have come to `state`.
fn reach(worker: &Worker, frame: u32, begin: u32, end: u32, state: u8) {
    for item in begin..end {
        worker
            .panel
            .state_of(frame, item)
            .store(state, Ordering::SeqCst);
    }
}

fn span(worker: &Worker, frame: u32, first: u32, count: u32) {
    worker.record(frame, SPAN, first, &count.to_le_bytes());
}

/// Spans and other outcomes, by their first item.
type Outcomes = (Vec<(u32, u32)>, Vec<(u32, Heard)>);

fn heard(stage: &Stage) -> Outcomes {
    let mut spans = Vec::new();
    let mut others = Vec::new();
    for ((_, index), heard) in stage.home.counts() {
        assert_eq!(heard.len(), 1, "each once");
        match heard[0] {
            Heard::Span(count) => spans.push((index, count)),
            ref other => others.push((index, other.clone())),
        }
    }
    (spans, others)
}

fn job_of(stage: &Stage, items: u32) -> std::sync::Arc<everycore_core::Job> {
    let job = stage.job(|spec| {
        spec.elements = true;
        spec.chunk = Some(1_000_000);
    });
    drop(stage.pool.submit(&job, elements(0, items)).unwrap());
    job
}

#[test]
fn a_claim_takes_as_many_as_the_first_frame_has_bytes() {
    let stage = Stage::new(2);
    let mut worker = stage.worker();
    job_of(&stage, 100_000);
    let frame = worker.claim().unwrap();
    assert_eq!(frame.head.items, ELEMENTS_MAX);
    assert_eq!(frame.head.flags & FLAG_ELEMENTS, FLAG_ELEMENTS);
    assert_eq!(frame.head.parcels, 9);
    assert!(frame.items.is_empty(), "there are no bytes");
}

#[test]
fn a_span_settles_each_element_once() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = job_of(&stage, 1000);
    let frame = worker.claim().unwrap().head.frame;
    announce(&worker, frame, 300);
    worker.record(frame, 1, 70, b"no");
    span(&worker, frame, 0, 200);
    span(&worker, frame, 100, 200);
    drop(worker.commit());
    assert_eq!(
        heard(&stage).0,
        [(0, 70), (71, 129), (200, 100)],
        "around what had settled"
    );
    assert_eq!(job.open_items(), 700);
    assert_eq!(heard(&stage).1.len(), 1);
}

#[test]
fn a_span_that_lies_damages_its_frame() {
    for (first, payload) in [
        (999, 2_u32.to_le_bytes().to_vec()),
        (0, 0_u32.to_le_bytes().to_vec()),
        (u32::MAX, 1_u32.to_le_bytes().to_vec()),
        (0, vec![1]),
    ] {
        let stage = Stage::new(1);
        let mut worker = stage.worker();
        job_of(&stage, 1000);
        let frame = worker.claim().unwrap().head.frame;
        announce(&worker, frame, 1);
        reach(&worker, frame, 0, 1, 1);
        worker.record(frame, SPAN, first, &payload);
        drop(worker.commit());
        assert_eq!(heard(&stage).0, [] as [(u32, u32); 0]);
        assert!(
            matches!(heard(&stage).1.as_slice(), [(0, Heard::Fate(3, _))]),
            "what had begun fails"
        );
        assert_eq!(stage.pool.stats().queued, 999, "the rest goes back");
    }
}

#[test]
fn encoded_items_have_no_spans() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|_| {});
    drop(stage.submit(&job, 0..4));
    let frame = worker.claim().unwrap().head.frame;
    announce(&worker, frame, 1);
    reach(&worker, frame, 0, 1, 1);
    span(&worker, frame, 0, 1);
    drop(worker.commit());
    assert_eq!(heard(&stage).0, [] as [(u32, u32); 0]);
}

#[test]
fn a_dead_workers_bytes_tell_how_far_it_came() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    job_of(&stage, 1000);
    let frame = worker.claim().unwrap().head.frame;
    announce(&worker, frame, 256);
    span(&worker, frame, 0, 64);
    reach(&worker, frame, 0, 100, 2);
    reach(&worker, frame, 100, 101, 1);
    worker.die();
    assert_eq!(
        heard(&stage).0,
        [(0, 64), (64, 36)],
        "also what had not been told"
    );
    assert_eq!(
        stage.pool.stats().queued,
        899,
        "announced, and not begun, goes back"
    );
    drop(worker.bury());
    assert!(matches!(
        heard(&stage).1.as_slice(),
        [(100, Heard::Fate(0, _))]
    ));
}

#[test]
fn a_cancelled_stretch_runs_until_its_bytes_say_otherwise() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = job_of(&stage, 1000);
    let frame = worker.claim().unwrap().head.frame;
    announce(&worker, frame, 4);
    reach(&worker, frame, 0, 1, 1);
    drop(stage.pool.cancel(&job));
    for item in 0..4 {
        assert_eq!(
            worker.panel.ask_of(frame, item).load(Ordering::SeqCst),
            1,
            "all that is announced is asked"
        );
    }
    assert_eq!(
        worker.panel.limit[frame as usize].load(Ordering::SeqCst),
        4,
        "and nothing more may be"
    );
    // The first is over, the others are passed over: nobody is killed.
    reach(&worker, frame, 0, 4, 2);
    assert!(stage.pass(Duration::from_secs(1)).is_empty());
    assert!(stage.pool.idle());
}

#[test]
fn an_announced_element_that_is_condemned_may_yet_begin() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = job_of(&stage, 1000);
    let frame = worker.claim().unwrap().head.frame;
    announce(&worker, frame, 2);
    reach(&worker, frame, 0, 1, 1);
    drop(stage.pool.cancel(&job));
    // The worker had looked at the second one's ask byte before it was written.
    reach(&worker, frame, 0, 1, 2);
    stage.pass(Duration::from_millis(10));
    reach(&worker, frame, 1, 2, 1);
    assert_eq!(stage.pass(Duration::from_secs(1)).len(), 1, "it never ends");
}

#[test]
fn a_look_recalls_what_was_announced_and_has_not_begun() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = job_of(&stage, 1000);
    let frame = worker.claim().unwrap().head.frame;
    announce(&worker, frame, 256);
    reach(&worker, frame, 0, 100, 2);
    reach(&worker, frame, 100, 101, 1);
    stage.pass(Duration::ZERO);
    let asked = |item| worker.panel.ask_of(frame, item).load(Ordering::SeqCst);
    assert_eq!([99, 100, 101, 102].map(asked), [0, 0, 4, 0]);
    drop(stage.pool.cancel(&job));
    stage.pass(Duration::ZERO);
    assert_eq!(asked(101), 1, "whoever is to stop hears of nothing else");
}

#[test]
fn who_finds_nothing_waits_for_what_will_be_recalled() {
    let stage = Stage::new(2);
    let (mut worker, mut idle) = (stage.worker(), stage.worker());
    job_of(&stage, 256);
    let frame = worker.claim().unwrap().head.frame;
    announce(&worker, frame, 256);
    reach(&worker, frame, 0, 1, 1);
    let ask = ClaimAsk {
        capacity: 1000,
        suspended: false,
    };
    let soon = Claimed::Nothing {
        siblings_hold_unstarted: true,
    };
    assert_eq!(idle.ask(ask).0, soon);
    announce(&worker, frame, 1);
    stage.pass(Duration::from_millis(2));
    std::thread::sleep(Duration::from_millis(2));
    assert_eq!(idle.ask(ask).0, Claimed::Frame, "it was taken back");
}

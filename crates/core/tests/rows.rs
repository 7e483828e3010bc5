//! Results in a row: public one by one, taken once, believed only as far as they make sense.

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{FLAG_ROW, FLAG_TIMED, Segment, SegmentParts, layout};
use support::{Frame, Heard, Stage, Worker};

/// A worker that has claimed four items.
fn set_the_stage() -> (Stage, Worker, Frame, std::sync::Arc<everycore_core::Job>) {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.chunk = Some(4);
        spec.timeout = Some(Duration::from_millis(10));
    });
    let _ = stage.submit(&job, 0..4);
    let frame = worker.claim().unwrap();
    (stage, worker, frame, job)
}

fn run_in_row(worker: &mut Worker, frame: u32, value: u8) {
    let item = worker.begin(frame).unwrap();
    worker.end_in_row(frame, item, [value; 8]);
}

#[test]
fn each_result_is_public_at_once() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run_in_row(&mut worker, head.frame, 1);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0]);
    run_in_row(&mut worker, head.frame, 2);
    worker.begin(head.frame);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0, 1]);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0, 1], "not twice");
    assert_eq!(stage.home.of(&job, 1), [Heard::Value(vec![2; 8])]);
}

#[test]
fn what_is_no_number_closes_the_row_and_keeps_the_order() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run_in_row(&mut worker, head.frame, 1);
    let item = worker.begin(head.frame).unwrap();
    stage.pass(Duration::ZERO);
    worker.end(head.frame, item, 0, b"text");
    run_in_row(&mut worker, head.frame, 3);
    run_in_row(&mut worker, head.frame, 4);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0, 1, 2, 3]);
    assert!(worker.claim().is_none());
    assert_eq!(stage.home.settled(&job), [0, 1, 2, 3]);
    assert_eq!(stage.home.of(&job, 3), [Heard::Value(vec![4; 8])]);
    assert_eq!(stage.home.ended_claims().len(), 1);
    assert!(stage.pool.idle());
}

#[test]
fn a_death_loses_the_item_that_ran_and_nothing_else() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run_in_row(&mut worker, head.frame, 1);
    run_in_row(&mut worker, head.frame, 2);
    worker.begin(head.frame).unwrap();
    worker.die();
    let _ = worker.bury();
    assert_eq!(stage.home.of(&job, 1), [Heard::Value(vec![2; 8])]);
    assert_eq!(stage.home.of(&job, 2), [Heard::Fate(0, b"gone".to_vec())]);
    assert_eq!(stage.pool.stats().queued, 1);
}

#[test]
fn a_death_between_two_items_loses_none() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run_in_row(&mut worker, head.frame, 1);
    run_in_row(&mut worker, head.frame, 2);
    worker.die();
    let _ = worker.bury();
    assert_eq!(stage.home.settled(&job), [0, 1]);
    assert_eq!(stage.pool.stats().queued, 2);
}

#[test]
fn an_item_that_has_timed_out_settles_once() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run_in_row(&mut worker, head.frame, 1);
    let item = worker.begin(head.frame).unwrap();
    stage.pass(Duration::from_millis(20));
    assert_eq!(stage.home.of(&job, 1), [Heard::Fate(1, vec![])]);
    worker.end_in_row(head.frame, item, [2; 8]);
    run_in_row(&mut worker, head.frame, 3);
    let _ = worker.commit();
    assert_eq!(stage.home.settled(&job), [0, 1, 2]);
}

#[test]
fn a_row_beyond_its_frame_or_the_outbox_is_damage() {
    for scribble in [
        // Longer than what is written.
        |worker: &Worker| write_head(worker, 4096, 1),
        // No whole cells.
        |worker: &Worker| write_head(worker, 12, 1),
        // More results than cells.
        |worker: &Worker| write_head(worker, 128, 17),
        |worker: &Worker| write_head(worker, 128, u32::MAX),
        |worker: &Worker| row(worker, 1, 3),
        // Items that were never given.
        |worker: &Worker| row(worker, 3, 2),
        |worker: &Worker| row(worker, u32::MAX, 2),
    ] {
        let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
        run_in_row(&mut worker, head.frame, 1);
        worker.begin(head.frame).unwrap();
        stage.pass(Duration::ZERO);
        worker.close_row();
        scribble(&worker);
        stage.pass(Duration::ZERO);
        assert_eq!(stage.home.of(&job, 1), [Heard::Fate(3, vec![])]);
        assert_eq!(stage.pool.stats().queued, 2, "what had not begun");
    }
}

/// Of the row that began at the beginning of the outbox.
fn write_head(worker: &Worker, length: u32, count: u32) {
    let mut outbox = worker.panel.outbox.lock().unwrap();
    outbox[..4].copy_from_slice(&length.to_le_bytes());
    outbox[12..16].copy_from_slice(&count.to_le_bytes());
}

/// Writes a closed row of two cells that says so.
fn row(worker: &Worker, item: u32, count: u32) {
    worker.timed_record(0, 4, item, f32::from_bits(count), &[0; 16]);
}

#[test]
fn a_segment_of_cells_is_claimed_as_a_row() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(2));
    let cells = |from: u32| (from..from + 3).flat_map(|item| u64::from(item).to_le_bytes());
    let segment = Segment::new(SegmentParts {
        bytes: cells(0).collect(),
        ..SegmentParts::default()
    });
    let _ = stage.pool.submit(&job, segment.unwrap()).unwrap();
    let Frame { head, items, .. } = worker.claim().unwrap();
    assert_eq!((head.items, head.flags), (2, FLAG_ROW));
    assert_eq!(items, [0, 1]);
}

#[test]
fn a_claim_of_cells_may_be_larger_and_says_whether_items_are_timed() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.chunk = Some(1_000_000);
        spec.timeout = Some(Duration::from_millis(10));
    });
    let cells = (0..10_000).flat_map(u64::to_le_bytes).collect();
    let segment = Segment::new(SegmentParts {
        bytes: cells,
        ..SegmentParts::default()
    });
    let _ = stage.pool.submit(&job, segment.unwrap()).unwrap();
    let Frame { head, .. } = worker.claim().unwrap();
    assert_eq!((head.items, head.flags), (10_000, FLAG_ROW | FLAG_TIMED));
}

/// Four items announced together, of which two have ended and the third runs.
fn set_a_stretch() -> (Stage, Worker, u32, std::sync::Arc<everycore_core::Job>) {
    let (stage, worker, Frame { head, .. }, job) = set_the_stage();
    let frame = head.frame;
    worker.panel.started[frame as usize].store(4, Ordering::SeqCst);
    worker.open_row(frame, 0, 4);
    for item in 0..2 {
        worker.end_in_row(frame, item, [item as u8; 8]);
    }
    worker.panel.state_of(frame, 2).store(1, Ordering::SeqCst);
    (stage, worker, frame, job)
}

#[test]
fn results_of_items_announced_together_are_public_one_by_one() {
    let (stage, worker, frame, job) = set_a_stretch();
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0, 1]);
    worker.end_in_row(frame, 2, [2; 8]);
    worker.end_in_row(frame, 3, [3; 8]);
    let _ = worker.commit();
    assert_eq!(stage.home.settled(&job), [0, 1, 2, 3]);
    assert_eq!(stage.home.of(&job, 3), [Heard::Value(vec![3; 8])]);
}

#[test]
fn a_death_amid_items_announced_together_loses_the_one_that_ran() {
    let (stage, worker, _, job) = set_a_stretch();
    worker.die();
    assert_eq!(stage.home.settled(&job), [0, 1]);
    assert_eq!(stage.pool.stats().queued, 1, "announced, but not begun");
    let _ = worker.bury();
    assert_eq!(stage.home.of(&job, 2), [Heard::Fate(0, b"gone".to_vec())]);
}

#[test]
fn a_result_that_looks_like_none_is_told_with_the_end_of_its_row() {
    for dies in [false, true] {
        let (stage, worker, frame, job) = set_a_stretch();
        worker.end_in_row(frame, 2, layout::EMPTY.to_le_bytes());
        stage.pass(Duration::ZERO);
        assert_eq!(stage.home.settled(&job), [0, 1]);
        if dies {
            worker.die();
        } else {
            let _ = worker.commit();
        }
        let value = Heard::Value(layout::EMPTY.to_le_bytes().to_vec());
        assert_eq!(stage.home.of(&job, 2), [value]);
    }
}

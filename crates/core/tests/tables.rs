//! Items and results in tables: handed on as they are, settled once, and as far as the state bytes say where their worker died over them.

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{FLAG_TABLE, Segment, TableParts};
use support::{Frame, Heard, Stage, Worker};

/// A worker that has claimed four items.
fn set_the_stage() -> (Stage, Worker, Frame, std::sync::Arc<everycore_core::Job>) {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(4));
    let _ = stage.submit(&job, 0..4);
    let frame = worker.claim().unwrap();
    (stage, worker, frame, job)
}

/// The worker announces all four and ends so many of them.
fn run(worker: &Worker, frame: u32, ended: u32) {
    worker.panel.started[frame as usize].store(4, Ordering::SeqCst);
    for item in 0..ended {
        worker
            .panel
            .state_of(frame, item)
            .store(2, Ordering::SeqCst);
    }
}

#[test]
fn a_table_settles_its_items_at_once() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 4);
    worker.table(head.frame, 0, &[[1; 8], [2; 8], [3; 8], [4; 8]], false);
    assert!(worker.claim().is_none());
    assert_eq!(stage.home.settled(&job), [0, 1, 2, 3]);
    assert_eq!(stage.home.of(&job, 2), [Heard::Value(vec![3; 8])]);
    assert!(stage.pool.idle());
}

#[test]
fn what_was_settled_before_is_left_out() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 4);
    assert_eq!(
        stage.pool.cancel_item(&job, 1),
        everycore_core::CancelItem::Running
    );
    worker.table(head.frame, 0, &[[1; 8], [2; 8], [3; 8], [4; 8]], false);
    assert!(worker.claim().is_none());
    let heard = |index| stage.home.of(&job, index);
    assert_eq!(heard(0), [Heard::Value(vec![1; 8])]);
    assert_ne!(heard(1), [Heard::Value(vec![2; 8])]);
    assert_eq!(heard(2), [Heard::Value(vec![3; 8])]);
    assert_eq!(heard(3), [Heard::Value(vec![4; 8])]);
}

#[test]
fn an_open_table_is_left_alone_until_a_tick_meets_it_again() {
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 2);
    worker.table(head.frame, 0, &[[1; 8], [2; 8], [0; 8], [0; 8]], true);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0; 0]);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0, 1]);
    // The item that held it up has ended: the others come with the table, or with its worker's death.
    run(&worker, head.frame, 4);
    worker.panel.open_table.store(0, Ordering::SeqCst);
    worker.table(head.frame, 0, &[[1; 8], [2; 8], [3; 8], [4; 8]], false);
    assert!(worker.claim().is_none());
    assert_eq!(stage.home.of(&job, 1), [Heard::Value(vec![2; 8])]);
    assert_eq!(stage.home.of(&job, 3), [Heard::Value(vec![4; 8])]);
    assert!(stage.pool.idle());
}

#[test]
fn those_before_a_cancelled_one_are_taken_from_an_open_table_too() {
    let (stage, worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 2);
    let _ = stage.pool.cancel_item(&job, 1);
    worker.table(head.frame, 0, &[[1; 8], [2; 8], [0; 8], [0; 8]], true);
    stage.pass(Duration::ZERO);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.of(&job, 0), [Heard::Value(vec![1; 8])]);
    assert_ne!(stage.home.of(&job, 1), [Heard::Value(vec![2; 8])]);
}

#[test]
fn a_table_that_was_closed_meanwhile_is_another_one() {
    let (stage, worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 2);
    worker.table(head.frame, 0, &[[1; 8], [2; 8]], true);
    stage.pass(Duration::ZERO);
    worker.panel.open_table.store(0, Ordering::SeqCst);
    worker.table(head.frame, 0, &[[1; 8], [2; 8]], false);
    run(&worker, head.frame, 3);
    worker.table(head.frame, 2, &[[3; 8], [0; 8]], true);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0, 1]);
    stage.pass(Duration::ZERO);
    assert_eq!(stage.home.settled(&job), [0, 1, 2]);
}

#[test]
fn an_open_table_goes_to_the_heirs_at_once() {
    let (stage, worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 2);
    worker.table(head.frame, 0, &[[1; 8], [2; 8], [0; 8], [0; 8]], true);
    worker.die();
    assert_eq!(stage.home.settled(&job), [0, 1]);
}

#[test]
fn a_table_dies_with_its_worker() {
    let (stage, dead, Frame { head, .. }, job) = set_the_stage();
    run(&dead, head.frame, 2);
    dead.table(head.frame, 0, &[[1; 8], [2; 8], [0; 8], [0; 8]], true);
    dead.die();
    let _ = dead.bury();
    let mut heir = stage.seated_at(Arc::clone(&dead.panel));
    assert!(stage.pool.attach(heir.slot, heir.epoch));
    // The other two, whose results it still keeps to itself.
    let Frame { head, .. } = heir.claim().unwrap();
    assert_eq!((head.first_index, head.items), (2, 2));
    run(&heir, head.frame, 2);
    for _ in 0..3 {
        stage.pass(Duration::from_millis(1));
    }
    assert_eq!(stage.home.settled(&job), [0, 1]);
}

#[test]
fn a_death_over_a_table_loses_the_item_that_ran_and_nothing_else() {
    let (stage, worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 2);
    worker
        .panel
        .state_of(head.frame, 2)
        .store(1, Ordering::SeqCst);
    worker.table(head.frame, 0, &[[1; 8], [2; 8], [0; 8], [0; 8]], true);
    worker.die();
    let _ = worker.bury();
    assert_eq!(stage.home.of(&job, 1), [Heard::Value(vec![2; 8])]);
    assert_eq!(stage.home.of(&job, 2), [Heard::Fate(0, b"gone".to_vec())]);
    assert_eq!(stage.pool.stats().queued, 1);
}

#[test]
fn nonsense_damages_its_frame_only() {
    for (first, words) in [(0, [0, 5]), (3, [0, 2]), (u32::MAX, [0, 1]), (0, [1, 1])] {
        let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
        run(&worker, head.frame, 4);
        let words: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
        worker.record(head.frame, 6, first, &words);
        assert!(worker.claim().is_none());
        assert_eq!(stage.home.of(&job, 0), [Heard::Fate(3, vec![])]);
    }
    let (stage, mut worker, Frame { head, .. }, job) = set_the_stage();
    run(&worker, head.frame, 1);
    worker.record(head.frame, 6, 0, b"short");
    assert!(worker.claim().is_none());
    assert_eq!(stage.home.of(&job, 0), [Heard::Fate(3, vec![])]);
}

#[test]
fn an_open_table_of_a_dead_worker_is_believed_only_where_it_can_be() {
    for length in [8, 1 << 20, u32::MAX] {
        let (stage, worker, Frame { head, .. }, job) = set_the_stage();
        run(&worker, head.frame, 2);
        worker.table(head.frame, 0, &[[1; 8], [2; 8]], true);
        worker.panel.open_table.store(length, Ordering::SeqCst);
        worker.die();
        let _ = worker.bury();
        assert_eq!(stage.home.of(&job, 0), [Heard::Fate(0, b"gone".to_vec())]);
    }
}

#[test]
fn a_claim_of_a_table_says_so() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|_| {});
    let table = TableParts {
        stride: 8,
        rows: [0u32, 1, 1, 3]
            .into_iter()
            .flat_map(u32::to_le_bytes)
            .collect(),
        ends_at: Some(4),
        unit: 1,
        text: b"abc".to_vec(),
        ..TableParts::default()
    };
    let segment = Segment::of_table(table).unwrap();
    let _ = stage.pool.submit(&job, segment).unwrap();
    let frame = worker.claim().unwrap();
    assert_eq!(frame.head.flags & FLAG_TABLE, FLAG_TABLE);
}

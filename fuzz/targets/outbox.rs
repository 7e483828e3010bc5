//! A worker whose memory says anything at all: each item still settles once, and nothing panics.

#![no_main]

#[path = "../../crates/core/tests/support/mod.rs"]
mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{ElementsParts, Segment, SegmentParts, TableParts};
use libfuzzer_sys::fuzz_target;
use support::{Stage, Worker};

const ITEMS: u32 = 24;

/// What stands in the panel is taken from the input; the steps between are those that every worker's home goes through.
fn scribble(worker: &Worker, input: &mut &[u8]) {
    let [frame, item, state, started, limit, low, high, open] = take(input);
    let (frame, item) = (u32::from(frame) % 20, u32::from(item) % ITEMS);
    worker.panel.state_of(frame, item).store(state, Ordering::SeqCst);
    let at = frame as usize;
    worker.panel.started[at].store(u32::from(started), Ordering::SeqCst);
    if limit & 1 != 0 {
        worker.panel.limit[at].store(u32::from(limit), Ordering::SeqCst);
    }
    let written = u32::from(low) | u32::from(high) << 8;
    let bytes = input.len().min(written as usize & 0x1ff);
    let (now, later) = input.split_at(bytes);
    *input = later;
    worker.panel.outbox.lock().unwrap()[..now.len()].copy_from_slice(now);
    worker.panel.written.store(written, Ordering::SeqCst);
    worker.panel.open_table.store(u32::from(open) << 2, Ordering::SeqCst);
}

fn take<const N: usize>(input: &mut &[u8]) -> [u8; N] {
    let mut head = [0; N];
    let count = input.len().min(N);
    head[..count].copy_from_slice(&input[..count]);
    *input = &input[count..];
    head
}

/// A record whose head makes sense, of any kind and any length.
fn record(worker: &Worker, input: &mut &[u8]) {
    let [frame, kind, item, payload @ ..] = take::<19>(input);
    let [length] = take(input);
    worker.record(
        u32::from(frame) % 20,
        kind % 8,
        u32::from(item) % (ITEMS + 2),
        &payload[..usize::from(length) % 17],
    );
}

/// Items of each kind that a job has: as bytes, numbers in a row, rows of a table, elements of shared memory.
fn items(kind: u8) -> Segment {
    match kind % 4 {
        0 => support::segment(0..ITEMS),
        1 => Segment::new(SegmentParts {
            bytes: (0..ITEMS).map(u64::from).flat_map(u64::to_le_bytes).collect(),
            ..SegmentParts::default()
        })
        .unwrap(),
        2 => Segment::of_table(TableParts {
            stride: 8,
            rows: (0..ITEMS).flat_map(|item| [item, item + 1]).flat_map(u32::to_le_bytes).collect(),
            ends_at: Some(4),
            unit: 1,
            text: vec![b'x'; ITEMS as usize],
            ..TableParts::default()
        })
        .unwrap(),
        _ => Segment::of_elements(ElementsParts {
            items: ITEMS,
            ..ElementsParts::default()
        })
        .unwrap(),
    }
}

fuzz_target!(|input: &[u8]| {
    let mut input = input;
    let stage = Stage::new(2);
    let [chunk, keep, kind] = take(&mut input);
    let job = stage.job(|spec| {
        spec.chunk = Some(u32::from(chunk % 16) + 1);
        spec.keep_failed = keep & 1 != 0;
        spec.elements = kind % 4 == 3;
        spec.timeout = (keep & 2 != 0).then_some(Duration::from_millis(8));
    });
    let _ = stage.pool.submit(&job, items(kind)).unwrap();
    let mut worker = stage.worker();
    while !input.is_empty() {
        let [step] = take(&mut input);
        match step % 9 {
            0 => drop(worker.claim()),
            1 => drop(worker.claim_suspended()),
            2 => drop(worker.begin(u32::from(step) % 3)),
            3 => drop(worker.commit()),
            4 => drop(worker.commit_large(u32::from(step >> 3), u32::from(step) % ITEMS, b"large")),
            5 => drop(stage.pass(Duration::from_millis(u64::from(step >> 3)))),
            6 if step > 200 => {
                worker.die();
                let _ = worker.bury();
                worker = stage.worker();
            }
            7 => record(&worker, &mut input),
            _ => scribble(&worker, &mut input),
        }
    }
    worker.die();
    let _ = worker.bury();
    // Checks that each was heard of once at most, but for those that may run again.
    if keep & 1 == 0 {
        let _ = stage.home.settled(&job);
    }
    stage.pool.close();
    stage.home.listen();
    assert!(stage.pool.idle());
});

//! What the steps themselves cost, without anybody who sleeps or is woken: one thread hands parcels of items out, takes them, runs them, sends the results
//! and takes these in.

use std::hint::black_box;
use std::sync::{Arc, mpsc};

use crate::bare::{BareWorker, Bells, Turn};
use crate::parcels::{Parcel, Work, parcel, segment};
use crate::table::{Runner, Table};
use everycore_core::{
    Bell, Budget, Caller, Job, JobSpec, Meter, Pool, PoolOptions, Records, Segment, SegmentParts,
};

/// Parcels of a round.
const PARCELS: u64 = 64;

/// A pool whose only worker is this thread, and a job whose claims are as large as the parcels.
struct Alone {
    pool: Arc<Pool>,
    home: Arc<Caller>,
    worker: BareWorker,
    job: Arc<Job>,
}

impl Alone {
    fn new(items: u64) -> Self {
        let home = Caller::new(Bell::Native(Box::new(|| {})));
        let bells = Bells::new(1);
        let options = PoolOptions::new(1, Budget::new(1));
        let pool = Pool::new(options, bells.clone(), Arc::clone(&home));
        let worker = BareWorker::new(&pool, bells);
        let mut spec = JobSpec::new(1, Arc::new(Meter::new()));
        spec.chunk = Some(items as u32);
        let job = pool.open(spec, &home).expect("open");
        Self {
            pool,
            home,
            worker,
            job,
        }
    }

    /// `segments` of so many items each there, all claims of them, and their results back.
    fn round(&mut self, segments: u64, items: u64, as_row: bool) {
        for number in 0..segments {
            let segment = if as_row {
                segment(number * items, items)
            } else {
                encoded(number * items, items)
            };
            drop(self.pool.submit(&self.job, segment).expect("room"));
        }
        while self.worker.turn() == Turn::Ran {}
        self.home.drain(usize::MAX, &mut |block| {
            for record in Records::new(&block.bytes) {
                black_box(record.expect("sound"));
            }
        });
    }
}

/// Items that are no row: each has a place and a record of its own, as anything but a bare number.
fn encoded(first: u64, items: u64) -> Segment {
    let parts = SegmentParts {
        first_index: first as u32,
        bytes: parcel(first, items)
            .iter()
            .flat_map(|item| item.to_le_bytes())
            .collect(),
        offsets: (0..=items as u32).map(|item| item * 8).collect(),
        ..SegmentParts::default()
    };
    Segment::new(parts).expect("rising offsets")
}

/// Two channels.
fn channels(
    items: u64,
    send: impl Fn(Parcel),
    receive: impl Fn() -> Option<Parcel>,
    send_back: impl Fn(Parcel),
    receive_back: impl Fn() -> Option<Parcel>,
) -> impl FnMut() {
    move || {
        for number in 0..PARCELS {
            send(parcel(number * items, items));
        }
        while let Some(mut parcel) = receive() {
            Work::new().on_all(&mut parcel);
            send_back(parcel);
        }
        while let Some(parcel) = receive_back() {
            black_box(parcel);
        }
    }
}

macro_rules! pair {
    ($items:expr, $send:ident, $new:expr) => {{
        let ((there, taken), (back, heard)) = ($new, $new);
        Box::new(channels(
            $items,
            move |parcel| there.$send(parcel).expect("open"),
            move || taken.try_recv().ok(),
            move |parcel| back.$send(parcel).expect("open"),
            move || heard.try_recv().ok(),
        ))
    }};
}

pub fn measure() {
    let mut table = Table::new("One thread alone: what the steps cost");
    for items in [1, 16, 256, 4096] {
        let name = format!("parcels of {items}, alone");
        if !table.wants(&name) {
            continue;
        }
        let runners: &mut [Runner<'_>] = &mut [
            ("everycore", {
                let mut alone = Alone::new(items);
                Box::new(move || alone.round(PARCELS, items, true))
            }),
            (
                "crossbeam-channel",
                pair!(items, send, crossbeam_channel::unbounded()),
            ),
            ("flume", pair!(items, send, flume::unbounded())),
            (
                "async-channel",
                pair!(items, try_send, async_channel::unbounded()),
            ),
            ("std mpsc", pair!(items, send, mpsc::channel())),
            ("everycore, one segment", {
                let mut alone = Alone::new(items);
                Box::new(move || alone.round(1, PARCELS * items, true))
            }),
            ("everycore, records", {
                let mut alone = Alone::new(items);
                Box::new(move || alone.round(PARCELS, items, false))
            }),
            ("no queue at all", {
                Box::new(move || {
                    for number in 0..PARCELS {
                        let mut parcel = parcel(number * items, items);
                        Work::new().on_all(&mut parcel);
                        black_box(parcel);
                    }
                })
            }),
        ];
        table.row(&name, PARCELS * items, runners);
    }
}

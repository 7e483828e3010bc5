//! What every contender is given: items by the parcel, and what is done with an item.

use std::hint::black_box;

use everycore_core::{CELL, Segment, SegmentParts};

/// What a channel carries: a worker puts the results where the items were.
pub type Parcel = Vec<u64>;

/// What is done with items: some 11 ns each, a little less than a tiny JavaScript function takes.
///
/// Each waits for the one before: nobody may run eight of them at once, and the core's other thread finds room.
pub struct Work {
    last: u64,
    /// 0, which no compiler knows.
    none: u64,
}

impl Work {
    pub fn new() -> Self {
        Self {
            last: 0,
            none: black_box(0),
        }
    }

    pub fn on(&mut self, item: u64) -> u64 {
        self.last = (0..8).fold(item ^ self.last & self.none, |hash, _| {
            (hash ^ hash >> 7).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        self.last
    }

    pub fn on_all(&mut self, parcel: &mut Parcel) {
        for item in parcel {
            *item = self.on(*item);
        }
    }
}

pub fn parcel(first: u64, items: u64) -> Parcel {
    (first..first + items).collect()
}

/// The same items for the core.
pub fn segment(first: u64, items: u64) -> Segment {
    let mut bytes = vec![0; items as usize * CELL];
    let (cells, _) = bytes.as_chunks_mut::<CELL>();
    for (cell, item) in cells.iter_mut().zip(first..) {
        *cell = item.to_le_bytes();
    }
    let parts = SegmentParts {
        first_index: first as u32,
        bytes,
        ..SegmentParts::default()
    };
    Segment::new(parts).expect("whole cells")
}

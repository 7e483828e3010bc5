//! One verb's work: segments in, cancellation, retries.

use std::sync::Arc;

use everycore_core::{
    CancelItem, ElementsParts, Job as CoreJob, Refused, Rings, Segment, SegmentParts, TableParts,
};
use napi::Unknown;
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::memory::borrow;
use crate::registry::House;
use crate::rings::pack;

/// A job, held by the thread that opened it. Dropping it releases the job.
#[napi]
pub struct Job {
    house: Arc<House>,
    job: Arc<CoreJob>,
    is_home: bool,
}

impl Job {
    pub(crate) fn new(house: Arc<House>, job: Arc<CoreJob>, is_home: bool) -> Self {
        Self {
            house,
            job,
            is_home,
        }
    }

    fn give(&self, segment: Segment) -> Result<u32> {
        match self.house.pool.submit(&self.job, segment) {
            Ok(rings) => Ok(self.hand(rings)),
            Err(Refused::Full(_)) => refuse(Code::QueueFull, "the queue is full"),
            Err(Refused::Closed(_)) => refuse(Code::Closed, "the pool is closed"),
        }
    }

    /// Rings for the calling thread; a home that is not the calling thread is rung when it should start workers.
    fn hand(&self, mut rings: Rings) -> u32 {
        if !self.is_home && self.house.pool.wanted() > 0 {
            let home = self.house.pool.ring_home();
            rings.words.extend(home.words);
        }
        pack(&self.house, rings)
    }
}

/// What the rows of a table look like.
#[napi(object)]
pub struct TableShape {
    /// Bytes of a row.
    pub stride: u32,
    /// Where in a row it says where its text ends, in units; nothing if there is no text.
    pub ends_at: Option<u32>,
    /// Bytes of a unit of text.
    pub unit: u32,
}

#[napi]
impl Job {
    /// The job's number, never used again in its pool.
    #[napi(getter)]
    pub fn id(&self) -> f64 {
        self.job.id() as f64
    }

    /// Hands over encoded items: `bytes`, where each begins and the last ends (`offsets`, in words), the key dictionary, the index of the first, the id
    /// of the parcels that go with them, and the bytes of what workers will ask for. Returns rings.
    #[napi(catch_unwind)]
    pub fn submit(
        &self,
        bytes: Unknown,
        offsets: Unknown,
        definitions: Option<Unknown>,
        first: u32,
        parcels: u32,
        beside: f64,
    ) -> Result<u32> {
        // SAFETY: the facade passes ordinary Buffers, and no JavaScript runs until this call returns.
        let (bytes, offsets, definitions) = unsafe {
            (
                borrow(&bytes)?,
                borrow(&offsets)?,
                definitions.as_ref().map(|view| borrow(view)).transpose()?,
            )
        };
        let offsets: Vec<u32> = offsets.chunks_exact(4).map(word).collect();
        let Some(&end) = offsets.last() else {
            return refuse(Code::Argument, "an offset is missing");
        };
        let parts = SegmentParts {
            first_index: first,
            parcels,
            definitions: definitions.unwrap_or_default().to_vec(),
            // The facade hands over its whole buffer.
            bytes: bytes[..bytes.len().min(end as usize)].to_vec(),
            offsets,
            beside: beside as u64,
        };
        let Ok(segment) = Segment::new(parts) else {
            return refuse(Code::Argument, "offsets do not describe the items");
        };
        self.give(segment)
    }

    /// Hands over items of 8 bytes each; the index of the first is `first`. Returns rings.
    #[napi(catch_unwind)]
    pub fn submit_row(&self, bytes: Unknown, first: u32) -> Result<u32> {
        // SAFETY: the facade passes an ordinary Buffer, and no JavaScript runs until this call returns.
        let bytes = unsafe { borrow(&bytes)? };
        let parts = SegmentParts {
            first_index: first,
            bytes: bytes.to_vec(),
            ..SegmentParts::default()
        };
        match Segment::new(parts) {
            Ok(segment) => self.give(segment),
            Err(_) => refuse(Code::Argument, "a row is made of cells of 8 bytes"),
        }
    }

    /// Hands over rows with text. Returns rings.
    #[napi(catch_unwind)]
    pub fn submit_table(
        &self,
        rows: Unknown,
        text: Unknown,
        shape: TableShape,
        definitions: Unknown,
        first: u32,
    ) -> Result<u32> {
        let TableShape {
            stride,
            ends_at,
            unit,
        } = shape;
        // SAFETY: the facade passes ordinary Buffers, and no JavaScript runs until this call returns.
        let (rows, text, definitions) =
            unsafe { (borrow(&rows)?, borrow(&text)?, borrow(&definitions)?) };
        let parts = TableParts {
            first_index: first,
            definitions: definitions.to_vec(),
            stride,
            rows: rows.to_vec(),
            ends_at,
            unit,
            text: text.to_vec(),
        };
        match Segment::of_table(parts) {
            Some(segment) => self.give(segment),
            None => refuse(Code::Argument, "no such table"),
        }
    }

    /// Hands over `count` elements of shared memory, the first of which is the job's item `first`: `parcels` is the memory, `place` says where in it
    /// they stand. Returns rings.
    #[napi(catch_unwind)]
    pub fn submit_elements(
        &self,
        place: Unknown,
        count: u32,
        first: u32,
        parcels: u32,
    ) -> Result<u32> {
        // SAFETY: the facade passes an ordinary Buffer, and no JavaScript runs until this call returns.
        let definitions = unsafe { borrow(&place)? }.to_vec();
        let parts = ElementsParts {
            first_index: first,
            parcels,
            definitions,
            items: count,
        };
        match Segment::of_elements(parts) {
            Some(segment) => self.give(segment),
            None => refuse(Code::Argument, "no such elements"),
        }
    }

    /// Nothing queued starts any more; what runs is asked to stop, and stopped after its grace. Returns rings.
    #[napi(catch_unwind)]
    pub fn cancel(&self) -> u32 {
        self.hand(self.house.pool.cancel(&self.job))
    }

    /// Cancels one item: 0 it never ran, 1 it runs and was asked to stop, 2 it had settled.
    #[napi(catch_unwind)]
    pub fn cancel_item(&self, index: u32) -> u32 {
        match self.house.pool.cancel_item(&self.job, index) {
            CancelItem::Dropped => 0,
            CancelItem::Running => 1,
            CancelItem::Gone => 2,
        }
    }

    /// Runs a failed item once more. Returns rings.
    #[napi(catch_unwind)]
    pub fn retry(&self, index: u32) -> Result<u32> {
        match self.house.pool.retry(&self.job, index) {
            Some(rings) => Ok(self.hand(rings)),
            None => refuse(
                Code::Closed,
                "the item cannot run again: the pool is closed",
            ),
        }
    }

    /// A failed item will not run again.
    #[napi(catch_unwind)]
    pub fn forget(&self, index: u32) {
        self.house.pool.forget(&self.job, index);
    }

    /// Has any item started?
    #[napi(catch_unwind)]
    pub fn started(&self) -> bool {
        self.job.has_started()
    }

    /// The job has settled.
    #[napi(catch_unwind)]
    pub fn release(&self) {
        self.house.pool.release(&self.job);
    }
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

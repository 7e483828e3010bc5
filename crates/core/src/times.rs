//! How long items ran that a worker does not time one by one: a stretch of them at a time.
//!
//! The payload is pairs, of 8 bytes each: a u32, so many items that have been told of before this record, and an f32, the ms that each of them ran on
//! average. What no pair tells of enters the tally as the mean of its claim. Best effort: if a claim has ended by the time that they come, they are not missed.

use std::time::Duration;

use smallvec::SmallVec;

use crate::frames::Frames;
use crate::record::Record;
use crate::values::known;

const PAIR: usize = 8;

/// See the module.
pub(crate) struct Times<'a>(&'a [u8]);

impl<'a> Times<'a> {
    /// What the record tells, if it makes sense.
    pub(crate) fn of(record: &Record<'a>) -> Option<Self> {
        let whole = record.payload.len().is_multiple_of(PAIR);
        whole.then_some(Self(record.payload))
    }

    /// They enter the tally.
    pub(crate) fn enter(&self, frames: &mut Frames, frame: usize) {
        let Some(lease) = frames.get_mut(frame) else {
            return;
        };
        let mut items = 0;
        let mut runs = SmallVec::<[(Duration, u32); 16]>::new();
        for (count, ran) in self.pairs() {
            if let Some(ran) = known(ran) {
                let count = lease.timed_together(count, ran);
                items += count;
                runs.push((ran, count));
            }
        }
        if items > 0 {
            lease.job.tally.timed(lease.waited(), items, runs);
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (u32, f32)> {
        self.0.chunks_exact(PAIR).map(|pair| {
            let word = |at: usize| [pair[at], pair[at + 1], pair[at + 2], pair[at + 3]];
            (u32::from_le_bytes(word(0)), f32::from_le_bytes(word(4)))
        })
    }
}

//! Values of one frame that have just settled: what all threads count is changed once for the run of them, and not item by item.
//!
//! They are counted before their block is sent, so that a caller who has heard of an item finds it counted.

use std::ops::Range as Span;
use std::time::Duration;

use smallvec::SmallVec;

use crate::desk::Desk;
use crate::frames::Frames;
use crate::lease::Lease;
use crate::pool::Pool;
use crate::post::Post;
use crate::rings::Rings;
use crate::tally::Ending;

/// See the module.
#[derive(Default)]
pub(crate) struct Values {
    frame: usize,
    items: u32,
    /// Of those that their worker timed.
    times: SmallVec<[Duration; 16]>,
}

impl Values {
    /// One more of the frame, which ran for so many ms; 0 where its worker did not look at the clock.
    pub(crate) fn add(&mut self, ran: f32) {
        self.items += 1;
        if let Some(ran) = known(ran) {
            self.times.push(ran);
        }
    }
}

/// Nonsense counts as not timed.
pub(crate) fn known(ran: f32) -> Option<Duration> {
    let ran = (ran > 0.0).then(|| Duration::try_from_secs_f32(ran / 1000.0))?;
    ran.ok().filter(|ran| !ran.is_zero())
}

impl Pool {
    /// Items of a frame that follow one another have ended well: those that had not settled do, and `tell` says so, run by run.
    pub(crate) fn settle_values(
        &self,
        desk: &mut Desk,
        frame: usize,
        items: Span<u32>,
        post: &mut Post,
        rings: &mut Rings,
        mut tell: impl FnMut(&mut Post, &mut Lease, Span<u32>),
    ) {
        let Some(lease) = desk.frames.get_mut(frame) else {
            return;
        };
        if lease.damaged {
            return;
        }
        if items.end > lease.limit() {
            return self.damage(desk, frame, post, rings);
        }
        lease.pardon(items.start, items.end);
        let mut ended = 0;
        for (begin, end) in lease.settle_stretch(items.start, items.end) {
            tell(post, lease, begin..end);
            ended += end - begin;
        }
        lease.not_timed(ended);
        self.settle(&lease.job, Ending::Completed, ended);
    }

    /// Counts what there is, unless it is of the frame that comes next.
    pub(crate) fn count_before(&self, frames: &mut Frames, values: &mut Values, next: usize) {
        if values.frame != next {
            self.count_values(frames, values);
            values.frame = next;
        }
    }

    /// Counts what there is.
    pub(crate) fn count_values(&self, frames: &mut Frames, values: &mut Values) {
        if values.items == 0 {
            return;
        }
        if let Some(lease) = frames.get_mut(values.frame) {
            self.settle(&lease.job, Ending::Completed, values.items);
            lease.not_timed(values.items - values.times.len() as u32);
            tally(lease, &values.times);
        }
        values.items = 0;
        values.times.clear();
    }
}

/// An item has ended in another way than with a value, and by itself.
pub(crate) fn tally_one(lease: &mut Lease, ran: f32) {
    match known(ran) {
        Some(ran) => tally(lease, &[ran]),
        None => lease.not_timed(1),
    }
}

fn tally(lease: &Lease, times: &[Duration]) {
    if !times.is_empty() {
        let runs = times.iter().map(|&ran| (ran, 1));
        let items = times.len() as u32;
        lease.job.tally.timed(lease.waited(), items, runs);
    }
}

//! How items enter and leave the ranges of a job: the one place, so that every counter agrees with them.

use crate::job::Job;
use crate::pool::Pool;
use crate::post::Post;
use crate::range::Range;
use crate::ranges::{End, Fit, Pieces, Taken};
use crate::rings::Rings;
use crate::sync::{Arc, Ordering};
use crate::tally::Ending;

impl Pool {
    /// New work. Gives the range back if the job has ended. Its permits are already taken.
    pub(crate) fn stock(&self, job: &Arc<Job>, range: Range) -> Result<(), Range> {
        let items = range.len();
        let mut ranges = job.ranges.lock();
        ranges.append(range)?;
        job.count_in(items);
        job.tally.submit(items);
        self.open_items
            .fetch_add(u64::from(items), Ordering::AcqRel);
        self.queued_items
            .fetch_add(u64::from(items), Ordering::AcqRel);
        let must_push = job.state.arrive(items);
        drop(ranges);
        if must_push {
            self.enqueue(Arc::clone(job));
        }
        Ok(())
    }

    /// A claim. The item count is a wish; `fit` has the last word.
    pub(crate) fn draw(&self, job: &Job, items: u32, fit: &Fit<'_>) -> Taken {
        let mut ranges = job.ranges.lock();
        let taken = ranges.take(items, fit);
        if let Taken::Range(range) = &taken {
            self.unqueue(job, range);
        }
        taken
    }

    /// What a worker was given and did not start. Who is woken for it is the caller's business.
    pub(crate) fn restock(&self, job: &Arc<Job>, pieces: Pieces, post: &mut Post) {
        let items: u32 = pieces.iter().map(Range::len).sum();
        if items == 0 {
            return;
        }
        let mut ranges = job.ranges.lock();
        let returned = ranges.put_back(pieces);
        let ended = ranges.ended();
        self.queued_items
            .fetch_add(u64::from(returned.queued), Ordering::AcqRel);
        if job.waits {
            self.permits
                .force(u64::from(returned.queued), returned.weight);
        }
        let must_push = job.state.arrive(returned.queued);
        drop(ranges);
        if must_push {
            self.enqueue(Arc::clone(job));
        }
        self.settle(job, Ending::Cancelled, returned.struck);
        if let Some(how) = ended {
            self.drop_pieces(job, how, returned.refused.into_iter(), post);
        }
    }

    /// Items that leave the ranges, or never got back there, because the job has ended.
    pub(crate) fn drop_pieces(
        &self,
        job: &Arc<Job>,
        how: End,
        pieces: impl Iterator<Item = Range>,
        post: &mut Post,
    ) {
        for piece in pieces {
            if how == End::Closed {
                post.closed(job, piece.index(0)..piece.index(piece.len()));
            }
            self.settle(job, Ending::Cancelled, piece.len());
        }
    }

    /// The range is out of the queue, whose lock is held.
    pub(crate) fn unqueue(&self, job: &Job, range: &Range) {
        job.state.depart(range.len());
        self.queued_items
            .fetch_sub(u64::from(range.len()), Ordering::AcqRel);
        if job.waits {
            self.permits.give(u64::from(range.len()), range.weight());
        }
    }

    /// Items have settled.
    pub(crate) fn settle(&self, job: &Job, ending: Ending, items: u32) {
        if items > 0 {
            job.tally.end(ending, items);
            job.count_out(items);
            self.open_items
                .fetch_sub(u64::from(items), Ordering::AcqRel);
        }
    }

    /// Units come back; the job may be runnable again. `looking`: by a worker that looks for work next.
    pub(crate) fn give_units(&self, job: &Arc<Job>, units: u32, looking: bool, rings: &mut Rings) {
        if units > 0 {
            if job.state.give_units(units) {
                self.enqueue(Arc::clone(job));
            }
            if job.state.runnable() {
                self.summon_beside(job, u32::from(looking), rings);
            }
        }
    }
}

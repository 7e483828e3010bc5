//! The core's side of a frame: which items a worker has, and which of them have settled. Authoritative.

use std::time::{Duration, Instant};

use smallvec::{SmallVec, smallvec};

use crate::job::Job;
use crate::range::Range;
use crate::ranges::Pieces;
use crate::sync::Arc;

/// See the module.
pub(crate) struct Lease {
    pub(crate) job: Arc<Job>,
    pub(crate) claim_id: u32,
    /// Shares of the job's concurrency that it holds.
    pub(crate) units: u32,
    /// The worker wrote nonsense about it: nothing that it says of it is believed any more.
    pub(crate) damaged: bool,
    /// It was given more than beside a job that waits for its turn: see [`crate::courtesy`].
    pub(crate) long: bool,
    /// Its caller was sent definitions or records of it.
    pub(crate) heard: bool,
    /// How long items were seen running, if anybody wants to know.
    pub(crate) watched: SmallVec<[(u32, Duration); 1]>,
    /// Items that have settled while they ran: how long ago, and what they are granted before their worker is killed.
    pub(crate) condemned: SmallVec<[Condemned; 1]>,
    /// Items that ended without a time of their own: they enter the tally as the mean of the claim.
    untimed: u32,
    /// What others of it ran that were timed together.
    accounted_for: Duration,
    claimed_at: Instant,
    /// Items were taken away or did not end by themselves: its time says nothing about the function.
    distorted: bool,
    /// Something in it did not end by itself: not even the mean of the others is known.
    interrupted: bool,
    range: Range,
    limit: u32,
    unsettled: u32,
    settled: SmallVec<[u64; 1]>,
}

/// See [`Lease::condemned`].
pub(crate) struct Condemned {
    pub(crate) item: u32,
    pub(crate) spent: Duration,
    pub(crate) grace: Duration,
}

impl Lease {
    pub(crate) fn new(
        job: Arc<Job>,
        range: Range,
        units: u32,
        claim_id: u32,
        claimed_at: Instant,
    ) -> Self {
        let items = range.len();
        Self {
            job,
            claim_id,
            units,
            damaged: false,
            long: false,
            heard: false,
            watched: SmallVec::new(),
            condemned: SmallVec::new(),
            untimed: 0,
            accounted_for: Duration::ZERO,
            claimed_at,
            distorted: false,
            interrupted: false,
            range,
            limit: items,
            unsettled: items,
            settled: smallvec![0; items.div_ceil(64) as usize],
        }
    }

    /// Items from it on are not this lease's.
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    pub(crate) fn unsettled(&self) -> u32 {
        self.unsettled
    }

    /// Position in the job of an item.
    pub(crate) fn index(&self, item: u32) -> u32 {
        self.range.index(item)
    }

    /// The item at a position in the job, if it is this lease's and has not settled.
    pub(crate) fn unsettled_at(&self, index: u32) -> Option<u32> {
        self.range
            .item_at(index)
            .filter(|&item| self.is_unsettled(item))
    }

    /// One item as a range of its own.
    pub(crate) fn single(&self, item: u32) -> Range {
        self.range.part(item, item + 1)
    }

    /// The only way for an item to settle here. True the first time; false too if it is not this lease's.
    pub(crate) fn settle(&mut self, item: u32) -> bool {
        let first = self.is_unsettled(item);
        if first {
            self.settled[(item / 64) as usize] |= 1 << (item % 64);
            self.unsettled -= 1;
        }
        first
    }

    /// The same for `begin..end`. Gives those that settle now, as stretches.
    pub(crate) fn settle_stretch(&mut self, begin: u32, end: u32) -> SmallVec<[(u32, u32); 1]> {
        let mut stretches = SmallVec::<[(u32, u32); 1]>::new();
        let mut at = begin;
        while at < end {
            // A word of them at a time: items come in thousands, elements in tens of thousands.
            let next = (at / 64 * 64 + 64).min(end);
            let ones = u64::MAX >> (64 - (next - at)) << (at % 64);
            let whole = next <= self.limit && self.settled[(at / 64) as usize] & ones == 0;
            if whole {
                self.settled[(at / 64) as usize] |= ones;
                self.unsettled -= next - at;
                join(&mut stretches, at, next);
            } else {
                for item in at..next {
                    if self.settle(item) {
                        join(&mut stretches, item, item + 1);
                    }
                }
            }
            at = next;
        }
        stretches
    }

    /// The only way for items to leave without settling: those from `limit` on that have not settled.
    pub(crate) fn cut(&mut self, limit: u32) -> Pieces {
        let mut pieces = Pieces::new();
        let mut item = limit;
        while item < self.limit {
            let begin = item;
            while item < self.limit && self.is_unsettled(item) {
                item += 1;
            }
            if item > begin {
                self.unsettled -= item - begin;
                pieces.push(self.range.part(begin, item));
            }
            item += 1;
        }
        self.distorted |= !pieces.is_empty();
        self.limit = self.limit.min(limit);
        pieces
    }

    /// Unsettled items below `end`, in order.
    pub(crate) fn unsettled_below(&self, end: u32) -> SmallVec<[u32; 4]> {
        let end = end.min(self.limit);
        let mut items = SmallVec::new();
        for (word, &settled) in self.settled.iter().enumerate() {
            let base = word as u32 * 64;
            if base >= end {
                break;
            }
            let mut open = !settled;
            while open != 0 {
                let item = base + open.trailing_zeros();
                if item >= end {
                    break;
                }
                items.push(item);
                open &= open - 1;
            }
        }
        items
    }

    /// Settles a running item ahead of its worker, which is asked to stop and killed after `grace`.
    pub(crate) fn condemn(&mut self, item: u32, grace: Duration) {
        self.distort();
        self.condemned.push(Condemned {
            item,
            spent: Duration::ZERO,
            grace,
        });
    }

    /// Condemned items of `begin..end` have ended by themselves.
    pub(crate) fn pardon(&mut self, begin: u32, end: u32) {
        self.condemned
            .retain(|condemned| !(begin..end).contains(&condemned.item));
    }

    /// Nothing of it runs or will run.
    pub(crate) fn is_over(&self) -> bool {
        self.unsettled == 0 && self.condemned.is_empty()
    }

    /// Items that hold a unit: running or yet to run.
    pub(crate) fn occupied(&self) -> u32 {
        self.unsettled + self.condemned.len() as u32
    }

    /// How long it took until `now`, for so many items; nothing if that would mislead.
    pub(crate) fn measured(&self, now: Instant) -> Option<(Duration, u32)> {
        (!self.distorted).then(|| (self.age(now), self.range.len()))
    }

    /// Its time will mislead.
    pub(crate) fn distort(&mut self) {
        self.distorted = true;
        self.interrupted = true;
    }

    /// So many items have ended by themselves, and nobody looked at the clock.
    pub(crate) fn not_timed(&mut self, items: u32) {
        self.untimed += items;
    }

    /// Of those, so many ran so long each after all. Gives how many of them there were.
    pub(crate) fn timed_together(&mut self, items: u32, each: Duration) -> u32 {
        let items = items.min(self.untimed);
        self.untimed -= items;
        let all = each.saturating_mul(items);
        self.accounted_for = self.accounted_for.saturating_add(all);
        items
    }

    /// Nothing of it runs any more: what was not timed enters the tally.
    pub(crate) fn tally_untimed(&self, now: Instant) {
        if self.untimed > 0 {
            let mean = (!self.interrupted)
                .then(|| self.age(now).saturating_sub(self.accounted_for) / self.untimed);
            let mean = mean.map(|mean| (mean, self.untimed));
            self.job.tally.timed(self.waited(), self.untimed, mean);
        }
    }

    /// How long its items waited. Of a repeated attempt it is not known.
    pub(crate) fn waited(&self) -> Option<Duration> {
        (self.range.attempt == 1).then(|| {
            self.claimed_at
                .saturating_duration_since(self.range.segment.born())
        })
    }

    pub(crate) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.claimed_at)
    }

    pub(crate) fn is_unsettled(&self, item: u32) -> bool {
        item < self.limit
            && self
                .settled
                .get((item / 64) as usize)
                .is_some_and(|word| word >> (item % 64) & 1 == 0)
    }
}

/// Adds a stretch, or lengthens the one before.
fn join(stretches: &mut SmallVec<[(u32, u32); 1]>, begin: u32, end: u32) {
    match stretches.last_mut() {
        Some((_, before)) if *before == begin => *before = end,
        _ => stretches.push((begin, end)),
    }
}

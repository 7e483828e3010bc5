//! The queue and the stash of one job: the items that are not with a worker.
//!
//! An item is in a queued range, in an unsettled lease entry, in the stash, or settled; this file and [`crate::lease`] are
//! the only two that move items between these, each under its lock, and both locks are held where an item crosses.

use std::collections::{HashMap, VecDeque};

use smallvec::SmallVec;

use crate::range::Range;
use crate::segment::Segment;
use crate::tally::Ending;

/// Why nothing of a job starts any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Its caller hears nothing more of it.
    Cancelled,
    /// Its caller hears of every unsettled item.
    Closed,
}

/// Usually one: several only when single items were settled or struck in between.
pub(crate) type Pieces = SmallVec<[Range; 1]>;

/// See the module.
#[derive(Default)]
pub(crate) struct Ranges {
    fifo: VecDeque<Range>,
    /// Failed items that may run again, by index.
    stash: HashMap<u32, (Range, Ending)>,
    /// Items that somebody is looking for in order to cancel them; true once one was stopped here on its way back.
    struck: Vec<(u32, bool)>,
    ended: Option<End>,
}

/// How much of a range its claimant can take.
pub(crate) struct Fit<'a> {
    /// Items that its frame has room for.
    pub(crate) most: &'a dyn Fn(&Segment) -> u32,
    /// Bytes that its inbox takes, and what items `begin..end` of a segment take of them.
    pub(crate) capacity: usize,
    pub(crate) size: &'a dyn Fn(&Segment, u32, u32) -> usize,
}

/// What a claim found.
pub(crate) enum Taken {
    Range(Range),
    /// The first item alone is larger than the claimant's capacity: it needs so many bytes.
    TooLarge(usize),
    Empty,
}

/// What happened to ranges that came back from a lease.
#[derive(Default)]
pub(crate) struct Returned {
    pub(crate) queued: u32,
    pub(crate) weight: u64,
    /// Refused because the job has ended.
    pub(crate) refused: Pieces,
    /// Items that were struck.
    pub(crate) struck: u32,
}

impl Ranges {
    pub(crate) fn ended(&self) -> Option<End> {
        self.ended
    }

    /// New work, at the back. Gives the range back if the job has ended.
    pub(crate) fn append(&mut self, range: Range) -> Result<(), Range> {
        if self.ended.is_some() {
            return Err(range);
        }
        self.fifo.push_back(range);
        Ok(())
    }

    /// Takes up to `items` from the front range, or as many as fit.
    pub(crate) fn take(&mut self, items: u32, fit: &Fit<'_>) -> Taken {
        let Fit {
            most,
            capacity,
            size,
        } = *fit;
        let Some(front) = self.fifo.front_mut() else {
            return Taken::Empty;
        };
        let size = |items| size(&front.segment, front.begin, front.begin + items);
        // Largest count that fits: `fits` always does, `wont` does not or is not wanted. Usually all that is wanted fits.
        let wanted = items.min(most(&front.segment)).clamp(1, front.len());
        let (mut fits, mut wont) = (wanted, wanted + 1);
        if size(wanted) > capacity {
            let needed = size(1);
            if needed > capacity {
                return Taken::TooLarge(needed);
            }
            (fits, wont) = (1, wanted);
        }
        while wont - fits > 1 {
            let middle = fits.midpoint(wont);
            if size(middle) <= capacity {
                fits = middle
            } else {
                wont = middle
            }
        }
        if fits < front.len() {
            return Taken::Range(front.split_front(fits));
        }
        self.fifo.pop_front().map_or(Taken::Empty, Taken::Range)
    }

    /// Ranges that a worker did not start, back to the front in their order.
    pub(crate) fn put_back(&mut self, pieces: Pieces) -> Returned {
        let mut returned = Returned::default();
        if self.ended.is_some() {
            returned.refused = pieces;
            return returned;
        }
        for piece in pieces.into_iter().rev() {
            for part in self
                .without_struck(piece, &mut returned.struck)
                .into_iter()
                .rev()
            {
                returned.queued += part.len();
                returned.weight += part.weight();
                self.fifo.push_front(part);
            }
        }
        returned
    }

    fn without_struck(&mut self, piece: Range, struck: &mut u32) -> Pieces {
        let mut parts = Pieces::from_iter([piece]);
        for (index, stopped) in &mut self.struck {
            if cut_out(&mut parts, *index).is_some() {
                *stopped = true;
                *struck += 1;
            }
        }
        parts
    }

    /// Removes one item from the queue. If it is not there, it is struck: it will not come back in until
    /// [`Self::unstrike`].
    pub(crate) fn strike(&mut self, index: u32) -> Option<Range> {
        let found = self
            .fifo
            .iter()
            .position(|range| range.item_at(index).is_some());
        let Some((position, range)) = found.and_then(|at| Some((at, self.fifo.remove(at)?))) else {
            self.struck.push((index, false));
            return None;
        };
        let mut parts = Pieces::from_iter([range]);
        let struck = cut_out(&mut parts, index);
        parts
            .into_iter()
            .rev()
            .for_each(|part| self.fifo.insert(position, part));
        struck
    }

    /// Ends the search for a struck item. True: it was stopped on its way back to the queue.
    pub(crate) fn unstrike(&mut self, index: u32) -> bool {
        match self.struck.iter().position(|(struck, _)| *struck == index) {
            Some(position) => self.struck.swap_remove(position).1,
            None => false,
        }
    }

    /// Keeps an item that ended so.
    pub(crate) fn keep(&mut self, item: Range, ending: Ending) {
        if self.ended.is_none() {
            self.stash.insert(item.index(0), (item, ending));
        }
    }

    /// A kept item, back to the front for its next attempt; with how the last one ended.
    pub(crate) fn retry(&mut self, index: u32) -> Option<(&Range, Ending)> {
        let (mut item, ending) = self.stash.remove(&index)?;
        item.attempt = item.attempt.saturating_add(1);
        self.fifo.push_front(item);
        self.fifo.front().map(|item| (item, ending))
    }

    /// Drops a kept item.
    pub(crate) fn forget(&mut self, index: u32) -> bool {
        self.stash.remove(&index).is_some()
    }

    /// Ends the job and empties it. `None` if it had ended before.
    pub(crate) fn end(&mut self, how: End) -> Option<VecDeque<Range>> {
        if self.ended.is_some() {
            if how == End::Cancelled {
                self.ended = Some(how);
            }
            return None;
        }
        self.ended = Some(how);
        self.stash = HashMap::new();
        Some(std::mem::take(&mut self.fifo))
    }
}

/// Takes the item at `index` out of whichever part holds it.
fn cut_out(parts: &mut Pieces, index: u32) -> Option<Range> {
    let (part, item) = parts
        .iter()
        .enumerate()
        .find_map(|(part, range)| Some((part, range.item_at(index)?)))?;
    let whole = parts.remove(part);
    for piece in [whole.part(item + 1, whole.len()), whole.part(0, item)] {
        if !piece.is_empty() {
            parts.insert(part, piece);
        }
    }
    Some(whole.part(item, item + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range::tests::range;

    fn take(ranges: &mut Ranges, items: u32, capacity: usize) -> Taken {
        let fit = Fit {
            most: &|_| 70,
            capacity,
            size: &|_, begin, end| 10 * (end - begin) as usize,
        };
        ranges.take(items, &fit)
    }

    fn drain(ranges: &mut Ranges) -> Vec<(u32, u32)> {
        let mut all = Vec::new();
        while let Taken::Range(range) = take(ranges, 100, 10_000) {
            all.push((range.index(0), range.len()));
        }
        all
    }

    #[test]
    fn a_claim_takes_what_fits() {
        let mut ranges = Ranges::default();
        ranges.append(range(0, 100)).unwrap();
        assert!(matches!(take(&mut ranges, 50, 9), Taken::TooLarge(10)));
        assert!(matches!(take(&mut ranges, 50, 99), Taken::Range(range) if range.len() == 9));
        assert!(matches!(take(&mut ranges, 10, 1000), Taken::Range(range) if range.len() == 10));
        assert_eq!(drain(&mut ranges), [(19, 70), (89, 11)]);
        assert!(matches!(take(&mut ranges, 1, 99), Taken::Empty));
    }

    #[test]
    fn one_item_is_cut_out_of_a_queued_range() {
        let mut ranges = Ranges::default();
        ranges.append(range(0, 5)).unwrap();
        ranges.append(range(5, 1)).unwrap();
        assert!([2, 5, 0].map(|index| ranges.strike(index).unwrap().index(0)) == [2, 5, 0]);
        assert_eq!(drain(&mut ranges), [(1, 1), (3, 2)]);
    }

    #[test]
    fn a_struck_item_is_stopped_on_its_way_back() {
        let mut ranges = Ranges::default();
        assert!(ranges.strike(7).is_none());
        let returned = ranges.put_back(Pieces::from_iter([range(5, 2), range(7, 3)]));
        assert_eq!((returned.queued, returned.struck), (4, 1));
        assert!(ranges.unstrike(7));
        assert!(!ranges.unstrike(7));
        assert_eq!(drain(&mut ranges), [(5, 2), (8, 2)]);
    }

    #[test]
    fn nothing_enters_an_ended_job() {
        let mut ranges = Ranges::default();
        ranges.append(range(0, 2)).unwrap();
        ranges.keep(range(9, 1), Ending::Failed);
        assert_eq!(ranges.end(End::Closed).unwrap().len(), 1);
        assert!(ranges.append(range(2, 1)).is_err());
        assert_eq!(
            ranges
                .put_back(Pieces::from_iter([range(3, 1)]))
                .refused
                .len(),
            1
        );
        assert!(ranges.retry(9).is_none());
        assert!(ranges.end(End::Cancelled).is_none());
        assert_eq!(ranges.ended(), Some(End::Cancelled));
    }

    #[test]
    fn a_retry_is_next_and_counts() {
        let mut ranges = Ranges::default();
        ranges.append(range(0, 2)).unwrap();
        ranges.keep(range(9, 1), Ending::Failed);
        let (again, before) = ranges.retry(9).unwrap();
        assert_eq!((again.attempt, before), (2, Ending::Failed));
        assert!(ranges.retry(9).is_none());
        assert_eq!(drain(&mut ranges), [(9, 1), (0, 2)]);
    }
}

//! A stretch of a segment that waits or runs. Stealing, cancelling, death and requeueing move its ends, never bytes.

use crate::segment::Segment;

/// The items `begin..end` of a segment, all on their `attempt`-th run. Never empty while it is queued.
#[derive(Clone, Debug)]
pub struct Range {
    /// Where the items are.
    pub segment: Segment,
    /// First item, counted within the segment.
    pub begin: u32,
    /// One past the last item, counted within the segment.
    pub end: u32,
    /// 1 for the first run.
    pub attempt: u32,
}

impl Range {
    /// All of a segment, on its first run.
    pub fn whole(segment: Segment) -> Self {
        let end = segment.items();
        Self {
            segment,
            begin: 0,
            end,
            attempt: 1,
        }
    }

    /// Number of items.
    pub fn len(&self) -> u32 {
        self.end - self.begin
    }

    /// Whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.begin >= self.end
    }

    /// Position in the job of its `item`-th item.
    pub fn index(&self, item: u32) -> u32 {
        self.segment.first_index() + self.begin + item
    }

    /// The item, counted within this range, that stands at `index` in the job.
    pub fn item_at(&self, index: u32) -> Option<u32> {
        let item = index.checked_sub(self.index(0))?;
        (item < self.len()).then_some(item)
    }

    /// The stretch `from..to`, counted within this range.
    pub fn part(&self, from: u32, to: u32) -> Self {
        Self {
            begin: self.begin + from,
            end: self.begin + to,
            ..self.clone()
        }
    }

    /// Takes the first `items` items away.
    pub fn split_front(&mut self, items: u32) -> Self {
        let front = self.part(0, items);
        self.begin += items;
        front
    }

    /// Bytes that it takes while it waits.
    pub fn weight(&self) -> u64 {
        self.segment.weight(self.begin, self.end)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::segment::SegmentParts;

    /// A range of `items` one-byte items, the first at `first_index`.
    pub(crate) fn range(first_index: u32, items: u32) -> Range {
        let parts = SegmentParts {
            first_index,
            bytes: vec![0; items as usize],
            offsets: (0..=items).collect(),
            ..SegmentParts::default()
        };
        Range::whole(Segment::new(parts).unwrap())
    }

    #[test]
    fn splitting_keeps_the_indexes() {
        let mut rest = range(10, 8);
        let front = rest.split_front(3);
        assert_eq!((front.index(0), front.len()), (10, 3));
        assert_eq!((rest.index(0), rest.len()), (13, 5));
        assert_eq!(rest.item_at(12), None);
        assert_eq!(rest.item_at(13), Some(0));
        assert_eq!(rest.item_at(18), None);
        assert_eq!(rest.part(1, 3).index(0), 14);
    }
}

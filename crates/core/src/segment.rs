//! Immutable items of a job. Encoded ones: definitions, bytes, and where each item lies in them, so that decoding can begin at any item.
//! Tables: rows of one size, and the text of all of them in one piece. Elements: only how many there are, for they stand in memory that workers
//! share with the caller.

use std::ops::Range as Span;
use std::sync::Arc;
use std::time::Instant;

use crate::sync::now;
use crate::table_parts::TableParts;

/// The parts of a segment as a caller encoded them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentParts {
    /// Position in the job of the first item.
    pub first_index: u32,
    /// Opaque to the core, handed on in the claim's head: what the binding needs to find values that travel beside the bytes.
    pub parcels: u32,
    /// The key dictionary; goes with every claim.
    pub definitions: Vec<u8>,
    /// The items, one after the other.
    pub bytes: Vec<u8>,
    /// Where each item begins in `bytes`, and where the last one ends: one more than there are items. Empty where all items
    /// are [`CELL`] bytes long: then there are as many as fit.
    pub offsets: Vec<u32>,
    /// Bytes of what travels beside them, for as long as it waits with them: taken for as many of each item.
    pub beside: u64,
}

/// Bytes of an item in a row: of one among others of the same size, whose place follows from its number.
pub const CELL: usize = 8;
/// Items that are not sent: elements of shared memory, which the claims' workers read where they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementsParts {
    /// Position in the job of the first.
    pub first_index: u32,
    /// As in [`SegmentParts::parcels`]: the memory.
    pub parcels: u32,
    /// Opaque; goes with every claim: where in the memory they stand.
    pub definitions: Vec<u8>,
    /// How many there are.
    pub items: u32,
}

/// Parts that do not make a segment, given back.
#[derive(Debug, PartialEq, Eq)]
pub struct BadSegment(pub SegmentParts);

/// Encoded items that any number of ranges point into. Cloning it copies a pointer.
#[derive(Clone, Debug)]
pub struct Segment {
    parts: Arc<SegmentParts>,
    /// Of elements, which have no offsets.
    elements: Option<u32>,
    table: Option<Arc<TableParts>>,
    born: Instant,
}

impl Segment {
    /// Checks the offsets once, so that nothing later can read outside.
    ///
    /// # Errors
    /// Gives the parts back if there is no item, the offsets fall or leave `bytes`, a row is not made of whole cells, or an
    /// index would exceed `u32`.
    pub fn new(parts: SegmentParts) -> Result<Self, BadSegment> {
        let placed = match parts.offsets.last() {
            None => {
                parts.bytes.len().is_multiple_of(CELL) && u32::try_from(parts.bytes.len()).is_ok()
            }
            Some(&end) => {
                let rising = parts.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
                rising && end as usize <= parts.bytes.len()
            }
        };
        let items = count(&parts);
        let countable =
            u32::try_from(items).is_ok_and(|items| parts.first_index.checked_add(items).is_some());
        if items > 0 && placed && countable {
            Ok(Self {
                parts: Arc::new(parts),
                elements: None,
                table: None,
                born: now(),
            })
        } else {
            Err(BadSegment(parts))
        }
    }

    /// A segment of elements. Nothing if there is none, or an index would exceed `u32`.
    pub fn of_elements(parts: ElementsParts) -> Option<Self> {
        let ElementsParts {
            first_index,
            parcels,
            definitions,
            items,
        } = parts;
        first_index.checked_add(items)?;
        (items > 0).then(|| Self {
            parts: Arc::new(SegmentParts {
                first_index,
                parcels,
                definitions,
                ..SegmentParts::default()
            }),
            elements: Some(items),
            table: None,
            born: now(),
        })
    }

    /// A segment of rows with text. Nothing if there is none, the rows are no rows, their text is not where they say, or an index would exceed `u32`.
    pub fn of_table(mut parts: TableParts) -> Option<Self> {
        let items = parts.checked_len().filter(|&items| items > 0)?;
        parts.first_index.checked_add(items)?;
        Some(Self {
            parts: Arc::new(SegmentParts {
                first_index: parts.first_index,
                definitions: std::mem::take(&mut parts.definitions),
                ..SegmentParts::default()
            }),
            elements: None,
            table: Some(Arc::new(parts)),
            born: now(),
        })
    }

    /// Number of items.
    pub fn items(&self) -> u32 {
        if let Some(table) = &self.table {
            return table.len();
        }
        self.elements.unwrap_or_else(|| count(&self.parts) as u32)
    }

    /// All items are [`CELL`] bytes long, and have no offsets.
    pub fn is_row(&self) -> bool {
        self.parts.offsets.is_empty() && self.elements.is_none() && self.table.is_none()
    }

    /// Its items are rows with text: see [`TableParts`].
    pub fn is_table(&self) -> bool {
        self.table.is_some()
    }

    /// Its items cost hardly anything to hand over, so that a claim takes many of them.
    pub fn is_cheap(&self) -> bool {
        self.parts.offsets.is_empty()
    }

    /// Position in the job of the first item.
    pub fn first_index(&self) -> u32 {
        self.parts.first_index
    }

    /// When it was made: its items wait from then on.
    pub fn born(&self) -> Instant {
        self.born
    }

    /// See [`SegmentParts::parcels`].
    pub fn parcels(&self) -> u32 {
        self.parts.parcels
    }

    /// The key dictionary.
    pub fn definitions(&self) -> &[u8] {
        &self.parts.definitions
    }

    /// The bytes of the items `begin..end`, both at most [`Self::items`].
    pub fn bytes(&self, begin: u32, end: u32) -> &[u8] {
        let bytes = self
            .table
            .as_ref()
            .map_or(&self.parts.bytes, |table| &table.rows);
        &bytes[self.span(begin, end)]
    }

    /// The text of the rows `begin..end` of a table, and the end of the text before it, counted in units as the ends in the rows are.
    pub fn text(&self, begin: u32, end: u32) -> (&[u8], u32) {
        match &self.table {
            Some(table) => table.text(begin, end),
            None => (&[], 0),
        }
    }

    /// The offsets of the items `begin..end` and the end of the last; subtract the first to make them relative. Rows and elements have none.
    pub fn offsets(&self, begin: u32, end: u32) -> &[u32] {
        if self.parts.offsets.is_empty() {
            return &[];
        }
        &self.parts.offsets[begin as usize..=end as usize]
    }

    /// Bytes that the items `begin..end` take while they wait. Of parts of a range they add up to that of the whole.
    pub fn weight(&self, begin: u32, end: u32) -> u64 {
        let before = |item: u32| self.parts.beside * u64::from(item) / u64::from(self.items());
        self.encoded(begin, end) as u64 + before(end) - before(begin)
    }

    /// Bytes of the items `begin..end` with all that a claim brings of them: definitions, offsets, text.
    pub fn size(&self, begin: u32, end: u32) -> usize {
        let offsets = size_of_val(self.offsets(begin, end));
        self.encoded(begin, end) + self.definitions().len() + offsets
    }

    fn encoded(&self, begin: u32, end: u32) -> usize {
        let span = self.span(begin, end);
        span.end - span.start + self.text(begin, end).0.len()
    }

    fn span(&self, begin: u32, end: u32) -> Span<usize> {
        if let Some(table) = &self.table {
            let stride = table.stride as usize;
            return begin as usize * stride..end as usize * stride;
        }
        if self.is_row() {
            return begin as usize * CELL..end as usize * CELL;
        }
        if self.elements.is_some() {
            return 0..0;
        }
        self.parts.offsets[begin as usize] as usize..self.parts.offsets[end as usize] as usize
    }
}

fn count(parts: &SegmentParts) -> usize {
    match parts.offsets.len() {
        0 => parts.bytes.len() / CELL,
        ends => ends - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(bytes: usize, offsets: &[u32]) -> SegmentParts {
        SegmentParts {
            first_index: 5,
            bytes: vec![7; bytes],
            offsets: offsets.to_vec(),
            ..SegmentParts::default()
        }
    }

    #[test]
    fn cuts_any_stretch_of_items() {
        let segment = Segment::new(parts(10, &[0, 4, 4, 10])).unwrap();
        assert_eq!(segment.items(), 3);
        assert_eq!(segment.bytes(1, 3).len(), 6);
        assert_eq!(segment.offsets(1, 3), [4, 4, 10]);
        assert_eq!(segment.weight(0, 1), 4);
    }

    #[test]
    fn cuts_any_stretch_of_a_row() {
        let segment = Segment::new(parts(24, &[])).unwrap();
        assert!(segment.is_row());
        assert_eq!(segment.items(), 3);
        assert_eq!(segment.bytes(1, 3).len(), 16);
        assert_eq!(segment.offsets(1, 3), [0; 0]);
        assert_eq!(segment.weight(0, 1), 8);
    }

    #[test]
    fn what_travels_beside_weighs_and_is_not_claimed() {
        let segment = Segment::new(SegmentParts {
            beside: 1000,
            ..parts(10, &[0, 4, 4, 10])
        })
        .unwrap();
        assert_eq!(segment.weight(0, 3), 1010);
        assert_eq!(segment.weight(0, 1) + segment.weight(1, 3), 1010);
        assert_eq!(segment.size(0, 3), 10 + 16);
    }

    #[test]
    fn elements_weigh_nothing() {
        let parts = ElementsParts {
            first_index: 7,
            items: 100,
            ..ElementsParts::default()
        };
        let segment = Segment::of_elements(parts.clone()).unwrap();
        assert!(!segment.is_row());
        assert_eq!((segment.items(), segment.first_index()), (100, 7));
        assert_eq!((segment.weight(3, 90), segment.bytes(3, 90).len()), (0, 0));
        assert_eq!(segment.offsets(3, 90), [0; 0]);
        let refused = |first_index, items| {
            Segment::of_elements(ElementsParts {
                first_index,
                items,
                ..parts.clone()
            })
            .is_none()
        };
        assert!(refused(7, 0) && refused(u32::MAX, 1));
    }

    #[test]
    fn refuses_offsets_that_lie() {
        for (bytes, offsets) in [
            (0, &[][..]),
            (4, &[]),
            (12, &[]),
            (4, &[0]),
            (4, &[0, 3, 2]),
            (4, &[0, 5]),
        ] {
            assert!(Segment::new(parts(bytes, offsets)).is_err());
        }
        let high = SegmentParts {
            first_index: u32::MAX,
            ..parts(4, &[0, 4])
        };
        assert_eq!(Segment::new(high.clone()).unwrap_err(), BadSegment(high));
    }
}

//! The rows of a table as a caller encoded them, and what must be true of them so that nothing later can read outside.

use crate::segment::CELL;

/// Items that are rows of one size. What of them is text stands in one piece beside the rows, in their order; each row says where its own ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableParts {
    /// Position in the job of the first item.
    pub first_index: u32,
    /// Opaque; goes with every claim: what the columns are.
    pub definitions: Vec<u8>,
    /// Bytes of a row, a multiple of [`CELL`].
    pub stride: u32,
    /// The rows, one after the other.
    pub rows: Vec<u8>,
    /// Where in a row a u32 stands that says where its text ends, counted in units; nothing if there is no text.
    pub ends_at: Option<u32>,
    /// Bytes of a unit of text: 1 or 2.
    pub unit: u32,
    /// The text of all rows.
    pub text: Vec<u8>,
}

impl TableParts {
    fn end(&self, row: usize) -> Option<u32> {
        let at = row * self.stride as usize + self.ends_at? as usize;
        let bytes = self.rows.get(at..at + 4)?;
        Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// How many rows there are, if that is what they are, and their text fits.
    pub(crate) fn checked_len(&self) -> Option<u32> {
        let stride = self.stride as usize;
        if stride == 0 || !stride.is_multiple_of(CELL) || !self.rows.len().is_multiple_of(stride) {
            return None;
        }
        let count = u32::try_from(self.rows.len() / stride).ok()?;
        let Some(at) = self.ends_at else {
            return self.text.is_empty().then_some(count);
        };
        if at as usize + 4 > stride || !matches!(self.unit, 1 | 2) {
            return None;
        }
        let mut last = 0;
        for row in 0..count as usize {
            let end = self.end(row)?;
            if end < last {
                return None;
            }
            last = end;
        }
        (last as usize * self.unit as usize <= self.text.len()).then_some(count)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> u32 {
        (self.rows.len() / self.stride as usize) as u32
    }

    /// The text of the rows `begin..end`, and the end of the text before it, counted in units as the ends in the rows are.
    pub(crate) fn text(&self, begin: u32, end: u32) -> (&[u8], u32) {
        let end_of = |row: u32| match row {
            0 => 0,
            row => self.end(row as usize - 1).unwrap_or(0),
        };
        let (from, to) = (end_of(begin), end_of(end));
        let unit = self.unit as usize;
        (&self.text[from as usize * unit..to as usize * unit], from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Segment;

    fn table(ends: &[u32], text: &[u8]) -> TableParts {
        TableParts {
            first_index: 5,
            stride: 16,
            rows: ends
                .iter()
                .flat_map(|end| [[7; 8], u64::from(*end).to_le_bytes()].concat())
                .collect(),
            ends_at: Some(8),
            unit: 1,
            text: text.to_vec(),
            ..TableParts::default()
        }
    }

    #[test]
    fn cuts_any_stretch_of_a_table() {
        let segment = Segment::of_table(table(&[2, 2, 5], b"abcde")).unwrap();
        assert!(segment.is_table() && segment.is_cheap() && !segment.is_row());
        assert_eq!((segment.items(), segment.first_index()), (3, 5));
        assert_eq!(segment.bytes(1, 3).len(), 32);
        assert_eq!(segment.text(0, 1), (&b"ab"[..], 0));
        assert_eq!(segment.text(1, 3), (&b"cde"[..], 2));
        assert_eq!(segment.weight(1, 3), 35);
        let wide = TableParts {
            unit: 2,
            ..table(&[1, 2], b"abcd")
        };
        let wide = Segment::of_table(wide).unwrap();
        assert_eq!(wide.text(1, 2), (&b"cd"[..], 1));
    }

    #[test]
    fn refuses_tables_that_lie() {
        let refused = |parts: TableParts| Segment::of_table(parts).is_none();
        let sound = table(&[1], b"a");
        assert!(!refused(sound.clone()));
        assert!(refused(table(&[], b"")));
        assert!(refused(table(&[2, 1], b"ab")));
        assert!(refused(table(&[3], b"ab")));
        for (stride, ends_at, unit, first_index) in [
            (0, Some(0), 1, 0),
            (12, Some(0), 1, 0),
            (32, Some(8), 1, 0),
            (16, Some(14), 1, 0),
            (16, Some(8), 3, 0),
            (16, None, 1, 0),
            (16, Some(8), 1, u32::MAX),
        ] {
            assert!(refused(TableParts {
                stride,
                ends_at,
                unit,
                first_index,
                ..sound.clone()
            }));
        }
    }
}

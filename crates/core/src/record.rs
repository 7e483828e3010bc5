//! The form of a result on its way to the caller: 16 bytes of header, the payload, padding to 8.
//!
//! | bytes | meaning |
//! |---|---|
//! | 0..4 | u32 length of the payload; of a row in an outbox, of all its cells (`row.rs`) |
//! | 4..6 | u16 frame (0 once it has left the slot) |
//! | 6 | kind |
//! | 7 | 0 |
//! | 8..12 | u32 item: within the frame in an outbox, within the job in a block |
//! | 12..16 | f32 ms that the attempt ran; 0 where it was not timed, and in a block. Of a row in an outbox a u32: how many cells hold results, once it is closed |

/// Size of a record's header.
pub const HEADER: usize = 16;

/// What a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The item's value.
    Value = 0,
    /// The item's error.
    Error = 1,
    /// Additions to the result dictionary of the claim; settles nothing.
    Definitions = 2,
    /// The core's own word on an item, see [`Fate`]; never from a worker.
    Fate = 3,
    /// The values of several items that follow one another, 8 bytes each; the header names the first.
    Row = 4,
    /// Elements from this one on have ended well, and their results stand in shared memory; the payload is their number, a u32.
    Span = 5,
    /// The values of several items that follow one another, as rows with text: see `table.rs`.
    Table = 6,
    /// How long items ran that were not timed one by one: see `times.rs`. Settles nothing, and goes no further.
    Times = 7,
}

impl Kind {
    /// The kind of a worker's record; `None` for what a worker may not write.
    pub fn of_worker(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Value),
            1 => Some(Self::Error),
            2 => Some(Self::Definitions),
            4 => Some(Self::Row),
            5 => Some(Self::Span),
            6 => Some(Self::Table),
            7 => Some(Self::Times),
            _ => None,
        }
    }
}

/// Why an item failed without a word from its worker: the first byte of a fate record's payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fate {
    /// Its worker died; the verdict's bytes follow.
    Verdict = 0,
    /// It ran longer than its job allows.
    TimedOut = 1,
    /// The pool closed.
    Closed = 2,
    /// Its worker's records make no sense.
    Damaged = 3,
}

/// One record, its payload borrowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record<'a> {
    /// Frame of the slot, 0 in a block.
    pub frame: u16,
    /// The kind's byte, unchecked.
    pub kind: u8,
    /// Item within the frame, or index within the job in a block.
    pub item: u32,
    /// Ms that the attempt ran, unchecked; 0 where it was not timed.
    pub ran: f32,
    /// What follows the header, without padding.
    pub payload: &'a [u8],
}

impl Record<'_> {
    /// Bytes that it takes.
    pub(crate) fn length(&self) -> usize {
        HEADER + self.payload.len().next_multiple_of(8)
    }

    /// Appends the record.
    pub fn write(&self, into: &mut Vec<u8>) {
        let header = self.payload.len() as u32 as u128
            | u128::from(self.frame) << 32
            | u128::from(self.kind) << 48
            | u128::from(self.item) << 64
            | u128::from(self.ran.to_bits()) << 96;
        // Room is made once: to let a vector grow by pieces costs more than all the rest of a result.
        into.reserve(self.length());
        into.extend_from_slice(&header.to_le_bytes());
        into.extend_from_slice(self.payload);
        into.resize(into.len().next_multiple_of(8), 0);
    }
}

/// The bytes are not a sequence of records from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage;

/// Reads records until the bytes end or stop making sense.
pub struct Records<'a> {
    rest: &'a [u8],
    /// The last of them, if it is a row that is still open; without cells.
    pub(crate) open: Option<Record<'a>>,
}

impl<'a> Records<'a> {
    /// Records in `bytes`, from its beginning.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            open: None,
        }
    }

    fn read(&mut self) -> Option<Record<'a>> {
        let (header, rest) = self.rest.split_first_chunk::<HEADER>()?;
        let [
            l0,
            l1,
            l2,
            l3,
            f0,
            f1,
            kind,
            _,
            i0,
            i1,
            i2,
            i3,
            r0,
            r1,
            r2,
            r3,
        ] = *header;
        // It may have been closed since the end of the bytes was looked up: then its header tells of results that are not among them.
        let open = kind == Kind::Row as u8 && rest.is_empty();
        let (length, ran) = if open {
            (0, 0.0)
        } else {
            (
                u32::from_le_bytes([l0, l1, l2, l3]) as usize,
                f32::from_le_bytes([r0, r1, r2, r3]),
            )
        };
        let payload = rest.get(..length)?;
        self.rest = rest.get(length.next_multiple_of(8)..)?;
        let record = Record {
            frame: u16::from_le_bytes([f0, f1]),
            kind,
            item: u32::from_le_bytes([i0, i1, i2, i3]),
            ran,
            payload,
        };
        if open {
            self.open = Some(record);
        }
        Some(record)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let record = self.read().ok_or(Damage);
        if record.is_err() {
            self.rest = &[];
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        let first = Record {
            frame: 0x703,
            kind: 0,
            item: 9,
            ran: 1.5,
            payload: b"hello",
        };
        let second = Record {
            frame: 0,
            kind: 2,
            item: 0,
            ran: 0.0,
            payload: b"",
        };
        first.write(&mut bytes);
        second.write(&mut bytes);
        assert_eq!(bytes.len() % 8, 0);
        assert_eq!(
            Records::new(&bytes).collect::<Vec<_>>(),
            [Ok(first), Ok(second)]
        );
    }

    #[test]
    fn a_row_closed_behind_the_reader_tells_of_no_results_yet() {
        let mut bytes = Vec::new();
        let row = Record {
            frame: 1,
            kind: Kind::Row as u8,
            item: 4,
            ran: f32::from_bits(3),
            payload: b"",
        };
        row.write(&mut bytes);
        bytes[..4].copy_from_slice(&24u32.to_le_bytes());
        let open = Record { ran: 0.0, ..row };
        let mut records = Records::new(&bytes);
        assert_eq!(records.next(), Some(Ok(open)));
        assert_eq!(records.next(), None);
        assert_eq!(records.open, Some(open));
    }

    #[test]
    fn nonsense_ends_the_reading_once() {
        let mut bytes = Vec::new();
        Record {
            frame: 0,
            kind: 0,
            item: 0,
            ran: 0.0,
            payload: b"x",
        }
        .write(&mut bytes);
        let whole = bytes.len();
        bytes.extend_from_slice(&[255; 24]);
        assert_eq!(
            Records::new(&bytes)
                .map(|record| record.is_ok())
                .collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(
            Records::new(&bytes[..whole - 8]).collect::<Vec<_>>(),
            [Err(Damage)]
        );
    }
}

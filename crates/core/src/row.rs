//! Results that go in a row: values of [`CELL`] bytes of items that follow one another in a frame, behind one header.
//!
//! A row is *open* while its worker may still write to it. Then `written` stands at its first cell, its header tells how long it may get, and each
//! of its cells tells by itself whether its result is there: until then it is [`EMPTY`]. A cell is read and written at once, so that a result costs its
//! worker one plain store and needs no order with any other. Closing a row puts the number of its results into the header, and then `written` behind
//! all its cells, also those that were not used: whoever takes it for open still may find none of another record's bytes in them.

use crate::desk::Desk;
use crate::layout::{EMPTY, OUTBOX_BYTES};
use crate::lease::Lease;
use crate::panel::{COMMITTED, Panel};
use crate::pool::Pool;
use crate::post::Post;
use crate::record::{HEADER, Kind, Record};
use crate::rings::Rings;
use crate::segment::CELL;

/// A row that was open when the outbox was last looked at.
pub(crate) struct OpenRow {
    frame: usize,
    /// Item of the first cell.
    first: u32,
    /// Where the first cell is in the outbox.
    at: u32,
    /// Cells that have been taken.
    taken: u32,
    /// Its worker's thread has ended: state bytes can be believed, too.
    pub(crate) abandoned: bool,
}

impl OpenRow {
    /// `at`: behind the header that `record` stands for.
    pub(crate) fn new(record: &Record<'_>, at: u32) -> Self {
        Self {
            frame: usize::from(record.frame),
            first: record.item,
            at,
            taken: 0,
            abandoned: false,
        }
    }

    fn place(&self, cell: u32) -> u32 {
        self.at + cell * CELL as u32
    }

    /// Bytes of all its cells, and how many of these were used, if it is closed. Nothing if that makes no sense.
    fn closed(&self, panel: &dyn Panel, written: u32) -> Option<(u32, u32)> {
        let head = self.at - HEADER as u32;
        let length = panel.cell(head) as u32;
        let count = (panel.cell(head + CELL as u32) >> 32) as u32;
        let used = count.checked_mul(CELL as u32)?;
        let sound = length.is_multiple_of(CELL as u32)
            && used <= length
            && length <= written.checked_sub(self.at)?;
        sound.then_some((length, count))
    }

    /// Appends the results that have come since it was last looked at, while it is open.
    fn take(&mut self, panel: &dyn Panel, lease: &Lease, cells: &mut Vec<u8>) {
        let length = panel.cell(self.at - HEADER as u32) as u32;
        let room = (OUTBOX_BYTES as u32).saturating_sub(self.at).min(length) / CELL as u32;
        let most = room.min(lease.limit().saturating_sub(self.first));
        while self.taken < most {
            let cell = panel.cell(self.place(self.taken));
            let item = self.first + self.taken;
            let is_there =
                cell != EMPTY || self.abandoned && panel.state(self.frame, item) == COMMITTED;
            if !is_there {
                break;
            }
            cells.extend_from_slice(&cell.to_le_bytes());
            self.taken += 1;
        }
    }
}

/// The results in the payload of a closed row. Nothing if it tells of more than it has.
pub(crate) fn results<'a>(record: &Record<'a>) -> Option<&'a [u8]> {
    let count = record.ran.to_bits() as usize;
    record.payload.get(..count.checked_mul(CELL)?)
}

impl Pool {
    /// Takes what has come of the row that was open, and moves the cursor behind it if it was closed. False: what the worker
    /// wrote makes no sense.
    pub(crate) fn take_open_row(
        &self,
        desk: &mut Desk,
        written: u32,
        post: &mut Post,
        rings: &mut Rings,
    ) -> bool {
        let Some((mut row, panel)) = desk.row.take().zip(desk.panel.as_deref()) else {
            return true;
        };
        let mut cells = std::mem::take(&mut desk.cells);
        cells.clear();
        let item = row.first + row.taken;
        let is_open = written == row.at;
        if is_open {
            if let Some(lease) = desk.frames.get(row.frame) {
                row.take(panel, lease, &mut cells);
            }
        } else {
            let Some((length, count)) = row.closed(panel, written) else {
                return false;
            };
            desk.cursor = row.at + length;
            if count > row.taken {
                panel.read_outbox(row.place(row.taken), row.place(count), &mut cells);
            }
        }
        if !cells.is_empty() {
            self.take_row(desk, row.frame, item, &cells, post, rings);
        }
        desk.cells = cells;
        if is_open {
            desk.row = Some(row);
        }
        true
    }

    /// Settles items in a row, from `item` on, whose values are `cells`.
    pub(crate) fn take_row(
        &self,
        desk: &mut Desk,
        frame: usize,
        item: u32,
        cells: &[u8],
        post: &mut Post,
        rings: &mut Rings,
    ) {
        let end = if cells.len().is_multiple_of(CELL) {
            item.saturating_add((cells.len() / CELL) as u32)
        } else {
            // Nonsense: further than any frame goes.
            u32::MAX
        };
        self.settle_values(desk, frame, item..end, post, rings, |post, lease, run| {
            let bytes = (run.start - item) as usize * CELL..(run.end - item) as usize * CELL;
            post.record(lease, Kind::Row, run.start, &cells[bytes]);
        });
    }
}

//! Results that go in a row: values of [`CELL`] bytes of items that follow one another in a frame, behind one header.
//!
//! A row is *open* while its worker may still append to it. Then `written` stands at its first cell, and how far it goes is told by the frame's
//! `started` word: all items before the running one have ended. So a result costs its worker one plain store, and is public with the start of
//! the next item. Closing a row puts its length into the header, and then `written` behind it, as with any record.

use crate::desk::Desk;
use crate::layout::OUTBOX_BYTES;
use crate::lease::Lease;
use crate::panel::{COMMITTED, Panel};
use crate::pool::Pool;
use crate::post::Post;
use crate::record::{HEADER, Kind, Record};
use crate::rings::Rings;
use crate::segment::CELL;
use crate::tally::Ending;
use crate::the_protocol::started;

/// A row that was open when the outbox was last looked at.
pub(crate) struct OpenRow {
    frame: usize,
    /// Item of the first cell.
    first: u32,
    /// Where the first cell is in the outbox.
    at: u32,
    /// Cells that have been taken.
    taken: u32,
    /// Its worker's thread has ended: the state byte of the last item can be believed, too.
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

    /// Cells that are complete while the row is open.
    fn complete(&self, panel: &dyn Panel, lease: &Lease) -> u32 {
        let begun = started(panel, self.frame, lease.limit());
        let running = begun.saturating_sub(1);
        let ended = if self.abandoned && begun > 0 && panel.state(self.frame, running) == COMMITTED
        {
            begun
        } else {
            running
        };
        ended.saturating_sub(self.first)
    }

    /// Its length, once it is closed: the outbox is known up to `written`. Nothing if that makes no sense.
    fn length(&self, panel: &dyn Panel, written: u32) -> Option<u32> {
        let head = self.at - HEADER as u32;
        let mut bytes = Vec::with_capacity(4);
        panel.read_outbox(head, head + 4, &mut bytes);
        let length = u32::from_le_bytes(bytes.try_into().ok()?);
        let sound = length.is_multiple_of(CELL as u32) && length <= written.checked_sub(self.at)?;
        sound.then_some(length)
    }
}

impl Pool {
    /// Takes what has come of the row that was open, and moves the cursor behind it if it was closed. False: what the worker
    /// wrote makes no sense.
    pub(crate) fn take_open_row(
        &self,
        desk: &mut Desk,
        panel: &dyn Panel,
        written: u32,
        post: &mut Post,
        rings: &mut Rings,
    ) -> bool {
        let Some(mut row) = desk.row.take() else {
            return true;
        };
        let cells = if written == row.at {
            let lease = desk.frames.get(row.frame);
            lease.map_or(0, |lease| row.complete(panel, lease))
        } else {
            let Some(length) = row.length(panel, written) else {
                return false;
            };
            desk.cursor = row.at + length;
            length / CELL as u32
        };
        let (from, to) = (
            row.at + row.taken * CELL as u32,
            row.at + cells * CELL as u32,
        );
        if to as usize > OUTBOX_BYTES {
            return false;
        }
        if to > from {
            let mut bytes = std::mem::take(&mut desk.cells);
            bytes.clear();
            panel.read_outbox(from, to, &mut bytes);
            self.take_row(desk, row.frame, row.first + row.taken, &bytes, post, rings);
            desk.cells = bytes;
            row.taken = cells;
        }
        if written == row.at {
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
        let Some(lease) = desk.frames.get_mut(frame) else {
            return;
        };
        if lease.damaged {
            return;
        }
        let count = (cells.len() / CELL) as u32;
        if !cells.len().is_multiple_of(CELL)
            || u64::from(item) + u64::from(count) > u64::from(lease.limit())
        {
            return self.damage(desk, frame, post, rings);
        }
        lease.pardon_row(item, count);
        let mut ended = 0;
        for (begin, end) in lease.settle_row(item, count) {
            let bytes = (begin - item) as usize * CELL..(end - item) as usize * CELL;
            post.record(lease, Kind::Row, begin, &cells[bytes]);
            ended += end - begin;
        }
        lease.not_timed(ended);
        self.settle(&lease.job, Ending::Completed, ended);
    }
}

//! Results that go in a table: rows of one size of items that follow one another in a frame, and their text, behind one header.
//!
//! What the rows and the text mean is between the worker and the caller. The payload begins with two words: how many of its rows to skip, and how many
//! are results. So a table goes on to the caller as it is, and if some of its items had been settled before, once for each run of the others.
//!
//! A table is *open* while its worker may still write to it: then it stands at `written`, with its header. Its worker stores a state byte behind each row, so
//! whoever reads that finds the row; what stands behind it may be in the making. A worker closes a table after half a millisecond, unless an item holds it up:
//! one that a tick meets for the second time is taken as far as it goes. Should the worker die, it is its thread's last word.

use crate::desk::Desk;
use crate::layout::OUTBOX_BYTES;
use crate::panel::{COMMITTED, Panel};
use crate::pool::Pool;
use crate::post::Post;
use crate::record::{HEADER, Kind, Record, Records};
use crate::rings::Rings;
use crate::segment::CELL;
use crate::sync::{Ordering, fence};

/// Bytes of the two words.
const WORDS: usize = 8;

/// A table that stands in an outbox.
pub(crate) struct Table<'a> {
    /// Item of the first row.
    first: u32,
    count: u32,
    payload: &'a [u8],
}

impl<'a> Table<'a> {
    /// Nothing if it has no room for its words, or skips any of its own rows.
    pub(crate) fn of(record: &Record<'a>) -> Option<Self> {
        let (skip, count) = words(record.payload)?;
        (skip == 0).then_some(Self {
            first: record.item,
            count,
            payload: record.payload,
        })
    }
}

fn words(payload: &[u8]) -> Option<(u32, u32)> {
    let words = u64::from_le_bytes(*payload.first_chunk::<WORDS>()?);
    Some((words as u32, (words >> 32) as u32))
}

impl Pool {
    /// Settles the items of a table.
    pub(crate) fn take_table(
        &self,
        desk: &mut Desk,
        frame: usize,
        &Table {
            first,
            count,
            payload,
        }: &Table<'_>,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        let items = first..first.saturating_add(count);
        self.settle_values(desk, frame, items, post, rings, |post, lease, run| {
            let (skip, rows) = (run.start - first, run.end - run.start);
            if words(payload) == Some((skip, rows)) {
                post.record(lease, Kind::Table, run.start, payload);
            } else {
                let words = [skip.to_le_bytes(), rows.to_le_bytes()].concat();
                let part = [&words, &payload[WORDS..]].concat();
                post.record(lease, Kind::Table, run.start, &part);
            }
        });
    }

    /// Takes what is in the table that a worker left open: its thread is this one, or gone.
    pub(crate) fn take_open_table(&self, desk: &mut Desk, post: &mut Post, rings: &mut Rings) {
        if let Some(open) = OpenTable::of(desk) {
            self.take_rows(desk, &open, post, rings);
        }
    }

    /// Part of a tick: what is in a table that has been open since the last one.
    pub(crate) fn take_stuck_table(&self, desk: &mut Desk, post: &mut Post, rings: &mut Rings) {
        let open = OpenTable::of(desk);
        let before = std::mem::replace(&mut desk.open_table, open);
        if let Some(open) = desk.open_table
            && before == Some(open)
        {
            self.take_rows(desk, &open, post, rings);
        }
    }

    /// Settles the items of those rows that are there.
    fn take_rows(&self, desk: &mut Desk, open: &OpenTable, post: &mut Post, rings: &mut Rings) {
        let Some(panel) = desk.panel.clone() else {
            return;
        };
        let Some(lease) = desk.frames.get(open.frame) else {
            return;
        };
        let count = ended(&*panel, open.frame, open.first, lease.limit());
        let open_items = lease.unsettled_below(open.first.saturating_add(count));
        if open_items.last().is_none_or(|&item| item < open.first) {
            return;
        }
        let bytes = open.copy(&*panel);
        // Its worker may have closed it meanwhile, and begun something else in its place: that moved `written` before.
        fence(Ordering::SeqCst);
        if panel.written().load(Ordering::SeqCst) != open.at {
            return;
        }
        let Some(Ok(record)) = Records::new(&bytes).next() else {
            return;
        };
        if let Some(table) = Table::of(&record) {
            let table = Table { count, ..table };
            self.take_table(desk, open.frame, &table, post, rings);
        }
    }
}

/// A table that a worker has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenTable {
    /// Where it stands in the outbox.
    at: u32,
    end: u32,
    frame: usize,
    claim_id: u32,
    /// Item of the first row.
    first: u32,
}

impl OpenTable {
    fn of(desk: &Desk) -> Option<Self> {
        let panel = desk.panel.as_deref()?;
        let at = panel.written().load(Ordering::Acquire);
        let end = at.checked_add(panel.open_table().load(Ordering::Acquire))?;
        let fits = end as usize <= OUTBOX_BYTES && (end - at) as usize >= HEADER + WORDS;
        if !fits || !at.is_multiple_of(CELL as u32) || at != desk.cursor {
            return None;
        }
        let (low, high) = (panel.cell(at), panel.cell(at + CELL as u32));
        let (frame, kind, first) = (
            usize::from((low >> 32) as u16),
            (low >> 48) as u8,
            high as u32,
        );
        (kind == Kind::Table as u8).then_some(())?;
        let claim_id = desk.frames.get(frame)?.claim_id;
        Some(Self {
            at,
            end,
            frame,
            claim_id,
            first,
        })
    }

    /// Cell by cell, for the worker may be writing some of them.
    fn copy(&self, panel: &dyn Panel) -> Vec<u8> {
        let whole = (self.at..self.end & !(CELL as u32 - 1)).step_by(CELL);
        whole.flat_map(|at| panel.cell(at).to_le_bytes()).collect()
    }
}

/// Items from `first` on that have ended, one after the other.
fn ended(panel: &dyn Panel, frame: usize, first: u32, limit: u32) -> u32 {
    (first..limit)
        .take_while(|&item| panel.state(frame, item) == COMMITTED)
        .count() as u32
}

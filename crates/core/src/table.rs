//! Results that go in a table: rows of one size of items that follow one another in a frame, and their text, behind one header.
//!
//! What the rows and the text mean is between the worker and the caller. The payload begins with two words: how many of its rows to skip, and how many
//! are results. So a table goes on to the caller as it is, and if some of its items had been settled before, once for each run of the others.
//!
//! A table is *open* while its worker may still write to it: then it stands at `written`, with its header, and nobody looks at it, for what is in it has
//! no order with anything else. Should the worker die, it is its thread's last word: its rows are as many as the state bytes say.

use crate::desk::Desk;
use crate::layout::OUTBOX_BYTES;
use crate::panel::{COMMITTED, Panel};
use crate::pool::Pool;
use crate::post::Post;
use crate::record::{Kind, Record, Records};
use crate::rings::Rings;
use crate::sync::Ordering;

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
        let Some(panel) = desk.panel.clone() else {
            return;
        };
        let written = panel.written().load(Ordering::Acquire);
        let end = written.saturating_add(panel.open_table());
        if end == written || end as usize > OUTBOX_BYTES || written != desk.cursor {
            return;
        }
        let mut bytes = Vec::new();
        panel.read_outbox(written, end, &mut bytes);
        let Some(Ok(record)) = Records::new(&bytes).next() else {
            return;
        };
        let frame = usize::from(record.frame);
        let Some(lease) = desk.frames.get(frame) else {
            return;
        };
        let count = ended(&*panel, frame, record.item, lease.limit());
        if record.kind == Kind::Table as u8
            && count > 0
            && let Some(table) = Table::of(&record)
        {
            self.take_table(desk, frame, &Table { count, ..table }, post, rings);
        }
    }
}

/// Items from `first` on that have ended, one after the other.
fn ended(panel: &dyn Panel, frame: usize, first: u32, limit: u32) -> u32 {
    (first..limit)
        .take_while(|&item| panel.state(frame, item) == COMMITTED)
        .count() as u32
}

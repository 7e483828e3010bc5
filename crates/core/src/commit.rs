//! Taking finished results out of a slot and settling their items.

use std::ops::Range as Span;
use std::time::Duration;

use crate::desk::Desk;
use crate::layout::OUTBOX_BYTES;
use crate::lease::Lease;
use crate::panel::{Ask, COMMITTED};
use crate::pool::Pool;
use crate::post::Post;
use crate::record::{Fate, Kind, Record, Records};
use crate::rings::Rings;
use crate::row::{OpenRow, results};
use crate::slot::Slot;
use crate::sync::{Arc, Ordering};
use crate::table::Table;
use crate::tally::Ending;
use crate::the_protocol::started;
use crate::times::Times;
use crate::values::{Values, tally_one};

/// A record that does not fit the outbox, with its payload where the worker has it.
#[derive(Clone, Copy, Debug)]
pub struct LargeRecord<'a> {
    /// Frame of the slot.
    pub frame: u16,
    /// 0 value, 1 error, 2 definitions.
    pub kind: u8,
    /// Item within the frame.
    pub item: u32,
    /// Ms that the attempt ran; 0 where it was not timed.
    pub ran: f32,
    /// The payload.
    pub payload: &'a [u8],
}

impl Pool {
    /// Takes what lies in the worker's outbox, then the large record, and empties the outbox.
    pub fn commit(&self, slot: u32, epoch: u32, large: Option<LargeRecord<'_>>) -> Rings {
        let mut rings = Rings::new();
        let mut post = Post::new(slot);
        if let Some(slot) = self.slot(slot)
            && let Some(mut desk) = slot.desk_of(epoch)
        {
            self.take_outbox(slot, &mut desk, &mut post, &mut rings);
            if let Some(LargeRecord {
                frame,
                kind,
                item,
                ran,
                payload,
            }) = large
            {
                let record = Record {
                    frame,
                    kind,
                    item,
                    ran,
                    payload,
                };
                let mut values = Values::default();
                self.take_record(&mut desk, &record, &mut values, &mut post, &mut rings);
                self.count_values(&mut desk.frames, &mut values);
                self.close_finished(slot, &mut desk, &mut post, &mut rings);
            }
            desk.rewind();
            post.send();
        }
        self.deliver(post, &mut rings);
        rings
    }

    /// Settles every record between the cursor and `written`.
    pub(crate) fn take_outbox(
        &self,
        slot: &Slot,
        desk: &mut Desk,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        let Some(panel) = &desk.panel else {
            return;
        };
        let written = panel.written().load(Ordering::Acquire);
        if written == desk.cursor && desk.row.is_none() {
            return;
        }
        if written as usize > OUTBOX_BYTES
            || !written.is_multiple_of(8)
            || !self.take_open_row(desk, written, post, rings)
            || written < desk.cursor
        {
            self.damage_all(desk, post, rings);
            desk.row = None;
        } else if written > desk.cursor {
            let mut bytes = std::mem::take(&mut desk.scratch);
            bytes.clear();
            if let Some(panel) = &desk.panel {
                panel.read_outbox(desk.cursor, written, &mut bytes);
            }
            self.take_records(desk, &bytes, written, post, rings);
            desk.scratch = bytes;
        }
        desk.cursor = written;
        self.close_finished(slot, desk, post, rings);
    }

    /// Settles every record of `bytes`, which end at `written` in the outbox.
    fn take_records(
        &self,
        desk: &mut Desk,
        bytes: &[u8],
        written: u32,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        post.expect(bytes.len());
        let mut values = Values::default();
        let mut records = Records::new(bytes);
        for record in &mut records {
            match record {
                Ok(record) => self.take_record(desk, &record, &mut values, post, rings),
                Err(_) => self.damage_all(desk, post, rings),
            }
        }
        self.count_values(&mut desk.frames, &mut values);
        if let Some(open) = records.open {
            desk.row = Some(OpenRow::new(&open, written));
            // What has ended meanwhile.
            self.take_open_row(desk, written, post, rings);
        }
    }

    fn take_record(
        &self,
        desk: &mut Desk,
        record: &Record<'_>,
        values: &mut Values,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        let frame = usize::from(record.frame);
        self.count_before(&mut desk.frames, values, frame);
        let Some(lease) = desk.frames.get_mut(frame) else {
            return;
        };
        if lease.damaged {
            return;
        }
        match Kind::of_worker(record.kind) {
            Some(Kind::Definitions) => {
                if lease.unsettled() > 0 {
                    post.record(lease, Kind::Definitions, 0, record.payload);
                }
            }
            Some(Kind::Row) => match results(record) {
                Some(cells) => self.take_row(desk, frame, record.item, cells, post, rings),
                None => self.damage(desk, frame, post, rings),
            },
            Some(Kind::Table) => match Table::of(record) {
                Some(table) => self.take_table(desk, frame, &table, post, rings),
                None => self.damage(desk, frame, post, rings),
            },
            Some(Kind::Span) => match span_of(lease, record) {
                Some(span) => self.end_span(lease, span, post),
                None => self.damage(desk, frame, post, rings),
            },
            Some(Kind::Times) => match Times::of(record) {
                Some(times) => {
                    // They are of items before them.
                    self.count_values(&mut desk.frames, values);
                    times.enter(&mut desk.frames, frame);
                }
                None => self.damage(desk, frame, post, rings),
            },
            Some(Kind::Value) if record.item < lease.limit() => {
                lease.pardon(record.item, record.item + 1);
                if lease.settle(record.item) {
                    post.record(lease, Kind::Value, record.item, record.payload);
                    values.add(record.ran);
                }
            }
            Some(kind) if record.item < lease.limit() => {
                lease.pardon(record.item, record.item + 1);
                let ending = Ending::Failed;
                if self.end_item(lease, record.item, ending, kind, record.payload, post) {
                    tally_one(lease, record.ran);
                }
            }
            _ => self.damage(desk, frame, post, rings),
        }
    }

    /// Settles an item that has no value and tells its caller, unless it had settled before.
    pub(crate) fn end_item(
        &self,
        lease: &mut Lease,
        item: u32,
        ending: Ending,
        kind: Kind,
        payload: &[u8],
        post: &mut Post,
    ) -> bool {
        let first = lease.settle(item);
        if first {
            if lease.job.keep_failed {
                // Before the caller hears of it: its answer may be a retry.
                lease.job.ranges.lock().keep(lease.single(item), ending);
            }
            post.record(lease, kind, item, payload);
            self.settle(&lease.job, ending, 1);
        }
        first
    }

    /// Elements have ended well: those that had not settled do, and their caller is told run by run.
    pub(crate) fn end_span(&self, lease: &mut Lease, span: Span<u32>, post: &mut Post) {
        lease.pardon(span.start, span.end);
        for (begin, end) in lease.settle_stretch(span.start, span.end) {
            let count = end - begin;
            post.record(lease, Kind::Span, begin, &count.to_le_bytes());
            lease.not_timed(count);
            self.settle(&lease.job, Ending::Completed, count);
        }
    }

    /// The worker wrote nonsense about a frame: what it runs of it fails, what it has not begun goes elsewhere.
    pub(crate) fn damage(&self, desk: &mut Desk, frame: usize, post: &mut Post, rings: &mut Rings) {
        self.shed(desk, frame, 0, post);
        let Some((lease, panel)) = desk.frames.get_mut(frame).zip(desk.panel.as_ref()) else {
            return;
        };
        lease.damaged = true;
        for item in lease.unsettled_below(lease.limit()) {
            self.end_item(
                lease,
                item,
                Ending::Failed,
                Kind::Fate,
                &[Fate::Damaged as u8],
                post,
            );
            panel.ask(frame, item, Ask::Cancelled);
            lease.condemn(item, Duration::ZERO);
        }
        let job = Arc::clone(&lease.job);
        self.summon(&job, rings);
    }

    fn damage_all(&self, desk: &mut Desk, post: &mut Post, rings: &mut Rings) {
        for frame in 0..desk.frames.len() {
            self.damage(desk, frame, post, rings);
        }
    }

    /// Gives up leases of which nothing runs or will run.
    pub(crate) fn close_finished(
        &self,
        slot: &Slot,
        desk: &mut Desk,
        post: &mut Post,
        rings: &mut Rings,
    ) {
        let looking = desk.looking;
        desk.frames.end_finished(|lease| {
            let now = post.now();
            if let Some((elapsed, items)) = lease.measured(now) {
                lease.job.meter.learn(elapsed, items);
            }
            lease.tally_untimed(now);
            post.end_of_claim(lease);
            self.give_units(&lease.job, lease.units, looking, rings);
        });
        slot.load.store(desk.frames.used(), Ordering::Release);
    }

    /// The worker asks for more: condemned items that ended are forgotten, and units beyond what a frame that has no
    /// unstarted items still runs come back.
    pub(crate) fn trim(&self, slot: &Slot, desk: &mut Desk, post: &mut Post, rings: &mut Rings) {
        let Some(panel) = &desk.panel else {
            return;
        };
        for (frame, lease) in desk.frames.iter_mut() {
            lease
                .condemned
                .retain(|condemned| panel.state(frame, condemned.item) != COMMITTED);
            let occupied = lease.occupied();
            if lease.units > occupied
                && started(&**panel, frame, lease.limit()) == lease.limit()
                && occupied > 0
            {
                let surplus = lease.units - occupied;
                lease.units = occupied;
                self.give_units(&lease.job, surplus, desk.looking, rings);
            }
        }
        self.close_finished(slot, desk, post, rings);
    }
}

/// The elements that a span tells of, if it may.
fn span_of(lease: &Lease, record: &Record<'_>) -> Option<Span<u32>> {
    let count = u32::from_le_bytes(record.payload.try_into().ok()?);
    let end = record.item.checked_add(count)?;
    let fits = lease.job.elements && count > 0 && end <= lease.limit();
    fits.then_some(record.item..end)
}

//! A worker as lean as the real one: the protocol of rows, stretches and records as `ts/worker` has it, and no JavaScript.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use crate::panel::{BarePanel, CELLS, zeros};
use crate::parcels::Work;
use crossbeam_utils::Backoff;
use everycore_core::{
    CELL, ClaimAsk, ClaimHead, ClaimSink, Claimed, FLAG_ROW, HEADER, Pool, PoolWords, Rings,
    Segment, layout,
};

const ROW: u64 = 4;
/// Cells of a record with a value of one cell.
const RECORD: usize = HEADER / CELL + 1;
/// When a worker looks again whether a sibling has something to steal.
const SOON: Duration = Duration::from_millis(2);
/// Items that are announced at once: some microseconds of them, as in `ts/worker`.
const STRETCH: usize = 1024;

/// What the workers of a pool look at and sleep by.
pub struct Bells {
    /// How often work has arrived.
    work: AtomicU32,
    /// For each slot: 0 awake, 1 asleep.
    words: Box<[AtomicU32]>,
    threads: OnceLock<Vec<Thread>>,
    over: AtomicBool,
}

impl Bells {
    pub fn new(slots: usize) -> Arc<Self> {
        Arc::new(Self {
            work: AtomicU32::new(0),
            words: zeros(slots),
            threads: OnceLock::new(),
            over: AtomicBool::new(false),
        })
    }

    /// The threads that sit in the slots.
    pub fn belong_to(&self, threads: Vec<Thread>) {
        assert!(self.threads.set(threads).is_ok(), "said once");
    }

    pub fn ring(&self, rings: Rings) {
        rings
            .slots
            .iter()
            .for_each(|&slot| self.wake(slot as usize));
    }

    /// Nobody works any more, nor sleeps.
    pub fn close(&self) {
        self.over.store(true, Ordering::Release);
        (0..self.words.len()).for_each(|slot| self.wake(slot));
    }

    pub fn are_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    pub fn wake(&self, slot: usize) {
        self.words[slot].store(0, Ordering::Release);
        if let Some(threads) = self.threads.get() {
            threads[slot].unpark();
        }
    }
}

impl PoolWords for Bells {
    fn work_arrived(&self) {
        self.work.fetch_add(1, Ordering::Release);
    }
}

/// The inbox: what a claim brings is copied into it.
#[derive(Default)]
struct Inbox {
    head: Option<ClaimHead>,
    cells: Vec<u64>,
}

impl ClaimSink for Inbox {
    fn take(&mut self, head: &ClaimHead, segment: &Segment, begin: u32, end: u32) {
        let (cells, _) = segment.bytes(begin, end).as_chunks::<CELL>();
        self.head = Some(*head);
        self.cells.clear();
        self.cells
            .extend(cells.iter().copied().map(u64::from_le_bytes));
    }
}

/// What came of a [`BareWorker::turn`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Ran,
    /// There was nothing, but siblings hold what they have not begun.
    Soon,
    Nothing,
}

pub struct BareWorker {
    pool: Arc<Pool>,
    bells: Arc<Bells>,
    slot: u32,
    epoch: u32,
    panel: Arc<BarePanel>,
    inbox: Inbox,
    /// How often work had arrived before the last claim.
    mark: u32,
}

impl BareWorker {
    pub fn new(pool: &Arc<Pool>, bells: Arc<Bells>) -> Self {
        let slot = pool.vacant_slot().expect("a slot");
        let panel = Arc::new(BarePanel::default());
        let epoch = pool.seat(slot, panel.clone()).expect("its seat");
        assert!(pool.attach(slot, epoch));
        Self {
            pool: Arc::clone(pool),
            bells,
            slot,
            epoch,
            panel,
            inbox: Inbox::default(),
            mark: 0,
        }
    }

    /// Claims, and runs what it gets.
    pub fn turn(&mut self) -> Turn {
        self.mark = self.bells.work.load(Ordering::Acquire);
        self.inbox.head = None;
        let ask = ClaimAsk {
            capacity: 1 << 20,
            suspended: false,
        };
        let (claimed, rings) = self
            .pool
            .claim(self.slot, self.epoch, &ask, &mut self.inbox);
        self.bells.ring(rings);
        match (self.inbox.head, claimed) {
            (Some(head), _) if head.flags & FLAG_ROW == 0 => self.run_records(&head),
            (Some(head), _) => self.run_rows(&head),
            (
                None,
                Claimed::Nothing {
                    siblings_hold_unstarted: true,
                },
            ) => return Turn::Soon,
            (None, claimed) => {
                assert!(matches!(claimed, Claimed::Nothing { .. }), "{claimed:?}");
                return Turn::Nothing;
            }
        }
        Turn::Ran
    }

    /// Looks for work for a moment, then sleeps until it is rung. `soon`: or until it is worth another look.
    pub fn rest(&self, soon: bool) {
        if self.pool.spin(self.slot, self.epoch, true) {
            let backoff = Backoff::new();
            while self.bells.work.load(Ordering::Acquire) == self.mark && !backoff.is_completed() {
                backoff.snooze();
            }
            self.pool.spin(self.slot, self.epoch, false);
        }
        let word = &self.bells.words[self.slot as usize];
        word.store(1, Ordering::SeqCst);
        if self.bells.work.load(Ordering::Acquire) != self.mark
            || !self.pool.park(self.slot, self.epoch)
        {
            word.store(0, Ordering::Relaxed);
        } else if soon {
            thread::park_timeout(SOON);
            word.store(0, Ordering::Relaxed);
            self.pool.unpark(self.slot, self.epoch);
        } else {
            // It may have been woken for the last time before it said that it sleeps.
            while word.load(Ordering::Acquire) == 1 && !self.bells.are_over() {
                thread::park();
            }
        }
    }

    fn commit(&self) {
        self.bells
            .ring(self.pool.commit(self.slot, self.epoch, None));
    }

    /// One item after the other, each announced by itself, each result a record of its own.
    fn run_records(&self, head: &ClaimHead) {
        let mut work = Work::new();
        let mut at = 0;
        for (item, &value) in self.inbox.cells.iter().enumerate() {
            if at + RECORD > CELLS {
                self.commit();
                at = 0;
            }
            self.panel.states[item].store(1, Ordering::Relaxed);
            if self.announce(head, item + 1) <= item {
                self.panel.states[item].store(0, Ordering::Relaxed);
                return;
            }
            let frame = u64::from(head.frame) << 32;
            self.put(at, CELL as u64 | frame);
            self.put(at + 1, item as u64);
            self.put(at + 2, work.on(value));
            at += RECORD;
            self.publish(at);
            self.panel.states[item].store(2, Ordering::Relaxed);
        }
    }

    /// Stretches of items, their results cells of a row; as many rows as the outbox needs to be emptied.
    fn run_rows(&self, head: &ClaimHead) {
        let panel = &*self.panel;
        let room = CELLS - HEADER / CELL;
        let mut rest = self.inbox.cells.as_slice();
        let mut first = 0;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(room));
            let row = &panel.outbox[HEADER / CELL..][..now.len()];
            for cell in row {
                cell.store(layout::EMPTY, Ordering::Relaxed);
            }
            self.put(0, size_of_val(now) as u64 | ROW << 48);
            self.put(1, first as u64);
            self.publish(HEADER / CELL);
            let done = self.run_row(head, first, now, row);
            self.put(1, first as u64 | (done as u64) << 32);
            self.publish(HEADER / CELL + now.len());
            if done < now.len() {
                return;
            }
            first += done;
            rest = later;
            if !rest.is_empty() {
                self.commit();
            }
        }
    }

    /// Gives how many it could run before others had the rest.
    fn run_row(&self, head: &ClaimHead, first: usize, items: &[u64], row: &[AtomicU64]) -> usize {
        let panel = &*self.panel;
        // Its own, as it is for a parcel of the others: what one item leaves to the next is in registers.
        let mut work = Work::new();
        let mut done = 0;
        while done < items.len() {
            let wanted = items.len().min(done + STRETCH);
            let end = self.announce(head, first + wanted) - first;
            let states = &panel.states[first + done..first + end];
            let asks = &panel.asks[first + done..first + end];
            let places = states.iter().zip(asks).zip(&row[done..end]);
            for (((state, ask), cell), &item) in places.zip(&items[done..end]) {
                if ask.load(Ordering::Relaxed) != 0 {
                    ask.store(0, Ordering::Relaxed);
                }
                state.store(1, Ordering::Relaxed);
                cell.store(work.on(item), Ordering::Relaxed);
                state.store(2, Ordering::Relaxed);
            }
            done = end;
            if end < wanted {
                break;
            }
        }
        done
    }

    /// Says that the items below `end` may begin. Gives the end of those that are its own.
    fn announce(&self, head: &ClaimHead, end: usize) -> usize {
        let (panel, wanted) = (&*self.panel, end as u32);
        panel.started.store(wanted, Ordering::SeqCst);
        let limit = panel.limit.load(Ordering::SeqCst);
        let is_ours = wanted <= limit
            || self
                .pool
                .contest(self.slot, self.epoch, head.frame, head.claim_id, wanted - 1);
        if is_ours {
            end
        } else {
            panel.limit.load(Ordering::SeqCst) as usize
        }
    }

    fn put(&self, cell: usize, value: u64) {
        self.panel.outbox[cell].store(value, Ordering::Relaxed);
    }

    fn publish(&self, cells: usize) {
        self.panel
            .written
            .store((cells * CELL) as u32, Ordering::Release);
    }
}

//! A worker as lean as the real one: words and cells in plain memory, the protocol of rows and stretches as `ts/worker` has it, and no JavaScript.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

use everycore_core::{
    Ask, CELL, ClaimAsk, ClaimHead, ClaimSink, Claimed, HEADER, Panel, Pool, PoolWords, Segment,
    layout,
};

/// Claims go into the first frame: these workers never wait in the midst of one.
const ITEMS: usize = layout::CLAIM_MAX as usize;
const CELLS: usize = layout::OUTBOX_BYTES / CELL;
const ROW: u64 = 4;

pub struct BarePanel {
    written: AtomicU32,
    started: AtomicU32,
    limit: AtomicU32,
    states: Box<[AtomicU8]>,
    asks: Box<[AtomicU8]>,
    outbox: Box<[AtomicU64]>,
}

fn zeros<T: Default>(count: usize) -> Box<[T]> {
    std::iter::repeat_with(T::default).take(count).collect()
}

impl Default for BarePanel {
    fn default() -> Self {
        Self {
            written: AtomicU32::default(),
            started: AtomicU32::default(),
            limit: AtomicU32::default(),
            states: zeros(ITEMS),
            asks: zeros(ITEMS),
            outbox: zeros(CELLS),
        }
    }
}

impl Panel for BarePanel {
    fn written(&self) -> &AtomicU32 {
        &self.written
    }
    fn open_table(&self) -> u32 {
        0
    }
    fn started(&self, _frame: usize) -> &AtomicU32 {
        &self.started
    }
    fn limit(&self, _frame: usize) -> &AtomicU32 {
        &self.limit
    }
    fn state(&self, _frame: usize, item: u32) -> u8 {
        self.states[item as usize].load(Ordering::Acquire)
    }
    fn reset_states(&self, _frame: usize, items: u32) {
        for bytes in [&self.states, &self.asks] {
            for byte in &bytes[..items as usize] {
                byte.store(0, Ordering::Relaxed);
            }
        }
    }
    fn ask(&self, _frame: usize, item: u32, ask: Ask) {
        self.asks[item as usize].store(ask as u8, Ordering::Release);
    }
    fn read_outbox(&self, from: u32, to: u32, into: &mut Vec<u8>) {
        for at in (from..to).step_by(CELL) {
            into.extend_from_slice(&self.cell(at).to_le_bytes());
        }
    }
    fn cell(&self, at: u32) -> u64 {
        self.outbox[at as usize / CELL].load(Ordering::Relaxed)
    }
}

#[derive(Default)]
pub struct Quiet;

impl PoolWords for Quiet {
    fn work_arrived(&self) {}
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

pub struct BareWorker {
    pool: Arc<Pool>,
    slot: u32,
    epoch: u32,
    panel: Arc<BarePanel>,
    inbox: Inbox,
}

impl BareWorker {
    pub fn new(pool: &Arc<Pool>) -> Self {
        let slot = pool.vacant_slot().expect("a slot");
        let panel = Arc::new(BarePanel::default());
        let epoch = pool.seat(slot, panel.clone()).expect("its seat");
        assert!(pool.attach(slot, epoch));
        Self {
            pool: Arc::clone(pool),
            slot,
            epoch,
            panel,
            inbox: Inbox::default(),
        }
    }

    /// Claims, and runs what it gets. False: there was nothing.
    pub fn turn(&mut self, run: impl Fn(u64) -> u64) -> bool {
        self.inbox.head = None;
        let ask = ClaimAsk {
            capacity: 1 << 20,
            suspended: false,
        };
        let (claimed, rings) = self
            .pool
            .claim(self.slot, self.epoch, &ask, &mut self.inbox);
        drop(rings);
        let Some(head) = self.inbox.head else {
            assert!(matches!(claimed, Claimed::Nothing { .. }));
            return false;
        };
        self.run(&head, run);
        true
    }

    fn run(&self, head: &ClaimHead, run: impl Fn(u64) -> u64) {
        let panel = &*self.panel;
        panel.started.store(head.items, Ordering::SeqCst);
        let mut end = head.items;
        if end > panel.limit.load(Ordering::SeqCst) {
            let claim = head.claim_id;
            if !self
                .pool
                .contest(self.slot, self.epoch, head.frame, claim, end - 1)
            {
                end = panel.limit.load(Ordering::SeqCst);
            }
        }
        let row = &panel.outbox[HEADER / CELL..][..end as usize];
        for cell in row {
            cell.store(layout::EMPTY, Ordering::Relaxed);
        }
        let length = (row.len() * CELL) as u64;
        panel.outbox[0].store(length | ROW << 48, Ordering::Relaxed);
        panel.outbox[1].store(0, Ordering::Relaxed);
        panel.written.store(HEADER as u32, Ordering::SeqCst);
        for (item, cell) in row.iter().enumerate() {
            if panel.asks[item].load(Ordering::Relaxed) != 0 {
                panel.asks[item].store(0, Ordering::Relaxed);
            }
            panel.states[item].store(1, Ordering::Relaxed);
            cell.store(run(self.inbox.cells[item]), Ordering::Relaxed);
            panel.states[item].store(2, Ordering::Relaxed);
        }
        panel.outbox[1].store(u64::from(end) << 32, Ordering::Relaxed);
        panel
            .written
            .store(HEADER as u32 + length as u32, Ordering::SeqCst);
    }
}

//! A pool whose shared memory is made of loom's atomics, so that loom sees every access to it.

use std::sync::Arc;
use std::time::Duration;

use everycore_core::{
    Ask, Bell, Budget, CELL, Caller, ClaimAsk, ClaimHead, ClaimSink, Claimed, Fate, HEADER, Job,
    JobSpec, Kind, Meter, Panel, Pool, PoolOptions, PoolWords, Record, Records, Rings, Segment,
    SegmentParts, layout,
};
use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// Tries all interleavings, however many switches they take.
pub fn model(test: impl Fn() + Sync + Send + 'static) {
    check(None, test);
}

/// The same with so many switches from a thread that could go on: where all of them would take hours.
pub fn model_with(switches: usize, test: impl Fn() + Sync + Send + 'static) {
    check(Some(switches), test);
}

fn check(switches: Option<usize>, test: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.max_branches = 10_000;
    builder.preemption_bound = switches;
    builder.check(test);
}

/// Two items and one record's worth of outbox are enough for every race.
pub struct LoomPanel {
    written: AtomicU32,
    open_table: AtomicU32,
    started: AtomicU32,
    limit: AtomicU32,
    states: [AtomicU32; 2],
    /// Plain cells: `written` says when they may be read, or, in a row, each of them, or, in a table, the state of its item.
    outbox: [AtomicU64; 8],
    /// The worker's own memory: what it claimed last.
    claim: std::sync::atomic::AtomicU32,
}

impl Panel for LoomPanel {
    fn written(&self) -> &AtomicU32 {
        &self.written
    }
    fn open_table(&self) -> &AtomicU32 {
        &self.open_table
    }
    fn started(&self, _frame: usize) -> &AtomicU32 {
        &self.started
    }
    fn limit(&self, _frame: usize) -> &AtomicU32 {
        &self.limit
    }
    fn state(&self, _frame: usize, item: u32) -> u8 {
        self.states[item as usize].load(Ordering::SeqCst) as u8
    }
    fn reset_states(&self, _frame: usize, items: u32) {
        self.states[..items as usize]
            .iter()
            .for_each(|state| state.store(0, Ordering::SeqCst));
    }
    fn ask(&self, _frame: usize, _item: u32, _ask: Ask) {}
    fn read_outbox(&self, from: u32, to: u32, into: &mut Vec<u8>) {
        for at in (from..to).step_by(CELL) {
            into.extend_from_slice(&self.cell(at).to_le_bytes());
        }
    }
    fn cell(&self, at: u32) -> u64 {
        self.outbox[at as usize / CELL].load(Ordering::Relaxed)
    }
}

struct NoWords;

impl PoolWords for NoWords {
    fn work_arrived(&self) {}
}

pub fn pool(workers: u32, home: &Arc<Caller>) -> Arc<Pool> {
    let options = PoolOptions::new(workers, Budget::new(workers));
    Pool::new(options, Arc::new(NoWords), Arc::clone(home))
}

pub fn caller() -> Arc<Caller> {
    Caller::new(Bell::Word(0))
}

pub fn job(pool: &Arc<Pool>, caller: &Arc<Caller>) -> Arc<Job> {
    job_with(pool, caller, |_| {})
}

pub fn job_with(
    pool: &Arc<Pool>,
    caller: &Arc<Caller>,
    change: impl FnOnce(&mut JobSpec),
) -> Arc<Job> {
    let mut spec = JobSpec::new(1, Arc::new(Meter::new()));
    spec.chunk = Some(2);
    spec.grace = Duration::ZERO;
    change(&mut spec);
    pool.open(spec, caller).ok().unwrap()
}

pub fn segment(first_index: u32, items: u32) -> Segment {
    let offsets = vec![0; items as usize + 1];
    Segment::new(SegmentParts {
        first_index,
        offsets,
        ..SegmentParts::default()
    })
    .unwrap()
}

/// Indexes of which something was heard. No worker here writes nonsense, so none may be told of damage.
pub fn hear(caller: &Caller) -> Vec<u32> {
    let mut heard = Vec::new();
    caller.drain(usize::MAX, &mut |block| {
        for record in Records::new(&block.bytes) {
            let record = record.unwrap();
            if record.kind == Kind::Row as u8 {
                assert!(record.payload.iter().all(|&byte| byte == 7), "torn");
                heard.extend((record.item..).take(record.payload.len() / CELL));
            } else if record.kind == Kind::Table as u8 {
                let (words, rows) = record.payload.split_at(CELL);
                let [skip, count] = [words[0], words[4]].map(usize::from);
                let rows = &rows[skip * CELL..][..count * CELL];
                assert!(rows.iter().all(|&byte| byte == 7), "torn");
                heard.extend((record.item..).take(count));
            } else {
                let damaged =
                    record.kind == Kind::Fate as u8 && record.payload == [Fate::Damaged as u8];
                assert!(!damaged, "item {} is told to be damaged", record.item);
                heard.push(record.item);
            }
        }
    });
    heard
}

#[derive(Default)]
struct Items(Option<ClaimHead>);

impl ClaimSink for Items {
    fn take(&mut self, head: &ClaimHead, _: &Segment, _: u32, _: u32) {
        self.0 = Some(*head);
    }
}

/// One worker, and a job of its home's that has submitted two items.
pub struct Scene {
    pub home: Arc<Caller>,
    pub pool: Arc<Pool>,
    pub worker: Worker,
    pub job: Arc<Job>,
}

pub fn scene(change: impl FnOnce(&mut JobSpec)) -> Scene {
    let home = caller();
    let pool = pool(1, &home);
    let worker = Worker::new(&pool);
    let job = job_with(&pool, &home, change);
    drop(pool.submit(&job, segment(0, 2)));
    Scene {
        home,
        pool,
        worker,
        job,
    }
}

#[derive(Clone)]
pub struct Worker {
    pub pool: Arc<Pool>,
    pub slot: u32,
    pub epoch: u32,
    pub panel: Arc<LoomPanel>,
}

impl Worker {
    pub fn new(pool: &Arc<Pool>) -> Self {
        let zero = || AtomicU32::new(0);
        let panel = Arc::new(LoomPanel {
            written: zero(),
            open_table: zero(),
            started: zero(),
            limit: zero(),
            states: [(); 2].map(|()| zero()),
            outbox: [(); 8].map(|()| AtomicU64::new(0)),
            claim: Default::default(),
        });
        let slot = pool.vacant_slot().unwrap();
        let epoch = pool.seat(slot, panel.clone()).unwrap();
        assert!(pool.attach(slot, epoch));
        Self {
            pool: Arc::clone(pool),
            slot,
            epoch,
            panel,
        }
    }

    /// Number of items claimed.
    pub fn claim(&self) -> Option<u32> {
        self.claim_and_ring().0
    }

    /// Number of items claimed, and whom to ring.
    pub fn claim_and_ring(&self) -> (Option<u32>, Rings) {
        let mut items = Items::default();
        let ask = ClaimAsk {
            capacity: 1000,
            suspended: false,
        };
        let (claimed, rings) = self.pool.claim(self.slot, self.epoch, &ask, &mut items);
        assert_eq!(claimed == Claimed::Frame, items.0.is_some());
        if let Some(head) = items.0 {
            self.panel.claim.store(head.claim_id, Ordering::Relaxed);
        }
        (items.0.map(|head| head.items), rings)
    }

    /// The worker's side of the THE protocol, as `ts/worker` has it.
    pub fn begin(&self, item: u32) -> bool {
        self.panel.states[item as usize].store(1, Ordering::SeqCst);
        self.panel.started.store(item + 1, Ordering::SeqCst);
        let claim = self.panel.claim.load(Ordering::Relaxed);
        // loom knows no total order of sequentially consistent accesses; JavaScript's atomics have one.
        fence(Ordering::SeqCst);
        item < self.panel.limit.load(Ordering::SeqCst)
            || self.pool.contest(self.slot, self.epoch, 0, claim, item)
    }

    /// Says that items below `end` may begin.
    pub fn announce(&self, end: u32) {
        self.panel.started.store(end, Ordering::SeqCst);
    }

    /// Writes the item's value, publishes it, and marks the item as committed.
    pub fn finish(&self, item: u32) {
        let mut bytes = Vec::new();
        Record {
            frame: 0,
            kind: 0,
            item,
            ran: 0.0,
            // Might be the words of a table.
            payload: &[0; 8],
        }
        .write(&mut bytes);
        let from = self.panel.written.load(Ordering::Relaxed);
        for (cell, bytes) in (from as usize / CELL..).zip(bytes.chunks(CELL)) {
            let value = u64::from_le_bytes(bytes.try_into().unwrap());
            self.panel.outbox[cell].store(value, Ordering::Relaxed);
        }
        self.panel
            .written
            .store(from + bytes.len() as u32, Ordering::Release);
        self.panel.states[item as usize].store(2, Ordering::SeqCst);
    }

    /// Opens a row of two cells at the beginning of the outbox.
    pub fn open_row(&self) {
        let [head, rest, cells @ ..] = &self.panel.outbox;
        for cell in &cells[..2] {
            cell.store(layout::EMPTY, Ordering::Relaxed);
        }
        head.store(
            (Kind::Row as u64) << 48 | 2 * CELL as u64,
            Ordering::Relaxed,
        );
        rest.store(0, Ordering::Relaxed);
        self.panel.written.store(HEADER as u32, Ordering::Release);
    }

    /// Ends an item whose value goes in the row: with plain stores.
    pub fn finish_in_row(&self, item: u32) {
        let cell = HEADER / CELL + item as usize;
        self.panel.outbox[cell].store(0x0707_0707_0707_0707, Ordering::Relaxed);
        self.panel.states[item as usize].store(2, Ordering::Relaxed);
    }

    /// Closes the row after so many items.
    pub fn close_row(&self, items: u32) {
        self.panel.outbox[1].store(u64::from(items) << 32, Ordering::Relaxed);
        let written = (HEADER + 2 * CELL) as u32;
        self.panel.written.store(written, Ordering::Release);
    }

    /// Opens a table of two rows of one cell at the beginning of the outbox.
    pub fn open_table(&self) {
        let [head, rest, words, ..] = &self.panel.outbox;
        let payload = (3 * CELL) as u64;
        head.store((Kind::Table as u64) << 48 | payload, Ordering::Relaxed);
        rest.store(0, Ordering::Relaxed);
        words.store(0, Ordering::Relaxed);
        let length = HEADER as u32 + payload as u32;
        self.panel.open_table.store(length, Ordering::Relaxed);
    }

    /// Ends an item whose value goes in the table.
    pub fn finish_in_table(&self, item: u32) {
        let cell = HEADER / CELL + 1 + item as usize;
        self.panel.outbox[cell].store(0x0707_0707_0707_0707, Ordering::Relaxed);
        self.panel.states[item as usize].store(2, Ordering::SeqCst);
    }

    /// Closes the table after so many items; after none it has never been.
    pub fn close_table(&self, items: u32) {
        self.panel.outbox[2].store(u64::from(items) << 32, Ordering::Relaxed);
        self.panel.open_table.store(0, Ordering::Relaxed);
        if items > 0 {
            let written = (HEADER + 3 * CELL) as u32;
            self.panel.written.store(written, Ordering::Release);
        }
    }
}

//! A stage for the tests: a panel of plain vectors, workers that follow the protocol by hand, callers that write down what
//! they hear.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use everycore_core::{
    Ask, Bell, Budget, CELL, Caller, ClaimAsk, ClaimHead, ClaimSink, Claimed, FLAG_ELEMENTS,
    FRAMES, HEADER, Job, JobSpec, Kill, LargeRecord, Meter, Panel, Parent, Pool, PoolOptions,
    PoolWords, Record, Records, Rings, Segment, SegmentParts, Tally, Unopened, layout,
};

pub const CAPACITY: usize = 1 << 20;

/// Shared memory of one slot.
pub struct TestPanel {
    pub written: AtomicU32,
    pub open_table: AtomicU32,
    pub started: Vec<AtomicU32>,
    pub limit: Vec<AtomicU32>,
    large_frames: Vec<[AtomicU8; 2]>,
    /// Few tests come so far.
    small_frames: OnceLock<Vec<[AtomicU8; 2]>>,
    pub outbox: Mutex<Vec<u8>>,
}

const LARGE_ITEMS: usize = layout::state(layout::LARGE_FRAMES) - layout::STATE;

/// A state and an ask byte for each item.
fn items(count: usize) -> Vec<[AtomicU8; 2]> {
    std::iter::repeat_with(Default::default)
        .take(count)
        .collect()
}

impl Default for TestPanel {
    fn default() -> Self {
        let words = || (0..FRAMES).map(|_| AtomicU32::new(0)).collect();
        Self {
            written: AtomicU32::new(0),
            open_table: AtomicU32::new(0),
            started: words(),
            limit: words(),
            large_frames: items(LARGE_ITEMS),
            small_frames: OnceLock::new(),
            outbox: Mutex::new(vec![0; 256 * 1024]),
        }
    }
}

impl TestPanel {
    /// The item's state byte.
    pub fn state_of(&self, frame: u32, item: u32) -> &AtomicU8 {
        &self.item(frame, item)[0]
    }

    /// The item's ask byte.
    pub fn ask_of(&self, frame: u32, item: u32) -> &AtomicU8 {
        &self.item(frame, item)[1]
    }

    fn item(&self, frame: u32, item: u32) -> &[AtomicU8; 2] {
        let at = layout::state(frame as usize) - layout::STATE + item as usize;
        let small = || items(layout::ASK - layout::STATE - LARGE_ITEMS);
        match at.checked_sub(LARGE_ITEMS) {
            None => &self.large_frames[at],
            Some(at) => &self.small_frames.get_or_init(small)[at],
        }
    }
}

impl Panel for TestPanel {
    fn written(&self) -> &AtomicU32 {
        &self.written
    }
    fn open_table(&self) -> &AtomicU32 {
        &self.open_table
    }
    fn started(&self, frame: usize) -> &AtomicU32 {
        &self.started[frame]
    }
    fn limit(&self, frame: usize) -> &AtomicU32 {
        &self.limit[frame]
    }
    fn state(&self, frame: usize, item: u32) -> u8 {
        self.state_of(frame as u32, item).load(Ordering::SeqCst)
    }
    fn reset_states(&self, frame: usize, items: u32) {
        assert!(items <= layout::elements_max(frame));
        for item in 0..items {
            self.state_of(frame as u32, item).store(0, Ordering::SeqCst);
            self.ask_of(frame as u32, item).store(0, Ordering::SeqCst);
        }
    }
    fn ask(&self, frame: usize, item: u32, ask: Ask) {
        self.ask_of(frame as u32, item)
            .store(ask as u8, Ordering::SeqCst);
    }
    fn read_outbox(&self, from: u32, to: u32, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.outbox.lock().unwrap()[from as usize..to as usize]);
    }
    fn cell(&self, at: u32) -> u64 {
        let outbox = self.outbox.lock().unwrap();
        u64::from_le_bytes(outbox[at as usize..][..CELL].try_into().unwrap())
    }
}

#[derive(Default)]
pub struct Words(pub AtomicU32);

impl PoolWords for Words {
    fn work_arrived(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// What a caller heard of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Value(Vec<u8>),
    Error(Vec<u8>),
    Fate(u8, Vec<u8>),
    /// So many elements, of which it is the first.
    Span(u32),
}

/// A caller with a native bell, and everything it has heard.
pub struct Ear {
    pub caller: Arc<Caller>,
    pub rung: Arc<AtomicUsize>,
    heard: Mutex<BTreeMap<(u64, u32), Vec<Heard>>>,
    definitions: Mutex<Vec<(u32, Vec<u8>)>>,
    ended_claims: Mutex<Vec<u32>>,
}

impl Default for Ear {
    fn default() -> Self {
        let rung = Arc::new(AtomicUsize::new(0));
        let bell = Arc::clone(&rung);
        let bell = Bell::Native(Box::new(move || {
            bell.fetch_add(1, Ordering::SeqCst);
        }));
        Self::with(bell, rung)
    }
}

impl Ear {
    pub fn with(bell: Bell, rung: Arc<AtomicUsize>) -> Self {
        Self {
            caller: Caller::new(bell),
            rung,
            heard: Mutex::default(),
            definitions: Mutex::default(),
            ended_claims: Mutex::default(),
        }
    }

    /// The ear of a worker that opens jobs.
    pub fn of_worker(worker: &Worker) -> Self {
        let bell = Bell::Slot {
            slot: worker.slot,
            epoch: worker.epoch,
        };
        Self::with(bell, Arc::default())
    }

    pub fn listen(&self) {
        let mut heard = self.heard.lock().unwrap();
        self.caller.drain(usize::MAX, &mut |block| {
            for record in Records::new(&block.bytes) {
                let Record {
                    frame,
                    kind,
                    item,
                    ran,
                    payload,
                } = record.unwrap();
                assert_eq!((frame, ran), (0, 0.0));
                let payload = payload.to_vec();
                let what = match kind {
                    0 => Heard::Value(payload),
                    1 => Heard::Error(payload),
                    2 => {
                        self.definitions
                            .lock()
                            .unwrap()
                            .push((block.claim_id, payload));
                        continue;
                    }
                    3 => Heard::Fate(payload[0], payload[1..].to_vec()),
                    4 => {
                        assert!(!payload.is_empty() && payload.len().is_multiple_of(CELL));
                        for (place, cell) in payload.chunks(CELL).enumerate() {
                            let what = Heard::Value(cell.to_vec());
                            let index = item + place as u32;
                            heard.entry((block.job, index)).or_default().push(what);
                        }
                        continue;
                    }
                    6 => {
                        let word =
                            |at: usize| u32::from_le_bytes(payload[at..at + 4].try_into().unwrap());
                        let rows = payload[8..].chunks(CELL).skip(word(0) as usize);
                        for (place, row) in (0..word(4)).zip(rows) {
                            let what = Heard::Value(row.to_vec());
                            heard
                                .entry((block.job, item + place))
                                .or_default()
                                .push(what);
                        }
                        continue;
                    }
                    5 => Heard::Span(u32::from_le_bytes(payload.try_into().unwrap())),
                    _ => panic!("kind {kind}"),
                };
                heard.entry((block.job, item)).or_default().push(what);
            }
            if block.last {
                let mut ended = self.ended_claims.lock().unwrap();
                assert!(!ended.contains(&block.claim_id), "a claim ends once");
                ended.push(block.claim_id);
            }
        });
    }

    /// What was heard of one item, in order.
    pub fn of(&self, job: &Job, index: u32) -> Vec<Heard> {
        self.listen();
        self.heard
            .lock()
            .unwrap()
            .get(&(job.id(), index))
            .cloned()
            .unwrap_or_default()
    }

    /// Indexes of which something was heard, each checked to have been heard of once.
    pub fn settled(&self, job: &Job) -> Vec<u32> {
        self.listen();
        let heard = self.heard.lock().unwrap();
        let of_job = heard.range((job.id(), 0)..=(job.id(), u32::MAX));
        of_job
            .map(|(&(_, index), what)| {
                assert_eq!(what.len(), 1, "item {index} settled {what:?}");
                index
            })
            .collect()
    }

    pub fn counts(&self) -> BTreeMap<(u64, u32), Vec<Heard>> {
        self.listen();
        self.heard.lock().unwrap().clone()
    }

    pub fn definitions(&self) -> Vec<(u32, Vec<u8>)> {
        self.listen();
        self.definitions.lock().unwrap().clone()
    }

    pub fn ended_claims(&self) -> Vec<u32> {
        self.listen();
        self.ended_claims.lock().unwrap().clone()
    }
}

/// A pool, the caller that is its home, and a clock.
pub struct Stage {
    pub pool: Arc<Pool>,
    pub words: Arc<Words>,
    pub home: Ear,
    /// Of all jobs that are opened here.
    pub tally: Arc<Tally>,
    pub now: Mutex<Instant>,
}

impl Stage {
    pub fn new(max_workers: u32) -> Self {
        Self::with(|options| options.max_workers = max_workers)
    }

    pub fn with(change: impl FnOnce(&mut PoolOptions)) -> Self {
        let mut options = PoolOptions::new(2, Budget::new(1));
        change(&mut options);
        let home = Ear::default();
        let words = Arc::new(Words::default());
        let pool = Pool::new(options, words.clone(), home.caller.clone());
        Self {
            pool,
            words,
            home,
            tally: Arc::default(),
            now: Mutex::new(Instant::now()),
        }
    }

    /// A worker in the first vacant slot.
    pub fn worker(&self) -> Worker {
        let worker = self.seated();
        assert!(self.pool.attach(worker.slot, worker.epoch));
        worker
    }

    /// A worker that has not come to life.
    pub fn seated(&self) -> Worker {
        self.seated_at(Arc::new(TestPanel::default()))
    }

    /// The same with memory that may have been another worker's.
    pub fn seated_at(&self, panel: Arc<TestPanel>) -> Worker {
        let slot = self.pool.vacant_slot().unwrap();
        let epoch = self.pool.seat(slot, panel.clone()).unwrap();
        Worker {
            pool: self.pool.clone(),
            slot,
            epoch,
            panel,
            frames: BTreeMap::new(),
            row: Cell::new(None),
        }
    }

    pub fn job(&self, change: impl FnOnce(&mut JobSpec)) -> Arc<Job> {
        self.job_of(&self.home, change)
    }

    pub fn job_of(&self, ear: &Ear, change: impl FnOnce(&mut JobSpec)) -> Arc<Job> {
        let mut spec = JobSpec::new(1, Arc::new(Meter::new()));
        spec.tally = Arc::clone(&self.tally);
        change(&mut spec);
        self.pool.open(spec, &ear.caller).unwrap()
    }

    /// A job that an item of this frame opens and waits for.
    pub fn nested(
        &self,
        worker: &Worker,
        ear: &Ear,
        frame: u32,
        change: impl FnOnce(&mut JobSpec),
    ) -> Result<Arc<Job>, Unopened> {
        let mut spec = JobSpec::new(1, Arc::new(Meter::new()));
        spec.parent = Some(Parent {
            slot: worker.slot,
            epoch: worker.epoch,
            frame: frame as u16,
        });
        change(&mut spec);
        self.pool.open(spec, &ear.caller)
    }

    pub fn submit(&self, job: &Arc<Job>, indexes: std::ops::Range<u32>) -> Rings {
        self.pool.submit(job, segment(indexes)).unwrap()
    }

    /// So much time without a look, as of a process that was stopped.
    pub fn stop(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }

    /// Lets time pass in steps of 2 ms and collects the kills.
    pub fn pass(&self, time: Duration) -> Vec<Kill> {
        let step = Duration::from_millis(2);
        let mut kills = Vec::new();
        let mut now = self.now.lock().unwrap();
        let end = *now + time;
        let _ = self.pool.tick(*now, &mut kills);
        while *now < end {
            *now += step;
            let _ = self.pool.tick(*now, &mut kills);
        }
        kills
    }
}

/// Items whose payload is their index.
pub fn segment(indexes: std::ops::Range<u32>) -> Segment {
    let items = indexes.end - indexes.start;
    Segment::new(SegmentParts {
        first_index: indexes.start,
        bytes: indexes.flat_map(u32::to_le_bytes).collect(),
        offsets: (0..=items).map(|item| item * 4).collect(),
        ..SegmentParts::default()
    })
    .unwrap()
}

/// A frame as its worker sees it.
#[derive(Clone, Debug)]
pub struct Frame {
    pub head: ClaimHead,
    pub items: Vec<u32>,
    pub next: u32,
}

#[derive(Default)]
struct Inbox(Option<(ClaimHead, Vec<u32>)>);

impl ClaimSink for Inbox {
    fn take(&mut self, head: &ClaimHead, segment: &Segment, begin: u32, end: u32) {
        let size = if segment.is_row() || segment.is_table() {
            CELL
        } else {
            4
        };
        let bytes = segment.bytes(begin, end).chunks(size);
        let items: Vec<u32> = bytes
            .map(|item| u32::from_le_bytes(item[..4].try_into().unwrap()))
            .collect();
        assert!(items.first().is_none_or(|&item| item == head.first_index));
        self.0 = Some((*head, items));
    }
}

/// A worker that does what it is told, step by step.
pub struct Worker {
    pub pool: Arc<Pool>,
    pub slot: u32,
    pub epoch: u32,
    pub panel: Arc<TestPanel>,
    pub frames: BTreeMap<u32, Frame>,
    row: Cell<Option<Row>>,
}

/// The row that a worker has open.
#[derive(Clone, Copy)]
struct Row {
    frame: u32,
    /// The item that it takes next, and where that goes.
    item: u32,
    at: usize,
    /// Where the first cell is.
    begin: usize,
}

impl Worker {
    pub fn ask(&mut self, ask: ClaimAsk) -> (Claimed, Rings) {
        let (claimed, rings, _) = self.ask_for_frame(ask);
        (claimed, rings)
    }

    fn ask_for_frame(&mut self, ask: ClaimAsk) -> (Claimed, Rings, Option<Frame>) {
        self.close_row();
        let mut inbox = Inbox::default();
        let (claimed, rings) = self.pool.claim(self.slot, self.epoch, &ask, &mut inbox);
        let frame = inbox.0.map(|(head, items)| {
            assert_eq!(claimed, Claimed::Frame);
            let sent = if head.flags & FLAG_ELEMENTS == 0 {
                head.items
            } else {
                0
            };
            assert_eq!(sent as usize, items.len());
            Frame {
                head,
                items,
                next: 0,
            }
        });
        if let Some(frame) = &frame {
            self.frames.insert(frame.head.frame, frame.clone());
        }
        (claimed, rings, frame)
    }

    fn frame_of(&mut self, suspended: bool) -> Option<Frame> {
        let capacity = CAPACITY;
        self.ask_for_frame(ClaimAsk {
            capacity,
            suspended,
        })
        .2
    }

    /// Claims as an idle worker does.
    pub fn claim(&mut self) -> Option<Frame> {
        self.frame_of(false)
    }

    /// Claims as a worker does that has suspended items.
    pub fn claim_suspended(&mut self) -> Option<Frame> {
        self.frame_of(true)
    }

    /// Begins the next item of a frame: its number, or nothing if the frame is at its end or the item was taken away.
    pub fn begin(&mut self, frame: u32) -> Option<u32> {
        let at = self.frames.get_mut(&frame)?;
        if at.next >= at.head.items {
            return None;
        }
        let item = at.next;
        at.next += 1;
        let head = at.head;
        let state = self.panel.state_of(frame, item);
        state.store(1, Ordering::SeqCst);
        self.panel.started[frame as usize].store(item + 1, Ordering::SeqCst);
        let limit = self.panel.limit[frame as usize].load(Ordering::SeqCst);
        if item < limit || self.contest(&head, item) {
            return Some(item);
        }
        state.store(0, Ordering::SeqCst);
        self.frames.get_mut(&frame)?.next = head.items;
        None
    }

    /// Whether an item of the claim is still this worker's.
    pub fn contest(&self, head: &ClaimHead, item: u32) -> bool {
        let claim = head.claim_id;
        self.pool
            .contest(self.slot, self.epoch, head.frame, claim, item)
    }

    /// Writes a record to the outbox.
    pub fn record(&self, frame: u32, kind: u8, item: u32, payload: &[u8]) {
        self.timed_record(frame, kind, item, 0.0, payload);
    }

    /// The same of an item that ran so many ms.
    pub fn timed_record(&self, frame: u32, kind: u8, item: u32, ran: f32, payload: &[u8]) {
        let mut bytes = Vec::new();
        Record {
            frame: frame as u16,
            kind,
            item,
            ran,
            payload,
        }
        .write(&mut bytes);
        self.close_row();
        let from = self.panel.written.load(Ordering::SeqCst) as usize;
        self.panel.outbox.lock().unwrap()[from..from + bytes.len()].copy_from_slice(&bytes);
        self.panel
            .written
            .store((from + bytes.len()) as u32, Ordering::SeqCst);
    }

    /// Ends an item without committing it to the core.
    pub fn end(&self, frame: u32, item: u32, kind: u8, payload: &[u8]) {
        self.record(frame, kind, item, payload);
        self.panel.state_of(frame, item).store(2, Ordering::SeqCst);
    }

    /// Opens a row of so many cells at most, for `item` and those behind it.
    pub fn open_row(&self, frame: u32, item: u32, cells: usize) {
        self.record(frame, 4, item, b"");
        let begin = self.panel.written.load(Ordering::SeqCst) as usize;
        let mut outbox = self.panel.outbox.lock().unwrap();
        outbox[begin - HEADER..begin - HEADER + 4]
            .copy_from_slice(&((cells * CELL) as u32).to_le_bytes());
        for cell in outbox[begin..begin + cells * CELL].chunks_mut(CELL) {
            cell.copy_from_slice(&layout::EMPTY.to_le_bytes());
        }
        self.row.set(Some(Row {
            frame,
            item,
            at: begin,
            begin,
        }));
    }

    /// Ends an item whose value goes in a row: public at once.
    pub fn end_in_row(&self, frame: u32, item: u32, value: [u8; CELL]) {
        let open = self.row.get();
        if open.is_none_or(|row| row.frame != frame || row.item != item) {
            self.open_row(frame, item, 16);
        }
        let mut row = self.row.get().unwrap();
        self.panel.outbox.lock().unwrap()[row.at..row.at + CELL].copy_from_slice(&value);
        row.at += CELL;
        row.item += 1;
        self.row.set(Some(row));
        self.panel.state_of(frame, item).store(2, Ordering::SeqCst);
    }

    /// Whatever is written next, or empties the outbox, does this first.
    pub fn close_row(&self) {
        let Some(Row { at, begin, .. }) = self.row.take() else {
            return;
        };
        let mut outbox = self.panel.outbox.lock().unwrap();
        let head = &mut outbox[begin - HEADER..begin];
        let length = u32::from_le_bytes(head[..4].try_into().unwrap());
        head[12..].copy_from_slice(&(((at - begin) / CELL) as u32).to_le_bytes());
        let written = begin as u32 + length;
        self.panel.written.store(written, Ordering::SeqCst);
    }

    /// Ends an item with the value that every test expects: its index.
    pub fn finish(&self, frame: u32, item: u32) {
        let index = self.frames[&frame].items[item as usize];
        self.end(frame, item, 0, &index.to_le_bytes());
    }

    /// Writes a table whose rows are values of 8 bytes. Open, it stays behind what is written.
    pub fn table(&self, frame: u32, first: u32, values: &[[u8; CELL]], open: bool) {
        let count = if open { 0 } else { values.len() as u32 };
        let words = [0u32.to_le_bytes(), count.to_le_bytes()].concat();
        let from = self.panel.written.load(Ordering::SeqCst);
        self.record(frame, 6, first, &[words, values.concat()].concat());
        if open {
            let end = self.panel.written.swap(from, Ordering::SeqCst);
            self.panel.open_table.store(end - from, Ordering::SeqCst);
        }
    }

    /// Runs what is left of a frame.
    pub fn run(&mut self, frame: u32) -> Vec<u32> {
        let mut ran = Vec::new();
        while let Some(item) = self.begin(frame) {
            ran.push(self.frames[&frame].items[item as usize]);
            self.finish(frame, item);
        }
        ran
    }

    /// Claims and runs until there is nothing.
    pub fn run_all(&mut self) -> Vec<u32> {
        let mut ran = Vec::new();
        while let Some(frame) = self.claim() {
            ran.extend(self.run(frame.head.frame));
        }
        ran
    }

    pub fn commit(&self) -> Rings {
        self.close_row();
        self.pool.commit(self.slot, self.epoch, None)
    }

    pub fn commit_large(&self, frame: u32, item: u32, payload: &[u8]) -> Rings {
        self.close_row();
        let large = LargeRecord {
            frame: frame as u16,
            kind: 0,
            item,
            ran: 0.0,
            payload,
        };
        self.pool.commit(self.slot, self.epoch, Some(large))
    }

    pub fn park(&self) -> bool {
        self.pool.park(self.slot, self.epoch)
    }

    pub fn die(&self) {
        self.pool.die(self.slot, self.epoch);
    }

    pub fn bury(&self) -> Rings {
        self.pool.bury(self.slot, self.epoch, b"gone")
    }
}

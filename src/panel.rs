//! One slot's shared memory, and the pool's own words, as the core sees them.

use std::sync::atomic::{AtomicU32, Ordering};

use everycore_core::layout::{self, FRAMES};
use everycore_core::{Ask, Panel, PoolWords};
use napi_derive::napi;

use crate::memory::SharedBytes;

/// A slot's block of shared memory.
pub struct SharedPanel(pub SharedBytes);

impl Panel for SharedPanel {
    fn written(&self) -> &AtomicU32 {
        self.0.word(layout::WRITTEN)
    }

    fn open_table(&self) -> &AtomicU32 {
        self.0.word(layout::OPEN_TABLE)
    }

    fn started(&self, frame: usize) -> &AtomicU32 {
        self.0.word(layout::started(frame))
    }

    fn limit(&self, frame: usize) -> &AtomicU32 {
        self.0.word(layout::limit(frame))
    }

    fn state(&self, frame: usize, item: u32) -> u8 {
        self.0
            .byte(layout::state(frame) + item as usize)
            .load(Ordering::Acquire)
    }

    fn reset_states(&self, frame: usize, items: u32) {
        // By words: a frame's bytes begin at a multiple of 8, and there are as many.
        let words = (items as usize).div_ceil(8);
        for bytes in [layout::state(frame), layout::ask(frame)] {
            for word in self.0.words_at(bytes, words) {
                word.store(0, Ordering::Relaxed);
            }
        }
    }

    fn ask(&self, frame: usize, item: u32, ask: Ask) {
        self.0
            .byte(layout::ask(frame) + item as usize)
            .store(ask as u8, Ordering::Release);
    }

    fn read_outbox(&self, from: u32, to: u32, into: &mut Vec<u8>) {
        self.0.copy_out(
            layout::OUTBOX + from as usize,
            layout::OUTBOX + to as usize,
            into,
        );
    }

    fn cell(&self, at: u32) -> u64 {
        let cell = &self.0.words_at(layout::OUTBOX + at as usize, 1)[0];
        u64::from_le(cell.load(Ordering::Relaxed))
    }
}

/// Index (in 32-bit words) of the word that every submit bumps.
pub const WORK: usize = 0;
/// Index of the word on which a home waits that is itself a worker of another pool.
pub const HOME: usize = 1;
/// Index of slot 0's ring word; each slot has a cache line of its own.
pub const RINGS: usize = 32;
/// Words from one ring word to the next.
pub const RING_STRIDE: usize = 32;

/// The words that all threads of a pool share.
pub struct SharedPoolWords(pub SharedBytes);

impl SharedPoolWords {
    /// The work counter.
    pub fn work(&self) -> u32 {
        self.0.word(WORK * 4).load(Ordering::Acquire)
    }
}

impl PoolWords for SharedPoolWords {
    fn work_arrived(&self) {
        self.0.word(WORK * 4).fetch_add(1, Ordering::Release);
    }
}

/// Where everything is in shared memory: byte offsets in a panel, word indexes in the pool's words.
#[napi(object)]
pub struct MemoryMap {
    /// Places for claims in one slot.
    pub frames: u32,
    /// How many of them, the first, have room for `claimMax` items.
    pub large_frames: u32,
    /// Items of one claim at most.
    pub claim_max: u32,
    /// State and ask bytes of the first frame.
    pub elements_max: u32,
    /// Items of a claim in one of the other frames.
    pub small_claim_max: u32,
    /// Bytes of the outbox.
    pub outbox_bytes: u32,
    /// What stands in a cell of a row that has no result yet: the lower half of its bits.
    pub empty_low: u32,
    /// And the upper half.
    pub empty_high: u32,
    /// Bytes of a panel.
    pub panel_bytes: u32,
    /// Byte offset of the outbox cursor.
    pub written: u32,
    /// Byte offset of the word that tells of an open table.
    pub open_table: u32,
    /// Byte offset of frame 0's `started`.
    pub started: u32,
    /// Byte offset of frame 0's `limit`.
    pub limit: u32,
    /// Bytes from a frame's words to the next frame's.
    pub frame_stride: u32,
    /// Byte offset of frame 0's states.
    pub state: u32,
    /// Byte offset of frame 0's asks.
    pub ask: u32,
    /// Byte offset of the outbox.
    pub outbox: u32,
    /// Word index of the work counter.
    pub work: u32,
    /// Word index of the home's bell.
    pub home: u32,
    /// Word index of slot 0's ring.
    pub rings: u32,
    /// Words from a ring to the next.
    pub ring_stride: u32,
}

/// The map of shared memory, so that no offset is written down twice.
#[napi(catch_unwind)]
pub fn memory_map() -> MemoryMap {
    MemoryMap {
        frames: FRAMES as u32,
        large_frames: layout::LARGE_FRAMES as u32,
        claim_max: layout::CLAIM_MAX,
        elements_max: layout::ELEMENTS_MAX,
        small_claim_max: layout::SMALL_CLAIM_MAX,
        outbox_bytes: layout::OUTBOX_BYTES as u32,
        empty_low: layout::EMPTY as u32,
        empty_high: (layout::EMPTY >> 32) as u32,
        panel_bytes: layout::PANEL_BYTES as u32,
        written: layout::WRITTEN as u32,
        open_table: layout::OPEN_TABLE as u32,
        started: layout::started(0) as u32,
        limit: layout::limit(0) as u32,
        frame_stride: (layout::started(1) - layout::started(0)) as u32,
        state: layout::state(0) as u32,
        ask: layout::ask(0) as u32,
        outbox: layout::OUTBOX as u32,
        work: WORK as u32,
        home: HOME as u32,
        rings: RINGS as u32,
        ring_stride: RING_STRIDE as u32,
    }
}

//! A slot's memory for bare workers: words and cells in plain memory.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

use everycore_core::{Ask, CELL, Panel, layout};

/// Claims go into the first frame: these workers never wait in the midst of one.
const ITEMS: usize = layout::ELEMENTS_MAX as usize;
pub const CELLS: usize = layout::OUTBOX_BYTES / CELL;

pub struct BarePanel {
    pub written: AtomicU32,
    open_table: AtomicU32,
    pub started: AtomicU32,
    pub limit: AtomicU32,
    pub states: Box<[AtomicU8]>,
    pub asks: Box<[AtomicU8]>,
    pub outbox: Box<[AtomicU64]>,
}

pub fn zeros<T: Default>(count: usize) -> Box<[T]> {
    std::iter::repeat_with(T::default).take(count).collect()
}

impl Default for BarePanel {
    fn default() -> Self {
        Self {
            written: AtomicU32::default(),
            open_table: AtomicU32::default(),
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
        self.states[item as usize].load(Ordering::Acquire)
    }
    fn reset_states(&self, _frame: usize, items: u32) {
        for bytes in [&self.states, &self.asks] {
            // By words, as far as they go, as the addon does.
            // SAFETY: eight bytes that may be shared are as good as a word that may be.
            let (before, words, behind) =
                unsafe { bytes[..items as usize].align_to::<AtomicU64>() };
            for byte in before.iter().chain(behind) {
                byte.store(0, Ordering::Relaxed);
            }
            for word in words {
                word.store(0, Ordering::Relaxed);
            }
        }
    }
    fn ask(&self, _frame: usize, item: u32, ask: Ask) {
        self.asks[item as usize].store(ask as u8, Ordering::Release);
    }
    fn read_outbox(&self, from: u32, to: u32, into: &mut Vec<u8>) {
        let cells = &self.outbox[from as usize / CELL..to as usize / CELL];
        // SAFETY: the worker leaves these alone.
        into.extend_from_slice(unsafe { cells.align_to::<u8>().1 });
    }
    fn cell(&self, at: u32) -> u64 {
        self.outbox[at as usize / CELL].load(Ordering::Relaxed)
    }
}

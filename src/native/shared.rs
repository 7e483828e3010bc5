//! Memory that JavaScript may write while native threads read it: touched by atomic loads and stores only, inside the port's gate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use everycore_kernels::{Gone, Memory, ask_for_large};
use napi::Unknown;

use crate::error::Result;
use crate::memory::SharedBytes;
use crate::native::port::Port;

/// Bytes copied while the gate is held: what a dying environment may have to wait for.
const GATED: usize = 256 * 1024;

/// A view on a `SharedArrayBuffer`, which the facade holds until the work has ended.
pub struct SharedView {
    bytes: SharedBytes,
    port: Arc<Port>,
}

impl SharedView {
    /// The bytes of a `Uint8Array` on shared memory.
    pub fn of(view: &Unknown, port: Arc<Port>) -> Result<Self> {
        Ok(Self::new(SharedBytes::anywhere(view)?, port))
    }

    /// These bytes.
    pub fn new(bytes: SharedBytes, port: Arc<Port>) -> Self {
        Self { bytes, port }
    }

    /// The same for an array that was just made and will be written: its pages are still to be touched.
    pub fn fresh(view: &Unknown, port: Arc<Port>) -> Result<Self> {
        let bytes = SharedBytes::anywhere(view)?;
        ask_for_large(bytes.address(), bytes.len());
        Ok(Self { bytes, port })
    }
}

impl Memory for SharedView {
    fn len(&self) -> usize {
        self.bytes.len()
    }

    fn read(&self, at: usize, into: &mut [u8]) -> std::result::Result<(), Gone> {
        within(&self.bytes, at, into.len())?;
        let mut at = at;
        for part in into.chunks_mut(GATED) {
            let _open = self.port.enter().ok_or(Gone)?;
            load(&self.bytes, at, part);
            at += part.len();
        }
        Ok(())
    }

    fn write(&self, at: usize, bytes: &[u8]) -> std::result::Result<(), Gone> {
        within(&self.bytes, at, bytes.len())?;
        let mut at = at;
        for part in bytes.chunks(GATED) {
            let _open = self.port.enter().ok_or(Gone)?;
            store(&self.bytes, at, part);
            at += part.len();
        }
        Ok(())
    }
}

/// The same memory, touched by its own thread while no JavaScript runs there.
pub struct HereView(pub SharedBytes);

impl Memory for HereView {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, at: usize, into: &mut [u8]) -> std::result::Result<(), Gone> {
        within(&self.0, at, into.len())?;
        load(&self.0, at, into);
        Ok(())
    }

    fn write(&self, at: usize, bytes: &[u8]) -> std::result::Result<(), Gone> {
        within(&self.0, at, bytes.len())?;
        store(&self.0, at, bytes);
        Ok(())
    }
}

/// What would stand beyond the end is as good as gone: whoever gave the memory thought it larger.
fn within(memory: &SharedBytes, at: usize, count: usize) -> std::result::Result<(), Gone> {
    let left = memory.len().checked_sub(at).ok_or(Gone)?;
    (count <= left).then_some(()).ok_or(Gone)
}

/// Relaxed: other threads' writes may be seen or not; nothing is concluded from their order.
fn load(from: &SharedBytes, at: usize, into: &mut [u8]) {
    let (head, words) = split(from, at, into.len());
    let (bytes, rest) = into.split_at_mut(head);
    let (middle, tail) = rest.split_at_mut(words * 8);
    load_bytes(from.bytes_at(at, head), bytes);
    for (word, place) in from
        .words_at(at + head, words)
        .iter()
        .zip(middle.chunks_exact_mut(8))
    {
        place.copy_from_slice(&word.load(Ordering::Relaxed).to_ne_bytes());
    }
    load_bytes(from.bytes_at(at + head + words * 8, tail.len()), tail);
}

fn store(to: &SharedBytes, at: usize, from: &[u8]) {
    let (head, words) = split(to, at, from.len());
    let (bytes, rest) = from.split_at(head);
    let (middle, tail) = rest.split_at(words * 8);
    store_bytes(to.bytes_at(at, head), bytes);
    for (word, value) in to
        .words_at(at + head, words)
        .iter()
        .zip(middle.chunks_exact(8))
    {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(value);
        word.store(u64::from_ne_bytes(bytes), Ordering::Relaxed);
    }
    store_bytes(to.bytes_at(at + head + words * 8, tail.len()), tail);
}

/// Bytes before the first aligned word, and how many words follow.
fn split(memory: &SharedBytes, at: usize, length: usize) -> (usize, usize) {
    let head = memory.misalignment(at, align_of::<AtomicU64>()).min(length);
    (head, (length - head) / 8)
}

fn load_bytes(from: &[AtomicU8], into: &mut [u8]) {
    for (byte, place) in from.iter().zip(into) {
        *place = byte.load(Ordering::Relaxed);
    }
}

fn store_bytes(to: &[AtomicU8], from: &[u8]) {
    for (byte, &value) in to.iter().zip(from) {
        byte.store(value, Ordering::Relaxed);
    }
}

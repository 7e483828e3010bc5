//! Digests, one behind the other, on their way out.

use everycore_kernels::hash::Algorithm;
use napi::Unknown;

use crate::error::{Code, Result, refuse};
use crate::memory::borrow_mut;

/// The algorithm whose number this is: the place in [`Algorithm::ALL`].
pub fn algorithm_of(algorithm: u32) -> Result<Algorithm> {
    match Algorithm::ALL.get(algorithm as usize) {
        Some(&algorithm) => Ok(algorithm),
        None => refuse(Code::Argument, format!("no algorithm {algorithm}")),
    }
}

/// Those of a list of messages.
pub struct Digests {
    length: usize,
    bytes: Vec<u8>,
}

impl Digests {
    /// All of them.
    pub fn new(algorithm: Algorithm, bytes: Vec<u8>) -> Self {
        Self {
            length: algorithm.length(),
            bytes,
        }
    }

    /// Appends one, which `write` makes.
    pub fn push(&mut self, write: impl FnOnce(&mut [u8])) {
        let at = self.bytes.len();
        self.bytes.resize(at + self.length, 0);
        write(&mut self.bytes[at..]);
    }

    /// Copies as many as `into`, an ordinary `Buffer`, takes, from that of message `first` on.
    pub fn copy(&self, first: f64, into: &Unknown) -> Result<()> {
        // SAFETY: the facade passes an ordinary Buffer, and no JavaScript runs until this call returns.
        let into = unsafe { borrow_mut(into)? };
        let from = (first as usize).saturating_mul(self.length);
        match self.bytes.get(from..from.saturating_add(into.len())) {
            Some(bytes) => {
                into.copy_from_slice(bytes);
                Ok(())
            }
            None => refuse(Code::Argument, "there are not so many digests"),
        }
    }
}

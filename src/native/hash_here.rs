//! Digests in slices on the thread that calls: where there is little, or where reading is all there is to do.

use everycore_kernels::Memory;
use everycore_kernels::hash::{Algorithm, Hasher};
use napi::Unknown;
use napi::bindgen_prelude::Array;
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::native::digests::{Digests, algorithm_of};
use crate::native::hash::Fed;
use crate::native::messages::Messages;
use crate::native::shared::HereView;

/// Bytes of shared memory that are read at a time: they stay in the nearest cache.
const SLICE: usize = 16 * 1024;

/// Digests in slices on this thread.
#[napi]
pub struct NativeHashHere {
    algorithm: Algorithm,
    messages: Messages,
    hasher: Hasher,
    digests: Digests,
}

#[napi]
impl NativeHashHere {
    /// Of no message yet.
    #[napi(constructor, catch_unwind)]
    pub fn new(algorithm: u32) -> Result<Self> {
        let algorithm = algorithm_of(algorithm)?;
        Ok(Self {
            algorithm,
            messages: Messages::default(),
            hasher: Hasher::new(algorithm),
            digests: Digests::new(algorithm, Vec::new()),
        })
    }

    /// The messages that follow, as for `NativeHash`.
    #[napi(catch_unwind)]
    pub fn open(&mut self, views: Array, shared: Option<Unknown>) -> Result<()> {
        self.messages.open(&views, shared.as_ref())
    }

    /// Hashes some `most` bytes of them.
    #[napi(catch_unwind)]
    pub fn feed(&mut self, views: Array, most: u32) -> Result<Fed> {
        let mut left = most as usize;
        let mut slice = [0; SLICE];
        while !self.messages.is_done() {
            if left == 0 {
                return Ok(Fed::More);
            }
            let (bytes, shared) = self.messages.here(&views)?;
            let from = self.messages.taken;
            let count = (bytes.len() - from).min(left);
            if shared {
                let view = HereView(bytes);
                for at in (from..from + count).step_by(SLICE) {
                    let part = &mut slice[..SLICE.min(from + count - at)];
                    let Ok(()) = view.read(at, part) else {
                        return refuse(Code::Argument, "memory on its own thread cannot go");
                    };
                    self.hasher.update(part);
                }
            } else {
                // SAFETY: the facade says that it stands on no shared memory, and no JavaScript runs until this call returns.
                self.hasher
                    .update(&unsafe { bytes.unshared() }[from..from + count]);
            }
            left -= count.max(1).min(left);
            self.messages.taken += count;
            if from + count == bytes.len() {
                self.settle();
                self.messages.next();
            }
        }
        Ok(Fed::All)
    }

    /// Writes digests, as for `NativeHash`.
    #[napi(catch_unwind)]
    pub fn digests(&self, first: f64, into: Unknown) -> Result<()> {
        self.digests.copy(first, &into)
    }

    fn settle(&mut self) {
        let hasher = std::mem::replace(&mut self.hasher, Hasher::new(self.algorithm));
        self.digests.push(|digest| hasher.finish(digest));
    }
}

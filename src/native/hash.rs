//! Digests: by the native threads while this thread copies what follows; or here, where there is little, or where reading is all there is to do.

use std::sync::Arc;

use everycore_kernels::Memory;
use everycore_kernels::hash::{Algorithm, HashJob, Hasher, Part};
use everycore_kernels::lane::{Block, STAGING_BLOCK};
use napi::Unknown;
use napi::bindgen_prelude::Array;
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::memory::{SharedBytes, borrow, fill};
use crate::native::errand::Errand;
use crate::native::lane::NativeLane;
use crate::native::messages::Messages;
use crate::native::port::Port;
use crate::native::shared::{HereView, SharedView};

/// Bytes and messages of shared memory that one thread takes at a time.
const SHARED_BATCH: (usize, usize) = (256 * 1024, 64);
/// Bytes that are read at a time on this thread: they stay in the nearest cache.
const SLICE: usize = 16 * 1024;

/// What feeding came to.
#[napi]
pub enum Fed {
    /// Everything was taken.
    All = 0,
    /// There is more: come again when you like.
    More = 1,
    /// All staging memory is in use: come again when rung.
    Full = 2,
}

fn algorithm_of(algorithm: u32) -> Result<Algorithm> {
    match Algorithm::ALL.get(algorithm as usize) {
        Some(&algorithm) => Ok(algorithm),
        None => refuse(Code::Argument, format!("no algorithm {algorithm}")),
    }
}

/// Digests by the native threads.
#[napi]
pub struct NativeHash {
    errand: Arc<Errand<Vec<u8>>>,
    job: Arc<HashJob>,
    port: Arc<Port>,
    messages: Messages,
    block: Option<Block>,
    parts: Vec<Part>,
    filled: usize,
    batch: Vec<(usize, Box<dyn Memory>)>,
    batched: usize,
}

#[napi]
impl NativeHash {
    /// `views` are `Uint8Array`s, one at least; `shared` has a byte for each, and is absent where none is shared.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        lane: &NativeLane,
        algorithm: u32,
        views: Array,
        shared: Option<Unknown>,
    ) -> Result<Self> {
        let algorithm = algorithm_of(algorithm)?;
        // SAFETY: the facade passes an ordinary Uint8Array, and no JavaScript runs until this call returns.
        let shared = shared.as_ref().map(|flags| unsafe { borrow(flags) });
        let messages = Messages::of(&views, shared.transpose()?)?;
        let errand: Arc<Errand<Vec<u8>>> = Errand::new(lane);
        let told = errand.clone();
        let job = HashJob::new(
            lane.lane.clone(),
            algorithm,
            messages.count(),
            errand.stop().clone(),
            move |outcome| told.end(outcome),
        );
        Ok(Self {
            errand,
            job,
            port: lane.port.clone(),
            messages,
            block: None,
            parts: Vec::new(),
            filled: 0,
            batch: Vec::new(),
            batched: 0,
        })
    }

    /// Its number at its port.
    #[napi(getter)]
    pub fn id(&self) -> u32 {
        self.errand.id()
    }

    /// Whether it may run now; else it is rung when it may.
    #[napi(catch_unwind)]
    pub fn admit(&self) -> Result<bool> {
        self.errand.admit()
    }

    /// Takes some `most` bytes of what follows. The same views as before.
    #[napi(catch_unwind)]
    pub fn feed(&mut self, views: Array, most: u32) -> Result<Fed> {
        let mut left = most as usize;
        while !self.messages.is_done() {
            if left == 0 {
                return Ok(Fed::More);
            }
            let (bytes, shared) = self.messages.here(&views)?;
            if shared {
                self.add_shared(bytes);
                left -= 1;
                continue;
            }
            if self.block.is_none() {
                let signal = self.errand.signal().clone();
                self.block = self.errand.lane().stage(move || signal.ring());
            }
            let Some(block) = &mut self.block else {
                return Ok(Fed::Full);
            };
            // SAFETY: the facade says that it stands on no shared memory, and no JavaScript runs until this call returns.
            let bytes = unsafe { bytes.unshared() };
            let from = self.messages.taken;
            let count = (bytes.len() - from)
                .min(STAGING_BLOCK - self.filled)
                .min(left.max(1));
            block[self.filled..self.filled + count].copy_from_slice(&bytes[from..from + count]);
            let last = from + count == bytes.len();
            self.parts.push(Part {
                message: self.messages.at,
                range: self.filled..self.filled + count,
                first: from == 0,
                last,
            });
            self.filled += count;
            left -= count.min(left).max(1);
            self.messages.taken += count;
            if last {
                self.messages.next();
            }
            if self.filled == STAGING_BLOCK {
                self.flush();
            }
        }
        self.flush();
        self.flush_shared();
        Ok(Fed::All)
    }

    /// Writes all digests, one behind the other, once there are any.
    #[napi(catch_unwind)]
    pub fn take(&self, into: Unknown) -> Result<bool> {
        let Some(digests) = self.errand.take()? else {
            return Ok(false);
        };
        // SAFETY: the facade passes an ordinary Buffer, and no JavaScript runs until this call returns.
        unsafe { fill(&into, &digests)? };
        Ok(true)
    }

    /// Nobody wants it any more.
    #[napi(catch_unwind)]
    pub fn cancel(&mut self) {
        self.errand.cancel(false);
        self.block = None;
        self.batch.clear();
        self.job.abandon();
    }

    fn add_shared(&mut self, bytes: SharedBytes) {
        self.batched += bytes.len();
        let view = SharedView::new(bytes, self.port.clone());
        self.batch.push((self.messages.at, Box::new(view)));
        self.messages.next();
        if self.batched >= SHARED_BATCH.0 || self.batch.len() >= SHARED_BATCH.1 {
            self.flush_shared();
        }
    }

    fn flush_shared(&mut self) {
        self.batched = 0;
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            self.job.submit_shared(batch);
        }
    }

    fn flush(&mut self) {
        self.filled = 0;
        let parts = std::mem::take(&mut self.parts);
        if let Some(block) = self.block.take()
            && !parts.is_empty()
        {
            self.job.submit(block, parts);
        }
    }
}

/// Digests in slices on this thread.
#[napi]
pub struct NativeHashHere {
    algorithm: Algorithm,
    messages: Messages,
    hasher: Hasher,
    digests: Vec<u8>,
}

#[napi]
impl NativeHashHere {
    /// As for [`NativeHash`].
    #[napi(constructor, catch_unwind)]
    pub fn new(algorithm: u32, views: Array, shared: Option<Unknown>) -> Result<Self> {
        let algorithm = algorithm_of(algorithm)?;
        // SAFETY: the facade passes an ordinary Uint8Array, and no JavaScript runs until this call returns.
        let shared = shared.as_ref().map(|flags| unsafe { borrow(flags) });
        Ok(Self {
            algorithm,
            messages: Messages::of(&views, shared.transpose()?)?,
            hasher: Hasher::new(algorithm),
            digests: Vec::new(),
        })
    }

    /// Hashes some `most` bytes of what follows; `false` while there is more.
    #[napi(catch_unwind)]
    pub fn feed(&mut self, views: Array, most: u32) -> Result<bool> {
        let mut left = most as usize;
        let mut slice = [0; SLICE];
        while !self.messages.is_done() {
            if left == 0 {
                return Ok(false);
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
                // SAFETY: as for `NativeHash::feed`.
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
        Ok(true)
    }

    /// Writes all digests, one behind the other.
    #[napi(catch_unwind)]
    pub fn take(&self, into: Unknown) -> Result<()> {
        // SAFETY: the facade passes an ordinary Buffer, and no JavaScript runs until this call returns.
        unsafe { fill(&into, &self.digests) }
    }

    fn settle(&mut self) {
        let hasher = std::mem::replace(&mut self.hasher, Hasher::new(self.algorithm));
        let at = self.digests.len();
        self.digests.resize(at + self.algorithm.length(), 0);
        hasher.finish(&mut self.digests[at..]);
    }
}

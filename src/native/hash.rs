//! Digests by the native threads, while this thread copies what follows.

use std::sync::Arc;

use everycore_kernels::Memory;
use everycore_kernels::hash::{Algorithm, HashJob, Part};
use everycore_kernels::lane::{Block, STAGING_BLOCK};
use napi::Unknown;
use napi::bindgen_prelude::Array;
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::memory::SharedBytes;
use crate::native::digests::{Digests, algorithm_of};
use crate::native::errand::{Errand, enough};
use crate::native::lane::NativeLane;
use crate::native::messages::Messages;
use crate::native::port::Port;
use crate::native::shared::SharedView;

/// Bytes and messages of shared memory that one thread takes at a time.
const SHARED_BATCH: (usize, usize) = (256 * 1024, 64);

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

/// Digests by the native threads.
#[napi]
pub struct NativeHash {
    errand: Arc<Errand<Vec<u8>>>,
    algorithm: Algorithm,
    job: Arc<HashJob>,
    digests: Option<Digests>,
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
    /// Of so many messages, one at least.
    #[napi(constructor, catch_unwind)]
    pub fn new(lane: &NativeLane, algorithm: u32, count: f64) -> Result<Self> {
        let algorithm = algorithm_of(algorithm)?;
        let errand: Arc<Errand<Vec<u8>>> = Errand::new(lane);
        let told = errand.clone();
        let job = HashJob::new(
            lane.lane.clone(),
            algorithm,
            count as usize,
            errand.stop().clone(),
            move |outcome| told.end(outcome),
        );
        let job = enough(job)?;
        Ok(Self {
            errand,
            algorithm,
            job,
            digests: None,
            port: lane.port.clone(),
            messages: Messages::default(),
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

    /// The messages that follow: `Uint8Array`s; `shared` has a byte for each, and is absent where none is shared.
    #[napi(catch_unwind)]
    pub fn open(&mut self, views: Array, shared: Option<Unknown>) -> Result<()> {
        self.messages.open(&views, shared.as_ref())
    }

    /// Takes some `most` bytes of them. The same views as before.
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
                message: self.messages.number(),
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

    /// Whether there are digests.
    #[napi(catch_unwind)]
    pub fn take(&mut self) -> Result<bool> {
        let bytes = self.errand.take()?;
        self.digests = bytes.map(|bytes| Digests::new(self.algorithm, bytes));
        Ok(self.digests.is_some())
    }

    /// Writes digests, one behind the other, from that of message `first` on, as many as `into` takes.
    #[napi(catch_unwind)]
    pub fn digests(&self, first: f64, into: Unknown) -> Result<()> {
        match &self.digests {
            Some(digests) => digests.copy(first, &into),
            None => refuse(Code::Argument, "there are no digests yet"),
        }
    }

    /// Nobody wants it any more.
    #[napi(catch_unwind)]
    pub fn cancel(&mut self) {
        self.errand.cancel(false);
        self.block = None;
        self.batch.clear();
        self.digests = None;
        self.job.abandon();
    }

    fn add_shared(&mut self, bytes: SharedBytes) {
        self.batched += bytes.len();
        let view = SharedView::new(bytes, self.port.clone());
        self.batch.push((self.messages.number(), Box::new(view)));
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

//! Many messages, hashed by all threads while they are still being brought: in blocks of staging memory, or where they are, if that is shared.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::chain::Chain;
use super::{Algorithm, Hasher};
use crate::lane::{Block, Failure, Lane};
use crate::stop::zeroed;
use crate::{Interrupted, Memory, Stop};

/// Bytes of shared memory that are copied at a time: they stay in the nearest cache until they are hashed.
const SLICE: usize = 16 * 1024;

/// What a block holds of one message.
#[derive(Clone, Debug)]
pub struct Part {
    /// The message's number.
    pub message: usize,
    /// Where its bytes stand in the block.
    pub range: Range<usize>,
    /// The message begins here.
    pub first: bool,
    /// The message ends here.
    pub last: bool,
}

type Done = Box<dyn Fn(Result<Vec<u8>, Failure>) + Send + Sync>;

/// The digests of a list of messages, in the making.
pub struct HashJob {
    lane: Arc<Lane>,
    algorithm: Algorithm,
    stop: Stop,
    digests: Mutex<Vec<u8>>,
    /// Messages without a digest. Whoever brings it to zero tells.
    left: AtomicUsize,
    chains: Mutex<HashMap<usize, Arc<Chain>>>,
    done: Done,
}

impl HashJob {
    /// `done` is called once, when all `messages` (one at least) have a digest, or when one cannot have any.
    ///
    /// # Errors
    /// There is no memory for the digests.
    pub fn new(
        lane: Arc<Lane>,
        algorithm: Algorithm,
        messages: usize,
        stop: Stop,
        done: impl Fn(Result<Vec<u8>, Failure>) + Send + Sync + 'static,
    ) -> Result<Arc<Self>, Interrupted> {
        let digests = zeroed(messages.saturating_mul(algorithm.length()))?;
        Ok(Arc::new(Self {
            lane,
            algorithm,
            stop,
            digests: Mutex::new(digests),
            left: AtomicUsize::new(messages),
            chains: Mutex::default(),
            done: Box::new(done),
        }))
    }

    /// Hands over a block; the parts of a message must come in order.
    pub fn submit(self: &Arc<Self>, block: Block, parts: Vec<Part>) {
        let block = Arc::new(block);
        for part in parts.iter().filter(|part| !(part.first && part.last)) {
            let link = (block.clone(), part.range.clone());
            self.chain(part.message).push(link, part.last);
        }
        self.spawn(move |job| {
            for part in &parts {
                job.stop.check()?;
                if part.first && part.last {
                    let mut hasher = Hasher::new(job.algorithm);
                    hasher.update(&block[part.range.clone()]);
                    job.settle(part.message, hasher);
                } else if let Some(hasher) = job.chain(part.message).work() {
                    job.chains.lock().remove(&part.message);
                    job.settle(part.message, hasher);
                }
            }
            Ok(())
        });
    }

    /// Hashes messages where they are.
    pub fn submit_shared(self: &Arc<Self>, messages: Vec<(usize, Box<dyn Memory>)>) {
        self.spawn(move |job| {
            let mut slice = vec![0; SLICE];
            for (message, memory) in &messages {
                let mut hasher = Hasher::new(job.algorithm);
                for at in (0..memory.len()).step_by(SLICE) {
                    job.stop.check()?;
                    let slice = &mut slice[..SLICE.min(memory.len() - at)];
                    memory.read(at, slice)?;
                    hasher.update(slice);
                }
                job.settle(*message, hasher);
            }
            Ok(())
        });
    }

    /// Nobody wants the digests any more: staging memory goes back at once, whoever still holds the job.
    pub fn abandon(&self) {
        self.stop.ask();
        for (_, chain) in self.chains.lock().drain() {
            chain.clear();
        }
    }

    fn spawn(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<(), Interrupted> + Send + 'static,
    ) {
        let (here, then) = (self.clone(), self.clone());
        self.lane.spawn(
            move || work(&here),
            move |outcome| {
                if let Err(failure) = outcome {
                    then.abandon();
                    (then.done)(Err(failure));
                }
            },
        );
    }

    fn chain(&self, message: usize) -> Arc<Chain> {
        let mut chains = self.chains.lock();
        let made = chains
            .entry(message)
            .or_insert_with(|| Chain::new(self.algorithm));
        made.clone()
    }

    fn settle(&self, message: usize, hasher: Hasher) {
        let length = self.algorithm.length();
        let mut digest = [0; 64];
        hasher.finish(&mut digest[..length]);
        self.digests.lock()[message * length..][..length].copy_from_slice(&digest[..length]);
        // The lock above orders the digests; this only counts.
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            (self.done)(Ok(std::mem::take(&mut self.digests.lock())));
        }
    }
}

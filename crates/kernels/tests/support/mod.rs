//! What the kernels' tests share: memory to write to, pools, and numbers that are the same in every run.
#![allow(dead_code)]

use std::sync::Arc;
use std::sync::mpsc::channel;

use bytemuck::Pod;
use everycore_kernels::lane::{Block, Lane, LaneOptions};
use everycore_kernels::{Gone, Memory};
use parking_lot::Mutex;

/// Memory that anybody may write.
pub struct Place(Mutex<Vec<u8>>);

impl Place {
    pub fn new(bytes: usize) -> Self {
        Self(Mutex::new(vec![0; bytes]))
    }

    pub fn into_vec<T: Pod>(self) -> Vec<T> {
        bytemuck::pod_collect_to_vec(&self.0.into_inner())
    }
}

impl Memory for Place {
    fn len(&self) -> usize {
        self.0.lock().len()
    }

    fn read(&self, at: usize, into: &mut [u8]) -> Result<(), Gone> {
        into.copy_from_slice(&self.0.lock()[at..at + into.len()]);
        Ok(())
    }

    fn write(&self, at: usize, bytes: &[u8]) -> Result<(), Gone> {
        self.0.lock()[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }
}

/// Runs on threads of a pool of its own.
pub fn in_pool<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
    builder.build().expect("threads").install(work)
}

/// Numbers without end (xorshift).
pub fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

/// Memory that is only read.
pub struct Lent(pub Vec<u8>);

impl Memory for Lent {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, at: usize, into: &mut [u8]) -> Result<(), Gone> {
        into.copy_from_slice(&self.0[at..at + into.len()]);
        Ok(())
    }

    fn write(&self, _: usize, _: &[u8]) -> Result<(), Gone> {
        Err(Gone)
    }
}

/// A lane of its own.
pub fn lane(threads: usize) -> Arc<Lane> {
    let options = LaneOptions {
        threads,
        stack_size: None,
        name: "test".into(),
        max_waiting: 1000,
    };
    Lane::open(options, Box::new(|_| Some(Box::new(()))))
}

/// A block, as soon as there is one.
pub fn stage(lane: &Lane) -> Block {
    loop {
        let (sender, receiver) = channel();
        if let Some(block) = lane.stage(move || sender.send(()).unwrap_or_default()) {
            return block;
        }
        receiver.recv().expect("room comes");
    }
}

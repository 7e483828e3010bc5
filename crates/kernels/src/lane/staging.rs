//! Warm memory that inputs are copied through. Fresh pages cost more than most kernels, so a few blocks go round for as long as the lane lives.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use parking_lot::Mutex;

/// Bytes of a block: small enough to stay in a cache from the copy to the kernel.
pub const STAGING_BLOCK: usize = 256 * 1024;
/// Blocks of a lane: 4 MiB, a millisecond and more of work for every kernel that stages.
pub const STAGING_BLOCKS: usize = 16;

/// A block in somebody's hands; it goes back when dropped. Made of words, so that every kind of number may stand in it.
pub struct Block {
    words: Box<[u64]>,
    home: Arc<Staging>,
}

pub(super) struct Staging(Mutex<Shelf>);

struct Shelf {
    free: Vec<Box<[u64]>>,
    /// Blocks that were made; never more than [`STAGING_BLOCKS`].
    made: usize,
    waiting: Vec<Box<dyn FnOnce() + Send>>,
}

impl Staging {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Shelf {
            free: Vec::new(),
            made: 0,
            waiting: Vec::new(),
        })))
    }

    pub(super) fn take(this: &Arc<Self>, room: Box<dyn FnOnce() + Send>) -> Option<Block> {
        let mut shelf = this.0.lock();
        let words = match shelf.free.pop() {
            Some(words) => words,
            None if shelf.made < STAGING_BLOCKS => {
                shelf.made += 1;
                vec![0; STAGING_BLOCK / 8].into_boxed_slice()
            }
            None => {
                shelf.waiting.push(room);
                return None;
            }
        };
        Some(Block {
            words,
            home: this.clone(),
        })
    }

    /// Lets free blocks go.
    pub(super) fn clear(&self) {
        let mut shelf = self.0.lock();
        shelf.made -= shelf.free.len();
        shelf.free = Vec::new();
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let waiting = {
            let mut shelf = self.home.0.lock();
            shelf.free.push(std::mem::take(&mut self.words));
            // Half the blocks at once: a turn of the caller's event loop for each would cost more than the copy.
            if shelf.free.len() * 2 < shelf.made {
                return;
            }
            std::mem::take(&mut shelf.waiting)
        };
        for room in waiting {
            room();
        }
    }
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.words)
    }
}

impl DerefMut for Block {
    fn deref_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn who_found_none_is_told_when_half_are_free() {
        let staging = Staging::new();
        let told = Arc::new(AtomicU32::new(0));
        let take = || {
            let told = told.clone();
            Staging::take(
                &staging,
                Box::new(move || {
                    told.fetch_add(1, Ordering::Relaxed);
                }),
            )
        };
        let mut blocks: Vec<Block> = (0..STAGING_BLOCKS).map(|_| take().unwrap()).collect();
        assert!(take().is_none());
        blocks.truncate(STAGING_BLOCKS / 2 + 1);
        assert_eq!(told.load(Ordering::Relaxed), 0);
        blocks.pop();
        assert_eq!(told.load(Ordering::Relaxed), 1);
        drop(blocks);
        assert_eq!(told.load(Ordering::Relaxed), 1, "once");
        assert!(take().is_some());
    }
}

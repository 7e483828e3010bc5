//! A message longer than a block: its parts come one after the other, and whichever thread is at it takes all that are there.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Algorithm, Hasher};
use crate::lane::Block;

/// Part of a message, in a block.
pub(super) type Link = (Arc<Block>, Range<usize>);

pub(super) struct Chain(Mutex<State>);

struct State {
    /// With a thread while it hashes.
    hasher: Option<Hasher>,
    waiting: VecDeque<Link>,
    /// No further part will come.
    complete: bool,
}

impl Chain {
    pub(super) fn new(algorithm: Algorithm) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            hasher: Some(Hasher::new(algorithm)),
            waiting: VecDeque::new(),
            complete: false,
        })))
    }

    /// Adds the part that follows; parts must come in order.
    pub(super) fn push(&self, link: Link, last: bool) {
        let mut state = self.0.lock();
        state.waiting.push_back(link);
        state.complete = last;
    }

    /// Gives up what waits.
    pub(super) fn clear(&self) {
        self.0.lock().waiting.clear();
    }

    /// Hashes what waits, unless another thread is at it. The hasher, once all of the message has gone through it.
    pub(super) fn work(&self) -> Option<Hasher> {
        let mut state = self.0.lock();
        let mut hasher = state.hasher.take()?;
        while let Some((block, range)) = state.waiting.pop_front() {
            drop(state);
            hasher.update_in_pool(&block[range]);
            drop(block);
            state = self.0.lock();
        }
        if state.complete {
            return Some(hasher);
        }
        state.hasher = Some(hasher);
        None
    }
}

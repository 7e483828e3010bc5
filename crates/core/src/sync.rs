//! The one place that chooses between the real synchronisation primitives, the real clock, and loom's.
//!
//! `Arc` is always the standard one: loom's cannot hold a trait object, and no protocol here rests on reference counts.

pub use std::sync::atomic::Ordering;
pub use std::sync::{Arc, Weak};

#[cfg(not(loom))]
mod real {
    use std::time::Instant;

    pub use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, fence};

    pub use parking_lot::{Mutex, MutexGuard};

    /// The time.
    pub fn now() -> Instant {
        Instant::now()
    }

    /// An unbounded queue of many producers and many consumers.
    pub struct Queue<T> {
        sender: crossbeam_channel::Sender<T>,
        receiver: crossbeam_channel::Receiver<T>,
    }

    impl<T> Queue<T> {
        /// An empty queue.
        pub fn new() -> Self {
            let (sender, receiver) = crossbeam_channel::unbounded();
            Self { sender, receiver }
        }

        /// Adds at the back; never blocks.
        pub fn push(&self, value: T) {
            // Cannot fail: the receiver lives as long as the sender does.
            let _ = self.sender.send(value);
        }

        /// Takes from the front.
        pub fn pop(&self) -> Option<T> {
            self.receiver.try_recv().ok()
        }

        /// Whether nothing waits in it.
        pub fn is_empty(&self) -> bool {
            self.receiver.is_empty()
        }
    }
}

#[cfg(loom)]
mod modelled {
    use std::collections::VecDeque;
    use std::sync::LazyLock;
    use std::time::Instant;

    /// Time stands still: loom repeats an execution, and it must come out the same.
    pub fn now() -> Instant {
        static NOW: LazyLock<Instant> = LazyLock::new(Instant::now);
        *NOW
    }

    pub use loom::sync::MutexGuard;
    pub use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, fence};

    /// loom's mutex with parking_lot's signature.
    pub struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        /// An unlocked mutex.
        pub fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        /// Waits for the lock.
        pub fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap()
        }
    }

    /// Stands in for the crossbeam channel, which loom cannot look into.
    pub struct Queue<T>(Mutex<VecDeque<T>>);

    impl<T> Queue<T> {
        /// An empty queue.
        pub fn new() -> Self {
            Self(Mutex::new(VecDeque::new()))
        }

        /// Adds at the back.
        pub fn push(&self, value: T) {
            self.0.lock().push_back(value);
        }

        /// Takes from the front.
        pub fn pop(&self) -> Option<T> {
            self.0.lock().pop_front()
        }

        /// Whether nothing waits in it.
        pub fn is_empty(&self) -> bool {
            self.0.lock().is_empty()
        }
    }
}

#[cfg(loom)]
pub use modelled::*;
#[cfg(not(loom))]
pub use real::*;

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

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
}

#[cfg(loom)]
mod modelled {
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
}

#[cfg(loom)]
pub use modelled::*;
#[cfg(not(loom))]
pub use real::*;

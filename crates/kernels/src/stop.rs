//! Asking running work to stop: it looks between pieces.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Gone;

/// Why a kernel gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// It was asked to.
    Stopped,
    /// Memory it worked on has gone.
    Gone,
    /// The system has no memory left for it.
    NoMemory,
}

impl From<Gone> for Interrupted {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<std::collections::TryReserveError> for Interrupted {
    fn from(_: std::collections::TryReserveError) -> Self {
        Self::NoMemory
    }
}

/// Zeroed by the system: its pages are first touched by whoever writes them.
pub(crate) fn zeroed<T: bytemuck::Zeroable>(length: usize) -> Result<Vec<T>, Interrupted> {
    let list = bytemuck::try_zeroed_vec(length).map_err(|()| Interrupted::NoMemory)?;
    crate::pages::ask_for(&list);
    Ok(list)
}

/// A flag that only ever rises.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks. Relaxed, for nothing is published with it: the work only ends a little earlier.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// `Err` once it was asked.
    ///
    /// # Errors
    /// [`Interrupted::Stopped`]
    pub fn check(&self) -> Result<(), Interrupted> {
        if self.is_asked() {
            return Err(Interrupted::Stopped);
        }
        Ok(())
    }
}

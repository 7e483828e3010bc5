//! Waking a calling thread: a threadsafe function without payload, weak, unbounded, never blocking, coalesced by the core.
//!
//! Never used towards our own workers: some Node releases abort when a threadsafe function is called while its thread dies, and workers are
//! killed here by design. The lock is flipped by the environment's cleanup hook, so that nothing calls it after that.

use std::sync::Arc;

use everycore_core::Bell;
use napi::Status;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use parking_lot::Mutex;

use crate::error::{Result, from_napi};

/// `() => void`, weak: it does not keep the thread's event loop alive.
type Doorbell = ThreadsafeFunction<(), (), (), Status, false, true, 0>;

/// A doorbell that can be taken down.
#[derive(Clone)]
pub struct Hook(Arc<Mutex<Option<Doorbell>>>);

impl Hook {
    /// Hangs up a bell that calls `answer` on the calling thread.
    pub fn hang(answer: Function<'_, (), ()>) -> Result<Self> {
        let doorbell = answer
            .build_threadsafe_function::<()>()
            .callee_handled::<false>()
            .weak::<true>()
            .build()
            .map_err(from_napi)?;
        Ok(Self(Arc::new(Mutex::new(Some(doorbell)))))
    }

    /// A bell for the core that rings while the hook hangs.
    pub fn bell(&self) -> Bell {
        let hook = self.clone();
        Bell::Native(Box::new(move || {
            if let Some(doorbell) = hook.0.lock().as_ref() {
                doorbell.call((), ThreadsafeFunctionCallMode::NonBlocking);
            }
        }))
    }

    /// Takes the bell down, on its own thread.
    pub fn take_down(&self) {
        drop(self.0.lock().take());
    }
}

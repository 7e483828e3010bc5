//! How native work tells a calling thread that there is something to look at, and how it survives that thread's end.
//!
//! A signal names its work in a bounded channel, once until it is fetched, and rings the doorbell that tells of workers' results too. The gate stands between native threads and the
//! memory of the calling thread's environment: each copy is made inside it, and the environment's cleanup hook closes it, which waits for no
//! more than the copies that are being made.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use everycore_core::Bell;
use parking_lot::{RwLock, RwLockReadGuard};

/// A calling thread, as native work knows it.
pub struct Port {
    /// Whether the thread's memory is still there.
    gate: RwLock<bool>,
    /// None where the thread is itself a worker: it looks by itself while it waits.
    bell: Option<Bell>,
    rung: AtomicBool,
    signals: (Sender<Arc<Signal>>, Receiver<Arc<Signal>>),
    /// A signal found no room: everybody is to look.
    lost: AtomicBool,
    last_id: AtomicU32,
}

/// What one piece of work rings.
pub struct Signal {
    /// Unique at its port.
    pub id: u32,
    port: Arc<Port>,
    sent: AtomicBool,
}

impl Port {
    /// `capacity` is how many pieces of work are told by name; where more have something to tell, everybody looks.
    pub fn open(bell: Option<Bell>, capacity: usize) -> Arc<Self> {
        Arc::new(Self {
            gate: RwLock::new(true),
            bell,
            rung: AtomicBool::new(false),
            signals: bounded(capacity),
            lost: AtomicBool::new(false),
            last_id: AtomicU32::new(0),
        })
    }

    /// A signal for one piece of work.
    pub fn signal(self: &Arc<Self>) -> Arc<Signal> {
        Arc::new(Signal {
            id: self.last_id.fetch_add(1, Ordering::Relaxed) + 1,
            port: self.clone(),
            sent: AtomicBool::new(false),
        })
    }

    /// Which pieces of work to look at; 0 stands for all. The flag falls before the channel is read, so that a later signal rings again.
    pub fn fetch(&self) -> Vec<u32> {
        self.rung.store(false, Ordering::SeqCst);
        let look = |signal: Arc<Signal>| {
            // A swap, so that whoever found it raised and did not send has published what it did before.
            signal.sent.swap(false, Ordering::SeqCst);
            signal.id
        };
        let mut ids: Vec<u32> = self.signals.1.try_iter().map(look).collect();
        if self.lost.swap(false, Ordering::SeqCst) {
            ids.push(0);
        }
        ids
    }

    /// Keeps the memory of the calling thread's environment in place while the guard lives; `None` when it is gone.
    pub fn enter(&self) -> Option<RwLockReadGuard<'_, bool>> {
        Some(self.gate.read()).filter(|open| **open)
    }

    /// The environment ends.
    pub fn close(&self) {
        *self.gate.write() = false;
    }
}

impl Signal {
    /// The work this belongs to has something to tell.
    pub fn ring(self: &Arc<Self>) {
        if self.sent.swap(true, Ordering::SeqCst) {
            return;
        }
        if self.port.signals.0.try_send(self.clone()).is_err() {
            self.sent.store(false, Ordering::SeqCst);
            self.port.lost.store(true, Ordering::SeqCst);
        }
        if let Some(Bell::Native(ring)) = &self.port.bell
            && !self.port.rung.swap(true, Ordering::SeqCst)
        {
            ring();
        }
    }
}

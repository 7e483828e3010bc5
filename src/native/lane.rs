//! A calling thread's way to the native lane of its pool. The lane's threads start with its first use, by whichever thread.

use std::sync::Arc;

use everycore_core::Budget;
use everycore_kernels::lane::{Lane, LaneOptions};
use napi::Env;
use napi::bindgen_prelude::Function;
use napi_derive::napi;
use parking_lot::Mutex;

use crate::bell::Hook;
use crate::error::{Code, Result, refuse};
use crate::farewell::Farewell;
use crate::native::port::Port;
use crate::registry::find;

/// A lane that is made when somebody wants it.
pub struct LaneSlot {
    options: LaneOptions,
    workers: u32,
    lane: Mutex<Option<Arc<Lane>>>,
}

impl LaneSlot {
    /// How it is to be made, for a pool that may have so many workers.
    pub fn new(options: LaneOptions, workers: u32) -> Self {
        Self {
            options,
            workers,
            lane: Mutex::new(None),
        }
    }

    /// Threads that were started.
    pub fn threads(&self) -> u32 {
        self.lane
            .lock()
            .as_ref()
            .map_or(0, |lane| lane.threads() as u32)
    }

    fn open(&self) -> Result<Arc<Lane>> {
        let mut slot = self.lane.lock();
        if let Some(lane) = &*slot {
            return Ok(lane.clone());
        }
        let budget = Budget::process();
        // One pool alone may have all the threads it was made for, of both sorts.
        budget.raise_to(self.workers + self.options.threads as u32);
        let seats = Box::new(move |first| Some(Box::new(budget.take(first)?) as _));
        match Lane::open(self.options.clone(), seats) {
            Ok(lane) => Ok(slot.insert(lane).clone()),
            Err(reason) => refuse(
                Code::Argument,
                format!("native threads cannot start: {reason}"),
            ),
        }
    }
}

/// The lane, from one calling thread.
#[napi]
pub struct NativeLane {
    pub(crate) lane: Arc<Lane>,
    pub(crate) port: Arc<Port>,
    farewell: Farewell<Arc<Port>>,
}

#[napi]
impl NativeLane {
    /// `answer` is called on this thread when there is something to fetch; a worker gives none, and looks by itself while it waits.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, pool: u32, answer: Option<Function<'_, (), ()>>) -> Result<Self> {
        let lane = find(pool)?.lane.open()?;
        let hook = answer.map(Hook::hang).transpose()?;
        let port = Port::open(hook, lane.permits() * 2);
        let farewell = Farewell::of(env, port.clone(), |port| port.close())?;
        Ok(Self {
            lane,
            port,
            farewell,
        })
    }

    /// Ids of the work that has something to tell.
    #[napi(catch_unwind)]
    pub fn fetch(&self) -> Vec<u32> {
        self.port.fetch()
    }

    /// Takes the doorbell down: nothing of this thread runs any more.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.port.close();
        self.farewell.forget();
    }
}

//! A calling thread's way to the native lane of its pool.

use std::sync::Arc;

use everycore_core::Budget;
use everycore_kernels::lane::{Lane, LaneOptions};
use napi::Env;
use napi_derive::napi;

use crate::error::{Result, from_napi};
use crate::home::Home;
use crate::native::port::Port;
use crate::registry::find;

/// The lane of a pool that may have so many workers. Its threads start with the first job, and count in the budget of the process while they are there.
pub fn open(options: LaneOptions, workers: u32) -> Arc<Lane> {
    // One pool alone may have all the threads it was made for, of both sorts.
    let most = workers + options.threads as u32;
    let seats = move |first| {
        let budget = Budget::process();
        budget.raise_to(most);
        Some(Box::new(budget.take(first)?) as _)
    };
    Lane::open(options, Box::new(seats))
}

/// The lane, from one calling thread.
#[napi]
pub struct NativeLane {
    pub(crate) lane: Arc<Lane>,
    pub(crate) port: Arc<Port>,
}

#[napi]
impl NativeLane {
    /// What there is to fetch is told by the doorbell of `home`, which rings on this thread. A worker gives none, and looks by itself while it waits.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, pool: u32, home: Option<&Home>) -> Result<Self> {
        let lane = find(pool)?.lane.clone();
        let port = Port::open(home.and_then(Home::bell), lane.permits() * 2);
        // A hook stays as long as the environment: it must not keep the port of a pool that nobody has any more.
        env.add_env_cleanup_hook(Arc::downgrade(&port), |port| {
            if let Some(port) = port.upgrade() {
                port.close();
            }
        })
        .map_err(from_napi)?;
        Ok(Self { lane, port })
    }

    /// Ids of the work that has something to tell.
    #[napi(catch_unwind)]
    pub fn fetch(&self) -> Vec<u32> {
        self.port.fetch()
    }

    /// Lets threads and staging memory go, unless somebody's work runs; the next one makes them again.
    #[napi(catch_unwind)]
    pub fn rest(&self) {
        self.lane.rest();
    }
}

impl Drop for NativeLane {
    /// What was told and never fetched holds its port, which holds it.
    fn drop(&mut self) {
        self.port.fetch();
    }
}

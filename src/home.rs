//! The thread that owns a pool's workers: it starts and buries them, ticks, and closes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use everycore_core::layout::PANEL_BYTES;
use everycore_core::{Bell, Budget, Caller, Kill, Pool, PoolOptions};
use everycore_kernels::lane::LaneOptions;
use napi::bindgen_prelude::Function;
use napi::{Env, Unknown};
use napi_derive::napi;

use crate::bell::Hook;
use crate::error::{Result, from_napi};
use crate::ledger::Ledger;
use crate::memory::{SharedBytes, borrow};
use crate::native;
use crate::panel::{RING_STRIDE, RINGS, SharedPanel, SharedPoolWords};
use crate::registry::{self, House};
use crate::rings::{owed, pack};
use crate::seat::Seat;

/// Bounds of a pool.
#[napi(object)]
pub struct HomeOptions {
    /// Workers at most, 1 to 1,024.
    pub max_workers: u32,
    /// Workers that stay although they are idle and other pools want their threads.
    pub min_workers: u32,
    /// Waiting `run` and `par` calls at most.
    pub max_waiting: f64,
    /// Their bytes at most.
    pub max_waiting_bytes: f64,
    /// Threads of the native lane, from 1; they start when it is first used.
    pub native_threads: u32,
    /// Bytes of their stacks; 0 for the system's default.
    pub native_stack: f64,
    /// The pool's name, part of its threads' names.
    pub name: String,
}

/// A worker to terminate: it still runs an item whose grace is over.
#[napi(object)]
pub struct Doomed {
    /// Its slot.
    pub slot: u32,
    /// Which of the slot's workers.
    pub epoch: u32,
}

/// A pool, held by its home.
#[napi]
pub struct Home {
    house: Arc<House>,
    hook: Option<Hook>,
    kills: Vec<Kill>,
}

#[napi]
impl Home {
    /// Opens a pool whose jobs count in `ledger`. `words` is a view on shared memory; `answer` is called on this thread when there is something to fetch;
    /// a home that is a worker of another pool gives its seat there instead.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        options: HomeOptions,
        words: Unknown,
        answer: Option<Function<'_, (), ()>>,
        ledger: &Ledger,
        lodging: Option<&Seat>,
    ) -> Result<Self> {
        let length = (RINGS + RING_STRIDE * options.max_workers as usize) * 4;
        let words = Arc::new(SharedPoolWords(SharedBytes::of(&words, length)?));
        let hook = answer.map(Hook::hang).transpose()?;
        let bell = hook.as_ref().map_or(Bell::Word(0), Hook::bell);
        let home = Caller::new(bell);
        let workers = options.max_workers;
        let lane = LaneOptions {
            threads: options.native_threads as usize,
            stack_size: (options.native_stack > 0.0).then_some(options.native_stack as usize),
            name: options.name,
            max_waiting: options.max_waiting as usize,
        };
        let options = PoolOptions {
            max_waiting: options.max_waiting as u64,
            max_waiting_bytes: options.max_waiting_bytes as u64,
            min_workers: options.min_workers,
            lodging: lodging.map(Seat::lodging),
            ..PoolOptions::new(options.max_workers, Budget::process())
        };
        let pool = Pool::new(options, words.clone(), home.clone());
        let lane = native::lane::open(lane, workers);
        let house = registry::enter(pool, words, home, lane, ledger.0.clone());
        let this = Self {
            house: house.clone(),
            hook: hook.clone(),
            kills: Vec::new(),
        };
        // A hook outlives its pool, for it stays as long as the environment: it must not keep one that was closed.
        env.add_env_cleanup_hook((house.id, hook), |(id, hook)| shut(id, hook.as_ref()))
            .map_err(from_napi)?;
        Ok(this)
    }

    /// The id under which workers and callers find the pool.
    #[napi(getter)]
    pub fn id(&self) -> u32 {
        self.house.id
    }

    /// How many more workers the runnable work could use now; less than 0 when so many idle ones had better leave, for other pools.
    #[napi(catch_unwind)]
    pub fn wanted(&self) -> i32 {
        match self.house.pool.wanted() {
            0 => -(self.house.pool.excess() as i32),
            wanted => wanted as i32,
        }
    }

    /// Asks an idle worker to leave for other pools; `false` if it is not idle, or they have enough by now. It has to be woken to hear of it.
    #[napi(catch_unwind)]
    pub fn dismiss(&self, slot: u32, epoch: u32) -> bool {
        self.house.pool.dismiss(slot, epoch)
    }

    /// A slot without a worker, if there is one.
    #[napi(catch_unwind)]
    pub fn vacant_slot(&self) -> Option<u32> {
        self.house.pool.vacant_slot()
    }

    /// Announces a worker for a vacant slot, with its panel; returns the worker's epoch.
    #[napi(catch_unwind)]
    pub fn seat(&self, slot: u32, panel: Unknown) -> Result<Option<u32>> {
        let panel = SharedPanel(SharedBytes::of(&panel, PANEL_BYTES)?);
        Ok(self.house.pool.seat(slot, Arc::new(panel)))
    }

    /// Collects results of running workers and looks at deadlines. Returns rings; bit 31 says that [`Home::take_kills`] has something.
    #[napi(catch_unwind)]
    pub fn tick(&mut self) -> u32 {
        let rings = self.house.pool.tick(Instant::now(), &mut self.kills);
        pack(&self.house, rings) | if self.kills.is_empty() { 0 } else { 1 << 31 }
    }

    /// The workers to terminate.
    #[napi(catch_unwind)]
    pub fn take_kills(&mut self) -> Vec<Doomed> {
        self.kills
            .drain(..)
            .map(|kill| Doomed {
                slot: kill.slot,
                epoch: kill.epoch,
            })
            .collect()
    }

    /// A worker is gone for certain; what it was running fails with `verdict`.
    #[napi(catch_unwind)]
    pub fn bury(&self, slot: u32, epoch: u32, verdict: Unknown) -> Result<u32> {
        // SAFETY: no JavaScript runs until this call returns; the facade passes an ordinary Buffer.
        let rings = self
            .house
            .pool
            .bury(slot, epoch, unsafe { borrow(&verdict)? });
        Ok(pack(&self.house, rings))
    }

    /// Asks a worker to leave once it runs nothing; `false` when it is gone. It has to be woken to hear of it.
    #[napi(catch_unwind)]
    pub fn retire(&self, slot: u32, epoch: u32) -> bool {
        self.house.pool.retire(slot, epoch)
    }

    /// Slots that native code wanted to ring while no JavaScript was at hand.
    #[napi(catch_unwind)]
    pub fn take_rings(&self) -> Vec<u32> {
        owed(&self.house)
    }

    /// Slots in which an item runs.
    #[napi(catch_unwind)]
    pub fn running_slots(&self) -> Vec<u32> {
        self.house.pool.running_slots()
    }

    /// Takes all room of the queue, as so many waiting calls would: how many.
    #[napi(catch_unwind)]
    pub fn fill(&self) -> f64 {
        self.house.pool.fill() as f64
    }

    /// Gives back what [`Home::fill`] took.
    #[napi(catch_unwind)]
    pub fn empty(&self, filled: f64) {
        self.house.pool.empty(filled as u64);
    }

    /// How the pool is, for whoever asks for its figures.
    #[napi(catch_unwind)]
    pub fn set_health(&self, health: u32) {
        self.house.health.store(health, Ordering::Relaxed);
    }

    /// Nothing is open, runs, or is about to be stopped: nobody has to tick.
    #[napi(catch_unwind)]
    pub fn quiet(&self) -> bool {
        self.house.pool.quiet()
    }

    /// Ends the pool: nothing is accepted any more, and what is unsettled settles as closed.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.house.pool.close();
        self.house.lane.close();
        registry::leave(self.house.id);
    }

    /// Takes the doorbell down once the last completion has been fetched. Nothing of the pool outlives its handles from here on.
    #[napi(catch_unwind)]
    pub fn hang_up(&self) {
        if let Some(hook) = &self.hook {
            hook.take_down();
        }
    }
}

impl Home {
    /// Its doorbell, for others that have something to tell its thread; none where it is a worker of another pool.
    pub fn bell(&self) -> Option<Bell> {
        self.hook.as_ref().map(Hook::bell)
    }
}

/// The home's environment ends; its pool may have been closed before.
fn shut(id: u32, hook: Option<&Hook>) {
    if let Some(hook) = hook {
        hook.take_down();
    }
    if let Ok(house) = registry::find(id) {
        house.pool.close();
        house.lane.close();
        house.home.close();
        registry::leave(id);
    }
}

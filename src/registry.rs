//! The pools of this process, by an id that is never used again. A pool leaves when its home closes or dies.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use everycore_core::{Caller, Ledger, Pool};
use everycore_kernels::lane::Lane;
use parking_lot::Mutex;

use crate::error::{Code, Result, refuse};
use crate::panel::SharedPoolWords;
use crate::recipes::Recipes;

/// A pool with what the binding keeps beside it.
pub struct House {
    /// Never used again in this process.
    pub id: u32,
    /// The scheduler.
    pub pool: Arc<Pool>,
    /// The words that all its threads share.
    pub words: Arc<SharedPoolWords>,
    /// The calling thread that owns the workers.
    pub home: Arc<Caller>,
    /// What became of its jobs, by name.
    pub ledger: Arc<Ledger>,
    /// What the workers know of the jobs.
    pub recipes: Recipes,
    /// Rings that did not fit into an answer.
    pub owed: Mutex<Vec<u32>>,
    /// The native lane, whose threads start when it is used.
    pub lane: Arc<Lane>,
    /// How the pool is, in the home's numbers: every thread may ask.
    pub health: AtomicU32,
    last_parcel: AtomicU32,
}

impl House {
    /// A number for values that travel beside the bytes; 0 stands for none.
    pub fn next_parcel(&self) -> u32 {
        self.last_parcel.fetch_add(1, Ordering::Relaxed) + 1
    }
}

static LAST_ID: AtomicU32 = AtomicU32::new(0);
static HOUSES: Mutex<Option<HashMap<u32, Arc<House>>>> = Mutex::new(None);

/// Enters a new pool.
pub fn enter(
    pool: Arc<Pool>,
    words: Arc<SharedPoolWords>,
    home: Arc<Caller>,
    lane: Arc<Lane>,
    ledger: Arc<Ledger>,
) -> Arc<House> {
    let id = LAST_ID.fetch_add(1, Ordering::Relaxed) + 1;
    let house = Arc::new(House {
        id,
        pool,
        words,
        home,
        ledger,
        recipes: Recipes::default(),
        owed: Mutex::default(),
        lane,
        health: AtomicU32::new(0),
        last_parcel: AtomicU32::new(0),
    });
    HOUSES
        .lock()
        .get_or_insert_default()
        .insert(id, house.clone());
    house
}

/// Finds a pool by id.
pub fn find(id: u32) -> Result<Arc<House>> {
    match HOUSES
        .lock()
        .as_ref()
        .and_then(|houses| houses.get(&id).cloned())
    {
        Some(house) => Ok(house),
        None => refuse(Code::Closed, format!("pool {id} is closed")),
    }
}

/// Removes a pool; what still holds it keeps it.
pub fn leave(id: u32) {
    if let Some(houses) = HOUSES.lock().as_mut() {
        houses.remove(&id);
    }
}

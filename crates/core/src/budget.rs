//! The process-wide budget of threads: pools and native lanes count against it when they make one.
//!
//! A pool that could use more threads than are left is *hungry*. Pools whose workers sleep meanwhile let some go, see
//! `hunger.rs`; hungry pools hear of each thread that is given back.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use smallvec::SmallVec;

use crate::pool::Pool;
use crate::sync::{Arc, AtomicU32, AtomicU64, Mutex, Ordering, Weak};

/// Threads of many pools under one roof. Every pool may always have one.
pub struct Budget {
    table: Mutex<Table>,
    /// Sum of the pools' hunger, for those who look without the lock.
    hunger: AtomicU32,
    /// Nanoseconds during which some pool was hungry, ever.
    suffered: AtomicU64,
}

struct Table {
    limit: u32,
    used: u32,
    /// Of these: threads of workers that were asked to leave for hungry pools.
    promised: u32,
    pools: Vec<Member>,
    /// How far `suffered` has been counted.
    counted: Option<Instant>,
}

struct Member {
    pool: Weak<Pool>,
    hunger: u32,
}

/// How much suffering there is between looks at other pools.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Pools to be told something once no lock is held.
pub(crate) type Pools = SmallVec<[Arc<Pool>; 2]>;

/// One counted thread; given back when dropped, never under a desk's lock: hungry homes are rung.
pub struct Seat {
    budget: Arc<Budget>,
    promised: bool,
}

impl Budget {
    /// A budget of `limit` threads, none used.
    pub fn new(limit: u32) -> Arc<Self> {
        let table = Table {
            limit,
            used: 0,
            promised: 0,
            pools: Vec::new(),
            counted: None,
        };
        Arc::new(Self {
            table: Mutex::new(table),
            hunger: AtomicU32::new(0),
            suffered: AtomicU64::new(0),
        })
    }

    /// The budget of this process: one thread for each core, more if a single pool asks for more.
    pub fn process() -> Arc<Self> {
        static PROCESS: LazyLock<Arc<Budget>> = LazyLock::new(|| {
            let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            Budget::new(u32::try_from(cores).unwrap_or(u32::MAX))
        });
        Arc::clone(&PROCESS)
    }

    /// One pool alone may use all that it was made for.
    pub fn raise_to(&self, limit: u32) {
        let hungry = {
            let mut table = self.table.lock();
            if limit <= table.limit {
                return;
            }
            table.limit = limit;
            table.hungry()
        };
        tell(hungry);
    }

    /// Threads that may still be made.
    pub fn left(&self) -> u32 {
        let table = self.table.lock();
        table.limit.saturating_sub(table.used)
    }

    /// Counts a thread, if there is room or if it is the `first` of its pool.
    pub fn take(self: &Arc<Self>, first: bool) -> Option<Seat> {
        let mut table = self.table.lock();
        if table.used >= table.limit && !first {
            return None;
        }
        table.used += 1;
        Some(Seat {
            budget: Arc::clone(self),
            promised: false,
        })
    }

    pub(crate) fn enter(&self, pool: &Arc<Pool>) {
        let pool = Arc::downgrade(pool);
        self.table.lock().pools.push(Member { pool, hunger: 0 });
    }

    /// The pool neither wants threads any more nor can be asked for some.
    pub(crate) fn leave(&self, pool: &Pool) {
        let mut table = self.table.lock();
        let same = |member: &Member| std::ptr::eq(member.pool.as_ptr(), pool);
        table.pools.retain(|member| !same(member));
        self.sum_up(&table);
    }

    /// How many more threads a pool could use than it can have.
    pub(crate) fn set_hunger(&self, pool: &Pool, hunger: u32) {
        let mut table = self.table.lock();
        let same = |member: &Member| std::ptr::eq(member.pool.as_ptr(), pool);
        if let Some(member) = table.pools.iter_mut().find(|member| same(member)) {
            member.hunger = hunger;
            pool.hunger.store(hunger, Ordering::Release);
        }
        self.sum_up(&table);
    }

    /// The pool was hungry for the time `passed` until `now`; whoever suffers at the same time is not counted twice. Gives the
    /// others when it is time to look at them, so that few do however many suffer.
    pub(crate) fn suffer(&self, pool: &Pool, now: Instant, passed: Duration) -> Pools {
        let mut table = self.table.lock();
        let new = table.counted.map_or(passed, |before| {
            passed.min(now.saturating_duration_since(before))
        });
        table.counted = table.counted.max(Some(now));
        let before = self.suffered();
        self.suffered
            .fetch_add(new.as_nanos() as u64, Ordering::AcqRel);
        let step = |time: Duration| time.as_nanos() / LOOK_EVERY.as_nanos();
        if step(before) == step(self.suffered()) {
            return Pools::new();
        }
        let others = table.pools.iter().map(|member| &member.pool);
        let others = others.filter(|other| !std::ptr::eq(other.as_ptr(), pool));
        others.filter_map(Weak::upgrade).collect()
    }

    /// Time during which some pool was hungry, ever.
    pub(crate) fn suffered(&self) -> Duration {
        Duration::from_nanos(self.suffered.load(Ordering::Acquire))
    }

    /// Threads that should be given back and have not been promised.
    pub(crate) fn missing(&self) -> u32 {
        if self.hunger.load(Ordering::Acquire) == 0 {
            return 0;
        }
        self.table.lock().missing()
    }

    /// The worker of `seat` was asked to leave. False: its thread is not needed any more.
    pub(crate) fn promise(&self, seat: &mut Seat) -> bool {
        let mut table = self.table.lock();
        let needed = !seat.promised && table.missing() > 0;
        table.promised += u32::from(needed);
        seat.promised |= needed;
        needed
    }

    fn sum_up(&self, table: &Table) {
        let hunger = table.pools.iter().map(|member| member.hunger).sum();
        self.hunger.store(hunger, Ordering::Release);
    }
}

impl Table {
    fn missing(&self) -> u32 {
        let hunger: u32 = self.pools.iter().map(|member| member.hunger).sum();
        if hunger == 0 {
            return 0;
        }
        (self.used + hunger).saturating_sub(self.limit + self.promised)
    }

    fn hungry(&self) -> Pools {
        let hungry = self.pools.iter().filter(|member| member.hunger > 0);
        hungry.filter_map(|member| member.pool.upgrade()).collect()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let hungry = {
            let mut table = self.budget.table.lock();
            table.used -= 1;
            table.promised -= u32::from(self.promised);
            table.hungry()
        };
        tell(hungry);
    }
}

fn tell(hungry: Pools) {
    for pool in hungry {
        pool.call_home();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_pool_is_never_refused() {
        let budget = Budget::new(1);
        let one = budget.take(false).unwrap();
        assert!(budget.take(false).is_none());
        let first = budget.take(true).unwrap();
        drop(one);
        assert!(budget.take(false).is_none(), "the forced one counts too");
        drop(first);
        assert_eq!(budget.left(), 1);
        budget.raise_to(3);
        assert_eq!(budget.left(), 3);
    }
}

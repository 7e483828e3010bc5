//! A calling thread's side of a pool: recipes in, jobs out, completions back. The home has one, and so has a worker that calls.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use everycore_core::{Bell, Block, Caller, JobSpec, Meter, Parent, Priority, Unopened};
use napi::Unknown;
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::job::Job;
use crate::ledger::Tally;
use crate::memory::borrow_mut;
use crate::registry::{House, find};

/// Bytes of the header that precedes each block in the drain buffer.
const BLOCK_HEAD: usize = 24;

/// How a job is to run.
#[napi(object)]
pub struct JobOptions {
    /// What its workers must know.
    pub recipe: u32,
    /// 0 high, 1 normal, 2 low.
    pub priority: u32,
    /// Items that run at the same time; 0 for as many as there are workers.
    pub concurrency: u32,
    /// Items of a claim; 0 to let the scheduler measure.
    pub chunk: u32,
    /// Milliseconds that an attempt may run; 0 for as long as it likes.
    pub timeout: f64,
    /// Milliseconds between asking an item to stop and stopping its worker.
    pub grace: f64,
    /// Keep failed items until they are retried or forgotten.
    pub keep_failed: bool,
    /// Its unclaimed items count against the waiting room.
    pub waits: bool,
    /// Its items are elements of shared memory.
    pub elements: bool,
    /// Its caller can use no result before it has all of them.
    pub patient: bool,
}

/// What is known of one function's run time, shared by its jobs.
#[napi]
pub struct FunctionMeter(pub(crate) Arc<Meter>);

#[napi]
impl FunctionMeter {
    /// A function nobody has run yet.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Arc::new(Meter::new()))
    }
}

/// A calling thread as its pool knows it.
#[napi]
pub struct Client {
    house: Arc<House>,
    caller: Arc<Caller>,
    seat: Option<CallerSeat>,
    /// Fetched from the inbox and not handed on yet: what did not fit.
    held: VecDeque<Block>,
    /// The inbox had more when it was last looked into.
    more: bool,
}

/// Where a calling worker sits.
#[napi(object)]
#[derive(Clone, Copy)]
pub struct CallerSeat {
    /// Its slot.
    pub slot: u32,
    /// Which of the slot's workers.
    pub epoch: u32,
}

#[napi]
impl Client {
    /// The client of a pool's home (`seat` absent), or of one of its workers.
    #[napi(constructor, catch_unwind)]
    pub fn new(pool: u32, seat: Option<CallerSeat>) -> Result<Self> {
        let house = find(pool)?;
        let caller = match seat {
            None => house.home.clone(),
            Some(CallerSeat { slot, epoch }) => Caller::new(Bell::Slot { slot, epoch }),
        };
        Ok(Self {
            house,
            caller,
            seat,
            held: VecDeque::new(),
            more: false,
        })
    }

    /// A number for parcels, unique in the pool.
    #[napi(catch_unwind)]
    pub fn next_parcel(&self) -> u32 {
        self.house.next_parcel()
    }

    /// Keeps a recipe and names it.
    #[napi(catch_unwind)]
    pub fn add_recipe(&self, text: String) -> u32 {
        self.house.recipes.add(text)
    }

    /// Forgets a recipe that no job will use again.
    #[napi(catch_unwind)]
    pub fn drop_recipe(&self, id: u32) {
        self.house.recipes.drop_id(id);
    }

    /// Opens a job whose items count in `tally`. `frame` is that of the item that calls, in a worker.
    #[napi(catch_unwind)]
    pub fn open(
        &self,
        options: JobOptions,
        meter: &FunctionMeter,
        tally: &Tally,
        frame: Option<u32>,
    ) -> Result<Job> {
        let parent = self.seat.zip(frame);
        let spec = JobSpec {
            recipe: options.recipe,
            priority: match options.priority {
                0 => Priority::High,
                1 => Priority::Normal,
                _ => Priority::Low,
            },
            concurrency: options.concurrency,
            chunk: (options.chunk > 0).then_some(options.chunk),
            timeout: (options.timeout > 0.0).then(|| millis(options.timeout)),
            grace: millis(options.grace),
            keep_failed: options.keep_failed,
            waits: options.waits,
            elements: options.elements,
            patient: options.patient,
            meter: meter.0.clone(),
            tally: tally.0.clone(),
            parent: parent.map(|(CallerSeat { slot, epoch }, frame)| Parent {
                slot,
                epoch,
                frame: frame as u16,
            }),
        };
        match self.house.pool.open(spec, &self.caller) {
            Ok(job) => Ok(Job::new(self.house.clone(), job, self.seat.is_none())),
            Err(Unopened::Closed) => refuse(Code::Closed, "the pool is closed"),
            Err(Unopened::TooDeep { most }) => refuse(
                Code::TooDeep,
                format!(
                    "calls from within tasks may go {most} levels deep, and each level holds a claim of a worker; go on in the same task, \
                     or give what is left to do back to the caller and call again from there"
                ),
            ),
        }
    }

    /// Fetches completion blocks into `into`, each behind a header `f64 job, u32 claim, u32 slot, u32 bytes, u32 0`;
    /// `bytes` is odd where nothing more of the claim follows (a block is a multiple of 8 bytes long).
    /// Returns the bytes written, plus 1 if there is more; less than 0 when the next block alone needs
    /// that many.
    #[napi(catch_unwind)]
    pub fn drain(&mut self, into: Unknown) -> Result<f64> {
        // SAFETY: the facade passes an ordinary Buffer, and no JavaScript runs until this call returns.
        let into = unsafe { borrow_mut(&into)? };
        if self.held.is_empty() {
            let held = &mut self.held;
            self.more = self
                .caller
                .drain(into.len(), &mut |block| held.push_back(block));
        }
        let mut at = 0;
        while let Some(block) = self.held.front() {
            let needed = BLOCK_HEAD + block.bytes.len();
            if at + needed > into.len() {
                return Ok(if at == 0 {
                    -(needed as f64)
                } else {
                    (at | 1) as f64
                });
            }
            into[at..at + 8].copy_from_slice(&(block.job as f64).to_le_bytes());
            let bytes = block.bytes.len() as u32 | u32::from(block.last);
            for (word, value) in [block.claim_id, block.slot, bytes, 0]
                .into_iter()
                .enumerate()
            {
                into[at + 8 + word * 4..at + 12 + word * 4].copy_from_slice(&value.to_le_bytes());
            }
            into[at + BLOCK_HEAD..at + needed].copy_from_slice(&block.bytes);
            at += needed;
            self.held.pop_front();
        }
        Ok((at | usize::from(self.more)) as f64)
    }
}

/// Milliseconds as JavaScript counts them; what no duration can hold is for ever.
fn millis(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1000.0).unwrap_or(Duration::MAX)
}

//! The scheduler of everycore: who runs what, and that each item settles exactly once whatever a worker does.
//!
//! It knows no JavaScript: items are bytes, functions are opaque recipes, threads are slots. The protocol is told in this
//! crate's README; each file below is one idea of it.

#![forbid(unsafe_code)]

mod budget;
mod caller;
mod cancel;
mod claim;
mod claim_size;
mod close;
mod commit;
mod courtesy;
mod deadlines;
mod desk;
mod estate;
mod frames;
mod hand_out;
mod hunger;
mod idle;
mod inbox;
mod job;
mod job_state;
pub mod layout;
mod lease;
mod ledger;
mod lineage;
mod meter;
mod panel;
mod park;
mod patience;
mod permits;
mod pool;
mod post;
mod range;
mod ranges;
mod record;
mod retry;
mod rings;
mod row;
mod run_queue;
mod seats;
mod segment;
mod shed;
mod slot;
mod slot_state;
mod stats;
mod steal;
mod stock;
mod submit;
pub mod sync;
mod table;
mod table_parts;
mod tally;
mod the_protocol;
mod times;
mod values;

pub use budget::{Budget, Seat};
pub use caller::{Bell, Block, Caller};
pub use cancel::CancelItem;
pub use claim::{
    ClaimAsk, ClaimHead, ClaimSink, Claimed, FLAG_ELEMENTS, FLAG_KIN, FLAG_ROW, FLAG_TABLE,
    FLAG_TIMED,
};
pub use commit::LargeRecord;
pub use deadlines::Kill;
pub use job::{Job, JobSpec, Parent};
pub use layout::{CLAIM_MAX, ELEMENTS_MAX, FRAMES, Layout, OUTBOX_BYTES, layout};
pub use ledger::Ledger;
pub use meter::Meter;
pub use panel::{Ask, COMMITTED, Panel, PoolWords, QUEUED, STARTED};
pub use pool::{Lodging, MAX_WORKERS, Pool, PoolOptions};
pub use record::{Damage, Fate, HEADER, Kind, Record, Records};
pub use rings::Rings;
pub use run_queue::Priority;
pub use segment::{BadSegment, CELL, ElementsParts, Segment, SegmentParts};
pub use stats::Stats;
pub use submit::{Refused, Unopened};
pub use table_parts::TableParts;
pub use tally::{Counts, Spread, Tally};

//! Every interleaving of the races that the protocol is about, small enough for loom to try them all.
//!
//! `RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR=target/loom cargo test -p everycore-core --release --test loom`
#![cfg(loom)]

#[path = "../src/job_state.rs"]
#[allow(dead_code, reason = "only what the models need")]
mod job_state;
#[path = "../src/panel.rs"]
#[allow(dead_code, reason = "only what the models need")]
mod panel;
#[path = "../src/sync.rs"]
#[allow(dead_code, unused_imports, reason = "only what the models need")]
mod sync;
#[path = "../src/the_protocol.rs"]
#[allow(dead_code, reason = "only what the models need")]
mod the_protocol;

#[path = "loom/callers.rs"]
mod callers;
#[path = "loom/scheduled_bit.rs"]
mod scheduled_bit;
#[path = "loom/sleep.rs"]
mod sleep;
#[path = "loom/stage.rs"]
mod stage;
#[path = "loom/starting.rs"]
mod starting;

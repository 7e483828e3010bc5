//! The Node addon of everycore: converts in, calls `crates/*`, converts out.
//!
//! | module | idea |
//! |---|---|
//! | [`registry`] | the pools of this process, by id |
//! | [`memory`] | bytes that JavaScript owns, borrowed or shared |
//! | [`panel`] | one slot's shared memory as the core sees it |
//! | [`allocator`] | freed memory goes back to the operating system |
//! | [`bell`] | waking a calling thread |
//! | [`home`] | the thread that owns a pool's workers |
//! | [`seat`] | a worker's side |
//! | [`client`] | a calling thread's side: recipes, jobs, completions |
//! | [`job`] | one verb's work |
//! | [`ledger`] | what became of jobs, by name, and how a pool stands |
//! | [`recipes`] | what a worker must know to run a job |
//! | [`native`] | the native lane: rayon threads, no JavaScript |
//! | [`rings`] | which slots to notify, packed into one number |
//! | [`shipping`] | function analysis |
//! | [`error`] | failures with a stable code |

mod allocator;
mod bell;
mod client;
mod error;
mod home;
mod job;
mod ledger;
mod memory;
mod native;
mod panel;
mod recipes;
mod registry;
mod rings;
mod seat;
mod shipping;

use napi_derive::napi;

/// Pins the image: native code may outlive the last environment that loaded it, and unmapping it under a live thread is a crash.
#[napi_derive::module_init]
fn pin() {
    napi::bindgen_prelude::retain_current_module_for_unload_safety();
}

/// The version of this addon, compared with the facade's when it loads.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

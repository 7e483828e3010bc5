//! The core beside what one would build of channels, or of rayon. Both tables are told with the ratio to crossbeam-channel.
//!
//! `cargo bench -p everycore-core` runs all of it, some two minutes; `-- "8 threads"` the rows with that in their names, `-- --test` each contender once.
#![cfg(not(loom))]

mod bare;
mod everycore;
mod one_thread;
mod panel;
mod parcels;
mod table;
mod there_and_back;

fn main() {
    one_thread::measure();
    there_and_back::measure();
}

//! Hashing many messages, or long ones, while they are still being brought.

mod algorithm;
mod chain;
mod job;

pub use algorithm::{Algorithm, Hasher};
pub use job::{HashJob, Part};

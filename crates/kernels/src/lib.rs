//! Data-parallel kernels on rayon threads, for the native lane of everycore. They know no JavaScript.
//!
//! The protocol is told in this crate's README; each file below is one idea of it.

#![forbid(unsafe_code)]

mod element;
mod extremes;
mod kind;
pub mod lane;
mod memory;
mod partial;
mod pieces;
mod reduce;
mod stop;
mod sum;

pub use element::Element;
pub use kind::Kind;
pub use memory::{Gone, Memory};
pub use partial::{Partial, Reduced, Reduction};
pub use pieces::{BLOCK, PIECE};
pub use reduce::{Reducer, reduce};
pub use stop::{Interrupted, Stop};

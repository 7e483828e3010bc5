//! Data-parallel kernels on rayon threads, for the native lane of everycore. They know no JavaScript.
//!
//! The protocol is told in this crate's README; each file below is one idea of it.

#![deny(unsafe_code)]

mod argsort;
mod counting;
mod element;
mod entry;
mod extremes;
pub mod hash;
mod key;
mod keys;
mod kind;
pub mod lane;
mod memory;
pub mod order;
mod pages;
mod partial;
mod pieces;
mod radix;
mod reduce;
mod simd;
mod sort;
mod stop;
mod sum;
pub mod words;

pub use argsort::argsort;
pub use element::Element;
pub use key::Key;
pub use keys::Keys;
pub use kind::Kind;
pub use memory::{Gone, Memory};
pub use pages::ask_for_large;
pub use partial::{Partial, Reduced, Reduction};
pub use pieces::{BLOCK, PIECE};
pub use reduce::{Reducer, reduce};
pub use sort::sort;
pub use stop::{Interrupted, Stop};

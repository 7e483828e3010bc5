//! The order of records by their keys, as indexes: several columns of numbers and texts, each up or down. Records with equal keys keep their order,
//! and those without a key come last either way.

mod column;
mod packed;
mod sorted;
mod texts;

pub use column::{Class, Column};
pub use sorted::{Ordered, order};
pub use texts::Texts;

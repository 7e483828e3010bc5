//! The order of records by their keys, as moves: several columns of numbers and texts, each up or down. Records with equal keys keep their order,
//! and those without a key come last either way.

mod column;
mod moves;
mod packed;
mod sorted;
mod texts;

pub use column::{Class, Column};
pub use moves::{Move, Moves};
pub use sorted::order;
pub use texts::Texts;

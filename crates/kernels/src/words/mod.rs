//! Counting words in UTF-16 text, block by block, while it is still being brought.

mod job;
mod space;
mod split;
mod table;

pub use job::{WordJob, WordPiece, count_here};
pub use split::{Words, split_point};
pub use table::WordCounts;

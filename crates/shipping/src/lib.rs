//! What a function needs from outside itself, read from its own source text.
//!
//! [`analyse`] takes what `Function.prototype.toString` gives and tells which kind of function it is, which names it
//! takes from the code around it, where it loads modules, and what ties it to the place where it was written.
//! It decides nothing: which names a worker can supply is the business of `ts/shipping`. See the README beside this crate.

#![forbid(unsafe_code)]

mod analysis;
mod deep;
mod free;
mod lowered;
mod offsets;
mod outer;
mod parameters;
mod parse;
mod shapes;
mod ties;

pub use analysis::{Analysis, Form, FreeVariable, Import, Reference, Refusal, Role, Tie, TieKind};

/// Analyses the source text of one function. Every offset in the answer counts UTF-16 units, as JavaScript does.
///
/// # Errors
/// A [`Refusal`] if the text is not one function that the parser understands.
pub fn analyse(source: &str) -> Result<Analysis, Refusal> {
    if parse::is_native(source) {
        return Ok(Analysis::native());
    }
    deep::with_room_for(source.len(), || parse::analyse_parsed(source))
}

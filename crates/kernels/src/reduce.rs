//! Sum, least and greatest of memory: by all threads of the pool it is called in, or piece by piece on one.

use rayon::prelude::*;

use crate::pieces::{PIECE, each_block};
use crate::{Element, Interrupted, Kind, Memory, Partial, Reduced, Reduction, Stop, with_element};

/// Reduces all elements, on every thread of the current pool.
///
/// # Errors
/// When it was stopped, or the memory has gone.
pub fn reduce(
    memory: &dyn Memory,
    kind: Kind,
    reduction: Reduction,
    stop: &Stop,
) -> Result<Reduced, Interrupted> {
    let length = memory.len() / kind.size();
    let partials: Vec<Partial> = (0..length.div_ceil(PIECE))
        .into_par_iter()
        .map(|piece| {
            stop.check()?;
            let first = piece * PIECE;
            one_piece(memory, kind, reduction, first, PIECE.min(length - first))
        })
        .collect::<Result<_, Interrupted>>()?;
    let all = partials
        .into_iter()
        .fold(Partial::Empty, |all, next| all.join(reduction, next));
    Ok(all.finish())
}

/// The same, a few pieces at a time on the thread that calls. It gives the very same result.
#[derive(Debug)]
pub struct Reducer {
    kind: Kind,
    reduction: Reduction,
    partial: Partial,
}

impl Reducer {
    /// Nothing seen yet.
    pub fn new(kind: Kind, reduction: Reduction) -> Self {
        Self {
            kind,
            reduction,
            partial: Partial::Empty,
        }
    }

    /// Takes in the elements that follow. All but the last call must bring whole pieces.
    ///
    /// # Errors
    /// When the memory has gone.
    pub fn take(&mut self, memory: &dyn Memory) -> Result<(), Interrupted> {
        let length = memory.len() / self.kind.size();
        for first in (0..length).step_by(PIECE) {
            let count = PIECE.min(length - first);
            let next = one_piece(memory, self.kind, self.reduction, first, count)?;
            self.partial = self.partial.join(self.reduction, next);
        }
        Ok(())
    }

    /// What all elements gave.
    pub fn finish(&self) -> Reduced {
        self.partial.finish()
    }
}

fn one_piece(
    memory: &dyn Memory,
    kind: Kind,
    reduction: Reduction,
    first: usize,
    count: usize,
) -> Result<Partial, Interrupted> {
    let mut partial = Partial::Empty;
    with_element!(kind, T => each_block::<T>(memory, first, count, |block| {
        partial = partial.join(reduction, T::reduce(block, reduction));
    }))?;
    Ok(partial)
}

//! Sums of one block. Floats are added in eight lanes, each of which keeps what rounding took from it; integers are added exactly.

use crate::Partial;
use crate::partial::{Reduction, two_sum};

const LANES: usize = 8;

/// Compensated: the error does not grow with the number of elements.
pub(crate) fn floats<T: Copy>(block: &[T], widen: impl Fn(T) -> f64) -> Partial {
    let mut high = [0.0; LANES];
    let mut low = [0.0; LANES];
    let mut rows = block.chunks_exact(LANES);
    for row in &mut rows {
        for lane in 0..LANES {
            let (sum, lost) = two_sum(high[lane], widen(row[lane]));
            high[lane] = sum;
            low[lane] += lost;
        }
    }
    for (lane, &value) in rows.remainder().iter().enumerate() {
        let (sum, lost) = two_sum(high[lane], widen(value));
        high[lane] = sum;
        low[lane] += lost;
    }
    let lanes = high.into_iter().zip(low);
    lanes.fold(Partial::Empty, |sum, (high, low)| {
        sum.join(Reduction::Sum, Partial::Float { high, low })
    })
}

/// Of integers up to 32 bits wide: a block's sum always fits 64.
pub(crate) fn narrow<T: Copy>(block: &[T], widen: impl Fn(T) -> i64) -> Partial {
    Partial::Integer(i128::from(
        block.iter().map(|&value| widen(value)).sum::<i64>(),
    ))
}

/// Of integers of 64 bits.
pub(crate) fn wide<T: Copy>(block: &[T], widen: impl Fn(T) -> i128) -> Partial {
    Partial::Integer(block.iter().map(|&value| widen(value)).sum())
}

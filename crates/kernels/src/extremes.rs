//! The least and the greatest of one block, as `Math.min` and `Math.max` see them: NaN wins over everything, and -0 is below 0.

use crate::{Partial, Reduction};

const LANES: usize = 16;

/// Of integers.
pub(crate) fn integers<T: Copy + Ord>(
    block: &[T],
    reduction: Reduction,
    widen: impl Fn(T) -> i128,
) -> Partial {
    let found = match reduction {
        Reduction::Max => block.iter().copied().reduce(T::max),
        _ => block.iter().copied().reduce(T::min),
    };
    found.map_or(Partial::Empty, |value| Partial::Integer(widen(value)))
}

/// Of floats. The greatest is the least of the negated, negated.
pub(crate) fn floats<T: Copy>(
    block: &[T],
    reduction: Reduction,
    widen: impl Fn(T) -> f64,
) -> Partial {
    if block.is_empty() {
        return Partial::Empty;
    }
    match reduction {
        Reduction::Max => Partial::float(-least(block, |value| -widen(value))),
        _ => Partial::float(least(block, widen)),
    }
}

fn least<T: Copy>(block: &[T], widen: impl Fn(T) -> f64) -> f64 {
    let mut lanes = [f64::INFINITY; LANES];
    let mut unordered = [false; LANES];
    let (rows, rest) = block.as_chunks::<LANES>();
    for row in rows {
        for lane in 0..LANES {
            let value = widen(row[lane]);
            lanes[lane] = if value < lanes[lane] {
                value
            } else {
                lanes[lane]
            };
            unordered[lane] |= value.is_nan();
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        let value = widen(value);
        lanes[lane] = lanes[lane].min(value);
        unordered[lane] |= value.is_nan();
    }
    if unordered.contains(&true) {
        return f64::NAN;
    }
    let found = lanes.into_iter().fold(f64::INFINITY, f64::min);
    // Comparisons do not tell the zeros apart; this second look is rare.
    let below_zero = |&value: &T| widen(value) == 0.0 && widen(value).is_sign_negative();
    if found == 0.0 && block.iter().any(below_zero) {
        -0.0
    } else if found == 0.0 {
        0.0
    } else {
        found
    }
}

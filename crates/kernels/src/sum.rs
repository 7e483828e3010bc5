//! Sums of one block. Floats are added in sixteen lanes, each of which keeps what rounding took from it; integers are added exactly.

use std::array;

use crate::partial::{Reduction, two_sum};
use crate::{Partial, simd};

/// Two registers of the widest kind there is, so that one sum need not wait for the one before.
const LANES: usize = 16;

/// Compensated: the error does not grow with the number of elements.
pub(crate) fn floats<T: Copy + Into<f64>>(block: &[T]) -> Partial {
    let mut lanes = Lanes::default();
    simd::add(&mut lanes, block);
    lanes.partial()
}

/// Sums and what they lost. They stand in memory, for the compiler makes vectors of what is stored side by side.
#[derive(Default)]
pub(crate) struct Lanes {
    high: [f64; LANES],
    low: [f64; LANES],
}

impl Lanes {
    #[inline(always)]
    pub(crate) fn add<T: Copy + Into<f64>>(&mut self, block: &[T]) {
        let Self { mut high, mut low } = *self;
        let (rows, rest) = block.as_chunks::<LANES>();
        for row in rows {
            for lane in 0..LANES {
                let (sum, lost) = two_sum(high[lane], row[lane].into());
                high[lane] = sum;
                low[lane] += lost;
            }
        }
        *self = Self { high, low };
        for (lane, &value) in rest.iter().enumerate() {
            let (sum, lost) = two_sum(self.high[lane], value.into());
            self.high[lane] = sum;
            self.low[lane] += lost;
        }
    }

    fn partial(&self) -> Partial {
        let lanes = array::from_fn::<_, LANES, _>(|lane| Partial::Float {
            high: self.high[lane],
            low: self.low[lane],
        });
        lanes
            .into_iter()
            .fold(Partial::Empty, |sum, lane| sum.join(Reduction::Sum, lane))
    }
}

/// Of integers up to 32 bits wide: a block's sum always fits 64.
pub(crate) fn narrow<T: Copy + Into<i64>>(block: &[T]) -> Partial {
    let sum: i64 = block.iter().map(|&value| value.into()).sum();
    Partial::Integer(i128::from(sum))
}

/// Of integers of 64 bits.
pub(crate) fn wide<T: Copy + Into<i128>>(block: &[T]) -> Partial {
    Partial::Integer(block.iter().map(|&value| value.into()).sum())
}

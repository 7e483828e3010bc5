//! What is known of a reduction after some of the elements: partials are joined in the elements' order, always in the same groups.

/// Which reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// All added up.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// A reduction of some elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Partial {
    /// Of none.
    Empty,
    /// Of floats. `low` is what was lost when `high` was rounded; of a least or greatest it is -0.
    Float {
        /// The value, rounded.
        high: f64,
        /// What is missing.
        low: f64,
    },
    /// Of integers: exact, for 2^64 elements of 64 bits do not reach 128.
    Integer(i128),
}

/// The end of a reduction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reduced {
    /// There was nothing.
    Nothing,
    /// Of floats.
    Float(f64),
    /// Of integers.
    Integer(i128),
}

/// The sum of two floats and what its rounding lost (Knuth's TwoSum; no branch, so that compilers can run it in lanes).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let from_b = sum - a;
    let lost = (a - (sum - from_b)) + (b - from_b);
    (sum, lost)
}

impl Partial {
    /// A single float.
    pub(crate) fn float(value: f64) -> Self {
        Self::Float {
            high: value,
            // Added to anything, also to -0, it leaves it as it is.
            low: -0.0,
        }
    }

    /// Joins what comes behind.
    #[must_use]
    pub fn join(self, reduction: Reduction, next: Partial) -> Self {
        use Partial::{Empty, Float, Integer};
        match (self, next) {
            (known, Empty) => known,
            (Empty, known) => known,
            (Integer(a), Integer(b)) => Integer(match reduction {
                Reduction::Sum => a + b,
                Reduction::Min => a.min(b),
                Reduction::Max => a.max(b),
            }),
            (
                Float { high, low },
                Float {
                    high: next,
                    low: next_low,
                },
            ) => match reduction {
                Reduction::Sum => {
                    let (high, lost) = two_sum(high, next);
                    Float {
                        high,
                        low: low + next_low + lost,
                    }
                }
                Reduction::Min => Self::float(least(high, next)),
                Reduction::Max => Self::float(-least(-high, -next)),
            },
            (Float { .. }, Integer(_)) | (Integer(_), Float { .. }) => {
                unreachable!("elements of one array are of one kind")
            }
        }
    }

    /// The end.
    pub fn finish(self) -> Reduced {
        match self {
            Self::Empty => Reduced::Nothing,
            // What was lost on the way to an infinity or to NaN is itself NaN, and means nothing.
            Self::Float { high, low } if high.is_finite() => Reduced::Float(high + low),
            Self::Float { high, .. } => Reduced::Float(high),
            Self::Integer(value) => Reduced::Integer(value),
        }
    }
}

/// As `Math.min`: NaN if either is, and -0 below 0.
fn least(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if a == b {
        return if a.is_sign_negative() { a } else { b };
    }
    if a < b { a } else { b }
}

//! What kernels need to know of an element's type.

use bytemuck::Pod;

use crate::{Kind, Partial, Reduction, extremes, sum};

/// A number that can stand in a typed array.
pub trait Element: Pod + Send + Sync {
    /// Its name in data.
    const KIND: Kind;

    /// Reduces one block.
    fn reduce(block: &[Self], reduction: Reduction) -> Partial;
}

macro_rules! integers {
    ($($T:ty: $kind:ident, $sum:ident as $Wide:ty;)*) => {$(
        impl Element for $T {
            const KIND: Kind = Kind::$kind;

            fn reduce(block: &[Self], reduction: Reduction) -> Partial {
                match reduction {
                    Reduction::Sum => sum::$sum(block, <$Wide>::from),
                    _ => extremes::integers(block, reduction, i128::from),
                }
            }
        }
    )*};
}

macro_rules! floats {
    ($($T:ty: $kind:ident;)*) => {$(
        impl Element for $T {
            const KIND: Kind = Kind::$kind;

            fn reduce(block: &[Self], reduction: Reduction) -> Partial {
                match reduction {
                    Reduction::Sum => sum::floats(block, f64::from),
                    _ => extremes::floats(block, reduction, f64::from),
                }
            }
        }
    )*};
}

integers! {
    i8: I8, narrow as i64;
    u8: U8, narrow as i64;
    i16: I16, narrow as i64;
    u16: U16, narrow as i64;
    i32: I32, narrow as i64;
    u32: U32, narrow as i64;
    i64: I64, wide as i128;
    u64: U64, wide as i128;
}

floats! {
    f32: F32;
    f64: F64;
}

//! What kernels need to know of an element's type.

use bytemuck::Pod;

use crate::key::{Key, f32_of_key, f64_of_key, key_of_f32, key_of_f64};
use crate::keys::Listed;
use crate::{Kind, Partial, Reduction, extremes, sum};

/// A number that can stand in a typed array.
pub trait Element: Pod + Send + Sync {
    /// Its name in data.
    const KIND: Kind;

    /// What it is sorted as.
    type Key: Key + Listed;

    /// Reduces one block.
    fn reduce(block: &[Self], reduction: Reduction) -> Partial;

    /// Its place in the order of its kind.
    fn key(self) -> Self::Key;

    /// The element at that place.
    fn of_key(key: Self::Key) -> Self;
}

macro_rules! integers {
    ($($T:ty: $kind:ident, $sum:ident, $Key:ty;)*) => {$(
        impl Element for $T {
            const KIND: Kind = Kind::$kind;

            type Key = $Key;

            fn reduce(block: &[Self], reduction: Reduction) -> Partial {
                match reduction {
                    Reduction::Sum => sum::$sum(block),
                    _ => extremes::integers(block, reduction, i128::from),
                }
            }

            #[inline(always)]
            fn key(self) -> $Key {
                self as $Key ^ <$T>::MIN as $Key
            }

            #[inline(always)]
            fn of_key(key: $Key) -> Self {
                (key ^ <$T>::MIN as $Key) as $T
            }
        }
    )*};
}

macro_rules! floats {
    ($($T:ty: $kind:ident, $Key:ty, $to:ident, $from:ident;)*) => {$(
        impl Element for $T {
            const KIND: Kind = Kind::$kind;

            type Key = $Key;

            fn reduce(block: &[Self], reduction: Reduction) -> Partial {
                match reduction {
                    Reduction::Sum => sum::floats(block),
                    _ => extremes::floats(block, reduction, f64::from),
                }
            }

            #[inline(always)]
            fn key(self) -> $Key {
                $to(self)
            }

            #[inline(always)]
            fn of_key(key: $Key) -> Self {
                $from(key)
            }
        }
    )*};
}

integers! {
    i8: I8, narrow, u8;
    u8: U8, narrow, u8;
    i16: I16, narrow, u16;
    u16: U16, narrow, u16;
    i32: I32, narrow, u32;
    u32: U32, narrow, u32;
    i64: I64, wide, u64;
    u64: U64, wide, u64;
}

floats! {
    f32: F32, u32, key_of_f32, f32_of_key;
    f64: F64, u64, key_of_f64, f64_of_key;
}

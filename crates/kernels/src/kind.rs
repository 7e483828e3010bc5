//! The kinds of numbers that stand in typed arrays. A clamped array holds plain bytes: clamping happens where JavaScript writes.

/// What one element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `Int8Array`
    I8,
    /// `Uint8Array`, `Uint8ClampedArray`, `Buffer`
    U8,
    /// `Int16Array`
    I16,
    /// `Uint16Array`
    U16,
    /// `Int32Array`
    I32,
    /// `Uint32Array`
    U32,
    /// `Float32Array`
    F32,
    /// `Float64Array`
    F64,
    /// `BigInt64Array`
    I64,
    /// `BigUint64Array`
    U64,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 10] = [
        Kind::I8,
        Kind::U8,
        Kind::I16,
        Kind::U16,
        Kind::I32,
        Kind::U32,
        Kind::F32,
        Kind::F64,
        Kind::I64,
        Kind::U64,
    ];

    /// Bytes of an element.
    pub fn size(self) -> usize {
        match self {
            Kind::I8 | Kind::U8 => 1,
            Kind::I16 | Kind::U16 => 2,
            Kind::I32 | Kind::U32 | Kind::F32 => 4,
            Kind::F64 | Kind::I64 | Kind::U64 => 8,
        }
    }
}

/// Calls a generic function with the element type of a [`Kind`]: `with_element!(kind, T => sum::<T>(memory))`.
#[macro_export]
#[doc(hidden)]
macro_rules! with_element {
    ($kind:expr, $T:ident => $body:expr) => {
        match $kind {
            $crate::Kind::I8 => {
                type $T = i8;
                $body
            }
            $crate::Kind::U8 => {
                type $T = u8;
                $body
            }
            $crate::Kind::I16 => {
                type $T = i16;
                $body
            }
            $crate::Kind::U16 => {
                type $T = u16;
                $body
            }
            $crate::Kind::I32 => {
                type $T = i32;
                $body
            }
            $crate::Kind::U32 => {
                type $T = u32;
                $body
            }
            $crate::Kind::F32 => {
                type $T = f32;
                $body
            }
            $crate::Kind::F64 => {
                type $T = f64;
                $body
            }
            $crate::Kind::I64 => {
                type $T = i64;
                $body
            }
            $crate::Kind::U64 => {
                type $T = u64;
                $body
            }
        }
    };
}

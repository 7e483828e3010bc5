//! Elements as unsigned integers that compare as typed arrays sort: -0 before 0, NaN at the end.

use bytemuck::Pod;

/// An unsigned integer that stands for an element, of the same width.
pub trait Key: Pod + Ord + Send + Sync {
    /// The value, however wide.
    fn wide(self) -> u64;

    /// The key of that value, which must be one.
    fn narrow(value: u64) -> Self;
}

macro_rules! keys {
    ($($T:ty)*) => {$(
        impl Key for $T {
            #[inline(always)]
            fn wide(self) -> u64 {
                self.into()
            }

            #[inline(always)]
            fn narrow(value: u64) -> Self {
                value as $T
            }
        }
    )*};
}

keys! { u8 u16 u32 u64 }

/// Both ways between a float and its key. All NaNs share the greatest key and come back as the ordinary one.
macro_rules! float_keys {
    ($to:ident, $from:ident, $Float:ty, $Key:ty, $Signed:ty) => {
        #[inline(always)]
        pub(crate) fn $to(value: $Float) -> $Key {
            let bits = value.to_bits();
            // A negative float's bits fall as it rises: all are turned; of a positive one only the sign.
            let turn = (bits as $Signed >> (<$Key>::BITS - 1)) as $Key | 1 << (<$Key>::BITS - 1);
            if value.is_nan() {
                <$Key>::MAX
            } else {
                bits ^ turn
            }
        }

        #[inline(always)]
        pub(crate) fn $from(key: $Key) -> $Float {
            if key == <$Key>::MAX {
                return <$Float>::NAN;
            }
            let turn = ((!key) as $Signed >> (<$Key>::BITS - 1)) as $Key | 1 << (<$Key>::BITS - 1);
            <$Float>::from_bits(key ^ turn)
        }
    };
}

float_keys!(key_of_f32, f32_of_key, f32, u32, i32);
float_keys!(key_of_f64, f64_of_key, f64, u64, i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_their_order() {
        let ordered = [
            f64::NEG_INFINITY,
            f64::MIN,
            -1.5,
            -f64::MIN_POSITIVE,
            -0.0,
            0.0,
            5e-324,
            1.0,
            f64::MAX,
            f64::INFINITY,
        ];
        for pair in ordered.windows(2) {
            assert!(key_of_f64(pair[0]) < key_of_f64(pair[1]), "{pair:?}");
            if pair[0] != -f64::MIN_POSITIVE && pair[1] != 5e-324 {
                let narrow = pair.iter().map(|&value| key_of_f32(value as f32));
                let [a, b] = narrow.collect::<Vec<_>>()[..] else {
                    unreachable!()
                };
                assert!(a <= b);
            }
        }
        for value in ordered {
            assert_eq!(f64_of_key(key_of_f64(value)).to_bits(), value.to_bits());
            let narrow = value as f32;
            assert_eq!(f32_of_key(key_of_f32(narrow)).to_bits(), narrow.to_bits());
        }
        assert!(key_of_f64(-f64::NAN) > key_of_f64(f64::INFINITY));
        assert!(f64_of_key(key_of_f64(-f64::NAN)).is_nan());
    }
}

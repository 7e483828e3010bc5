//! Sum, least and greatest beside what plain loops give.

use everycore_kernels::{Element, Kind, PIECE, Reduced, Reducer, Reduction, Stop, reduce};
use proptest::prelude::*;

fn both<T: Element>(numbers: &[T], reduction: Reduction) -> Reduced {
    let bytes: &[u8] = bytemuck::cast_slice(numbers);
    let parallel = reduce(&bytes, T::KIND, reduction, &Stop::default()).unwrap();
    let mut reducer = Reducer::new(T::KIND, reduction);
    for part in bytes.chunks(PIECE * size_of::<T>()) {
        reducer.take(&part).unwrap();
    }
    assert_eq!(bits(parallel), bits(reducer.finish()), "whoever runs it");
    parallel
}

fn bits(reduced: Reduced) -> (u8, i128) {
    match reduced {
        Reduced::Nothing => (0, 0),
        Reduced::Float(value) => (1, i128::from(value.to_bits())),
        Reduced::Integer(value) => (2, value),
    }
}

fn float(reduced: Reduced) -> f64 {
    match reduced {
        Reduced::Float(value) => value,
        other => panic!("no float: {other:?}"),
    }
}

fn value(reduced: Reduced) -> f64 {
    match reduced {
        Reduced::Integer(value) => value as f64,
        other => float(other),
    }
}

/// The order of `Math.min`.
fn least(numbers: &[f64]) -> f64 {
    if numbers.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    numbers.iter().copied().min_by(f64::total_cmp).unwrap()
}

fn any_float() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => any::<f64>(),
        1 => Just(0.0),
        1 => Just(-0.0),
        1 => Just(f64::INFINITY),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn integers(numbers in prop::collection::vec(any::<i64>(), 0..6_000)) {
        let sum = numbers.iter().map(|&value| i128::from(value)).sum();
        let wanted = |value: Option<i64>| value.map_or(Reduced::Nothing, |value| Reduced::Integer(value.into()));
        let total = if numbers.is_empty() { Reduced::Nothing } else { Reduced::Integer(sum) };
        prop_assert_eq!(both(&numbers, Reduction::Sum), total);
        prop_assert_eq!(both(&numbers, Reduction::Min), wanted(numbers.iter().copied().min()));
        prop_assert_eq!(both(&numbers, Reduction::Max), wanted(numbers.iter().copied().max()));
        let bytes: Vec<u8> = numbers.iter().map(|&value| value as u8).collect();
        let total = bytes.iter().map(|&value| i128::from(value)).sum();
        prop_assert_eq!(both(&bytes, Reduction::Sum), if bytes.is_empty() { Reduced::Nothing } else { Reduced::Integer(total) });
    }

    #[test]
    fn extremes_of_floats(numbers in prop::collection::vec(any_float(), 1..6_000)) {
        let low = float(both(&numbers, Reduction::Min));
        let high = float(both(&numbers, Reduction::Max));
        let negated: Vec<f64> = numbers.iter().map(|value| -value).collect();
        prop_assert!(low.to_bits() == least(&numbers).to_bits() || low.is_nan() && least(&numbers).is_nan());
        prop_assert!(high.to_bits() == (-least(&negated)).to_bits() || high.is_nan() && least(&negated).is_nan());
    }

    #[test]
    fn every_kind(numbers in prop::collection::vec(any::<i8>(), 1..6_000)) {
        let sum: i64 = numbers.iter().map(|&value| i64::from(value)).sum();
        let (low, high) = (*numbers.iter().min().unwrap(), *numbers.iter().max().unwrap());
        let wanted = [sum, low.into(), high.into()];
        macro_rules! check {
            // Unsigned kinds hold the same numbers, moved up.
            ($($T:ty: $up:expr;)*) => {$(
                let moved: Vec<$T> = numbers.iter().map(|&value| (i64::from(value) + $up) as $T).collect();
                let reductions = [Reduction::Sum, Reduction::Min, Reduction::Max];
                for ((reduction, wanted), count) in reductions.into_iter().zip(wanted).zip([numbers.len() as i64, 1, 1]) {
                    prop_assert_eq!(value(both(&moved, reduction)), (wanted + $up * count) as f64, "{:?}", <$T>::KIND);
                }
            )*};
        }
        check! { i8: 0; u8: 128; i16: 0; u16: 128; i32: 0; u32: 128; i64: 0; u64: 128; f32: 0; f64: 0; }
    }

    /// Integers below 2^53 have a sum that floats can tell exactly, in whichever order they come.
    #[test]
    fn sums_of_floats_lose_nothing(numbers in prop::collection::vec(-(1i64 << 40)..1 << 40, 1..6_000)) {
        let floats: Vec<f64> = numbers.iter().map(|&value| value as f64).collect();
        prop_assert_eq!(float(both(&floats, Reduction::Sum)), numbers.iter().sum::<i64>() as f64);
    }
}

#[test]
fn every_kind_counts() {
    for kind in Kind::ALL {
        let bytes = vec![0u8; 3 * kind.size()];
        let found = reduce(&&bytes[..], kind, Reduction::Sum, &Stop::default()).unwrap();
        let zero = match kind {
            Kind::F32 | Kind::F64 => Reduced::Float(0.0),
            _ => Reduced::Integer(0),
        };
        assert_eq!(found, zero, "{kind:?}");
    }
}

#[test]
fn what_cancels_leaves_what_is_small() {
    assert_eq!(float(both(&[1e100, 1.0, -1e100], Reduction::Sum)), 1.0);
    let mut numbers = vec![0.1; 10_000_000];
    numbers.push(1e16);
    numbers.push(-1e16);
    assert_eq!(float(both(&numbers, Reduction::Sum)), 1_000_000.0);
}

#[test]
fn infinities_and_nan_go_through() {
    assert_eq!(
        float(both(&[f64::INFINITY, 1.0], Reduction::Sum)),
        f64::INFINITY
    );
    assert_eq!(
        float(both(&[1.0, f64::NEG_INFINITY, 2.0], Reduction::Sum)),
        f64::NEG_INFINITY
    );
    assert!(float(both(&[f64::INFINITY, f64::NEG_INFINITY], Reduction::Sum)).is_nan());
    assert!(float(both(&[f64::NAN, 1.0], Reduction::Sum)).is_nan());
}

#[test]
fn zeros_keep_their_sign() {
    for (numbers, low, high) in [
        ([0.0, -0.0], -0.0f64, 0.0f64),
        ([-0.0, -0.0], -0.0, -0.0),
        ([0.0, 0.0], 0.0, 0.0),
    ] {
        assert_eq!(
            float(both(&numbers, Reduction::Min)).to_bits(),
            low.to_bits()
        );
        assert_eq!(
            float(both(&numbers, Reduction::Max)).to_bits(),
            high.to_bits()
        );
    }
}

#[test]
fn stopped_work_gives_nothing() {
    let stop = Stop::default();
    stop.ask();
    assert!(reduce(&&[1u8, 2][..], Kind::U8, Reduction::Sum, &stop).is_err());
}

//! Sort and argsort beside the standard library's.

mod support;

use everycore_kernels::{Element, Keys, Stop, argsort, sort};
use proptest::prelude::*;
use support::{Place, numbers};

fn sorted<T: Element>(given: &[T], threads: usize) -> Vec<T> {
    let bytes: &[u8] = bytemuck::cast_slice(given);
    let out = Place::new(bytes.len());
    let stop = Stop::default();
    support::in_pool(threads, || {
        let keys = Keys::read(T::KIND, &bytes, &stop)?;
        sort(T::KIND, keys, &out, &stop)
    })
    .unwrap();
    out.into_vec()
}

fn order<T: Element>(given: &[T]) -> Vec<u32> {
    let bytes: &[u8] = bytemuck::cast_slice(given);
    let out = Place::new(given.len() * 4);
    let stop = Stop::default();
    support::in_pool(3, || {
        let mut keys = Keys::with_capacity(T::KIND, given.len())?;
        keys.append(T::KIND, &bytes)?;
        argsort(keys, &out, &stop)
    })
    .unwrap();
    out.into_vec()
}

fn check<T: Element + PartialEq + std::fmt::Debug>(
    given: &[T],
    compare: impl Fn(&T, &T) -> std::cmp::Ordering,
) {
    let mut wanted = given.to_vec();
    wanted.sort_by(&compare);
    assert!(
        sorted(given, 3) == wanted,
        "sort of {} {:?}",
        given.len(),
        T::KIND
    );
    let mut indexes: Vec<u32> = (0..given.len() as u32).collect();
    indexes.sort_by(|&a, &b| compare(&given[a as usize], &given[b as usize]));
    assert!(
        order(given) == indexes,
        "argsort of {} {:?}",
        given.len(),
        T::KIND
    );
}

/// Numbers of many shapes: few different ones, close to each other, far apart, and many.
fn shapes() -> impl Strategy<Value = Vec<u64>> {
    let length = prop_oneof![0..100usize, 16_000..17_000usize, 60_000..90_000usize];
    (length, 0u32..64, any::<u64>()).prop_map(|(length, shift, seed)| {
        numbers(seed)
            .map(|number| number >> shift)
            .take(length)
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn integers(given in shapes()) {
        check(&given, Ord::cmp);
        check(&given.iter().map(|&value| value as i64).collect::<Vec<_>>(), Ord::cmp);
        check(&given.iter().map(|&value| value as u32).collect::<Vec<_>>(), Ord::cmp);
        check(&given.iter().map(|&value| value as i32).collect::<Vec<_>>(), Ord::cmp);
        check(&given.iter().map(|&value| value as u16).collect::<Vec<_>>(), Ord::cmp);
        check(&given.iter().map(|&value| value as i16).collect::<Vec<_>>(), Ord::cmp);
        check(&given.iter().map(|&value| value as u8).collect::<Vec<_>>(), Ord::cmp);
        check(&given.iter().map(|&value| value as i8).collect::<Vec<_>>(), Ord::cmp);
    }

    #[test]
    fn floats(given in shapes()) {
        let not_nan = |bits: u64| Some(f64::from_bits(bits)).filter(|value| !value.is_nan()).unwrap_or(-0.0);
        check(&given.iter().map(|&bits| not_nan(bits)).collect::<Vec<_>>(), f64::total_cmp);
        let even: Vec<f64> = given.iter().map(|&bits| (bits >> 12) as f64 / (1u64 << 52) as f64).collect();
        check(&even, f64::total_cmp);
        check(&even.iter().map(|&value| value as f32 - 0.5).collect::<Vec<_>>(), f32::total_cmp);
    }
}

#[test]
fn nan_comes_last_whatever_its_sign() {
    let given = [f64::NAN, 1.0, -f64::NAN, f64::INFINITY, -0.0, 0.0, -1.0];
    let found = sorted(&given, 1);
    assert_eq!(found[..4], [-1.0, -0.0, 0.0, 1.0]);
    assert!(found[1].is_sign_negative() && !found[2].is_sign_negative());
    assert!(found[4].is_infinite() && found[5].is_nan() && found[6].is_nan());
    assert_eq!(order(&given), [6, 4, 5, 1, 3, 0, 2]);
}

#[test]
fn one_far_off_leaves_the_rest_in_one_bucket() {
    let mut given: Vec<f64> = numbers(7)
        .map(|bits| (bits >> 12) as f64)
        .take(200_000)
        .collect();
    given.push(1e300);
    given.push(-1e300);
    check(&given, f64::total_cmp);
    check(&vec![5u64; 100_000], Ord::cmp);
}

#[test]
fn stopped_work_ends() {
    let given: Vec<u64> = numbers(1).take(100_000).collect();
    let stop = Stop::default();
    let keys = support::in_pool(2, || {
        Keys::read(u64::KIND, &bytemuck::cast_slice::<u64, u8>(&given), &stop)
    })
    .unwrap();
    stop.ask();
    let out = Place::new(800_000);
    assert!(support::in_pool(2, || sort(u64::KIND, keys, &out, &stop)).is_err());
}

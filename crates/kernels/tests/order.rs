//! Orders by several keys beside the standard library's stable sort.

mod support;

use std::cmp::Ordering;

use everycore_kernels::Stop;
use everycore_kernels::order::{Class, Column, Texts, order};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Keys {
    Numbers(Vec<Option<f64>>),
    Texts(Vec<Option<String>>),
}

fn compare(keys: &[(Keys, bool)], a: usize, b: usize) -> Ordering {
    for (keys, down) in keys {
        let (missing, order) = match keys {
            Keys::Numbers(list) => (
                list[a].is_none().cmp(&list[b].is_none()),
                list[a].partial_cmp(&list[b]).expect("no NaN"),
            ),
            Keys::Texts(list) => {
                let units = |at: usize| {
                    list[at]
                        .as_ref()
                        .map(|text| text.encode_utf16().collect::<Vec<_>>())
                };
                (
                    list[a].is_none().cmp(&list[b].is_none()),
                    units(a).cmp(&units(b)),
                )
            }
        };
        let order = missing.then(if *down { order.reverse() } else { order });
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

fn column(keys: &Keys, down: bool) -> Column {
    match keys {
        Keys::Numbers(list) => {
            let mut column = Column::for_numbers(list.len(), down).unwrap();
            column.push_numbers(
                list.iter()
                    .map(|number| (number.unwrap_or(f64::NAN), Class::Number)),
            );
            column
        }
        Keys::Texts(list) => {
            let mut texts = Texts::default();
            for text in list {
                let units: Vec<u16> = text.iter().flat_map(|text| text.encode_utf16()).collect();
                let length = text.as_ref().map_or(u32::MAX, |_| units.len() as u32);
                texts.push(&units, std::iter::once(length));
            }
            Column::Texts(texts, down)
        }
    }
}

fn ordered(columns: Vec<Column>) -> Vec<u32> {
    let mut indexes = vec![0; columns[0].len()];
    let ordered = support::in_pool(2, || order(columns, &Stop::default())).unwrap();
    // Some at a time, as they are fetched.
    for (place, some) in (0..).step_by(1000).zip(indexes.chunks_mut(1000)) {
        ordered.indexes(place, some);
    }
    indexes
}

fn check(keys: &[(Keys, bool)], length: usize) {
    let columns: Vec<Column> = keys
        .iter()
        .map(|(keys, down)| column(keys, *down))
        .collect();
    let mut wanted: Vec<u32> = (0..length as u32).collect();
    wanted.sort_by(|&a, &b| compare(keys, a as usize, b as usize));
    assert!(ordered(columns) == wanted, "{keys:?}");
}

fn any_keys(length: usize) -> impl Strategy<Value = Keys> {
    let number = prop_oneof![
        6 => (-3..3i32).prop_map(|number| Some(f64::from(number))),
        2 => (-1e300..1e300f64).prop_map(Some),
        1 => Just(None),
        1 => Just(Some(-0.0)),
        1 => Just(Some(f64::NEG_INFINITY)),
    ];
    let text = prop_oneof![
        4 => "[ab]{0,3}".prop_map(Some),
        2 => "user-000[a-c]{4,12}".prop_map(Some),
        1 => "[\u{ffff}é🎈]{0,5}".prop_map(Some),
        1 => Just(None),
    ];
    prop_oneof![
        prop::collection::vec(number, length).prop_map(Keys::Numbers),
        prop::collection::vec(text, length).prop_map(Keys::Texts),
    ]
}

fn any_records() -> impl Strategy<Value = (Vec<(Keys, bool)>, usize)> {
    (0..200usize, 1..4usize).prop_flat_map(|(length, columns)| {
        let column = (any_keys(length), any::<bool>());
        (prop::collection::vec(column, columns), Just(length))
    })
}

proptest! {
    #[test]
    fn few_records((keys, length) in any_records()) {
        check(&keys, length);
    }
}

#[test]
fn many_records() {
    let length = 70_000;
    let numbers: Vec<u64> = support::numbers(5).take(length).collect();
    let number = |range: u64| {
        Keys::Numbers(
            numbers
                .iter()
                .map(|number| Some((number % range) as f64))
                .collect(),
        )
    };
    let text = |range: u64| {
        Keys::Texts(
            numbers
                .iter()
                .map(|number| Some(format!("item {:x}", number % range)))
                .collect(),
        )
    };
    for down in [false, true] {
        check(&[(number(1 << 40), down)], length);
        check(&[(number(10), down), (text(1 << 60), false)], length);
        check(&[(text(1 << 60), down)], length);
        check(&[(text(100), true), (number(50), down)], length);
        check(&[(text(1), down)], length);
    }
}

#[test]
fn texts_come_behind_all_numbers_and_turn_with_them() {
    for (down, wanted) in [(false, [2, 0, 1, 4, 3]), (true, [4, 1, 0, 2, 3])] {
        let mut numbers = Column::Numbers(Vec::new(), down);
        let classes = [
            Class::Number,
            Class::Number,
            Class::Number,
            Class::Missing,
            Class::Text,
        ];
        let values = [5.0, f64::INFINITY, -5.0, 0.0, 0.0];
        numbers.push_numbers(values.into_iter().zip(classes));
        assert_eq!(ordered(vec![numbers]), wanted);
    }
}

//! Sorting records by their columns: by a number for each, which tells most of them apart, and by comparing the rest.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::Column;
use super::packed::Packing;
use crate::entry::{Entry, Indexed};
use crate::pieces::PIECE;
use crate::radix::{self, LEAF, Plan, Settle};
use crate::stop::zeroed;
use crate::{Interrupted, Stop};

/// The order of records.
pub struct Ordered(Sorted);

enum Sorted {
    Words(Vec<u64>, Packing),
    Entries(Vec<Entry>),
}

impl Ordered {
    /// The indexes of the records that stand at `place` and behind it, as many as `into` takes.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn indexes(&self, place: usize, into: &mut [u32]) {
        let range = place..place + into.len();
        match &self.0 {
            Sorted::Words(words, packing) => {
                for (index, &word) in into.iter_mut().zip(&words[range]) {
                    *index = packing.place(word) as u32;
                }
            }
            Sorted::Entries(entries) => {
                for (index, entry) in into.iter_mut().zip(&entries[range]) {
                    *index = entry.place();
                }
            }
        }
    }
}

/// Finds the order, by all threads of the current pool.
///
/// # Panics
/// For columns that are not all as long, or longer than 32 bits can count.
///
/// # Errors
/// When it was stopped, or the system has not so much memory.
pub fn order(columns: Vec<Column>, stop: &Stop) -> Result<Ordered, Interrupted> {
    let Some(first) = columns.first() else {
        return Ok(Ordered(Sorted::Entries(Vec::new())));
    };
    let length = first.len();
    assert!(u32::try_from(length).is_ok(), "indexes have 32 bits");
    assert!(
        columns.iter().all(|column| column.len() == length),
        "columns are of one length"
    );
    stop.check()?;
    let sorted = match first {
        Column::Numbers(keys, _) => {
            let packing = Packing::of(keys);
            let words = packing.pack(keys)?;
            Sorted::Words(by_words(words, packing, columns, stop)?, packing)
        }
        Column::Texts(texts, down) => {
            let items = entries(&texts.prefixes(*down))?;
            Sorted::Entries(by_beginnings(items, &columns, stop)?)
        }
    };
    Ok(Ordered(sorted))
}

/// The first column is of numbers. Words compare as they are, keys before indexes: those that are the same as far as a word goes are rare, and put right
/// where they stand.
fn by_words(
    mut words: Vec<u64>,
    packing: Packing,
    mut columns: Vec<Column>,
    stop: &Stop,
) -> Result<Vec<u64>, Interrupted> {
    if packing.exact {
        columns.remove(0);
    }
    let key = packing.key();
    let compare = |a: &u64, b: &u64| tied(&columns, packing.place(*a), packing.place(*b));
    let settle: &Settle<'_, u64> = &|_, words| {
        if !columns.is_empty() {
            for same in words.chunk_by_mut(|a, b| a & key == b & key) {
                match same.len() {
                    1 => {}
                    ..=LEAF => same.sort_unstable_by(compare),
                    _ => same.par_sort_unstable_by(compare),
                }
            }
        }
        Ok(())
    };
    let plan = Plan {
        compare: Ord::cmp,
        significant: key,
        settle,
        stop,
    };
    let mut spare = radix::spare_for(&words)?;
    radix::sort(&mut words, &mut spare, &plan)?;
    Ok(words)
}

/// The first column is of texts, of whose beginnings the items know.
fn by_beginnings(
    mut items: Vec<Entry>,
    columns: &[Column],
    stop: &Stop,
) -> Result<Vec<Entry>, Interrupted> {
    let plan = Plan {
        compare: |a: &Entry, b: &Entry| {
            let order = a.key().cmp(&b.key());
            if order.is_ne() {
                return order;
            }
            tied(columns, a.index(), b.index())
        },
        significant: u64::MAX,
        settle: &|_, _| Ok(()),
        stop,
    };
    let mut spare = radix::spare_for(&items)?;
    radix::sort(&mut items, &mut spare, &plan)?;
    Ok(items)
}

/// Two records by all columns, and in the end by their places.
fn tied(columns: &[Column], a: usize, b: usize) -> Ordering {
    for column in columns {
        let order = column.compare(a, b);
        if order.is_ne() {
            return order;
        }
    }
    a.cmp(&b)
}

fn entries(keys: &[u64]) -> Result<Vec<Entry>, Interrupted> {
    let mut items: Vec<Entry> = zeroed(keys.len())?;
    let pieces = items.par_chunks_mut(PIECE).zip(keys.par_chunks(PIECE));
    pieces.enumerate().for_each(|(piece, (items, keys))| {
        for (index, (item, &key)) in (piece * PIECE..).zip(items.iter_mut().zip(keys)) {
            *item = Entry::new(key, index);
        }
    });
    Ok(items)
}

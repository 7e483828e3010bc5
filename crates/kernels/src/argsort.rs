//! The order in which elements would stand when sorted, as their indexes. Equal elements keep their order, for the index decides.

use bytemuck::Pod;
use rayon::prelude::*;

use crate::entry::{Entry, Indexed, write_indexes};
use crate::keys::Keys;
use crate::pieces::PIECE;
use crate::radix::{self, LEAF, Plan};
use crate::stop::zeroed;
use crate::{Interrupted, Key, Memory, Stop};

/// Writes the indexes to `out`, 32 bits each. Few enough are sorted by the thread that calls; otherwise it must be in a pool.
///
/// # Panics
/// For more elements than 32 bits can count.
///
/// # Errors
/// When it was stopped, or the memory has gone.
pub fn argsort(keys: Keys, out: &dyn Memory, stop: &Stop) -> Result<(), Interrupted> {
    assert!(u32::try_from(keys.len()).is_ok(), "indexes have 32 bits");
    match keys {
        Keys::Bytes(keys) => sort(narrow(&keys)?, out, stop),
        Keys::Shorts(keys) => sort(narrow(&keys)?, out, stop),
        Keys::Words(keys) => sort(narrow(&keys)?, out, stop),
        Keys::Longs(keys) => sort(each(&keys, |index, key| Entry::new(key, index))?, out, stop),
    }
}

fn narrow<K: Key>(keys: &[K]) -> Result<Vec<u64>, Interrupted> {
    each(keys, |index, key| key.wide() << 32 | index as u64)
}

/// By all threads where it is worth it.
fn each<K: Key, T: Pod + Send>(
    keys: &[K],
    make: impl Fn(usize, K) -> T + Sync,
) -> Result<Vec<T>, Interrupted> {
    let mut items = zeroed(keys.len())?;
    let fill = |(piece, items): (usize, &mut [T])| {
        for (index, item) in (piece * PIECE..).zip(items) {
            *item = make(index, keys[index]);
        }
    };
    if keys.len() <= LEAF {
        items.chunks_mut(PIECE).enumerate().for_each(fill);
    } else {
        items.par_chunks_mut(PIECE).enumerate().for_each(fill);
    }
    Ok(items)
}

fn sort<T: Indexed + Ord>(
    mut items: Vec<T>,
    out: &dyn Memory,
    stop: &Stop,
) -> Result<(), Interrupted> {
    let plan = Plan {
        compare: Ord::cmp,
        significant: u64::MAX,
        settle: &|place, items| write_indexes(place, items, out),
        stop,
    };
    let mut spare = radix::spare_for(&items)?;
    radix::sort(&mut items, &mut spare, &plan)
}

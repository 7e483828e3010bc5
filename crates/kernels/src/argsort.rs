//! The order in which elements would stand when sorted, as their indexes. Equal elements keep their order, for the index decides.

use bytemuck::{Pod, Zeroable};

use rayon::prelude::*;

use crate::keys::Keys;
use crate::pieces::{OUT, PIECE};
use crate::radix::{self, Item, LEAF, Plan};
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
        Keys::Longs(keys) => sort(wide(&keys)?, out, stop),
    }
}

/// An item that knows where it stood.
trait Indexed: Item + Pod + Ord {
    fn index(&self) -> u32;
}

/// Key and index in one number.
impl Indexed for u64 {
    fn index(&self) -> u32 {
        *self as u32
    }
}

/// A key too wide to share a number with its index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Entry {
    key: u64,
    index: u64,
}

impl Item for Entry {
    #[inline(always)]
    fn key(&self) -> u64 {
        self.key
    }
}

impl Indexed for Entry {
    fn index(&self) -> u32 {
        self.index as u32
    }
}

fn narrow<K: Key>(keys: &[K]) -> Result<Vec<u64>, Interrupted> {
    each(keys, |index, key| key.wide() << 32 | index)
}

fn wide(keys: &[u64]) -> Result<Vec<Entry>, Interrupted> {
    each(keys, |index, key| Entry { key, index })
}

/// By all threads where it is worth it.
fn each<K: Key, T: Pod + Send>(
    keys: &[K],
    make: impl Fn(u64, K) -> T + Sync,
) -> Result<Vec<T>, Interrupted> {
    let mut items = zeroed(keys.len())?;
    let fill = |(piece, items): (usize, &mut [T])| {
        let first = piece * PIECE;
        for (index, item) in (first..).zip(items) {
            *item = make(index as u64, keys[index]);
        }
    };
    if keys.len() <= LEAF {
        items.chunks_mut(PIECE).enumerate().for_each(fill);
    } else {
        items.par_chunks_mut(PIECE).enumerate().for_each(fill);
    }
    Ok(items)
}

fn sort<T: Indexed>(mut items: Vec<T>, out: &dyn Memory, stop: &Stop) -> Result<(), Interrupted> {
    let plan = Plan {
        compare: Ord::cmp,
        settle: &|place, items| write(place, items, out),
        stop,
    };
    let mut spare = radix::spare_for(&items)?;
    radix::sort(&mut items, &mut spare, &plan)
}

fn write<T: Indexed>(place: usize, items: &[T], out: &dyn Memory) -> Result<(), Interrupted> {
    let mut block = [0u32; OUT];
    for (at, items) in (place..).step_by(OUT).zip(items.chunks(OUT)) {
        let block = &mut block[..items.len()];
        for (index, item) in block.iter_mut().zip(items) {
            *index = item.index();
        }
        out.write(at * size_of::<u32>(), bytemuck::cast_slice(block))?;
    }
    Ok(())
}

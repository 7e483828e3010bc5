//! Sorting keys of one or two bytes: there are so few that counting them is sorting them.

use rayon::prelude::*;

use crate::pieces::{BLOCK, PIECE};
use crate::{Element, Interrupted, Key, Memory, Stop};

/// Writes the elements to `out`, in order.
pub(crate) fn sort<T: Element>(
    keys: &[T::Key],
    out: &dyn Memory,
    stop: &Stop,
) -> Result<(), Interrupted> {
    let ends = ends(keys, stop)?;
    (0..keys.len().div_ceil(PIECE))
        .into_par_iter()
        .try_for_each(|piece| {
            stop.check()?;
            let first = piece * PIECE;
            write::<T>(&ends, first..keys.len().min(first + PIECE), out)
        })
}

/// For each key, how many elements have it or a lesser one.
fn ends<K: Key>(keys: &[K], stop: &Stop) -> Result<Vec<usize>, Interrupted> {
    let values = 1 << (8 * size_of::<K>());
    let counts = keys.par_chunks(PIECE).map(|piece| {
        stop.check()?;
        let mut counts = vec![0; values];
        for key in piece {
            counts[key.wide() as usize] += 1;
        }
        Ok::<_, Interrupted>(counts)
    });
    let add = |mut a: Vec<usize>, b: Vec<usize>| {
        for (sum, count) in a.iter_mut().zip(b) {
            *sum += count;
        }
        Ok(a)
    };
    let mut ends = counts.try_reduce(|| vec![0; values], add)?;
    let mut end = 0;
    for count in &mut ends {
        end += *count;
        *count = end;
    }
    Ok(ends)
}

/// Writes the elements that belong to these places.
fn write<T: Element>(
    ends: &[usize],
    places: std::ops::Range<usize>,
    out: &dyn Memory,
) -> Result<(), Interrupted> {
    let mut block = [T::zeroed(); BLOCK];
    let mut key = ends.partition_point(|&end| end <= places.start);
    for first in places.clone().step_by(BLOCK) {
        let block = &mut block[..BLOCK.min(places.end - first)];
        for (place, element) in (first..).zip(&mut *block) {
            while ends[key] <= place {
                key += 1;
            }
            *element = T::of_key(Key::narrow(key as u64));
        }
        out.write(first * size_of::<T>(), bytemuck::cast_slice(block))?;
    }
    Ok(())
}

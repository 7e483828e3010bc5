//! Sorting numbers, in the order of `TypedArray.prototype.sort`.

use crate::keys::{Keys, Listed};
use crate::pieces::OUT;
use crate::radix::{self, LEAF, Plan};
use crate::{Element, Interrupted, Kind, Memory, Stop, counting, with_element};

/// Writes the elements of these keys to `out`, in order. Few enough are sorted by the thread that calls; otherwise it must be in a pool.
///
/// # Errors
/// When it was stopped, or the memory has gone.
pub fn sort(kind: Kind, keys: Keys, out: &dyn Memory, stop: &Stop) -> Result<(), Interrupted> {
    with_element!(kind, T => sort_as::<T>(keys, out, stop))
}

fn sort_as<T: Element>(mut keys: Keys, out: &dyn Memory, stop: &Stop) -> Result<(), Interrupted> {
    let keys: &mut Vec<T::Key> = Listed::list(&mut keys);
    if keys.len() > LEAF && size_of::<T>() <= 2 {
        return counting::sort::<T>(keys, out, stop);
    }
    let plan = Plan {
        compare: Ord::cmp,
        significant: u64::MAX,
        settle: &|place, keys| write::<T>(place, keys, out),
        stop,
    };
    let mut spare = radix::spare_for(keys)?;
    radix::sort(keys, &mut spare, &plan)
}

/// Turns keys back into elements, block by block on their way out.
fn write<T: Element>(place: usize, keys: &[T::Key], out: &dyn Memory) -> Result<(), Interrupted> {
    let mut block = [T::zeroed(); OUT];
    for (at, keys) in (place..).step_by(OUT).zip(keys.chunks(OUT)) {
        let block = &mut block[..keys.len()];
        for (element, &key) in block.iter_mut().zip(keys) {
            *element = T::of_key(key);
        }
        out.write(at * size_of::<T>(), bytemuck::cast_slice(block))?;
    }
    Ok(())
}

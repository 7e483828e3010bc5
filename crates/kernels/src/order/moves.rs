//! What has to be moved where for the order to be there. Records that go from one window of the list to one window of the result stand together: whoever
//! moves them has both windows in a cache, while in the order of the result each one would be far from the one before.

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;

use crate::stop::zeroed;
use crate::{Interrupted, Stop};

/// Records of a window: 512 KiB of pointers, so that two windows fit a second-level cache, and the pages of both the address cache.
const WINDOW: usize = 64 * 1024;

/// One record's way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(8))]
pub struct Move {
    /// Its index in the list.
    pub from: u32,
    /// Its place in the order.
    pub to: u32,
}

/// All of them: window by window of the result, in each window by window of the list.
pub type Moves = Vec<Move>;

/// Those of the records whose indexes `place_of` tells from `sorted`, by all threads of the current pool. `room` is memory that is warm, of the same length, or
/// empty.
pub(super) fn moves<T: Sync>(
    sorted: &[T],
    place_of: impl Fn(&T) -> usize + Sync,
    room: Vec<u64>,
    stop: &Stop,
) -> Result<Moves, Interrupted> {
    let mut moves: Moves = if room.len() == sorted.len() {
        bytemuck::cast_vec(room)
    } else {
        zeroed(sorted.len())?
    };
    let windows = sorted.len().div_ceil(WINDOW);
    sorted
        .par_chunks(WINDOW)
        .zip(moves.par_chunks_mut(WINDOW))
        .enumerate()
        .try_for_each(|(window, (sorted, moves))| -> Result<(), Interrupted> {
            stop.check()?;
            let mut next = vec![0u32; windows + 1];
            for item in sorted {
                next[place_of(item) / WINDOW + 1] += 1;
            }
            for at in 0..windows {
                next[at + 1] += next[at];
            }
            for (to, item) in (window * WINDOW..).zip(sorted) {
                let from = place_of(item);
                let place = &mut next[from / WINDOW];
                moves[*place as usize] = Move {
                    from: from as u32,
                    to: to as u32,
                };
                *place += 1;
            }
            Ok(())
        })?;
    Ok(moves)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_record_is_moved_once_and_windows_stay_together() {
        const LENGTH: usize = 5 * WINDOW + 77;
        let sorted: Vec<usize> = (0..LENGTH).map(|i| i * 7919 % LENGTH).collect();
        let all = moves(&sorted, |&at| at, Vec::new(), &Stop::default()).unwrap();
        let mut result = vec![usize::MAX; LENGTH];
        for Move { from, to } in &all {
            result[*to as usize] = *from as usize;
        }
        assert_eq!(result, sorted);
        let windows: Vec<_> = all
            .iter()
            .map(|it| (it.to as usize / WINDOW, it.from as usize / WINDOW))
            .collect();
        assert!(windows.is_sorted());
        let warm = moves(&sorted, |&at| at, vec![3; LENGTH], &Stop::default()).unwrap();
        assert_eq!(warm, all);
        assert!(
            moves(&[], |&at: &usize| at, Vec::new(), &Stop::default())
                .unwrap()
                .is_empty()
        );
    }
}

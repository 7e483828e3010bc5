//! How memory is cut: into pieces, which threads take, and blocks, which fit the nearest cache. The cuts depend on the length alone, so that
//! results do not depend on the number of threads, nor on who runs the kernel.

use bytemuck::Pod;

use crate::{Interrupted, Memory};

/// Elements of a block: 32 KiB of the widest kind.
pub const BLOCK: usize = 4096;
/// Elements of a piece: some 50 µs of reading, so that taking one costs nothing, and stopping waits for next to nothing.
pub const PIECE: usize = 16 * BLOCK;

/// Elements written out at a time: few, since the place for them is cleared for each bucket of a sort.
pub(crate) const OUT: usize = 1024;

/// Copies `count` elements from element `first` on into warm memory, block by block, and shows each to `see`.
///
/// # Errors
/// When the memory has gone.
pub(crate) fn each_block<T: Pod>(
    memory: &dyn Memory,
    first: usize,
    count: usize,
    mut see: impl FnMut(&[T]),
) -> Result<(), Interrupted> {
    let mut block = [T::zeroed(); BLOCK];
    let mut at = first;
    let end = first + count;
    while at < end {
        let block = &mut block[..BLOCK.min(end - at)];
        memory.read(at * size_of::<T>(), bytemuck::cast_slice_mut(block))?;
        see(block);
        at += block.len();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_each_other() {
        let numbers: Vec<u16> = (0..10_000).map(|i| i as u16).collect();
        let bytes: &[u8] = bytemuck::cast_slice(&numbers);
        let mut seen = Vec::new();
        let mut lengths = Vec::new();
        each_block::<u16>(&bytes, 5, 9_000, |block| {
            seen.extend_from_slice(block);
            lengths.push(block.len());
        })
        .unwrap();
        assert_eq!(seen, numbers[5..9_005]);
        assert_eq!(lengths, [BLOCK, BLOCK, 9_000 - 2 * BLOCK]);
    }
}

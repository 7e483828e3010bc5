//! Items that know where they stood before they were sorted, and their indexes on the way out.

use bytemuck::{Pod, Zeroable};

use crate::pieces::OUT;
use crate::radix::Item;
use crate::{Interrupted, Memory};

/// An item that knows where it stood.
pub(crate) trait Indexed: Item + Pod {
    fn place(&self) -> u32;
}

/// A narrow key and an index in one number.
impl Indexed for u64 {
    #[inline(always)]
    fn place(&self) -> u32 {
        *self as u32
    }
}

/// A key too wide to share a number with its index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Entry {
    key: u64,
    index: u64,
}

impl Entry {
    #[inline(always)]
    pub(crate) fn new(key: u64, index: usize) -> Self {
        Self {
            key,
            index: index as u64,
        }
    }

    #[inline(always)]
    pub(crate) fn key(&self) -> u64 {
        self.key
    }

    #[inline(always)]
    pub(crate) fn index(&self) -> usize {
        self.index as usize
    }
}

impl Item for Entry {
    #[inline(always)]
    fn key(&self) -> u64 {
        self.key
    }
}

impl Indexed for Entry {
    #[inline(always)]
    fn place(&self) -> u32 {
        self.index as u32
    }
}

/// Writes the indexes of items that stand at `place` and behind it.
pub(crate) fn write_indexes<T: Indexed>(
    place: usize,
    items: &[T],
    out: &dyn Memory,
) -> Result<(), Interrupted> {
    let mut block = [0u32; OUT];
    for (at, items) in (place..).step_by(OUT).zip(items.chunks(OUT)) {
        let block = &mut block[..items.len()];
        for (index, item) in block.iter_mut().zip(items) {
            *index = item.place();
        }
        out.write(at * size_of::<u32>(), bytemuck::cast_slice(block))?;
    }
    Ok(())
}
